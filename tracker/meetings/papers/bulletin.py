"""整改情况通报: overall, boards where a leader ordered them, what is behind by name, tables of units and items."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from tracker.core.i18n import force_locale
from tracker.figures.rules import Rate
from tracker.meetings.frozen import FrozenItem
from tracker.meetings.papers import wording
from tracker.meetings.papers.material import Material, short_day
from tracker.meetings.standings import UnitStanding
from tracker.office.docx_writing import Document
from tracker.office.numerals import chinese, chinese_date

ITEM_HEADINGS = ("序号", "编号", "牵头单位", "具体问题", "责任领导", "整改时限", "状态", "目前进展")
ATTACHED = ("各单位整改情况统计表", "未销号事项清单")


@dataclass(frozen=True)
class Issue:
    """How a bulletin is issued.

    ``number`` such as 2026年第3期（总第17期）, left out when empty. Boards are printed when ``has_boards``: units at or
    over ``red_percent`` advance fast, those under ``black_percent`` lag behind. ``demands`` are what is asked of the
    units, each line a paragraph.
    """

    organ: str
    on: date
    number: str = ""
    demands: str = ""
    has_boards: bool = False
    red_percent: int = 90
    black_percent: int = 85


@force_locale("zh")
def write_bulletin(material: Material, issue: Issue) -> bytes:
    """The bulletin as a Word file with its attachments on lying paper."""
    document = Document("整改情况通报", made_at=material.frozen.known_at)
    if issue.number:
        document.spread(issue.number, chinese_date(issue.on))
    parts = [("总体情况", _overall(material)), *_boards(material, issue), ("逾期事项", _late(material))]
    if issue.demands.strip():
        parts.append(("工作要求", issue.demands.strip().split("\n")))
    for number, (heading, lines) in enumerate(parts, start=1):
        document.heading(1, f"{chinese(number)}、{heading}")
        for line in lines:
            document.paragraph(line)
    document.paragraph("附件：" + "　".join(f"{at}.{name}" for at, name in enumerate(ATTACHED, start=1)))
    document.signature(issue.organ, chinese_date(issue.on))
    wording.add_basis(document, material)
    _attach(document, material)
    return document.to_bytes()


def _overall(material: Material) -> list[str]:
    start = f"截至{material.as_of}，"
    return [start + wording.overall(material.tally, material), *_of_units(material)]


def _of_units(material: Material) -> Iterator[str]:
    counted = [each for each in material.standings if each.tally.total]
    if not counted:
        return
    done = [wording.unit_name(each.unit) for each in counted if not each.tally.open]
    late = [wording.unit_name(each.unit) for each in counted if each.tally.overdue]
    told = f"承担整改事项的单位{len(counted)}个"
    if done:
        told += f"，全部销号的{len(done)}个（{'、'.join(done)}）"
    if late:
        told += f"，有逾期事项的{len(late)}个（{'、'.join(late)}）"
    yield told + "。"


def _boards(material: Material, issue: Issue) -> Iterator[tuple[str, list[str]]]:
    if not issue.has_boards:
        return
    red, black = issue.red_percent, issue.black_percent
    fast = _ranked(material, lambda rate: rate.numerator * 100 >= red * rate.denominator)
    behind = _ranked(material, lambda rate: rate.numerator * 100 < black * rate.denominator)
    yield f"进展较快的单位（销号率{red}%以上）", [_board(fast, material)]
    yield f"进展滞后的单位（销号率低于{black}%）", [_board(behind, material)]


def _ranked(material: Material, belongs: Callable[[Rate], bool]) -> list[UnitStanding]:
    counted = [each for each in material.standings if each.tally.total and belongs(each.tally.closure_rate)]
    return sorted(counted, key=lambda each: -each.tally.closed / each.tally.total)


def _board(standings: Iterable[UnitStanding], material: Material) -> str:
    told = [
        f"{wording.unit_name(each.unit)}{material.rate(each.tally.closure_rate)}（{each.tally.closed}/{each.tally.total}）"
        for each in standings
    ]
    return f"{'、'.join(told)}。" if told else "没有。"


def _late(material: Material) -> list[str]:
    if not material.overdue:
        return ["没有逾期事项。"]
    lines = [wording.overdue_line(item, material, 200) for item in material.overdue]
    return [f"{number}. {line}。" for number, line in enumerate(lines, start=1)]


def _attach(document: Document, material: Material) -> None:
    document.landscape()
    _title(document, 1, material)
    rows = [wording.unit_row(each, material) for each in material.standings]
    document.table(wording.UNIT_HEADINGS, [*rows, wording.tally_row("合计", material.tally, material)])
    document.landscape()
    _title(document, 2, material)
    listed = [_row(number, item, material) for number, item in enumerate(material.unfinished, start=1)]
    document.table(ITEM_HEADINGS, listed or [["", "", "", "没有未销号事项", "", "", "", ""]])


def _title(document: Document, number: int, material: Material) -> None:
    document.heading(1, f"附件{number}　{ATTACHED[number - 1]}")
    document.note(material.stamp)


def _row(number: int, item: FrozenItem, material: Material) -> list[str]:
    told = (item.leader, wording.deadline_cell(item), wording.state_words(item, material))
    day = f"（{short_day(item.progress_on)}）" if item.progress_on and item.progress.strip() else ""
    progress = f"{wording.told(item.progress)}{day}"
    return [str(number), wording.numbered(item), wording.unit_name(item.unit), item.finding, *told, progress]
