"""Working days in words."""

from collections.abc import Mapping, Sequence
from datetime import date

from tracker.core.i18n import format_date
from tracker.core.i18n import gettext as _
from tracker.core.i18n import lazy_gettext as _l
from tracker.workdays.queries import Left
from tracker.workdays.rules import Origin, Reckoning

HOLIDAYS: Mapping[str, object] = {
    "元旦": _l("元旦"),
    "春节": _l("春节"),
    "清明节": _l("清明节"),
    "劳动节": _l("劳动节"),
    "端午节": _l("端午节"),
    "中秋节": _l("中秋节"),
    "国庆节": _l("国庆节"),
    "抗战胜利纪念日": _l("抗战胜利纪念日"),
}

ORIGINS: Mapping[Origin, object] = {
    Origin.ANNOUNCED: _l("按国务院公布的放假安排"),
    Origin.GUESSED: _l("放假安排尚未公布，只按周末推算"),
    Origin.CORRECTED: _l("已由管理员修改"),
}


def named(name: str) -> object:
    """What a holiday is called; what an administrator has typed stays as it is."""
    return HOLIDAYS.get(name, name)


def tell(reckoning: Reckoning) -> str:
    """The arithmetic, e.g. 3个工作日：跳过10月1日至7日，10月10日上班."""
    parts = []
    skipped = [run_words(run.first, run.last, reckoning.start.year) for run in reckoning.skipped]
    if reckoning.weekend_days:
        skipped.append(str(_("周末%(n)d天", n=reckoning.weekend_days)))
    if skipped:
        parts.append(str(_("跳过%(days)s", days=_listed(skipped))))
    if reckoning.made_up:
        days = [_day(day, reckoning.start.year) for day in reckoning.made_up]
        parts.append(str(_("%(days)s上班", days=_listed(days))))
    if not parts:
        parts.append(str(_("中间没有休息日")))
    told = str(_("%(n)d个工作日：%(parts)s", n=reckoning.number, parts=str(_("，")).join(parts)))
    return told + guess_note(reckoning.guessed_years)


def left_words(left: Left) -> str:
    """How many working days are left, and whether they are only guessed."""
    return str(_("还剩%(n)d个工作日", n=left.working_days)) + guess_note(left.guessed_years)


def guess_note(years: Sequence[int]) -> str:
    """A note that the holidays of these years are not published yet; empty without years."""
    if not years:
        return ""
    told = str(years[0]) if len(years) == 1 else f"{years[0]}–{years[-1]}"
    return str(_("（%(years)s年放假安排未公布，只按周末计算）", years=told))


def run_words(first: date, last: date, year: int | None = None) -> str:
    """Days in a row, e.g. 10月1日至7日; with the year unless it is the given one (the first day's own by default)."""
    year = first.year if year is None else year
    if first == last:
        return _day(first, year)
    is_short = (first.year, first.month) == (last.year, last.month)
    end = str(format_date(last, _("d日"))) if is_short else _day(last, year)
    return str(_("%(first)s至%(last)s", first=_day(first, year), last=end))


def _listed(words: Sequence[str]) -> str:
    return str(_("、")).join(words)


def _day(day: date, year: int) -> str:
    return str(format_date(day, _("M月d日") if day.year == year else _("y年M月d日")))
