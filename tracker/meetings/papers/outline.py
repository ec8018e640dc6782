"""A unit's outline for speaking: its figures, each unfinished item with room to write, what was decided last."""

from collections.abc import Sequence

from tracker.core.i18n import force_locale
from tracker.meetings.frozen import FrozenItem
from tracker.meetings.papers import wording
from tracker.meetings.papers.material import Material, Tell, untold
from tracker.meetings.standings import UnitStanding
from tracker.office.docx_forms import FormField
from tracker.office.docx_writing import Document
from tracker.office.numerals import chinese, chinese_date

# Lines that are left free where the unit has told nothing.
FREE = 2


@force_locale("zh")
def write_outline(material: Material, standings: Sequence[UnitStanding], tell: Tell = untold) -> bytes:
    """The outlines of these units as one Word file, each on a page of its own; without a unit it says so."""
    titles = [_title(standing) for standing in standings] or ["整改工作发言提纲"]
    document = Document(titles[0], made_at=material.frozen.known_at)
    if not standings:
        document.paragraph("没有单位承担整改事项。")
        wording.add_basis(document, material)
    for at, standing in enumerate(standings):
        if at:
            document.portrait()
            document.title(titles[at])
        _write_unit(document, material, standing)
        tell(at + 1, len(standings))
    return document.to_bytes()


def _title(standing: UnitStanding) -> str:
    return f"{wording.unit_name(standing.unit)}\n整改工作发言提纲"


def _write_unit(document: Document, material: Material, standing: UnitStanding) -> None:
    frozen = material.frozen
    document.line(f"{frozen.title}　{chinese_date(frozen.held_on)}")
    document.heading(1, "一、总体情况")
    document.paragraph(wording.overall(standing.tally, material))
    for line in wording.parts_line(standing, frozen.counting):
        document.paragraph(line)
    document.heading(1, "二、未销号事项")
    if not standing.unfinished:
        document.paragraph("没有未销号事项。")
    for number, item in enumerate(standing.unfinished, start=1):
        document.heading(3, f"{number}. {wording.numbered(item)}（{wording.state_words(item, material)}）")
        document.form(_fields(item))
    _write_rest(document, material, standing)
    wording.add_basis(document, material)


def _fields(item: FrozenItem) -> list[list[FormField]]:
    asked = f"申请延期至{chinese_date(item.asked_until)}" if item.asked_until else "未申请延期"
    return [
        [FormField("具体问题", item.finding)],
        [FormField("整改时限", wording.deadline_words(item)), FormField("申请延期", asked)],
        [_field("目前进展", item.progress, wording.progress_words(item))],
        [_field("存在困难", item.obstacle, wording.told(item.obstacle))],
        [_field("下步打算", item.next_step, wording.told(item.next_step))],
    ]


def _field(label: str, text: str, words: str) -> FormField:
    """What the unit told; where it told nothing, the free lines to write it down."""
    return FormField(label, words, lines=1 if text.strip() else 1 + FREE)


def _write_rest(document: Document, material: Material, standing: UnitStanding) -> None:
    mine = {item.id for item in standing.unfinished}
    waits = [wording.wait_line(each, material, 200) for each in material.frozen.waits if each.item_id in mine]
    owed = [each for each in material.frozen.last_decisions if each.unit_id == standing.unit_id]
    told = [wording.decision_line(each) for each in owed]
    number = 3
    for heading, lines in (("提请会议研究", waits), ("上次会议议定事项落实情况", told)):
        if lines:
            document.heading(1, f"{chinese(number)}、{heading}")
            number += 1
        for at, line in enumerate(lines, start=1):
            document.paragraph(f"{at}. {line}")
