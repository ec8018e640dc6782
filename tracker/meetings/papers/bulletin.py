"""整改情况通报: overall, boards where a leader ordered them, what is behind by name, tables of units and items."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.core.i18n import force_locale
from tracker.figures.boards import Boards, Limits, Placed, boards_of
from tracker.meetings.frozen import FrozenItem
from tracker.meetings.papers import wording
from tracker.meetings.papers.material import Material, short_day
from tracker.meetings.standings import UnitStanding
from tracker.office.charts import Bar, Spec, as_picture, rate_bars
from tracker.office.docx_writing import Document
from tracker.office.numerals import chinese, chinese_date

ITEM_HEADINGS = ("序号", "编号", "牵头单位", "具体问题", "责任领导", "整改时限", "状态", "目前进展")
# As many as one page can hold.
MOST_BARS = 30
ATTACHED = ("各单位整改情况统计表", "未销号事项清单")


@dataclass(frozen=True)
class Issue:
    """How a bulletin is issued.

    ``number`` such as 2026年第3期（总第17期）, left out when empty. ``demands`` are what is asked of the units, each
    line a paragraph. Boards are printed where their ``limits`` are given; ``picture`` is ``chart``, if it was drawn.
    """

    organ: str
    on: date
    number: str = ""
    demands: str = ""
    limits: Limits | None = None
    picture: bytes = b""


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
        if number == 1 and issue.picture:
            document.picture(issue.picture, "各单位销号率")
    document.paragraph("附件：" + "　".join(f"{at}.{name}" for at, name in enumerate(ATTACHED, start=1)))
    document.signature(issue.organ, chinese_date(issue.on))
    wording.add_basis(document, material)
    _attach(document, material)
    return document.to_bytes()


def chart(material: Material) -> Spec | None:
    """The closure rates of the units, the highest first; None where no unit has any."""
    rated = [each for each in material.standings if each.tally.base]
    if not rated:
        return None
    ordered = sorted(rated, key=lambda each: -each.tally.closed / each.tally.base)
    bars = [_bar(each, material) for each in ordered[:MOST_BARS]]
    return as_picture(rate_bars(bars, title="", axis="销号率（%）"), title="各单位销号率")


def _bar(standing: UnitStanding, material: Material) -> Bar:
    rate = standing.tally.closure_rate
    words = f"{material.rate(rate)}　{rate.numerator} ÷ {rate.denominator}"
    return Bar(wording.unit_name(standing.unit), material.percent(rate) or 0, words)


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
    if issue.limits is None:
        return
    boards = boards_of(material.standings, issue.limits)
    yield f"进展较快的单位（销号率{issue.limits.fast}%以上）", [_board(boards.fast, material)]
    yield f"进展滞后的单位（销号率低于{issue.limits.slow}%）", [_board(boards.slow, material), *_small(issue, boards)]


def _board(placed: Sequence[Placed[UnitStanding]], material: Material) -> str:
    told = [
        f"{wording.unit_name(row.unit)}{material.rate(row.tally.closure_rate)}（{row.tally.closed}/{row.tally.base}）"
        for row in (each.row for each in placed)
    ]
    return f"{'、'.join(told)}。" if told else "没有。"


def _small(issue: Issue, boards: Boards[UnitStanding]) -> Iterator[str]:
    if boards.small and issue.limits is not None:
        names = "、".join(wording.unit_name(each.row.unit) for each in boards.small)
        yield f"事项不足{issue.limits.small}个的单位不列入以上两项：{names}。"


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
