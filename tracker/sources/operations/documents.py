"""Papers filed beside a source, such as the signed scan of its plan."""

from tracker.access.rules import Action, Actor, ensure_may
from tracker.audit.operations import record
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Conflict
from tracker.core.files import StoredFile
from tracker.core.i18n import lazy_gettext as _l
from tracker.sources import queries
from tracker.sources.models import Source, SourceDocument


def file_document(source: Source, stored: StoredFile, *, title: str, file_name: str, actor: Actor) -> SourceDocument:
    """File a paper beside a source. Raises Conflict when the same one is there."""
    ensure_may(actor, Action.INTAKE)
    session = db.session()
    if any(each.file_sha256 == stored.sha256 for each in queries.list_documents(session, source.id)):
        raise Conflict(_l("同一份文件已经在这个来源里了。"), field="file")
    document = SourceDocument(
        source_id=source.id,
        title=title,
        file_name=file_name,
        file_sha256=stored.sha256,
        size_bytes=stored.size_bytes,
        by_id=actor.person_id,
        added_at=clock.now(),
    )
    session.add(document)
    session.flush()
    record(actor, "source.file_document", source.number, title=title, file=file_name, sha256=stored.sha256)
    return document


def remove_document(source: Source, document: SourceDocument, *, actor: Actor) -> None:
    """Take a paper off a source; the file stays in the store, and the trail tells of it."""
    ensure_may(actor, Action.INTAKE)
    document.removed_at = clock.now()
    record(actor, "source.remove_document", source.number, title=document.title, file=document.file_name)
