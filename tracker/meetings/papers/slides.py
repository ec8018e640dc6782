"""The slides of a meeting: overall, units, what changed, unfinished items by unit, what is late and to be decided."""

from collections.abc import Iterator, Sequence

from tracker.core.i18n import force_locale
from tracker.figures.rules import FigureName
from tracker.items.rules import STATE_LABELS
from tracker.meetings.comparing import STEP_LABELS, Compared, Step, compare
from tracker.meetings.frozen import Frozen, FrozenItem
from tracker.meetings.papers import wording
from tracker.meetings.papers.material import Material, Tell, short_day, untold
from tracker.meetings.standings import UnitStanding
from tracker.office.numerals import chinese_date
from tracker.office.pptx_writing import Block, Slides, Words

# How much of a text stands on a slide; all of it is in the notes, or in the tables.
FINDING, TOLD, CELL = 60, 80, 40
# Items of a list that are told one by one, the worst first; more nobody would look at on a wall.
LISTED = 30
RATE_FORMAT = 'General"%"'


@force_locale("zh")
def write_slides(material: Material, earlier: Frozen | None = None, tell: Tell = untold) -> bytes:
    """The slides as a .pptx file whose charts can be edited; compared with ``earlier``."""
    frozen = material.frozen
    slides = Slides(frozen.title, made_at=frozen.known_at, foot=material.stamp, notes="\n".join(material.basis))
    slides.opening(frozen.title, [chinese_date(frozen.held_on), f"统计范围：{frozen.scope}"])
    _write_overall(slides, material)
    slides.bars("各单位销号率", wording.label(FigureName.CLOSURE_RATE), _bars(material), RATE_FORMAT)
    if earlier is not None:
        _write_change(slides, Material(earlier, ""), material)
    _write_last(slides, frozen)
    for nth, standing in enumerate(material.standings, start=1):
        title = f"{wording.unit_name(standing.unit)}：未销号{len(standing.unfinished)}个"
        slides.text(title, _blocks(standing, material))
        tell(nth, len(material.standings))
    _write_late(slides, material)
    _write_waits(slides, material)
    lines = [*material.basis, "各单位销号率只列承担总数统计事项的单位，括号内为已销号和总数。"]
    slides.text("数据说明", [Block([Words(line)]) for line in lines])
    return slides.to_bytes()


def _write_overall(slides: Slides, material: Material) -> None:
    lines = list(_overall(material))
    if material.tally.total:
        slides.ring("总体情况", _slices(material), lines)
    else:
        slides.text("总体情况", [Block([Words(line) for line in lines])])


def _slices(material: Material) -> dict[str, int]:
    names = (FigureName.CLOSED, *wording.OPEN_STATES)
    return {wording.label(name): wording.count(material.tally, name) for name in names}


def _overall(material: Material) -> Iterator[str]:
    tally = material.tally
    yield f"反馈总数{tally.total}个"
    yield f"已销号{tally.closed}个，未销号{tally.open}个"
    yield f"{wording.label(FigureName.CLOSURE_RATE)}{material.rate(tally.closure_rate)}"
    yield f"逾期{tally.overdue}个，{material.frozen.near_days}日内到期{tally.due_soon}个"
    if tally.withdrawn:
        yield f"另有核减{tally.withdrawn}个，不计入总数"


def _bars(material: Material) -> list[tuple[str, float]]:
    """Units by rate, the highest first, each with the counts that it is made of."""
    bars = []
    for each in sorted(material.standings, key=_minus_rate):
        percent = material.percent(each.tally.closure_rate)
        if percent is not None:
            bars.append((f"{wording.unit_name(each.unit)}（{each.tally.closed}/{each.tally.total}）", percent))
    return bars


def _minus_rate(standing: UnitStanding) -> float:
    rate = standing.tally.closure_rate
    return -rate.numerator / rate.denominator if rate.denominator else 1.0


