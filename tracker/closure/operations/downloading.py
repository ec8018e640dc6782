"""Noting who took a form out of the system."""

from tracker.access.rules import Actor
from tracker.audit.operations import record
from tracker.closure.models import Application


def note_download(application: Application, name: str, *, actor: Actor) -> None:
    """Note for the trail that somebody took the form of an application."""
    record(actor, "application.download", application.item.number, round=application.round, file=name)
