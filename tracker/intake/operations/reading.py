"""Reading what came in, before any transaction: recognised by content, parsed, the file kept in the store."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import SEEK_END
from typing import BinaryIO

from tracker.core import files
from tracker.core.errors import DomainError, TooLarge
from tracker.core.forms import CONTROL
from tracker.core.i18n import lazy_gettext as _l
from tracker.intake.rules import Reading, read_outline
from tracker.office.converting import convert
from tracker.office.docx_reading import read_docx
from tracker.office.paragraphs import Paragraph
from tracker.office.recognition import FileKind, recognise
from tracker.office.text_reading import read_text
from tracker.office.unreadable import DOCX, Unreadable, UnreadableFile

PLAIN = frozenset({FileKind.text, FileKind.unknown, FileKind.empty})
FILE_NAME_LIMIT = 255


@dataclass(frozen=True)
class Received:
    """A text that was read: its paragraphs as printed, its outline, and the file it came in, if any."""

    paragraphs: tuple[str, ...]
    reading: Reading
    file_name: str = ""
    file_sha256: str = ""


def read_words(words: str, *, limit_bytes: int) -> Received:
    """Read a pasted text. Raises TooLarge past the limit, DomainError when there are no words."""
    data = words.encode()
    if len(data) > limit_bytes:
        raise TooLarge(_l("文字超过 %(limit)d MB 的上限，请分次录入。", limit=limit_bytes >> 20), field="content")
    return _received(read_text(data), field="content")


def read_upload(stream: BinaryIO, name: str, *, limit_bytes: int) -> Received:
    """Read an uploaded .docx or .txt and keep its bytes.

    Raises TooLarge past the limit and UnreadableFile for what is no text, both at the field ``file``.
    """
    if stream.seek(0, SEEK_END) > limit_bytes:
        limit = limit_bytes >> 20
        raise TooLarge(_l("文件超过 %(limit)d MB 的上限，请删去图片或拆分后再上传。", limit=limit), field="file")
    received = read_stream(stream)
    stream.seek(0)
    stored = files.store(stream, limit_bytes=limit_bytes)
    return Received(received.paragraphs, received.reading, file_name(name), stored.sha256)


def read_again(sha256: str, name: str) -> Received:
    """Read a file that was kept when the form around it was refused. Raises NotFound when it is gone."""
    with files.path_of(sha256).open("rb") as stream:
        received = read_stream(stream)
    return Received(received.paragraphs, received.reading, name, sha256)


def read_stream(stream: BinaryIO) -> Received:
    """Read a .docx or .txt, told apart by content, or a .doc where LibreOffice is installed; nothing is kept.

    Raises UnreadableFile at the field ``file``.
    """
    try:
        paragraphs = _paragraphs(stream)
    except UnreadableFile as error:
        raise UnreadableFile(error.code, field="file") from error
    return _received(paragraphs, field="file")


def _paragraphs(stream: BinaryIO) -> Sequence[Paragraph]:
    if recognise(stream) in PLAIN:
        return read_text(stream.read())
    try:
        return read_docx(stream)
    except UnreadableFile as error:
        converted = convert(stream, DOCX) if error.code is Unreadable.old_word else None
        if converted is None:
            raise
        return read_docx(converted)


def file_name(name: str) -> str:
    """The name of an upload without folders (old browsers send them), its end kept when it is too long."""
    bare = CONTROL.sub("", name.replace("\\", "/").rpartition("/")[2]).strip()
    return bare[-FILE_NAME_LIMIT:]


def _received(paragraphs: Sequence[Paragraph], *, field: str) -> Received:
    if not paragraphs:
        raise DomainError(_l("里面没有一个字。请检查是不是只有图片，或把文字复制后粘贴到输入框。"), field=field)
    texts = tuple(CONTROL.sub("", f"{paragraph.number}{paragraph.text}") for paragraph in paragraphs)
    return Received(texts, read_outline(paragraphs))
