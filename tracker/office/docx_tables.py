"""Tables of official documents: widths found from the text, heading row repeated, equal cells merged."""

import unicodedata
from collections.abc import Collection, Sequence
from copy import deepcopy
from math import ceil, sqrt

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Length

from tracker.office import gbt9704

POINTS = 10.5
LINE_TWIPS = 320
CELL_PADDING_TWIPS = 60
# Columns up to this many characters are never squeezed, and stand in the middle.
SHORT = 9
LONG = 30
# Figures and Latin letters are about half as wide as Chinese characters; a little more in the fonts that stand in.
HALF_WIDTH = 0.6


def table_element(
    headings: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    width: Length,
    merged: Collection[int] = (),
    lengths: Sequence[float] | None = None,
) -> BaseOxmlElement:
    """The table as XML, to be put where a paragraph may stand; texts must be free of control characters.

    In the columns ``merged`` a cell joins the one above when both and all merged cells to their left are equal.
    ``lengths`` stand for the longest line of each column, instead of those that are there. A row that is shorter or
    longer than the headings raises ValueError.
    """
    lengths = lengths or [_longest(column) for column in zip(headings, *rows, strict=True)]
    widths = column_widths(lengths, round(width.twips))
    table = _frame(widths)
    table.append(_row(headings, widths, font=gbt9704.HEI, aligns=["center"] * len(widths), is_heading=True))
    aligns = ["center" if length <= SHORT else "left" for length in lengths]
    template = _row([""] * len(widths), widths, font=gbt9704.FANG_SONG, aligns=aligns)
    above: Sequence[str] | None = None
    for row in rows:
        table.append(_filled(template, row, above, merged))
        above = row
    return table


def row_heights(headings: Sequence[str], rows: Sequence[Sequence[str]], *, width: Length) -> list[float]:
    """How high the rows of such a table come out, about, in points; that of the headings first."""
    lengths = [_longest(column) for column in zip(headings, *rows, strict=True)]
    held = [(each - 2 * CELL_PADDING_TWIPS) / 20 / POINTS for each in column_widths(lengths, round(width.twips))]
    return [max(map(lines_of, row, held)) * LINE_TWIPS / 20 + 1 for row in (headings, *rows)]


def column_widths(lengths: Sequence[float], available: int) -> list[int]:
    """Share ``available`` among columns whose longest lines are so many characters long; the sum is kept exactly.

    Short columns get what they need; long ones share the rest by the root of their length, so that none takes it all.
    When the short ones alone would fill the table, all columns shrink alike.
    """
    needs = [_twips(min(length, LONG)) for length in lengths]
    kept = [need if length <= SHORT else 0 for need, length in zip(needs, lengths, strict=True)]
    if sum(kept) < available * 3 // 4 and not all(kept):
        weights = [0 if keeps else sqrt(need) for need, keeps in zip(needs, kept, strict=True)]
    else:
        kept, weights = [0] * len(needs), [float(need) for need in needs]
    rest = (available - sum(kept)) / sum(weights)
    shares = [keeps + int(weight * rest) for keeps, weight in zip(kept, weights, strict=True)]
    shares[lengths.index(max(lengths))] += available - sum(shares)
    return shares


def characters(text: str) -> float:
    """Length in Chinese characters, about."""
    return sum(1.0 if unicodedata.east_asian_width(sign) in "WFA" else HALF_WIDTH for sign in text)


def lines_of(text: str, held: float) -> int:
    """How many lines a text takes, about, where a line holds so many Chinese characters."""
    return sum(max(1, ceil(characters(line) / held)) for line in text.split("\n"))


def _longest(cells: Sequence[str]) -> float:
    return max(1.0, *(characters(line) for cell in cells for line in cell.split("\n")))


def _twips(length: float) -> int:
    return round(length * POINTS * 20 * 1.05) + 2 * CELL_PADDING_TWIPS


def _frame(widths: Sequence[int]) -> BaseOxmlElement:
    sides = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>' for side in _SIDES)
    margins = "".join(f'<w:{side} w:w="{CELL_PADDING_TWIPS}" w:type="dxa"/>' for side in ("left", "right"))
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    return parse_xml(
        f"<w:tbl {nsdecls('w')}><w:tblPr>"
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>{sides}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{margins}</w:tblCellMar>'
        f"</w:tblPr><w:tblGrid>{grid}</w:tblGrid></w:tbl>"
    )


_SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")


def _row(
    texts: Sequence[str], widths: Sequence[int], *, font: str, aligns: Sequence[str], is_heading: bool = False
) -> BaseOxmlElement:
    heading = "<w:tblHeader/>" if is_heading else ""
    row = parse_xml(f"<w:tr {nsdecls('w')}><w:trPr><w:cantSplit/>{heading}</w:trPr></w:tr>")
    for text, width, align in zip(texts, widths, aligns, strict=True):
        row.append(_cell(text, width, font=font, align=align))
    return row


def _cell(text: str, width: int, *, font: str, align: str) -> BaseOxmlElement:
    half_points = round(POINTS * 2)
    cell = parse_xml(
        f'<w:tc {nsdecls("w")}><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr><w:p>'
        f'<w:pPr><w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/>'
        f'<w:spacing w:line="{LINE_TWIPS}" w:lineRule="atLeast"/><w:jc w:val="{align}"/></w:pPr>'
        f'<w:r><w:rPr><w:spacing w:val="0"/><w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/></w:rPr></w:r>'
        f"</w:p></w:tc>"
    )
    run = cell.find(f".//{qn('w:r')}")
    run.rPr.insert(0, gbt9704.fonts(font))
    run.text = text
    return cell


def _filled(
    template: BaseOxmlElement, row: Sequence[str], above: Sequence[str] | None, merged: Collection[int]
) -> BaseOxmlElement:
    filled = deepcopy(template)
    continues = above is not None
    for index, cell in enumerate(filled.findall(qn("w:tc"))):
        joins = False
        if index in merged:
            continues = joins = continues and above is not None and row[index] == above[index]
            _merge(cell, joins)
        cell.find(f".//{qn('w:r')}").text = "" if joins else row[index]
    return filled


def _merge(cell: BaseOxmlElement, joins: bool) -> None:
    kind = "continue" if joins else "restart"
    cell.tcPr.find(qn("w:tcW")).addnext(parse_xml(f'<w:vMerge {nsdecls("w")} w:val="{kind}"/>'))
