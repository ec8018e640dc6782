"""An office on 20 December 2026 that writes its reports."""

from collections.abc import Iterator

import pytest
import time_machine
from flask import Flask

from tests.reports.drafting import an_office
from tracker.access.rules import Actor


@pytest.fixture
def december() -> Iterator[time_machine.Traveller]:
    with time_machine.travel("2026-12-20T10:00:00+08:00", tick=True) as traveller:
        yield traveller


@pytest.fixture
def office(app: Flask, december: object) -> Actor:
    return an_office()
