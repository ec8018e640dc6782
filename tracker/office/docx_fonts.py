"""The font table of official documents: which fonts a program takes where it has not those that are named."""

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.part import Part
from docx.oxml.ns import nsdecls

from tracker.office.gbt9704 import FANG_SONG, HEI, KAI, LATIN, SONG, TITLE_SONG

# By font, what comes next best: other names of it, what Windows, WPS and macOS have like it, a free one.
FALL_BACKS = {
    FANG_SONG: ("仿宋", "FangSong", "方正仿宋_GBK", "STFangsong", "Noto Serif CJK SC"),
    KAI: ("楷体", "KaiTi", "方正楷体_GBK", "STKaiti", "Noto Serif CJK SC"),
    HEI: ("SimHei", "方正黑体_GBK", "STHeiti", "Noto Sans CJK SC"),
    SONG: ("SimSun", "方正书宋_GBK", "STSong", "Noto Serif CJK SC"),
    TITLE_SONG: ("FZXiaoBiaoSong-B05S", "方正小标宋_GBK", "华文中宋", "宋体", "Noto Serif CJK SC"),
}
_CHINESE = '<w:charset w:val="86"/><w:family w:val="auto"/><w:pitch w:val="variable"/>'
_WESTERN = '<w:charset w:val="00"/><w:family w:val="roman"/><w:pitch w:val="variable"/>'


def name_fall_backs(document: Document) -> None:
    """Put our fonts with their fall-backs in the place of the table that the template came with."""
    chinese = "".join(
        f'<w:font w:name="{font}"><w:altName w:val="{",".join(others)}"/>{_CHINESE}</w:font>'
        for font, others in FALL_BACKS.items()
    )
    western = f'<w:font w:name="{LATIN}">{_WESTERN}</w:font>'
    xml = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><w:fonts {nsdecls("w")}>{chinese}{western}</w:fonts>'
    table: Part = document.part.part_related_by(RELATIONSHIP_TYPE.FONT_TABLE)
    table._blob = xml.encode()
