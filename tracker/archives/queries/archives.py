"""Archives, their folders and files, always within what a person may know of."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, not_, or_, select, union
from sqlalchemy.orm import Session, joinedload

from tracker.access.rules import Actor, Reach, knows_source, manages_all, reach, reads_whole
from tracker.amendments.models import Amendment
from tracker.archives.models import Archive, ArchiveFile
from tracker.core.errors import NotFound
from tracker.core.i18n import lazy_gettext as _l
from tracker.corrections.models import Correction
from tracker.items.models import Item
from tracker.items.queries import within
from tracker.items.rules import OPEN, State
from tracker.requests.rules import RequestState
from tracker.sources.models import Source
from tracker.sources.queries import is_known

# A statement may carry so many values on either database.
AT_ONCE = 5_000


@dataclass(frozen=True)
class ArchiveFilter:
    """What a list of archives or folders is narrowed to."""

    year: int | None = None
    words: str = ""


def get_archive(session: Session, archive_id: int, actor: Actor, *, lock: bool = False) -> Archive:
    """An archive by id; raises NotFound also for whoever may not know of its source."""
    query = select(Archive).where(Archive.id == archive_id)
    found = session.scalar(query.with_for_update(of=Archive) if lock else query.options(joinedload(Archive.source)))
    if found is None or not knows_source(actor, found.source.reader_ids):
        raise NotFound(_l("没有找到这份档案。"))
    return found


def find_present(session: Session, source_id: int) -> Archive | None:
    """The archive that makes a source read-only."""
    return session.scalar(select(Archive).where(Archive.source_id == source_id, Archive.lifted_at.is_(None)))


def find_numbered(session: Session, number: str) -> Archive | None:
    """The archive with this number that holds."""
    return session.scalar(select(Archive).where(Archive.number == number, Archive.lifted_at.is_(None)))


def find_archived(session: Session, item_ids: Collection[int], source_ids: Collection[int]) -> Any:
    """One of these sources, or of those of these items, that is archived: title, number, day; None when none is."""
    items = sorted(item_ids)
    for start in range(0, max(len(items), 1), AT_ONCE):
        of_items = select(Item.source_id).where(Item.id.in_(items[start : start + AT_ONCE]))
        query = select(Source.title, Archive.number, Archive.archived_on).join(Source, Source.id == Archive.source_id)
        touched = or_(Archive.source_id.in_(of_items), Archive.source_id.in_(sorted(source_ids)))
        found = session.execute(query.where(Archive.lifted_at.is_(None), touched).limit(1)).first()
        if found is not None:
            return found
    return None


def hold_items(session: Session, source_id: int) -> None:
    """Lock the items of a source in the order of ids as everybody does: nobody changes one while it is archived."""
    query = select(Item.id).where(Item.source_id == source_id).order_by(Item.id)
    session.execute(query.with_for_update(of=Item)).all()


def list_open(session: Session, source_id: int) -> Sequence[str]:
    """The numbers of the items of a source that are not closed, in order."""
    query = select(Item.number).where(Item.source_id == source_id, Item.state.in_(sorted(OPEN)))
    return session.scalars(query.order_by(Item.number)).all()


def list_asked(session: Session, source_id: int) -> set[str]:
    """The numbers of its items about which somebody asked for a change or a correction that nobody has decided."""
    waiting = [
        select(Item.number)
        .join(kind, kind.item_id == Item.id)
        .where(Item.source_id == source_id, kind.state == RequestState.PENDING)
        for kind in (Amendment, Correction)
    ]
    return set(session.scalars(union(*waiting)))


def count_filed(session: Session, source_id: int) -> int:
    """How many items of a source go into an archive: all but the void ones."""
    query = select(func.count()).where(Item.source_id == source_id, Item.state != State.VOID)
    return session.scalar(query) or 0


def reads_all(session: Session, archive: Archive, actor: Actor) -> bool:
    """Whether a person may read all that is in an archive: the whole text of its source, and every item."""
    if not (reads_whole(actor) and knows_source(actor, archive.source.reader_ids)):
        return False
    hidden = select(Item.id).where(Item.source_id == archive.source_id, not_(within(reach(actor))))
    return session.scalar(hidden.limit(1)) is None


def select_archives(actor: Actor, chosen: ArchiveFilter) -> Select[Any]:
    """The archives that hold, of sources a person may know of and reads whole or has an item in, the newest first."""
    query = select(Archive).join(Archive.source).where(Archive.lifted_at.is_(None), *_seen(actor), *_in_year(chosen))
    if chosen.words:
        query = query.where(or_(_like(Archive.number, chosen.words), _like(Source.title, chosen.words)))
    return query.order_by(Archive.archived_on.desc(), Archive.id.desc()).options(joinedload(Archive.source))


def select_folders(actor: Actor, chosen: ArchiveFilter, archive_id: int | None = None) -> Select[Any]:
    """The items with a folder in an archive that holds, within reach, by number, beside their archives."""
    pairs: Any = select(Item, Archive).select_from(Item).join(Source, Source.id == Item.source_id)
    pairs = pairs.join(Archive, Archive.source_id == Source.id)
    query: Select[Any] = pairs.where(Item.state != State.VOID, within(reach(actor)), *_in_year(chosen))
    query = query.where(Archive.lifted_at.is_(None) if archive_id is None else Archive.id == archive_id)
    if chosen.words:
        query = query.where(_is_meant(chosen.words))
    return query.order_by(Archive.archived_on.desc(), Archive.id.desc(), Item.number)


def list_rows(session: Session, query: Select[Any]) -> Sequence[Any]:
    """The folders of a query with all that a row prints."""
    loads = (joinedload(Item.lead_unit), joinedload(Archive.source))
    return session.execute(query.options(*loads)).unique().all()


def _seen(actor: Actor) -> list[ColumnElement[bool]]:
    seen = [] if manages_all(actor) else [is_known(actor.stands_as)]
    if not reads_whole(actor):
        seen.append(exists().where(Item.source_id == Source.id, within(reach(actor))))
    return seen


def _in_year(chosen: ArchiveFilter) -> list[ColumnElement[bool]]:
    if chosen.year is None:
        return []
    return [Archive.archived_on.between(date(chosen.year, 1, 1), date(chosen.year, 12, 31))]


def _is_meant(words: str) -> ColumnElement[bool]:
    """Whether a folder is meant by these words: a number or its end, the finding, the source or the archive."""
    columns = (Item.number, Item.finding, Item.original_number, Source.title, Archive.number)
    meant = [_like(column, words) for column in columns]
    if words.isdecimal() and len(words) <= 6:
        meant = [Item.number.endswith(f"-{int(words):03d}", autoescape=True), *meant[1:3]]
    return or_(*meant)


def _like(column: Any, words: str) -> ColumnElement[bool]:
    found: ColumnElement[bool] = and_(*(column.icontains(word, autoescape=True) for word in words.split()))
    return found


def list_papers(session: Session, archive_id: int, item_id: int | None) -> Sequence[ArchiveFile]:
    """The files of a folder in their order; without an item those of the source itself."""
    query = select(ArchiveFile).where(ArchiveFile.archive_id == archive_id)
    is_of = ArchiveFile.item_id.is_(None) if item_id is None else ArchiveFile.item_id == item_id
    return session.scalars(query.where(is_of).order_by(ArchiveFile.position)).all()


def count_files(session: Session, archive_id: int, item_ids: Collection[int]) -> dict[int, int]:
    """How many files lie in the folders of these items, by item."""
    query = select(ArchiveFile.item_id, func.count()).where(ArchiveFile.archive_id == archive_id)
    rows = session.execute(query.where(ArchiveFile.item_id.in_(sorted(item_ids))).group_by(ArchiveFile.item_id))
    return {item_id: count for item_id, count in rows if item_id is not None}


def get_file(session: Session, archive: Archive, file_id: int, seen_by: Reach, *, is_whole: bool) -> ArchiveFile:
    """A file of an archive; raises NotFound for one of an item out of reach.

    ``is_whole`` tells whether the person reads the whole text of the source, and so what belongs to it.
    """
    query = select(ArchiveFile).where(ArchiveFile.id == file_id, ArchiveFile.archive_id == archive.id)
    of_item = exists().where(Item.id == ArchiveFile.item_id, within(seen_by))
    found = session.scalar(query.where(or_(of_item, ArchiveFile.item_id.is_(None)) if is_whole else of_item))
    if found is None:
        raise NotFound(_l("没有找到这份文件，或您无权查看。"))
    return found
