"""The printed form of official documents: GB/T 9704-2012 as page, styles and page numbers of a Word file."""

from math import floor
from typing import NamedTuple

from docx.document import Document
from docx.enum.section import WD_ORIENTATION
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.section import Section
from docx.shared import Length, Mm, Pt
from docx.text.paragraph import Paragraph

LINES, CHARACTERS = 22, 28
BLOCK_WIDTH, BLOCK_HEIGHT = Mm(156), Mm(225)
PAGE_WIDTH, PAGE_HEIGHT = Mm(210), Mm(297)
TOP, LEFT = Mm(37), Mm(28)
# Of a paper that has to fit one page: what the narrow margins leave.
WIDE_WIDTH, WIDE_HEIGHT = Mm(174), Mm(257)
# The dash of the page number stands 7 mm under the text block.
FOOTER_DISTANCE = Mm(25)

BODY_POINTS = 16
# 225 mm hold 22 lines of 28.95 pt; at a full 29 pt the last one would move to the next page.
LINE_TWIPS = 579
# 28 characters of 16 pt are wider than 156 mm, so each is a little narrowed: for the grid told in 4096ths of a point,
# for the styles in twips. The styles do not snap to the grid, since LibreOffice gives two cells to a character that is
# wider than one.
CHARACTER_SPACE = round((BLOCK_WIDTH.pt / CHARACTERS - BODY_POINTS) * 4096)
NARROWING_TWIPS = floor((BLOCK_WIDTH.pt / CHARACTERS - BODY_POINTS) * 20)

# Of notes, in 五号.
NOTE_POINTS, NOTE_TWIPS = 10.5, 320

SONG, FANG_SONG, HEI, KAI, TITLE_SONG = "宋体", "仿宋_GB2312", "黑体", "楷体_GB2312", "方正小标宋简体"
# The standard is silent on figures and Latin letters; offices set them in Times New Roman of the same size.
LATIN = "Times New Roman"


class Face(NamedTuple):
    """How a style of Word's default template is to look."""

    style: str
    font: str
    points: float = BODY_POINTS
    align: str = "both"
    indent_characters: int = 2
    outline_level: int | None = None
    lines_after: int = 0
    line_twips: int = LINE_TWIPS


BODY_STYLE, TITLE_STYLE, NOTE_STYLE = "Body Text", "Title", "Body Text 3"
HEADING_STYLES = {level: f"Heading {level}" for level in (1, 2, 3, 4)}

FACES = (
    Face("Normal", FANG_SONG, indent_characters=0),
    Face(BODY_STYLE, FANG_SONG),
    Face(TITLE_STYLE, TITLE_SONG, points=22, align="center", indent_characters=0, lines_after=1),
    Face(NOTE_STYLE, FANG_SONG, points=NOTE_POINTS, indent_characters=0, line_twips=NOTE_TWIPS),
    Face(HEADING_STYLES[1], HEI, outline_level=0),
    Face(HEADING_STYLES[2], KAI, outline_level=1),
    Face(HEADING_STYLES[3], FANG_SONG, outline_level=2),
    Face(HEADING_STYLES[4], FANG_SONG, outline_level=3),
)


def dress(document: Document) -> None:
    """Give a new document the page, the styles and the page numbers of the standard."""
    _drop_default_spacing(document)
    for face in FACES:
        _restyle(document.styles[face.style].element, face)
    lay_upright(document.sections[0])
    document.settings.odd_and_even_pages_header_footer = True
    _number_pages(document.sections[0])


def lay_upright(section: Section) -> None:
    """A4 upright with the text block in its place."""
    section.orientation = WD_ORIENTATION.PORTRAIT
    section.page_width, section.page_height = PAGE_WIDTH, PAGE_HEIGHT
    _set_margins(section, top=TOP, left=LEFT, width=BLOCK_WIDTH, height=BLOCK_HEIGHT)


def lay_across(section: Section) -> None:
    """A4 on its side: the same text block, turned, so that the binding edge is on top."""
    section.orientation = WD_ORIENTATION.LANDSCAPE
    section.page_width, section.page_height = PAGE_HEIGHT, PAGE_WIDTH
    _set_margins(section, top=LEFT, left=TOP, width=BLOCK_HEIGHT, height=BLOCK_WIDTH)
    # Under 26 mm of margin the number keeps the same 7 mm from the block.
    section.footer_distance = Mm(16)


