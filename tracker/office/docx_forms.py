"""Forms of one page: a grid of labels with what is filled in beside them, and places to sign."""

from collections.abc import Sequence
from dataclasses import dataclass

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Length

from tracker.office import gbt9704

POINTS = 12
LINE_TWIPS = 380
CELL_PADDING_TWIPS = 90
# Of the width of the form; two fields side by side, or one with all but its label.
LABEL_SHARE = 0.17
_SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")


@dataclass(frozen=True)
class FormField:
    """A label and what is filled in; each line of either is a paragraph.

    ``foot`` stands at the right below it, such as who signed and when; ``lines`` is the least height.
    """

    label: str
    text: str
    foot: str = ""
    lines: int = 1


def form_element(rows: Sequence[Sequence[FormField]], *, width: Length) -> BaseOxmlElement:
    """The form as XML, to be put where a paragraph may stand; a row holds one field or two.

    Texts must be free of control characters.
    """
    label = round(width.twips * LABEL_SHARE)
    half = round(width.twips / 2)
    columns = [label, half - label, label, round(width.twips) - half - label]
    table = _frame(columns)
    for fields in rows:
        table.append(_row(fields, columns))
    return table


def _frame(columns: Sequence[int]) -> BaseOxmlElement:
    sides = "".join(f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>' for side in _SIDES)
    margins = "".join(f'<w:{side} w:w="{CELL_PADDING_TWIPS}" w:type="dxa"/>' for side in ("left", "right"))
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in columns)
    return parse_xml(
        f"<w:tbl {nsdecls('w')}><w:tblPr>"
        f'<w:tblW w:w="{sum(columns)}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>{sides}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar>{margins}</w:tblCellMar>'
        f"</w:tblPr><w:tblGrid>{grid}</w:tblGrid></w:tbl>"
    )


def _row(fields: Sequence[FormField], columns: Sequence[int]) -> BaseOxmlElement:
    height = max(each.lines for each in fields) * LINE_TWIPS + 120
    # What is signed stays with its signature on one page; long texts go on over the page.
    stays = "<w:cantSplit/>" if any(each.foot for each in fields) else ""
    row = parse_xml(
        f'<w:tr {nsdecls("w")}><w:trPr>{stays}<w:trHeight w:val="{height}" w:hRule="atLeast"/></w:trPr></w:tr>'
    )
    spans = [columns[1:2], columns[3:4]] if len(fields) == 2 else [columns[1:]]
    for each, widths in zip(fields, spans, strict=True):
        row.append(_label(each.label, columns[0]))
        row.append(_filled(each, widths))
    return row


def _label(text: str, width: int) -> BaseOxmlElement:
    cell = _cell(width, span=1)
    for line in text.split("\n"):
        cell.append(_paragraph(line, font=gbt9704.HEI, align="center"))
    return cell


def _filled(field: FormField, widths: Sequence[int]) -> BaseOxmlElement:
    cell = _cell(sum(widths), span=len(widths))
    for line in field.text.split("\n"):
        cell.append(_paragraph(line, font=gbt9704.FANG_SONG, align="left"))
    if field.foot:
        cell.append(_paragraph(field.foot, font=gbt9704.FANG_SONG, align="right"))
    return cell


def _cell(width: int, *, span: int) -> BaseOxmlElement:
    return parse_xml(
        f'<w:tc {nsdecls("w")}><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:gridSpan w:val="{span}"/>'
        f'<w:vAlign w:val="center"/></w:tcPr></w:tc>'
    )


def _paragraph(text: str, *, font: str, align: str) -> BaseOxmlElement:
    half_points = round(POINTS * 2)
    paragraph = parse_xml(
        f'<w:p {nsdecls("w")}><w:pPr><w:autoSpaceDE w:val="0"/><w:autoSpaceDN w:val="0"/>'
        f'<w:spacing w:line="{LINE_TWIPS}" w:lineRule="atLeast"/><w:jc w:val="{align}"/></w:pPr>'
        f'<w:r><w:rPr><w:spacing w:val="0"/><w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/></w:rPr></w:r>'
        f"</w:p>"
    )
    run = paragraph.r_lst[0]
    run.rPr.insert(0, gbt9704.fonts(font))
    run.text = text
    return paragraph
