"""The next days as a calendar: how many running items are due on each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from flask import url_for

from tracker.core.i18n import gettext as _
from tracker.core.i18n import lazy_gettext as _l
from tracker.figures.rules import FigureName
from tracker.figures.wording import print_day
from tracker.office.charts import DayCount, Spec, calendar_heat
from tracker.office.filling import Cell
from tracker.office.xlsx_writing import Grid
from tracker.workdays.rules import Calendar

DAYS = 60
# Shades from the palest on, by the part of the most that is due on one day.
SHADES = 4
WEEKDAYS = (_l("周一"), _l("周二"), _l("周三"), _l("周四"), _l("周五"), _l("周六"), _l("周日"))
WEEKDAY_WORDS = ("周一", "周二", "周三", "周四", "周五", "周六", "周日")


class ShownDay(NamedTuple):
    """A day: how it is written, how many are due, where they are, whether it is worked, its holiday, how dark it is."""

    day: date
    label: str
    due: int
    url: str
    is_off: bool
    name: str
    shade: int

    @property
    def words(self) -> str:
        """The day in full with its count, for who hears the page."""
        return str(_("%(day)s到期%(n)d个", day=print_day(self.day), n=self.due))


@dataclass(frozen=True)
class Deadlines:
    """The days in weeks from Monday on; None stands where a week has no day of ours."""

    days: Sequence[ShownDay]

    @property
    def total(self) -> int:
        """How many are due in all."""
        return sum(each.due for each in self.days)

    @property
    def weeks(self) -> list[list[ShownDay | None]]:
        """Seven places a week."""
        places: list[ShownDay | None] = [*([None] * self.days[0].day.weekday()), *self.days]
        places += [None] * (-len(places) % 7)
        return [places[at : at + 7] for at in range(0, len(places), 7)]

    @property
    def busy(self) -> list[ShownDay]:
        """The days on which anything is due."""
        return [each for each in self.days if each.due]


def last_day(as_of: date) -> date:
    """The last day shown."""
    return as_of + timedelta(days=DAYS - 1)


def deadlines(as_of: date, due: Mapping[date, int], calendar: Calendar, args: Mapping[str, Any]) -> Deadlines:
    """The calendar of what ``queries.count_due`` found."""
    most = max([1, *due.values()])
    days = (as_of + timedelta(days=number) for number in range(DAYS))
    return Deadlines([_shown(day, due.get(day, 0), most, calendar, args, is_first=day == as_of) for day in days])


def _shown(
    day: date, count: int, most: int, calendar: Calendar, args: Mapping[str, Any], *, is_first: bool
) -> ShownDay:
    asked = {**args, "figure": FigureName.RUNNING.value, "due_on": day.isoformat()}
    url = url_for("figures.items", **asked) if count else ""
    label = _("%(month)d月%(day)d日", month=day.month, day=day.day) if is_first or day.day == 1 else str(day.day)
    known = calendar.find(day)
    return ShownDay(day, label, count, url, not known.is_working, known.name, -(-count * SHADES // most))


def chart(shown: Deadlines) -> Spec:
    """The calendar as a picture."""
    days = [DayCount(each.day, each.due, each.is_off) for each in shown.days]
    return calendar_heat(days, weekdays=[str(word) for word in WEEKDAYS])


def grid(shown: Deadlines) -> Grid:
    """The days on which anything is due as a sheet."""
    rows: list[list[Cell]] = [
        [each.day, WEEKDAY_WORDS[each.day.weekday()], _off(each), each.due] for each in shown.busy
    ]
    headings = ["整改时限", "星期", "节假日", "到期事项"]
    return Grid("未来60天到期", headings, rows, [2, 1, 1.5, 1], sum=("合计", f"到期{shown.total}个"))


def _off(each: ShownDay) -> str:
    return each.name or ("休息日" if each.is_off else "")
