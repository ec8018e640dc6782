"""Reading what came in, before any transaction: recognised by content, parsed, the file kept in the store."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from io import SEEK_END
from typing import BinaryIO

from tracker.core import files
from tracker.core.errors import DomainError, TooLarge
from tracker.core.forms import CONTROL
from tracker.core.i18n import gettext as _
from tracker.core.i18n import lazy_gettext as _l
from tracker.intake.rules import Reading, read_outline
from tracker.intake.rules.ledger import is_ledger_text
from tracker.office.converting import convert
from tracker.office.docx_reading import WordFile, read_word_file
from tracker.office.paragraphs import Paragraph
from tracker.office.recognition import FileKind, recognise
from tracker.office.sheets import Sheet
from tracker.office.text_reading import read_text
from tracker.office.unreadable import DOCX, Unreadable, UnreadableFile

PLAIN = frozenset({FileKind.text, FileKind.unknown, FileKind.empty})


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
    return Received(received.paragraphs, received.reading, files.bare_name(name), stored.sha256)


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
        if recognise(stream) in PLAIN:
            return _received(read_text(stream.read()), field="file")
        word = word_file(stream)
    except UnreadableFile as error:
        raise UnreadableFile(error.code, field="file") from error
    received = _received(word.paragraphs, field="file")
    if not is_ledger_text(tables_of(word), word.paragraphs):
        return received
    warning = _("文档里的表格是一份台账。这里只读取问题，要连同责任单位、时限等一起录入，请用“导入台账”。")
    reading = replace(received.reading, warnings=(warning, *received.reading.warnings))
    return replace(received, reading=reading)


def word_file(stream: BinaryIO) -> WordFile:
    """Read a .docx, or a .doc where LibreOffice is installed. Raises UnreadableFile."""
    try:
        return read_word_file(stream)
    except UnreadableFile as error:
        converted = convert(stream, DOCX) if error.code is Unreadable.old_word else None
        if converted is None:
            raise
        return read_word_file(converted)


def tables_of(word: WordFile) -> list[Sheet]:
    """The tables of a Word document, named by their places: 表1, 表2 …, in every language alike."""
    return word.sheets("表{}".format)


def _received(paragraphs: Sequence[Paragraph], *, field: str) -> Received:
    if not paragraphs:
        raise DomainError(_l("里面没有一个字。请检查是不是只有图片，或把文字复制后粘贴到输入框。"), field=field)
    texts = tuple(CONTROL.sub("", f"{paragraph.number}{paragraph.text}") for paragraph in paragraphs)
    return Received(texts, read_outline(paragraphs))
