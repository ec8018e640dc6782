"""Taking in a file before the transaction begins: looked at, measured, and kept under its hash."""

from dataclasses import dataclass
from typing import BinaryIO

from tracker.core import files
from tracker.core.db import db
from tracker.core.errors import DomainError
from tracker.core.files import StoredFile
from tracker.core.filetypes import read_endings
from tracker.core.i18n import lazy_gettext as _l
from tracker.progress.rules import check_content, check_name
from tracker.settings.queries import load

NAMELESS = "佐证材料"


@dataclass(frozen=True)
class Received:
    """A file in the store, with the name it will bear."""

    stored: StoredFile
    name: str


def receive_evidence(stream: BinaryIO, name: str | None) -> Received:
    """Keep one file by the settings of the office; a refusal names the file, and of what is refused nothing is kept.

    Raises DomainError for a program, a format that is not allowed, a content that its name contradicts or no content,
    TooLarge for one too large.
    """
    settings = load(db.session())
    bare = files.bare_name(name, otherwise=NAMELESS)
    try:
        check_name(bare, read_endings(settings["rules.evidence_endings"]))
        limit_bytes = settings["rules.evidence_mb"] << 20
        stored = files.store(stream, limit_bytes=limit_bytes, check=lambda found: check_content(bare, found))
    except DomainError as refusal:
        message = _l("“%(name)s”：%(why)s", name=bare, why=refusal.message)
        raise type(refusal)(message, field="file") from refusal
    return Received(stored, bare)
