"""Tables of problems: which column holds what."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tracker.intake.rules.markers import Family, leading_marker
from tracker.intake.rules.purposes import Purpose, purpose_of_label_word
from tracker.office.paragraphs import Paragraph

SPACE = re.compile(r"\s+")
COLUMNS = {
    Family.table_aspect: re.compile(r"(?:重点|问题)?方面|一级标题|领域|板块|问题方面|所属方面"),
    Family.table_category: re.compile(r"(?:问题)?(?:大类|类别|类型|分类)|重点内容|二级标题|所属类别"),
    Family.table_problem: re.compile(
        r"(?:存在的?|反馈的?|具体|主要|突出|发现的?|查摆的?|巡[视察]反馈)*(?:问题|不足)(?:表述|表现|描述|内容|清单|事项)?"
        r"|(?:问题)?具体表现|问题(?:和|及)不足"
    ),
}
LABEL = re.compile(r"(?:具体|反馈|存在的?|主要|突出)*问题(?:表述|描述|内容)?[一二三四五六七八九十0-9]*")
TOTAL = re.compile(r"(?:合|总|小)计")
HEADER_ROWS = 5


@dataclass(frozen=True)
class CellContent:
    """What a cell holds: a section or a problem (``family``), something else (``purpose``), or plain text (neither)."""

    paragraphs: tuple[Paragraph, ...]
    family: Family | None = None
    number: str = ""
    purpose: Purpose | None = None


Row = dict[int, tuple[Paragraph, ...]]


def read_table(paragraphs: Sequence[Paragraph]) -> Iterator[CellContent]:
    """Go through one table row by row; a section repeated in the next row is given once."""
    rows = _rows(paragraphs)
    headers = (place for place, row in enumerate(rows[:HEADER_ROWS]) if _is_header(row) and not _is_labelled(row))
    header = next(headers, None)
    if header is not None:
        yield from (CellContent(_all(row), purpose=Purpose.column) for row in rows[: header + 1])
        yield from _listed(rows[header + 1 :], _columns(rows[header]))
        return
    for row in rows:
        yield from _labelled(row) if _is_labelled(row) else (CellContent(cell) for cell in row.values())


def _rows(paragraphs: Sequence[Paragraph]) -> list[Row]:
    rows: dict[int, Row] = {}
    for paragraph in paragraphs:
        if paragraph.cell is not None:
            row = rows.setdefault(paragraph.cell.row, {})
            row[paragraph.cell.column] = (*row.get(paragraph.cell.column, ()), paragraph)
    return list(rows.values())


def _words(cell: Sequence[Paragraph]) -> str:
    return SPACE.sub("", "".join(paragraph.text for paragraph in cell))


def _columns(row: Row) -> dict[int, Family | None]:
    columns: dict[int, Family | None] = {}
    for column, cell in row.items():
        words = _words(cell)
        family = next((family for family, pattern in COLUMNS.items() if pattern.fullmatch(words)), None)
        if family not in columns.values():
            columns[column] = family
    return columns


def _is_header(row: Row) -> bool:
    return (
        len(row) >= 2
        and Family.table_problem in _columns(row).values()
        and all(len(_words(c)) <= 16 for c in row.values())
    )


def _listed(rows: Sequence[Row], columns: dict[int, Family | None]) -> Iterator[CellContent]:
    last: dict[Family, str] = {}
    for row in rows:
        if any(TOTAL.fullmatch(_words(cell)) for cell in row.values()):
            yield CellContent(_all(row), purpose=Purpose.total)
            continue
        number = _number(row, columns)
        for column, cell in row.items():
            family = columns.get(column)
            if family is Family.table_problem:
                yield from _problems(cell, number)
            elif family is not None and last.get(family) != _words(cell):
                last[family] = _words(cell)
                if family is Family.table_aspect:
                    last.pop(Family.table_category, None)
                yield CellContent((_one(cell),), family)
        others = tuple(paragraph for column, cell in row.items() if columns.get(column) is None for paragraph in cell)
        if others:
            yield CellContent(others, purpose=Purpose.column)


def _number(row: Row, columns: dict[int, Family | None]) -> str:
    """The words of the first cell left of the sections and problems, when they are short enough to be a number."""
    for column, cell in row.items():
        if columns.get(column) is None and len(_words(cell)) <= 8:
            return _words(cell)
        if columns.get(column) is Family.table_problem:
            break
    return ""


def _all(row: Row) -> tuple[Paragraph, ...]:
    return tuple(paragraph for cell in row.values() for paragraph in cell)


def _one(cell: Sequence[Paragraph]) -> Paragraph:
    return replace(cell[0], text="".join(paragraph.text for paragraph in cell).replace("\n", ""))


def _problems(cell: Sequence[Paragraph], number: str) -> Iterator[CellContent]:
    """Numbered lines in one cell are problems of their own; others make one problem together."""
    lines = [
        replace(paragraph, text=words, number=paragraph.number if place == 0 else "")
        for paragraph in cell
        for place, words in enumerate(paragraph.text.split("\n"))
        if words.strip()
    ]
    numbered = [line for line in lines if line.number or leading_marker(line.text)]
    if len(numbered) > 1 and len(numbered) == len(lines):
        yield from (CellContent((line,), Family.table_problem) for line in lines)
    else:
        yield CellContent((_one(cell),), Family.table_problem, number)


def _is_labelled(row: Row) -> bool:
    """Whether a row is a label with its value, as in a form; two column headings beside each other are none."""
    words = [_words(cell) for cell in row.values()]
    return len(words) == 2 and _is_label(words[0]) and not _is_label(words[1])


def _is_label(words: str) -> bool:
    return bool(LABEL.fullmatch(words)) or purpose_of_label_word(words) is not None


def _labelled(row: Row) -> Iterator[CellContent]:
    label, value = row.values()
    purpose = None if LABEL.fullmatch(_words(label)) else purpose_of_label_word(_words(label))
    if purpose is not None:
        yield CellContent((*label, *value), purpose=purpose)
        return
    yield CellContent((replace(value[0], text=f"{_words(label)}：{_one(value).text}"),))
