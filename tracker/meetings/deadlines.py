"""By when a decision is to be done: words as they were said, counted from the day of the meeting."""

from datetime import date
from typing import Protocol

from tracker.core.errors import DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.items.deadlines import read_deadline
from tracker.items.rules import Deadline


class Dated(Protocol):
    """A decision with the words of its deadline."""

    deadline_text: str


def read_decided(text: str, held_on: date) -> Deadline:
    """The deadline that words mean; raises DomainError for what can't be read or lies before the meeting."""
    deadline = read_deadline(text, held_on)
    if deadline.due_on is not None and deadline.due_on < held_on:
        raise DomainError(_l("完成时限 %(due)s 早于会议日期，请核对。", due=deadline.due_on), field="deadline")
    return deadline


def deadline_of(decision: Dated, held_on: date) -> Deadline | None:
    """The deadline of a decision; None while nobody named one."""
    return read_decided(decision.deadline_text, held_on) if decision.deadline_text else None
