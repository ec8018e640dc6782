"""What a file is, told from its first bytes and never from its name; what an ending promises, to hold against it."""

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import filetype

from tracker.core.errors import DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.i18n import lazy_pgettext

HEAD_BYTES = 8192
UNKNOWN_TYPE = "application/octet-stream"


class Family(StrEnum):
    """Kinds of files as people tell them apart."""

    PICTURE = "picture"
    PDF = "pdf"
    OFFICE = "office"
    ARCHIVE = "archive"
    RECORDING = "recording"
    TEXT = "text"
    WEB_PAGE = "web_page"
    PROGRAM = "program"
    OTHER = "other"


FAMILY_LABELS: Mapping[Family, object] = {
    Family.PICTURE: _l("图片"),
    Family.PDF: _l("PDF"),
    Family.OFFICE: _l("办公文档"),
    Family.ARCHIVE: _l("压缩包"),
    Family.RECORDING: _l("音视频"),
    Family.TEXT: lazy_pgettext("file", "文本"),
    Family.WEB_PAGE: _l("网页"),
    Family.PROGRAM: lazy_pgettext("file", "程序"),
    Family.OTHER: lazy_pgettext("file", "未知格式"),
}

# What a browser shows as a picture and nothing else.
SHOWN_PICTURES = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp", "image/bmp"})
PDF_TYPE = "application/pdf"

_ENDINGS = {
    Family.PICTURE: "jpg jpeg jpe jfif png gif webp bmp tif tiff heic heif avif",
    Family.PDF: "pdf",
    Family.OFFICE: "doc docx docm dot dotx wps wpt xls xlsx xlsm xlt xltx et ett ppt pptx pptm dps rtf odt ods odp ofd",
    Family.ARCHIVE: "zip rar 7z gz tgz tar bz2 xz",
    Family.RECORDING: "mp3 m4a wav amr ogg aac flac mp4 m4v mov avi mkv webm wmv flv",
    Family.TEXT: "txt csv tsv log md",
    Family.WEB_PAGE: "html htm xhtml mht mhtml svg xml",
    Family.PROGRAM: "exe dll com scr bat cmd msi msp ps1 vbs vbe js jse wsf wsh hta lnk url reg jar apk sh cpl pif",
}
_PROMISED = {ending: family for family, endings in _ENDINGS.items() for ending in endings.split()}

# What the content may be where an ending promises something. Old and locked office files, and what other programs call
# by an ending of an office, all are containers; a text has no mark of its own.
_FITTING = {
    Family.PICTURE: {Family.PICTURE},
    Family.PDF: {Family.PDF},
    Family.OFFICE: {Family.OFFICE, Family.ARCHIVE},
    Family.ARCHIVE: {Family.ARCHIVE, Family.OFFICE},
    Family.RECORDING: {Family.RECORDING, Family.OTHER},
    Family.TEXT: {Family.TEXT, Family.OTHER},
    Family.WEB_PAGE: {Family.WEB_PAGE, Family.TEXT, Family.OTHER},
}

_TYPES = {
    PDF_TYPE: Family.PDF,
    "application/rtf": Family.OFFICE,
    "application/msword": Family.OFFICE,
    "application/vnd.ms-excel": Family.OFFICE,
    "application/vnd.ms-powerpoint": Family.OFFICE,
    "application/x-ole-storage": Family.OFFICE,
    "application/x-msdownload": Family.PROGRAM,
    "application/x-executable": Family.PROGRAM,
    "application/x-shockwave-flash": Family.PROGRAM,
    "application/wasm": Family.PROGRAM,
    "application/vnd.android.dex": Family.PROGRAM,
    "application/vnd.android.dey": Family.PROGRAM,
    "application/x-shellscript": Family.PROGRAM,
    "application/x-ms-shortcut": Family.PROGRAM,
    "application/x-java-class": Family.PROGRAM,
    "application/x-mach-binary": Family.PROGRAM,
    "text/plain": Family.TEXT,
    "text/html": Family.WEB_PAGE,
}
_STARTS = (
    (bytes.fromhex("d0cf11e0a1b11ae1"), "application/x-ole-storage"),
    (bytes.fromhex("4c0000000114020000000000c000000000000046"), "application/x-ms-shortcut"),
    (bytes.fromhex("cafebabe"), "application/x-java-class"),
    (bytes.fromhex("feedface"), "application/x-mach-binary"),
    (bytes.fromhex("feedfacf"), "application/x-mach-binary"),
    (bytes.fromhex("cefaedfe"), "application/x-mach-binary"),
    (bytes.fromhex("cffaedfe"), "application/x-mach-binary"),
    (b"#!", "application/x-shellscript"),
)
_ARCHIVES = (
    "zip",
    "tar",
    "rar",
    "7z",
    "gzip",
    "bzip",
    "xz",
    "lzip",
    "zstd",
    "compress",
    "cabinet",
    "lz4",
    "unix-archive",
)
_PAGE = re.compile(
    r"<(!doctype|!--|\?xml|html|head|body|title|meta|link|script|style|iframe|frameset|object|embed|svg|math|form"
    r"|table|div|img|a|p|b|h1|base)\b|<!--|mime-version:",
    re.IGNORECASE,
)
_UNPRINTED = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_ENDING = re.compile(r"[a-z0-9]{1,10}")


