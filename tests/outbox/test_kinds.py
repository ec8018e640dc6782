"""Every kind of message has a name that operators read, and somebody who says what stands in it."""

from flask import Flask

from tests.outbox.trials import TRIAL
from tracker.core import hooks
from tracker.outbox.rules import KIND_LABELS


def test_every_kind_that_is_rendered_is_named_and_the_other_way_round(app: Flask) -> None:
    rendered = {name.removeprefix("render:") for name in hooks.names() if name.startswith("render:")}
    # Of the kind that tests make up nobody but them knows.
    assert rendered - {TRIAL} == set(KIND_LABELS)
