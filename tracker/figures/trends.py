"""The same figures over time: which days a trend shows, and what it counts on each."""

import hashlib
import json
from calendar import monthrange
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

from tracker.access.rules import Reach
from tracker.core.i18n import lazy_gettext as _l
from tracker.figures.questions import Question
from tracker.figures.rules import Rate


class Step(StrEnum):
    """How far apart the days of a trend lie: a day, a week that ends on Sunday, a calendar month."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"


STEP_LABELS: Mapping[Step, object] = {Step.DAY: _l("按日"), Step.WEEK: _l("按周"), Step.MONTH: _l("按月")}
# How many days a trend shows at most, and where nobody says how many.
MOST: Mapping[Step, int] = {Step.DAY: 92, Step.WEEK: 104, Step.MONTH: 24}
USUAL: Mapping[Step, int] = {Step.DAY: 31, Step.WEEK: 26, Step.MONTH: 12}


class Point(NamedTuple):
    """What is counted at the end of one day."""

    day: date
    total: int
    closed: int
    left_out: int = 0

    @property
    def closure_rate(self) -> Rate:
        """销号率: closed by approval ÷ all fed back."""
        return Rate(self.closed, self.total - self.left_out)


def days_of(as_of: date, step: Step, count: int) -> list[date]:
    """The day asked for and the ends of the days, weeks or months before it, the earliest first."""
    days = [as_of]
    while len(days) < count:
        days.append(_before(days[-1], step))
    return days[::-1]


def _before(day: date, step: Step) -> date:
    if step is Step.DAY:
        return day - timedelta(days=1)
    if step is Step.WEEK:
        return day - timedelta(days=day.isoweekday())
    return day.replace(day=1) - timedelta(days=1)


def is_whole(day: date, step: Step) -> bool:
    """Whether a week or month is over with this day."""
    if step is Step.WEEK:
        return day.isoweekday() == 7
    return step is Step.DAY or day.day == monthrange(day.year, day.month)[1]


# What a question asks that the total and the closed ones do not depend on; the day stands beside the key.
UNREAD = frozenset({"as_of", "near_days"})


def key_of(question: Question, reach: Reach) -> str:
    """The hash of what is asked and of who asks.

    Two counts with the same key, of the same day, by the same changes and with the same things read besides these, are
    the same.
    """
    return hash_of([{name: value for name, value in asdict(question).items() if name not in UNREAD}, asdict(reach)])


def hash_of(told: Any) -> str:
    """The hash of plain values, dates and sets."""
    return hashlib.sha256(json.dumps(told, default=_plain, sort_keys=True).encode()).hexdigest()


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else sorted(value)
