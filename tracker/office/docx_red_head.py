"""The red head of official documents (GB/T 9704-2012, 7.2): the organ in red, number and signer, the red line."""

from xml.sax.saxutils import escape

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Mm

from tracker.office.gbt9704 import BLOCK_WIDTH, BODY_POINTS, FANG_SONG, KAI, LATIN, LINE_TWIPS, TITLE_SONG

RED = "FF0000"
# 18 characters fill the line; the standard leaves the size to the organ, below that of its superior's.
ORGAN_POINTS = 24
# From the edge of the text block to the upper edge of the organ's name, and from the number to the line.
ABOVE_ORGAN, ABOVE_LINE = Mm(35), Mm(4)


def red_head(organ: str, number: str, signer: str) -> list[BaseOxmlElement]:
    """The paragraphs of a head for a paper that goes up: the number at the left, who signs at the right."""
    size, above = ORGAN_POINTS * 20, round(ABOVE_ORGAN.twips)
    spacing = f'<w:spacing w:before="{above}" w:after="{2 * LINE_TWIPS}" w:line="{size}" w:lineRule="atLeast"/>'
    width = round(BLOCK_WIDTH.twips)
    edge = BODY_POINTS * 20
    return [
        _paragraph(f'{spacing}<w:jc w:val="center"/>', _run(organ, TITLE_SONG, points=ORGAN_POINTS, color=RED)),
        _paragraph(
            f'<w:tabs><w:tab w:val="right" w:pos="{width - edge}"/></w:tabs><w:ind w:left="{edge}"/>',
            _run(number, FANG_SONG) + "<w:r><w:tab/></w:r>" + _run("签发人：", FANG_SONG) + _run(signer, KAI),
        ),
        _paragraph(
            f'<w:pBdr><w:bottom w:val="single" w:sz="18" w:space="1" w:color="{RED}"/></w:pBdr>'
            f'<w:spacing w:line="{round(ABOVE_LINE.twips)}" w:lineRule="exact"/>',
            "",
        ),
        _paragraph("", ""),
    ]


def _paragraph(properties: str, runs: str) -> BaseOxmlElement:
    return parse_xml(f"<w:p {nsdecls('w')}><w:pPr>{properties}</w:pPr>{runs}</w:p>")


def _run(text: str, font: str, *, points: int = BODY_POINTS, color: str = "000000") -> str:
    return (
        f'<w:r><w:rPr><w:rFonts w:ascii="{LATIN}" w:hAnsi="{LATIN}" w:eastAsia="{font}" w:cs="{LATIN}"/>'
        f'<w:color w:val="{color}"/><w:spacing w:val="0"/><w:sz w:val="{points * 2}"/><w:szCs w:val="{points * 2}"/>'
        f'</w:rPr><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'
    )