@dataclass(frozen=True)
class FileType:
    """What a file is: ``media_type`` as the net calls it, and the family people know it by."""

    media_type: str
    family: Family

    @property
    def is_shown(self) -> bool:
        """Whether it may be looked at on a page."""
        return self.media_type == PDF_TYPE or self.media_type in SHOWN_PICTURES

    @property
    def label(self) -> object:
        """The word for it."""
        return FAMILY_LABELS[self.family]


def told_by_content(head: bytes) -> FileType:
    """What a file with these first bytes is; a text that only begins like something else is a text."""
    found = next((media_type for start, media_type in _STARTS if head.startswith(start)), None)
    if found is None and (told := filetype.guess(head)) is not None:
        found = str(told.mime)
    words = _words(head) if found in (None, "image/bmp", "audio/mpeg") or _is_weak(head) else None
    if words is not None and found not in (PDF_TYPE, "application/rtf", "application/x-shellscript"):
        found = "text/html" if _PAGE.match(words.lstrip("\ufeff \t\r\n\f")) else "text/plain"
    return of_type(found or UNKNOWN_TYPE)


def of_type(media_type: str) -> FileType:
    """The type that was noted when the file came."""
    if media_type in _TYPES:
        return FileType(media_type, _TYPES[media_type])
    kind, _slash, name = media_type.partition("/")
    if kind in ("audio", "video"):
        return FileType(media_type, Family.RECORDING)
    if kind == "image":
        return FileType(media_type, Family.PICTURE)
    if "officedocument" in name or "opendocument" in name:
        return FileType(media_type, Family.OFFICE)
    is_archive = any(each in name for each in _ARCHIVES)
    return FileType(media_type, Family.ARCHIVE if is_archive else Family.OTHER)


def ending_of(name: str) -> str:
    """What stands behind the last dot, in small letters; empty when there is none."""
    return name.rpartition(".")[2].lower().strip() if "." in name else ""


def promised_by(name: str) -> Family | None:
    """The family an ending promises; None for one that promises nothing."""
    return _PROMISED.get(ending_of(name))


def contradicts(name: str, found: FileType) -> bool:
    """Whether a name promises what the content is not."""
    promised = promised_by(name)
    return promised in _FITTING and found.family not in _FITTING[promised]


def read_endings(text: str) -> frozenset[str]:
    """The endings of a list divided by commas or blanks, with or without dots; raises DomainError for a wrong one."""
    endings = [each.lower().lstrip(".*") for each in re.split(r"[\s,，、;；]+", text) if each]
    for ending in endings:
        if not _ENDING.fullmatch(ending):
            raise DomainError(_l("“%(ending)s”不是扩展名，请写成 pdf,docx,jpg 这样。", ending=ending))
        if _PROMISED.get(ending) is Family.PROGRAM:
            raise DomainError(_l("程序文件（%(ending)s）一律不接收，请从列表中去掉。", ending=ending))
    return frozenset(endings)


def _is_weak(head: bytes) -> bool:
    """Whether all of it is letters, so that a mark at its beginning proves nothing."""
    return not _UNPRINTED.search(head.decode("latin-1"))


def _words(head: bytes) -> str | None:
    """The beginning of a text; None for what is none."""
    marks = ((codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
    named = next((name for mark, name in marks if head.startswith(mark)), None)
    for name in (named,) if named else ("utf-8", "gb18030"):
        try:
            words = codecs.getincrementaldecoder(name)().decode(head)
        except UnicodeDecodeError:
            continue
        return None if _UNPRINTED.search(words) else words
    return None
