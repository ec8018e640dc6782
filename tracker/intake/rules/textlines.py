"""The lines of a text before they are cut: typed lines, numbered lines and table rows in one shape."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from tracker.intake.rules.markers import LEADING, Family, Marker, automatic_marker, leading_marker
from tracker.intake.rules.purposes import Purpose
from tracker.intake.rules.tables import read_table
from tracker.office.paragraphs import Paragraph

MARGIN = " \t\u3000\xa0\u200b\ufeff"
HEADINGS = [Family.heading_1, Family.heading_2, Family.heading_3, Family.heading_4, Family.heading_5, Family.heading_6]


@dataclass(frozen=True)
class TextLine:
    """One line: its number, the words after it, and its purpose where the place in a table settles it.

    ``raw`` is the line as printed, number included.
    """

    paragraph: int
    marker: Marker | None
    text: str
    raw: str
    purpose: Purpose | None = None


def text_lines(paragraphs: Sequence[Paragraph]) -> list[TextLine]:
    """Turn paragraphs into lines in document order; tables go row by row."""
    found: list[TextLine] = []
    for table, group in groupby(paragraphs, key=lambda paragraph: paragraph.cell.table if paragraph.cell else None):
        members = list(group)
        found.extend(_plain_lines(members) if table is None else _table_lines(members))
    return found


def _plain_lines(paragraphs: Sequence[Paragraph]) -> Iterator[TextLine]:
    for paragraph in paragraphs:
        for place, words in enumerate(paragraph.text.split("\n")):
            text = words.strip(MARGIN)
            if text:
                yield _numbered(paragraph, text) if place == 0 else _typed(paragraph.index, text)


def _numbered(paragraph: Paragraph, text: str) -> TextLine:
    automatic = automatic_marker(paragraph.number) if paragraph.number else None
    if automatic and automatic.family is not Family.bullet:
        return TextLine(paragraph.index, automatic, _unlabelled(text), f"{automatic.printed}{text}")
    line = _typed(paragraph.index, text)
    if line.marker is not None:
        return line
    if paragraph.heading_level is not None:
        heading = Marker(HEADINGS[min(paragraph.heading_level, len(HEADINGS)) - 1], None, "")
        return TextLine(paragraph.index, heading, text, text)
    if automatic:
        return TextLine(paragraph.index, automatic, text, text)
    return line


def _typed(paragraph: int, text: str) -> TextLine:
    leading = leading_marker(text)
    if leading is None or not leading[1].strip(MARGIN) or _introduces(*leading):
        return TextLine(paragraph, None, text, text)
    return TextLine(paragraph, leading[0], _unlabelled(leading[1]), text)


def _introduces(marker: Marker, words: str) -> bool:
    """Whether a label opens a list ("主要问题：一是…") instead of naming one problem."""
    following = leading_marker(words.strip(MARGIN))
    is_list = following is not None and following[0].family is not Family.some
    return marker.family is Family.label and marker.ordinal is None and is_list


def _unlabelled(text: str) -> str:
    """The words of a numbered line without a label in front of them, as in "1.问题：…"."""
    label = LEADING[Family.label].match(text)
    return text[label.end() :] if label and text[label.end() :] else text


def _table_lines(paragraphs: Sequence[Paragraph]) -> Iterator[TextLine]:
    for cell in read_table(paragraphs):
        if cell.family is None and cell.purpose is None:
            yield from _plain_lines(cell.paragraphs)
            continue
        if cell.family is None:
            text = "｜".join(paragraph.text.replace("\n", "") for paragraph in cell.paragraphs)
            yield TextLine(cell.paragraphs[0].index, None, text, text, cell.purpose)
            continue
        for paragraph in cell.paragraphs:
            typed = _numbered(paragraph, paragraph.text.replace("\n", ""))
            printed = typed.marker.printed if typed.marker and typed.marker.family is not Family.some else cell.number
            text = typed.text if typed.marker else typed.raw
            yield TextLine(paragraph.index, Marker(cell.family, None, printed), text, typed.raw)
