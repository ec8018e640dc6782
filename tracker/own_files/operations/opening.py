"""Opening a report that somebody brings, and keeping it; no transaction is held."""

from dataclasses import dataclass
from io import SEEK_END, BytesIO
from typing import BinaryIO

from tracker.core import files
from tracker.core.errors import DomainError, TooLarge
from tracker.core.i18n import lazy_gettext as _l
from tracker.office.converting import convert
from tracker.office.docx_passages import DocxPassages
from tracker.office.docx_reading import kind_of_ole
from tracker.office.passages import Text
from tracker.office.recognition import FileKind, recognise
from tracker.office.text_passages import TextPassages
from tracker.office.unreadable import DOCX, Unreadable, UnreadableFile
from tracker.own_files.rules.marks import Marks
from tracker.own_files.rules.reports import first_marks


@dataclass(frozen=True)
class Received:
    """A report that was read and is kept, with what is plain about it without anybody's marks."""

    file_name: str
    file_sha256: str
    marks: Marks


def open_text(stream: BinaryIO) -> Text:
    """A Word file or plain text to be written into. Raises UnreadableFile, and DomainError for one without words."""
    if recognise(stream) is FileKind.text:
        text: Text = TextPassages(stream.read())
    else:
        text = DocxPassages(stream)
    if not any(passage.text.strip() for passage in text.passages):
        raise DomainError(_l("文件里没有文字。"), field="file")
    return text


def receive(stream: BinaryIO, name: str, *, limit_bytes: int) -> Received:
    """Read an uploaded report and keep its bytes; an old .doc is kept as the .docx that LibreOffice makes of it.

    Raises TooLarge past the limit, UnreadableFile for what cannot be written into, both at the field ``file``.
    """
    if stream.seek(0, SEEK_END) > limit_bytes:
        message = _l(
            "文件超过 %(limit)d MB 的上限。请删去文件里的图片，或只上传有文字的部分。", limit=limit_bytes >> 20
        )
        raise TooLarge(message, field="file")
    bare = files.bare_name(name)
    try:
        modern = _modern(stream)
        text = open_text(modern)
    except UnreadableFile as error:
        raise UnreadableFile(error.code, wanted=error.wanted, field="file") from error
    size = modern.seek(0, SEEK_END)
    modern.seek(0)
    stored = files.store(modern, limit_bytes=max(size, limit_bytes))
    kept = bare if modern is stream else f"{bare.rpartition('.')[0] or bare}.docx"
    return Received(kept, stored.sha256, first_marks(text.passages))


def _modern(stream: BinaryIO) -> BinaryIO:
    """The file itself, or an old Word file in today's form."""
    if recognise(stream) is not FileKind.ole:
        return stream
    old = kind_of_ole(stream.read())
    converted: BytesIO | None = convert(stream, DOCX) if old is Unreadable.old_word else None
    if converted is None:
        raise UnreadableFile(old)
    return converted
