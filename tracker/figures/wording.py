"""Figures in words: rows, definitions, days and instants."""

from datetime import date, datetime

from tracker.core import clock
from tracker.core.i18n import format_date
from tracker.core.i18n import gettext as _
from tracker.figures.definitions import DEFINITIONS
from tracker.figures.queries import KIND_IDS
from tracker.figures.questions import UNNAMED, Question
from tracker.figures.rules import Breakdown, FigureName
from tracker.items.rules import DEADLINE_LABELS, KIND_LABELS, DeadlineKind
from tracker.sources.rules import NEAR_DAYS


def row_words(by: Breakdown, group_id: int | None, name: str | None) -> str:
    """What a row of a breakdown is called."""
    if group_id is not None and by is Breakdown.KIND:
        kinds = {number: KIND_LABELS[kind] for kind, number in KIND_IDS.items()}
        return str(kinds.get(group_id, group_id))
    if group_id is not None and by is Breakdown.MONTH:
        return str(_("%(year)d年%(month)d月", year=group_id // 100, month=group_id % 100))
    return name or str(UNNAMED[by])


def sentence_of(name: FigureName, question: Question) -> object:
    """The 口径 of a figure, with the days that were asked for."""
    if name is FigureName.DUE_SOON and question.near_days != NEAR_DAYS:
        return _("距现行整改时限不超过%(n)d天、尚未逾期的已下发、整改中、申请销号事项。", n=question.near_days)
    return DEFINITIONS[name].sentence


def print_left_out(left_out: int, *, is_settled: bool = False) -> str:
    """What is said of the items in no denominator; ``is_settled`` where all sources asked for leave them out."""
    if is_settled:
        return str(_("按来源约定，持续整改的事项不计入分母（%(n)d个）。", n=left_out))
    if left_out:
        return str(_("其中%(n)d个持续整改事项按其来源的约定不计入分母。", n=left_out))
    return ""


def print_deadline(kind: DeadlineKind | None, due_on: date | None) -> object:
    """A deadline as a list prints it: its day, or the word for one without."""
    if due_on is not None:
        return print_day(due_on)
    return DEADLINE_LABELS[kind] if kind else ""


def print_day(day: date) -> str:
    """2026年4月7日, or the same in the reader's language."""
    return str(format_date(day, "long"))


def print_instant(instant: datetime) -> str:
    """The day and the office's time to the second."""
    local = clock.local(instant)
    return f"{print_day(local.date())} {local:%H:%M:%S}"


def print_compared(earlier: Question, later: Question) -> str:
    """Which two days are compared, each with its knowledge where that is not the present one."""
    return str(_("%(later)s与%(earlier)s相比", later=_print_side(later), earlier=_print_side(earlier)))


def _print_side(question: Question) -> str:
    day = print_day(question.as_of)
    if question.known_at is None:
        return day
    return str(_("%(day)s（%(instant)s所知）", day=day, instant=print_instant(question.known_at)))