def _write_change(slides: Slides, before: Material, after: Material) -> None:
    changed = compare(before.frozen, after.frozen)
    rows = [
        [name, old, new]
        for name, old, new in (
            ("截至", before.as_of, after.as_of),
            ("反馈总数", str(before.tally.total), str(after.tally.total)),
            ("已销号", str(before.tally.closed), str(after.tally.closed)),
            ("销号率", before.rate(before.tally.closure_rate), after.rate(after.tally.closure_rate)),
            ("逾期", str(before.tally.overdue), str(after.tally.overdue)),
        )
    ]
    steps = [[str(STEP_LABELS[step]), "", f"{count}个"] for step in Step if (count := _count(changed, step))]
    told = [*rows, *(steps or [["变动事项", "", "没有"]])]
    slides.table("与上次会议相比", ["指标", before.frozen.title, after.frozen.title], told, [2, 4, 4])
    listed = [[str(STEP_LABELS[each.step]), *_named(each.item)] for each in changed]
    if listed:
        _write_table(slides, "变动事项清单", ["变动", "编号", "单位", "具体问题"], listed, [1.6, 3, 2.6, 6])


def _count(changed: list[Compared], step: Step) -> int:
    return sum(each.step is step for each in changed)


def _named(item: FrozenItem) -> list[str]:
    finding = wording.shortened(item.finding, CELL)
    return [wording.numbered(item), wording.unit_name(item.unit), finding]


def _write_last(slides: Slides, frozen: Frozen) -> None:
    rows = [
        [
            wording.shortened(each.text, CELL),
            each.unit,
            short_day(each.due_on) or each.due_text or "未定",
            str(STATE_LABELS[each.state]) if each.state else wording.NO_ITEM,
            wording.shortened(each.progress, CELL),
        ]
        for each in frozen.last_decisions
    ]
    if rows:
        headings = ["议定事项", "单位", "时限", "现状", "进展"]
        _write_table(
            slides, f"{frozen.last_title or '上次会议'}议定事项落实情况", headings, rows, [4, 2.2, 2.2, 1.8, 3.8]
        )


def _blocks(standing: UnitStanding, material: Material) -> list[Block]:
    blocks = [_block(item, material) for item in standing.unfinished[:LISTED]]
    if rest := len(standing.unfinished) - len(blocks):
        blocks.append(Block([Words(f"其余{rest}个见未销号事项清单。")]))
    return blocks


def _block(item: FrozenItem, material: Material) -> Block:
    words = [
        Words(f"{wording.numbered(item)}　{wording.shortened(item.finding, FINDING)}", is_head=True),
        Words(f"整改时限：{wording.deadline_words(item)}　{wording.state_words(item, material)}"),
        *(Words(f"{label}：{wording.shortened(text, TOLD)}") for label, text in _told(item)),
    ]
    full = [item.finding, *(f"{label}：{text}" for label, text in _told(item))]
    is_cut = any(each.text.endswith(wording.CUT) for each in words)
    return Block(words, notes=f"{item.number}　" + "\n".join(full) if is_cut else "")


def _told(item: FrozenItem) -> Iterator[tuple[str, str]]:
    yield "进展", wording.progress_words(item)
    if item.obstacle.strip():
        yield "困难", item.obstacle
    if item.next_step.strip():
        yield "下步", item.next_step
    if item.asked_until:
        yield "申请", f"延期至{chinese_date(item.asked_until)}"


def _write_late(slides: Slides, material: Material) -> None:
    rows = [[*_named(item), short_day(item.due_on), f"{material.days_over(item)}天"] for item in material.overdue]
    headings = ["编号", "单位", "具体问题", "时限", "逾期"]
    _write_table(slides, f"逾期事项：{len(rows)}个", headings, rows, [3, 2.6, 5, 1.8, 1.2])


def _write_waits(slides: Slides, material: Material) -> None:
    rows = []
    for wait in material.frozen.waits:
        item = material.items[wait.item_id]
        words = wording.shortened(wait.words, CELL)
        rows.append([wording.numbered(item), wording.unit_name(item.unit), wording.asked(wait), words])
    _write_table(slides, f"提请会议研究：{len(rows)}件", ["编号", "单位", "事项", "理由"], rows, [3, 2.6, 3.4, 5])


def _write_table(
    slides: Slides, title: str, headings: Sequence[str], rows: Sequence[Sequence[str]], shares: Sequence[float]
) -> None:
    """The table with as many rows as are looked at and how many more there are, or a slide that says there is none."""
    if rows:
        rest = [f"其余{len(rows) - LISTED}个", "见会议清单", *([""] * (len(headings) - 2))]
        slides.table(title, headings, [*rows[:LISTED], rest] if len(rows) > LISTED else rows, shares)
    else:
        slides.text(title, [Block([Words("没有。")])])
