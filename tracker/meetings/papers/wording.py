"""Sentences and cells that several papers share."""

from collections.abc import Iterator

from tracker.figures.definitions import DEFINITIONS
from tracker.figures.rules import FigureName, Tally
from tracker.items.rules import DEADLINE_LABELS, STATE_LABELS, DeadlineKind, State
from tracker.meetings.frozen import FrozenDecision, FrozenItem, FrozenWait
from tracker.meetings.papers.material import Material, short_day
from tracker.meetings.standings import UnitStanding
from tracker.office.docx_writing import Document
from tracker.office.numerals import chinese_date
from tracker.sources.rules import Counting

NO_UNIT, UNTOLD, NO_DEADLINE, NO_ITEM = "（未明确牵头单位）", "（单位未填报）", "未定时限", "尚未立项"
CUT = "……"
# The states that are open, in the order of an item's life.
OPEN_STATES = (FigureName.DRAFT, FigureName.ISSUED, FigureName.WORKING, FigureName.APPLIED, FigureName.SUSTAINED)
# Columns of the table by unit, in words and by name.
UNIT_HEADINGS = ("单位", "总数", "已销号", "未销号", "逾期", "临近时限", "销号率")
UNIT_FIGURES = (FigureName.TOTAL, FigureName.CLOSED, FigureName.OPEN, FigureName.OVERDUE, FigureName.DUE_SOON)


def add_basis(document: Document, material: Material) -> None:
    """End a Word file with when, of what and how it was counted."""
    document.note("")
    for line in material.basis:
        document.note(line)


def label(name: FigureName) -> str:
    """What a figure is called."""
    return str(DEFINITIONS[name].label)


def count(tally: Tally, name: FigureName) -> int:
    """A count by its name."""
    return int(getattr(tally, name.value))


def overall(tally: Tally, material: Material) -> str:
    """How all, or one unit, stands: total, closed, open by state, rate, and what is late. The parts add up."""
    if not tally.total:
        return "没有列入统计的事项。" + _beside(tally)
    rate = f"{label(FigureName.CLOSURE_RATE)}{material.rate(tally.closure_rate)}"
    if not tally.open:
        return f"反馈事项{tally.total}个，已全部销号，{rate}。{_beside(tally)}"
    states = "、".join(f"{label(name)}{count(tally, name)}个" for name in OPEN_STATES if count(tally, name))
    closed = f"已销号{tally.closed}个，未销号{tally.open}个（{states}），{rate}。"
    return f"反馈事项{tally.total}个，{closed}{_late(tally, material)}{_beside(tally)}"


def _late(tally: Tally, material: Material) -> str:
    near = f"{material.frozen.near_days}日内到期{tally.due_soon}个"
    told = [f"逾期{tally.overdue}个"] * bool(tally.overdue) + [near] * bool(tally.due_soon)
    return f"未销号事项中，{'、'.join(told)}。" if told else "没有逾期和临近时限的事项。"


def _beside(tally: Tally) -> str:
    words = [
        f"{label(name)}{count(tally, name)}个"
        for name in (FigureName.COMPLETED_BY_UNIT, FigureName.BASICALLY_COMPLETED)
        if count(tally, name)
    ]
    told = f"{'、'.join(words)}，均未销号。" if words else ""
    return f"{told}另有核减{tally.withdrawn}个，不计入总数。" if tally.withdrawn else told


def unit_name(name: str) -> str:
    """A unit, also where none is named yet."""
    return name or NO_UNIT


def unit_row(standing: UnitStanding, material: Material) -> list[str]:
    """The row of a unit in the table by unit."""
    return tally_row(unit_name(standing.unit), standing.tally, material)


def tally_row(name: str, tally: Tally, material: Material) -> list[str]:
    """A row of the table by unit with this name."""
    return [name, *(str(count(tally, each)) for each in UNIT_FIGURES), material.rate(tally.closure_rate)]