def widen(section: Section) -> None:
    """A4 upright with narrow margins."""
    lay_upright(section)
    left, top = Length((PAGE_WIDTH - WIDE_WIDTH) // 2), Length((PAGE_HEIGHT - WIDE_HEIGHT) // 2)
    _set_margins(section, top=top, left=left, width=WIDE_WIDTH, height=WIDE_HEIGHT)
    section.footer_distance = Mm(9)


def text_width(section: Section) -> Length:
    """How wide a table may be."""
    return Length((section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0))


def fonts(east_asian: str, latin: str = LATIN) -> BaseOxmlElement:
    """The font element of a run or style."""
    element = hint()
    for side, font in {"ascii": latin, "hAnsi": latin, "eastAsia": east_asian, "cs": latin}.items():
        element.set(qn(f"w:{side}"), font)
    return element


def hint() -> BaseOxmlElement:
    """The font element of a run that keeps the fonts of its style.

    It makes quotation marks and dashes, which are in both kinds of fonts, print as Chinese ones.
    """
    return parse_xml(f'<w:rFonts {nsdecls("w")} w:hint="eastAsia"/>')


def _set_margins(section: Section, *, top: Length, left: Length, width: Length, height: Length) -> None:
    section.top_margin, section.left_margin = top, left
    section.right_margin = Length((section.page_width or 0) - left - width)
    section.bottom_margin = Length((section.page_height or 0) - top - height)
    section.footer_distance = FOOTER_DISTANCE
    _set_grid(section)


def _set_grid(section: Section) -> None:
    properties = section._sectPr
    for old in properties.findall(qn("w:docGrid")):
        properties.remove(old)
    grid = OxmlElement("w:docGrid")
    grid.set(qn("w:type"), "linesAndChars")
    grid.set(qn("w:linePitch"), str(LINE_TWIPS))
    grid.set(qn("w:charSpace"), str(CHARACTER_SPACE))
    properties.append(grid)


def _drop_default_spacing(document: Document) -> None:
    defaults = document.styles.element.find(qn("w:docDefaults"))
    defaults.find(qn("w:pPrDefault")).clear()
    defaults.find(f".//{qn('w:lang')}").set(qn("w:eastAsia"), "zh-CN")


def _restyle(style: BaseOxmlElement, face: Face) -> None:
    """Replace all that the template says of a style: its theme fonts, colours and rules would win over ours."""
    for name in ("w:pPr", "w:rPr"):
        for old in style.findall(qn(name)):
            style.remove(old)
    style.append(_paragraph_properties(face))
    run = parse_xml(f"<w:rPr {nsdecls('w')}/>")
    run.append(fonts(face.font))
    narrowing = NARROWING_TWIPS if face.points == BODY_POINTS else 0
    for name, value in {"spacing": narrowing, "sz": round(face.points * 2), "szCs": round(face.points * 2)}.items():
        child = OxmlElement(f"w:{name}")
        child.set(qn("w:val"), str(value))
        run.append(child)
    style.append(run)


def _paragraph_properties(face: Face) -> BaseOxmlElement:
    is_heading = face.outline_level is not None
    keep = "<w:keepNext/><w:keepLines/>" if is_heading else ""
    outline = f'<w:outlineLvl w:val="{face.outline_level}"/>' if is_heading else ""
    indent = round(face.indent_characters * face.points * 20)
    after, line = face.lines_after * LINE_TWIPS, face.line_twips
    return parse_xml(
        f'<w:pPr {nsdecls("w")}>{keep}<w:snapToGrid w:val="0"/>'
        f'<w:spacing w:before="0" w:after="{after}" w:line="{line}" w:lineRule="exact"/>'
        f'<w:ind w:firstLineChars="{face.indent_characters * 100}" w:firstLine="{indent}"/>'
        f'<w:jc w:val="{face.align}"/>{outline}</w:pPr>'
    )


def _number_pages(section: Section) -> None:
    """— 1 — in 宋体 四号, on the outer side, one character from the edge."""
    _write_number(section.footer.paragraphs[0], align="right", side="right")
    _write_number(section.even_page_footer.paragraphs[0], align="left", side="left")


def _write_number(paragraph: Paragraph, *, align: str, side: str) -> None:
    points = 14
    paragraph.style = "Normal"
    properties = paragraph._p.get_or_add_pPr()
    properties.append(
        parse_xml(
            f'<w:ind {nsdecls("w")} w:{side}Chars="100" w:{side}="{points * 20}" w:firstLineChars="0" w:firstLine="0"/>'
        )
    )
    properties.append(parse_xml(f'<w:jc {nsdecls("w")} w:val="{align}"/>'))
    for part in (
        _text("— "),
        _field("begin"),
        _instruction("PAGE"),
        _field("separate"),
        _text("1"),
        _field("end"),
        _text(" —"),
    ):
        run = paragraph.add_run()
        run.font.size = Pt(points)
        run._r.get_or_add_rPr().insert(0, fonts(SONG, SONG))
        run._r.append(part)


def _text(value: str) -> BaseOxmlElement:
    return parse_xml(f'<w:t {nsdecls("w")} xml:space="preserve">{value}</w:t>')


def _field(kind: str) -> BaseOxmlElement:
    return parse_xml(f'<w:fldChar {nsdecls("w")} w:fldCharType="{kind}"/>')


def _instruction(name: str) -> BaseOxmlElement:
    return parse_xml(f'<w:instrText {nsdecls("w")} xml:space="preserve"> {name} </w:instrText>')
