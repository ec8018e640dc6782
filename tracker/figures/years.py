"""What a year has to put right: what came over from the year before, what is new, and what became of both."""

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from tracker.core.errors import DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.figures.definitions import Definition


class YearFigure(StrEnum):
    """A figure of a year up to a day in it; attributes of ``YearTally``."""

    CARRIED_OVER = "carried_over"
    NEW_IN_YEAR = "new_in_year"
    TAKEN_UP_AGAIN = "taken_up_again"
    DUE_IN_YEAR = "due_in_year"
    CLOSED_IN_YEAR = "closed_in_year"
    STILL_OPEN = "still_open"
    WITHDRAWN_IN_YEAR = "withdrawn_in_year"


class YearTally(NamedTuple):
    """How many items a year has to put right; each is counted by itself, so that the parts can be held against it.

    ``taken_up_again`` are among the new ones, ``withdrawn_in_year`` stand outside of all others.
    """

    carried_over: int = 0
    new_in_year: int = 0
    taken_up_again: int = 0
    due_in_year: int = 0
    closed_in_year: int = 0
    still_open: int = 0
    withdrawn_in_year: int = 0

    @property
    def adds_up(self) -> bool:
        """上年结转 + 本年新增 = 本年应整改 = 本年已销号 + 尚未销号."""
        parts, states = self.carried_over + self.new_in_year, self.closed_in_year + self.still_open
        return parts == self.due_in_year == states and self.taken_up_again <= self.new_in_year

    def check(self) -> "YearTally":
        """The same; raises DomainError when its parts do not add up."""
        if not self.adds_up:
            raise DomainError(_l("上年结转、本年新增与本年应整改的数目不符，请不要使用这些数字，并告知系统管理员。"))
        return self


def sum_up(tallies: Iterable[YearTally]) -> YearTally:
    """The counts of several tallies together."""
    return YearTally(*(sum(counts) for counts in zip(YearTally(), *tallies, strict=True)))


def check_rows(whole: YearTally, rows: Iterable[YearTally]) -> None:
    """Raise DomainError unless the rows of a table together count what the whole counts."""
    if sum_up(rows) != whole:
        raise DomainError(_l("各行之和与总数不符，请不要使用本页数字，并告知系统管理员。"))


def eve_of(year: int) -> date:
    """The last day of the year before."""
    return date(year - 1, 12, 31)


def day_in(year: int, today: date) -> date:
    """The day up to which a year is counted where none is named: its last one, today while it is not over.

    Raises DomainError for a year that has not begun.
    """
    if year > today.year:
        raise DomainError(_l("%(year)d年还没有到，只能统计到今天为止。", year=year), field="year")
    return min(today, date(year, 12, 31))


def check_year(as_of: date, year: int) -> None:
    """Raise DomainError for a day outside of the year."""
    if as_of.year != year:
        message = _l("统计截止日 %(day)s 不在%(year)d年内，请核对，或只填年度。", day=as_of, year=year)
        raise DomainError(message, field="as_of")


YEAR_DEFINITIONS: Mapping[YearFigure, Definition] = {
    YearFigure.CARRIED_OVER: Definition(
        _l("上年结转"), _l("上年12月31日尚未销号、编号不变转入本年的事项；本年核减的不计入。")
    ),
    YearFigure.NEW_IN_YEAR: Definition(
        _l("本年新增"),
        _l("本年1月1日至统计截止日反馈的事项，以及以前年度已销号或已核减、本年重新整改或恢复的事项；已核减的不计入。"),
    ),
    YearFigure.TAKEN_UP_AGAIN: Definition(
        _l("其中重新整改或恢复"), _l("本年新增中，以前年度已销号后本年重新整改、或以前年度核减后本年恢复的事项。")
    ),
    YearFigure.DUE_IN_YEAR: Definition(
        _l("本年应整改"), _l("本年应整改 = 上年结转 + 本年新增；不含核减、作废和以前年度已销号的事项。")
    ),
    YearFigure.CLOSED_IN_YEAR: Definition(_l("本年已销号"), _l("本年应整改中，统计截止日已销号的事项。")),
    YearFigure.STILL_OPEN: Definition(
        _l("尚未销号"), _l("本年应整改减去本年已销号；年末尚未销号的，编号不变结转下年。")
    ),
    YearFigure.WITHDRAWN_IN_YEAR: Definition(
        _l("本年核减"), _l("上年末未核减、统计截止日已核减（任务为终止）的事项，不计入结转、新增和应整改。")
    ),
}
