"""Reading sources and their outlines."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, not_, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker.access.rules import Actor, knows_source, manages_all
from tracker.core.errors import NotFound
from tracker.core.i18n import lazy_gettext as _l
from tracker.sources.models import Section, Source, SourceDocument, SourceMilestone, SourceParagraph, SourceReader
from tracker.sources.rules import Counting, MilestoneKind, SourceKind, counting_of


def get_source(session: Session, source_id: int, *, lock: bool = False) -> Source:
    """A source by id; ``lock`` before numbers are taken from it. Raises NotFound."""
    query = select(Source).where(Source.id == source_id)
    source = session.scalar(query.with_for_update() if lock else query)
    if source is None:
        raise NotFound(_l("没有找到这个来源。"))
    return source


def find_source(session: Session, *, kind: SourceKind, title: str, received_on: date) -> Source | None:
    """The source known by kind, title and day of receipt."""
    same = (Source.kind == kind, Source.title == title, Source.received_on == received_on)
    return session.scalar(select(Source).where(*same))


def find_source_by_number(session: Session, number: str) -> Source | None:
    """The source with this number, e.g. 巡察2026-1."""
    return session.scalar(select(Source).where(Source.number == number))


def find_source_ids(session: Session, names: Collection[str]) -> list[int]:
    """The sources with these numbers or titles; raises NotFound naming one that nobody knows."""
    found: list[int] = []
    for name in names:
        ids = session.scalars(select(Source.id).where(or_(Source.number == name, Source.title == name))).all()
        if not ids:
            raise NotFound(_l("没有编号或标题为“%(name)s”的来源。", name=name))
        found += ids
    return found


def find_counting(session: Session, source_ids: Collection[int]) -> Counting:
    """How figures about these sources alone are counted."""
    return counting_of(session.scalars(select(Source.counting).where(Source.id.in_(sorted(source_ids)))).all())


def get_known(session: Session, source_id: int, actor: Actor) -> Source:
    """A source by id; raises NotFound also for whoever its list of readers does not name."""
    source = get_source(session, source_id)
    if not knows_source(actor, source.reader_ids):
        raise NotFound(_l("没有找到这个来源。"))
    return source


def is_known(person_id: int | None) -> ColumnElement[bool]:
    """The condition that a source has no list of readers, or one that names the person."""
    has_readers = exists().where(SourceReader.source_id == Source.id)
    is_named = has_readers.where(SourceReader.person_id == person_id)
    return or_(not_(has_readers), is_named)


def select_sources(actor: Actor) -> Select[Any]:
    """All sources that a person may know of, the newest feedback first."""
    query = select(Source).order_by(Source.received_on.desc(), Source.id.desc())
    return query if manages_all(actor) else query.where(is_known(actor.stands_as))


def list_sources(session: Session, actor: Actor) -> Sequence[Source]:
    """All sources that a person may know of, the newest feedback first."""
    return session.scalars(select_sources(actor)).all()


def last_round(session: Session, kind: SourceKind, year: int) -> int:
    """The last round number given for a kind in a year; 0 before the first."""
    return session.scalar(select(func.max(Source.round)).where(Source.kind == kind, Source.year == year)) or 0


def list_sections(session: Session, source_id: int) -> Sequence[Section]:
    """The outline in document order, parents loaded."""
    query = select(Section).where(Section.source_id == source_id).order_by(Section.position, Section.id)
    return session.scalars(query.options(joinedload(Section.parent))).unique().all()


def get_section(session: Session, section_id: int) -> Section:
    """A heading of an outline; raises NotFound."""
    section = session.get(Section, section_id)
    if section is None:
        raise NotFound(_l("没有找到这个方面或类别，可能已被删除。"))
    return section


def list_documents(session: Session, source_id: int) -> Sequence[SourceDocument]:
    """The papers filed beside a source, removed ones aside, in the order they were filed."""
    query = select(SourceDocument).where(SourceDocument.source_id == source_id, SourceDocument.removed_at.is_(None))
    return session.scalars(query.order_by(SourceDocument.id).options(joinedload(SourceDocument.by))).all()


def get_document(session: Session, source_id: int, document_id: int) -> SourceDocument:
    """A paper of this source; raises NotFound, also for one that was taken off it."""
    same = (SourceDocument.id == document_id, SourceDocument.source_id == source_id)
    found = session.scalar(select(SourceDocument).where(*same, SourceDocument.removed_at.is_(None)))
    if found is None:
        raise NotFound(_l("没有找到这份文件，可能已被移除。"))
    return found


def names_of(session: Session, wanted: Collection[tuple[str, int]]) -> Mapping[tuple[str, int], str]:
    """Hook: the present titles of headings, each asked for as ``("section", id)``."""
    ids = sorted(id for kind, id in wanted if kind == "section")
    rows = session.execute(select(Section.id, Section.title).where(Section.id.in_(ids))) if ids else ()
    return {("section", id): title for id, title in rows}


def list_paragraphs(session: Session, source_id: int) -> Sequence[SourceParagraph]:
    """The feedback text, paragraph by paragraph."""
    query = select(SourceParagraph).where(SourceParagraph.source_id == source_id).order_by(SourceParagraph.index)
    return session.scalars(query).all()


def list_milestones(session: Session, source_id: int) -> Sequence[SourceMilestone]:
    """The dates of a source with who answers, the earliest first."""
    query = select(SourceMilestone).where(SourceMilestone.source_id == source_id)
    names = (joinedload(SourceMilestone.unit), joinedload(SourceMilestone.owner))
    return session.scalars(query.options(*names).order_by(SourceMilestone.due_on, SourceMilestone.id)).all()


def get_milestone(session: Session, source_id: int, milestone_id: int, *, lock: bool = False) -> SourceMilestone:
    """A date of a source; raises NotFound."""
    milestone = SourceMilestone
    query = select(milestone).where(milestone.source_id == source_id, milestone.id == milestone_id)
    query = query.options(selectinload(milestone.source), selectinload(milestone.unit), selectinload(milestone.owner))
    found = session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound(_l("没有找到这个节点，可能已被删除。"))
    return found


def find_milestone(session: Session, source_id: int, kind: MilestoneKind, title: str) -> SourceMilestone | None:
    """The date of a source of this kind and name."""
    milestone = SourceMilestone
    same = (milestone.source_id == source_id, milestone.kind == kind, milestone.title == title)
    with session.no_autoflush:
        return session.scalar(select(milestone).where(*same))
