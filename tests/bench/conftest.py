"""A small organ of the kind that ``make big`` makes."""

from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask

from tests.bench import big, world
from tracker.core import clock

TODAY = date(2026, 11, 20)
PLAN = world.Plan(TODAY, sources=14, per_source=40, messages=1)


@pytest.fixture
def organ(empty_app: Flask) -> Iterator[Flask]:
    """The program over a small world, its clock standing at the day it was written for."""
    with empty_app.app_context():
        assert big.write(empty_app, PLAN)
    with clock.moved_to(PLAN.at(0, 10)):
        yield empty_app