def state_words(item: FrozenItem, material: Material) -> str:
    """The state, and by how many days it is overdue."""
    days = material.days_over(item)
    return f"{STATE_LABELS[item.state]}，逾期{days}天" if days else str(STATE_LABELS[item.state])


def deadline_words(item: FrozenItem) -> str:
    """The present deadline, with the first where it was moved."""
    return deadline_with(item, chinese_date(item.due_on), chinese_date(item.first_due_on))


def deadline_cell(item: FrozenItem) -> str:
    """The same for a narrow column."""
    return deadline_with(item, short_day(item.due_on), short_day(item.first_due_on))


def deadline_with(item: FrozenItem, day: str, first_day: str) -> str:
    """A deadline with its days in words."""
    if not day:
        return NO_DEADLINE if item.deadline_kind is None else str(DEADLINE_LABELS[item.deadline_kind])
    moved = f"（原定{first_day}）" if item.first_due_on and item.first_due_on != item.due_on else ""
    at_once = str(DEADLINE_LABELS[DeadlineKind.AT_ONCE]) + "，" if item.deadline_kind is DeadlineKind.AT_ONCE else ""
    return f"{at_once}{day}{moved}"


def numbered(item: FrozenItem) -> str:
    """The number of an item, with that of the common problem it is a part of."""
    return f"{item.number}（{item.parent}的分项）" if item.parent else item.number


def shortened(text: str, limit: int) -> str:
    """The text on one line, cut visibly where it is longer."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[:limit] + CUT


def told(text: str) -> str:
    """What the unit told, or that it did not."""
    return text.strip() or UNTOLD


def progress_words(item: FrozenItem) -> str:
    """The last progress with its day."""
    day = f"（{chinese_date(item.progress_on)}填报）" if item.progress_on and item.progress.strip() else ""
    return f"{told(item.progress)}{day}"


def overdue_line(item: FrozenItem, material: Material, limit: int) -> str:
    """One overdue item by name."""
    finding = shortened(item.finding, limit)
    days = f"整改时限{deadline_words(item)}，逾期{material.days_over(item)}天"
    return f"{unit_name(item.unit)}：{numbered(item)}　{finding}（{days}）"


def asked(wait: FrozenWait) -> str:
    """What is asked for."""
    return f"申请延期至{chinese_date(wait.until)}" if wait.until else "申请销号"


def wait_line(wait: FrozenWait, material: Material, limit: int) -> str:
    """One request that waits for a decision."""
    item = material.items[wait.item_id]
    words = f"：{shortened(wait.words, limit)}" if wait.words.strip() else ""
    since = f"{chinese_date(wait.since)}由{wait.by}提出" if wait.by else f"{chinese_date(wait.since)}提出"
    return f"{unit_name(item.unit)}：{numbered(item)}　{asked(wait)}（{since}）{words}"


def decision_line(decision: FrozenDecision) -> str:
    """What the meeting before decided, and where it stands."""
    due = f"，{chinese_date(decision.due_on)}前" if decision.due_on else ""
    due = due or (f"，{decision.due_text}" if decision.due_text else "")
    stands = str(STATE_LABELS[decision.state]) if decision.state else NO_ITEM
    progress = f"：{decision.progress}" if decision.progress.strip() and decision.state is not State.CLOSED else ""
    return f"{decision.text}（{decision.unit}{due}）——{decision.number and decision.number + ' '}{stands}{progress}"


def parts_line(standing: UnitStanding, counting: Counting) -> Iterator[str]:
    """How many of the unfinished are listed and not counted, where there are some."""
    if (parts := standing.parts) and counting is Counting.WHOLES:
        yield f"未销号事项中含共性问题的分项{parts}个，不另计入总数。"
    if (wholes := len(standing.unfinished) - parts) and counting is Counting.PARTS:
        yield f"未销号事项中含总项和没有分项的问题{wholes}个，按分项统计时不计入总数。"
