"""What the large figures changed by since the last meeting."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import NamedTuple

from flask import url_for

from tracker.access.rules import Reach
from tracker.core import clock, hooks
from tracker.core.errors import DomainError
from tracker.core.i18n import gettext as _
from tracker.figures.differences import check_comparable
from tracker.figures.pages import Overview
from tracker.figures.questions import Met, Question
from tracker.figures.rules import FigureName, Rate, Tally

COUNTS = (FigureName.TOTAL, FigureName.CLOSED, FigureName.OVERDUE, FigureName.DUE_SOON)


class Change(NamedTuple):
    """A change in words, and where it is told item by item."""

    words: str
    url: str


def last_met(within: Reach, question: Question) -> Met | None:
    """The last meeting that had figures before it; None where none is known or it came later."""
    for met in hooks.call("last_meeting", within):
        if met is not None and _is_earlier(met, question):
            return Met(*met)
    return None


def _is_earlier(met: Met, question: Question) -> bool:
    try:
        check_comparable(as_met(question, met), question)
    except DomainError:
        return False
    return True


def as_met(question: Question, met: Met) -> Question:
    """The same question as the meeting had it."""
    return replace(question, as_of=met.as_of, known_at=met.known_at)


def since(met: Met, before: Tally, shown: Overview) -> Mapping[str, Change]:
    """The change of each large figure by its name; one without a rate on either day is left out."""
    known_at = clock.local(met.known_at).replace(tzinfo=None).isoformat(" ")
    compared = {"since": met.as_of.isoformat(), "since_known_at": known_at, "by": shown.by.value}
    url = url_for("figures.difference", **{**shown.args, **compared})
    told = {name.value: _count(getattr(shown.whole, name) - getattr(before, name)) for name in COUNTS}
    points = _points(before.closure_rate, shown.whole.closure_rate, shown.decimals)
    told |= {FigureName.CLOSURE_RATE.value: points} if points is not None else {}
    return {name: Change(_words(met, change), url) for name, change in told.items()}


def _words(met: Met, change: str) -> str:
    if not change:
        return str(_("与%(meeting)s相同", meeting=met.title))
    return str(_("较%(meeting)s %(change)s", meeting=met.title, change=change))


def _count(more: int) -> str:
    return f"{more:+d}" if more else ""


def _points(before: Rate, after: Rate, decimals: int) -> str | None:
    """The difference of two rates as they are printed, so that whoever subtracts finds the same."""
    printed = [rate.printed(decimals) for rate in (before, after)]
    if None in printed:
        return None
    one, other = (Decimal(str(words).rstrip("%")) for words in printed)
    more = (other - one).normalize()
    return str(_("%(change)s个百分点", change=f"{more:+f}")) if more else ""
