"""What of a Word file could do harm to whoever opens it: what it fetches, what it starts, what is hidden in it."""

from collections.abc import Iterator, Mapping
from os import SEEK_END
from typing import NamedTuple
from xml.etree.ElementTree import Element

from tracker.core.errors import DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.office.docx_marks import Fault
from tracker.office.docx_numbering import W
from tracker.office.docx_reading import RELATIONSHIP
from tracker.office.package import Package

UNPACKED_LIMIT_MB = 20
PART_LIMIT_MB = 4
# Parts of XML are looked through in memory, where they are ten times as large.
XML_LIMIT_MB = 8
_MB = 1 << 20
# Links that only a click follows, and whither.
_LINK, _ADDRESSES = "hyperlink", ("http://", "https://", "mailto:", "#")
_EMBEDDED = {"oleObject", "package", "control", "activeXControlBinary", "aFChunk", "subDocument", "vbaProject"}
_FETCHED = {"attachedTemplate", "frame", "mailMergeSource", "mailMergeHeaderSource", "externalLink", "audio", "video"}
_FOLDERS = ("word/embeddings/", "word/activex/")
# Fields that print something of the document itself or the day; others fetch files or start programs.
FIELDS = frozenset(
    (
        *("PAGE", "NUMPAGES", "SECTION", "SECTIONPAGES", "TOC", "TC", "REF", "PAGEREF", "NOTEREF", "STYLEREF", "SEQ"),
        *("DATE", "TIME", "CREATEDATE", "SAVEDATE", "PRINTDATE", "TITLE", "SUBJECT", "AUTHOR", "FILENAME"),
        *("HYPERLINK", "EQ", "ADVANCE", "SYMBOL", "QUOTE", "="),
    )
)


class Wide(NamedTuple):
    """How large a file is when it is unpacked, in bytes: all, all XML, the largest part of XML."""

    all: int
    xml: int
    part: int


def refuse_size(package: Package) -> None:
    """Raise DomainError for a template that is larger unpacked than any that is typed, or hides something beside."""
    told = _measure(package)
    for size, limit, what in (
        (told.all, UNPACKED_LIMIT_MB, _l("文件解压后")),
        (told.xml, XML_LIMIT_MB, _l("文件里的文字和格式解压后")),
        (told.part, PART_LIMIT_MB, _l("文件里的文字和格式解压后")),
        (_packed(package), UNPACKED_LIMIT_MB, _l("文件")),
    ):
        if size > limit * _MB:
            size_mb = -(-size // _MB)
            message = _l("%(what)s有 %(size)d MB，模板最多 %(limit)d MB，没有读取。请删去图片和多余内容后再上传。")
            raise DomainError(message % {"what": what, "size": size_mb, "limit": limit}, field="file")


def _measure(package: Package) -> Wide:
    entries = package.archive.infolist()
    xml = [entry.file_size for entry in entries if _is_xml(entry.filename)]
    return Wide(sum(entry.file_size for entry in entries), sum(xml), max(xml, default=0))


def _packed(package: Package) -> int:
    """The size of the file itself: before the first entry of a zip anything may stand."""
    stream = package.archive.fp
    return stream.seek(0, SEEK_END) if stream else 0


def _is_xml(name: str) -> bool:
    return name.lower().endswith((".xml", ".rels"))


def harm_in(package: Package) -> Iterator[Fault]:
    """What a template must not hold, in the order of its parts. Raises UnreadableFile for XML that is a weapon."""
    for name in sorted(package.names):
        if name.lower().startswith(_FOLDERS):
            yield Fault(_l("文件里嵌入了对象，请删去后再上传。"), _l("文件 %(name)s", name=name))
        if not _is_xml(name):
            continue
        root = package.part(name)
        if root is None:
            continue
        if name.lower().endswith(".rels"):
            for relationship in root.iter(RELATIONSHIP):
                yield from _of_relationship(relationship.get("Type", ""), relationship.attrib)
        else:
            yield from _of_fields(root)


def _of_relationship(type_: str, told: Mapping[str, str]) -> Iterator[Fault]:
    kind, target = type_.rpartition("/")[2], told.get("Target", "")
    is_external = told.get("TargetMode", "").lower() == "external"
    if kind in _EMBEDDED:
        yield Fault(_l("文件里嵌入了对象或程序（%(kind)s），请删去后再上传。", kind=kind))
    elif kind == _LINK and is_external:
        if not target.lower().startswith(_ADDRESSES):
            yield Fault(_l("超链接“%(target)s”不是网址，请删去。", target=target[:80]))
    elif is_external or kind in _FETCHED:
        message = _l(
            "文件打开时会去取外部内容“%(target)s”（%(kind)s），请改为嵌入或删去。", target=target[:80], kind=kind
        )
        yield Fault(message)


def _of_fields(root: Element) -> Iterator[Fault]:
    for words in _instructions(root):
        name = (words.split() or [""])[0].upper()
        if name and name not in FIELDS and not name.startswith("="):
            yield Fault(_l("域代码 %(name)s 可能读取文件或启动程序，请删去。", name=name[:40]), "", words.strip()[:80])


def _instructions(root: Element) -> Iterator[str]:
    """The codes of all fields; one may be spread over runs, and fields stand within fields."""
    opened: list[str] = []
    for element in root.iter():
        if element.tag == f"{W}fldSimple":
            yield element.get(f"{W}instr", "")
        elif element.tag == f"{W}instrText" and opened:
            opened[-1] += element.text or ""
        elif element.tag == f"{W}instrText":
            yield element.text or ""
        elif element.tag == f"{W}fldChar":
            kind = element.get(f"{W}fldCharType")
            if kind == "begin":
                opened.append("")
            elif kind in ("separate", "end") and opened:
                code = opened.pop()
                yield code
                if kind == "separate":
                    opened.append("")
    yield from opened
