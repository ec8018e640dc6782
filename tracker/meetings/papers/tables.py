"""The tables of a meeting as a workbook: the whole, each unit, what is open, what is closed, what figures mean."""

from collections.abc import Callable, Sequence
from typing import NamedTuple

from tracker.core.clock import local
from tracker.core.i18n import force_locale
from tracker.figures.questions import Question
from tracker.figures.rules import RATES, FigureName, Tally
from tracker.figures.wording import sentence_of
from tracker.items.rules import KIND_LABELS, OWN_WORD_LABELS, STATE_LABELS, State
from tracker.meetings.frozen import FrozenItem
from tracker.meetings.papers import wording
from tracker.meetings.papers.material import Material
from tracker.office.filling import Cell
from tracker.office.xlsx_writing import Grid, write_workbook

COUNTS = tuple(name for name in FigureName if name not in RATES)
UNIT_COUNTS = (*wording.UNIT_FIGURES, *wording.OPEN_STATES, FigureName.WITHDRAWN)
# Of the columns that hold counts, and of those that hold a day on one line.
NARROW, DAY = 1.0, 5.0


class _Column(NamedTuple):
    heading: str
    width: float
    cell: Callable[[FrozenItem, Material], Cell]


COMMON = (
    _Column("编号", DAY, lambda item, _: wording.numbered(item)),
    _Column("种类", 1.1, lambda item, _: str(KIND_LABELS[item.kind])),
    _Column("来源", 2.5, lambda item, _: item.source),
    _Column("方面", 2.5, lambda item, _: item.aspect),
    _Column("具体问题", 8.0, lambda item, _: item.finding),
    _Column("牵头单位", 3.0, lambda item, _: wording.unit_name(item.unit)),
    _Column("责任领导", 1.2, lambda item, _: item.leader),
    _Column("责任人", 1.2, lambda item, _: item.owner),
)
OPEN = (
    *COMMON,
    _Column("状态", 1.2, lambda item, _: str(STATE_LABELS[item.state])),
    _Column("单位申报", 1.2, lambda item, _: str(OWN_WORD_LABELS[item.own_word])),
    _Column("整改时限", DAY, lambda item, _: item.due_on or wording.deadline_words(item)),
    _Column("原定时限", DAY, lambda item, _: item.first_due_on),
    _Column("逾期天数", 1.1, lambda item, material: material.days_over(item) or None),
    _Column("目前进展", 6.0, lambda item, _: item.progress),
    _Column("填报日期", DAY, lambda item, _: item.progress_on),
    _Column("存在困难", 4.0, lambda item, _: item.obstacle),
    _Column("下步打算", 4.0, lambda item, _: item.next_step),
    _Column("申请延期至", DAY, lambda item, _: item.asked_until),
)
CLOSED = (
    *COMMON,
    _Column("整改时限", DAY, lambda item, _: item.due_on or wording.deadline_words(item)),
    _Column("原定时限", DAY, lambda item, _: item.first_due_on),
    _Column("销号时间", DAY, lambda item, _: item.closed_on),
    _Column("上级认定时间", DAY, lambda item, _: item.confirmed_on),
)


@force_locale("zh")
def write_tables(material: Material) -> bytes:
    """The workbook; numbers are numbers, rates those of the papers in percent, days are days."""
    closed = [item for item in material.frozen.items if item.state is State.CLOSED]
    grids = [
        _whole(material),
        _units(material),
        _listed("未销号事项", OPEN, material.unfinished, material),
        _listed("已销号事项", CLOSED, closed, material),
        Grid("说明", ["序号", "说明"], _explained(material), [1, 16]),
    ]
    return write_workbook(grids, made_at=local(material.frozen.known_at), footer=material.taken)


def _whole(material: Material) -> Grid:
    question = Question(as_of=material.frozen.as_of, near_days=material.frozen.near_days)
    rows: list[Sequence[Cell]] = [
        [wording.label(name), wording.count(material.tally, name), str(sentence_of(name, question))] for name in COUNTS
    ]
    for name in RATES:
        percent = material.percent(getattr(material.tally, name.value))
        rows.append([f"{wording.label(name)}（%）", percent, str(sentence_of(name, question))])
    return _grid("总体", ["指标", "数值", "口径"], rows, [3, 1, 8], material)


def _units(material: Material) -> Grid:
    headings = ["单位", *(wording.label(name) for name in UNIT_COUNTS), "销号率（%）", "未销号分项"]
    rows = [_unit_row(wording.unit_name(each.unit), each.tally, each.parts, material) for each in material.standings]
    parts = sum(each.parts for each in material.standings)
    rows.append(_unit_row("合计", material.tally, parts, material))
    return _grid("按单位", headings, rows, [4.0, *([NARROW] * (len(headings) - 1))], material)


def _unit_row(name: str, tally: Tally, parts: int, material: Material) -> Sequence[Cell]:
    counts = (wording.count(tally, each) for each in UNIT_COUNTS)
    return [name, *counts, material.percent(tally.closure_rate), parts]


def _listed(name: str, columns: Sequence[_Column], items: Sequence[FrozenItem], material: Material) -> Grid:
    rows = [[column.cell(item, material) for column in columns] for item in items]
    return _grid(name, [each.heading for each in columns], rows, [each.width for each in columns], material)


def _grid(
    name: str, headings: Sequence[str], rows: Sequence[Sequence[Cell]], widths: Sequence[float], material: Material
) -> Grid:
    return Grid(name, headings, rows, widths, title=f"{material.frozen.title}　{name}", note=material.stamp, frozen=1)


def _explained(material: Material) -> list[Sequence[Cell]]:
    lines = [*material.basis, f"完整校验码（SHA-256）：{material.sha256}"]
    lines.append("销号率等比率按百分数填写，四舍五入；全部销号才为100。")
    return [[number, line] for number, line in enumerate(lines, start=1)]
