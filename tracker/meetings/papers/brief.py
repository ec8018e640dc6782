"""The one-page paper: figures, units, what is late, what is to be decided. It is one page whatever there is to tell."""

from collections.abc import Sequence
from functools import reduce
from operator import add

from tracker.core.i18n import force_locale
from tracker.figures.rules import Tally
from tracker.meetings.papers import wording
from tracker.meetings.papers.material import Material
from tracker.meetings.standings import UnitStanding
from tracker.office import gbt9704
from tracker.office.docx_tables import lines_of, row_heights
from tracker.office.docx_writing import Document
from tracker.office.numerals import chinese_date

# In points: a line of the body and of a note, and what is kept free since heights are reckoned and not measured.
LINE, NOTE, KEPT = gbt9704.LINE_TWIPS / 20, gbt9704.NOTE_TWIPS / 20, 16
WIDTH = gbt9704.WIDE_WIDTH
# Characters of a title, of body text and of a note that one line holds, one less than there is room for.
TITLE_HELD, BODY_HELD, NOTE_HELD = (WIDTH.pt / points - 1 for points in (22, gbt9704.BODY_POINTS, gbt9704.NOTE_POINTS))
# Lines that overdue items, and requests, are sure of before units take the rest.
SURE = 3
FINDING, WORDS = 60, 60
INDENT = "　　"
# Of the longest texts that are told in full on one page.
TITLE, BASIS = 60, 260
UNITS, OVERDUE, WAITS = "一、各单位整改情况", "二、逾期事项", "三、提请会议研究事项"


@force_locale("zh")
def write_brief(material: Material) -> bytes:
    """The paper as a Word file of exactly one page; what does not fit is counted by name of the list that has it."""
    frozen, overall = material.frozen, wording.overall(material.tally, material)
    title = wording.shortened(frozen.title, TITLE)
    day = f"{chinese_date(frozen.held_on)}会议材料"
    basis = [wording.shortened(line, BASIS) for line in material.basis]
    document = Document(title, made_at=frozen.known_at)
    document.widen()
    document.note(day)
    document.paragraph(overall)
    fixed = (lines_of(title, TITLE_HELD) + 1 + lines_of(f"{INDENT}{overall}", BODY_HELD) + 3) * LINE + NOTE
    room = _Room(gbt9704.WIDE_HEIGHT.pt - KEPT - fixed - _height(basis))
    _write_lists(document, material, room)
    for line in basis:
        document.note(line)
    return document.to_bytes()


class _Room:
    """What is left of the page, in points."""

    def __init__(self, points: float) -> None:
        self.points = points

    def fitting(self, heights: Sequence[float], rest: float, kept: float) -> int:
        """How many of these fit beside what is kept for others; they, and the line that tells the rest, are taken."""
        free = self.points - kept
        count = len(heights)
        if sum(heights) > free:
            count = next((at for at in range(count) if sum(heights[: at + 1]) + rest > free), count)
        self.points -= sum(heights[:count]) + (rest if count < len(heights) else 0)
        return count


def _write_lists(document: Document, material: Material, room: _Room) -> None:
    late = [
        f"{number}. {wording.overdue_line(item, material, FINDING)}"
        for number, item in enumerate(material.overdue, start=1)
    ]
    waits = [
        f"{number}. {wording.wait_line(wait, material, WORDS)}"
        for number, wait in enumerate(material.frozen.waits, start=1)
    ]
    document.heading(1, UNITS)
    _write_units(document, material, room, kept=_sure(late) + _sure(waits))
    document.heading(1, OVERDUE)
    _write_lines(document, late or ["没有逾期事项。"], "逾期事项", room, kept=_sure(waits))
    document.heading(1, WAITS)
    _write_lines(document, waits or ["没有等待研究的申请。"], "申请", room, kept=0)


def _write_units(document: Document, material: Material, room: _Room, *, kept: float) -> None:
    standings = material.standings
    if not standings:
        _write_lines(document, ["没有单位承担整改事项。"], "单位", room, kept=kept)
        return
    rows = [wording.unit_row(each, material) for each in standings]
    whole = wording.tally_row("合计", material.tally, material)
    heading, *heights, last = row_heights(wording.UNIT_HEADINGS, [*rows, whole], width=WIDTH)
    room.points -= heading + last + 2
    shown = room.fitting(heights, last, kept)
    document.table(wording.UNIT_HEADINGS, [*rows[:shown], *_rest_row(standings[shown:], material), whole])


def _rest_row(rest: Sequence[UnitStanding], material: Material) -> list[list[str]]:
    if not rest:
        return []
    tally = reduce(add, (each.tally for each in rest), Tally())
    return [wording.tally_row(f"其余{len(rest)}个单位", tally, material)]


def _write_lines(document: Document, lines: Sequence[str], what: str, room: _Room, *, kept: float) -> None:
    shown = room.fitting([_height([line]) for line in lines], NOTE, kept)
    for line in lines[:shown]:
        document.note(line)
    if shown < len(lines):
        document.note(f"等{len(lines)}件{what}，其余{len(lines) - shown}件见会议清单。")


def _height(lines: Sequence[str]) -> float:
    return sum(lines_of(line, NOTE_HELD) for line in lines) * NOTE


def _sure(lines: Sequence[str]) -> float:
    """The room that a list is sure of: for its first lines and the one that tells the rest."""
    return min(_height(lines or [""]), SURE * NOTE + NOTE)
