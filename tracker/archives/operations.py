"""Archiving a source, keeping what was made of it, and lifting the archive again."""

from collections.abc import Mapping, Sequence

from tracker.access.rules import Action, Actor, ensure_may
from tracker.archives import queries
from tracker.archives.models import Archive, ArchiveFile
from tracker.archives.rules import REASON_LIMIT, Placed, check_archivable, check_number, check_reason
from tracker.audit.operations import record, take_instant
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Conflict
from tracker.core.files import StoredFile
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.versions import check_version
from tracker.sources.models import Source
from tracker.work.operations import enqueue

TASK = "archive"


def archive(source: Source, *, number: str, actor: Actor) -> Archive:
    """File a source away: read-only from now, its ZIP made in the background.

    Raises Conflict when one of its items is not closed, a request is undecided, or it is archived already.
    """
    ensure_may(actor, Action.ARCHIVE)
    session, number = db.session(), check_number(number)
    if queries.find_present(session, source.id) is not None:
        raise Conflict(_l("这个来源已经归档。"))
    queries.hold_items(session, source.id)
    check_archivable(
        total=queries.count_filed(session, source.id),
        still_open=queries.list_open(session, source.id),
        asked=queries.list_asked(session, source.id),
    )
    if queries.find_numbered(session, number) is not None:
        raise Conflict(_l("档号 %(number)s 已经用过，请换一个。", number=number), field="number")
    filed = Archive(source_id=source.id, number=number, archived_on=clock.today(), by_id=actor.person_id)
    filed.by_name = actor.signature[:80]
    filed.archived_at, filed.chain_head = take_instant(session)
    session.add(filed)
    session.flush()
    filed.task_id = enqueue(TASK, {"archive_id": filed.id}, by_id=actor.person_id).id
    record(actor, "source.archive", source.number, archive_number=number)
    return filed


def make_again(filed: Archive, *, actor: Actor) -> None:
    """Make the ZIP of an archive once more, where making it failed."""
    ensure_may(actor, Action.ARCHIVE)
    if filed.is_made or filed.is_lifted:
        raise Conflict(_l("这份档案已经生成，或已撤销归档。"))
    filed.task_id = enqueue(TASK, {"archive_id": filed.id}, by_id=actor.person_id).id
    record(actor, "archive.make_again", filed.source.number, archive_number=filed.number)


def keep(
    filed: Archive, placed: Sequence[Placed], zipped: StoredFile, *, item_ids: Mapping[str, int], actor: Actor
) -> None:
    """Keep the ZIP and the list of what is in it; ``item_ids`` are those of the folders by number."""
    session = db.session()
    session.add_all(_row(filed, each, item_ids) for each in placed)
    filed.zip_sha256, filed.zip_bytes = zipped.sha256, zipped.size_bytes
    filed.folders, filed.files = len(item_ids), len(placed)
    told = {"folders": filed.folders, "files": filed.files, "sha256": zipped.sha256, "size_bytes": zipped.size_bytes}
    record(actor, "archive.keep", filed.source.number, archive_number=filed.number, **told)


def _row(filed: Archive, placed: Placed, item_ids: Mapping[str, int]) -> ArchiveFile:
    piece = placed.piece
    return ArchiveFile(
        archive_id=filed.id,
        position=placed.position,
        item_id=item_ids.get(piece.item_number),
        part=piece.part,
        code=placed.code,
        path=placed.path,
        title=piece.title,
        name=piece.name,
        document_number=piece.document_number,
        author=piece.author,
        dated_on=piece.dated_on,
        pages=piece.pages,
        remark=piece.remark,
        sha256=piece.sha256,
        size_bytes=piece.size_bytes,
    )


def lift(filed: Archive, *, reason: str, version: int, actor: Actor) -> None:
    """Let the source be worked on again; archive and files stay, and a new archive may follow.

    Raises Conflict for one that was lifted before.
    """
    ensure_may(actor, Action.ARCHIVE)
    if filed.is_lifted:
        raise Conflict(_l("这份档案已经撤销归档。"))
    check_version(filed, version)
    reason = check_reason(reason)[:REASON_LIMIT]
    filed.lifted_at, filed.lifted_by_id, filed.lift_reason = clock.now(), actor.person_id, reason
    record(actor, "archive.lift", filed.source.number, archive_number=filed.number, reason=reason)
