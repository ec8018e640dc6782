"""Whom corrections wait for."""

from sqlalchemy import ColumnElement, or_

from tracker.access.rules import Actor, reach
from tracker.corrections.models import Correction
from tracker.corrections.rules import APPROVING
from tracker.items.queries import within
from tracker.requests import queries as requests


def waits_for(actor: Actor) -> ColumnElement[bool]:
    """Whether this person may decide a correction now."""
    return requests.waits_for(Correction, actor, or_(*(within(reach(actor, action)) for action in APPROVING)))
