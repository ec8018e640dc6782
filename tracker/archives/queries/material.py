"""All that goes into an archive, in a fixed number of queries however many items there are."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker.access.rules import SYSTEM, reach
from tracker.amendments.models import Amendment
from tracker.closure.models import Application, Review
from tracker.closure.queries import with_deciders
from tracker.corrections.models import Correction
from tracker.exports.queries import list_evidence, list_print_rows
from tracker.exports.rows import PrintRow
from tracker.extensions.models import Extension, ExtensionStep
from tracker.items.lists import Order
from tracker.items.models import Item, Milestone
from tracker.items.queries import ordering
from tracker.items.rules import State
from tracker.nudges.models import NoticeItem, SupervisionNotice
from tracker.org.models import Unit
from tracker.progress.models import Entry, Evidence
from tracker.reinspections.models import LastingCheck, Reinspection
from tracker.sources import queries as sources
from tracker.sources.models import Source, SourceDocument, SourceMilestone, SourceParagraph

# A source never holds so many.
EVERY = 1_000_000


@dataclass(frozen=True)
class Material:
    """A source with everything that was written, signed and filed about it; mappings are by the item's id."""

    source: Source
    rows: Sequence[PrintRow]
    paragraphs: Mapping[int, SourceParagraph]
    documents: Sequence[SourceDocument]
    milestones: Sequence[SourceMilestone]
    units: Mapping[int, str]
    entries: Mapping[int, Sequence[Entry]]
    evidence: Mapping[int, Sequence[Evidence]]
    applications: Mapping[int, Sequence[Application]]
    extensions: Mapping[int, Sequence[Extension]]
    amendments: Mapping[int, Sequence[Amendment]]
    corrections: Mapping[int, Sequence[Correction]]
    nodes: Mapping[int, Sequence[Milestone]]
    notices: Mapping[int, Sequence[NoticeItem]]
    looks: Mapping[int, Sequence[Reinspection]]
    checks: Mapping[int, Sequence[LastingCheck]]


def load_material(session: Session, source: Source) -> Material:
    """Read it all; the void items stay out."""
    filed = select(Item).where(Item.source_id == source.id, Item.state != State.VOID)
    rows = list_print_rows(session, filed, ordering(Order.NUMBER), limit=EVERY)
    steps = selectinload(Application.reviews).options(*with_deciders(), joinedload(Review.decider_for))
    applicants = joinedload(Application.applicant), joinedload(Application.applicant_for), joinedload(Application.item)
    levels = selectinload(Extension.steps).options(joinedload(ExtensionStep.decider))
    return Material(
        source=source,
        rows=rows,
        paragraphs={each.index: each for each in sources.list_paragraphs(session, source.id)},
        documents=sources.list_documents(session, source.id),
        milestones=sources.list_milestones(session, source.id),
        units={row[0]: row[1] for row in session.execute(select(Unit.id, Unit.name))},
        entries=_of(session, source, Entry, Entry.made_at, joinedload(Entry.by)),
        evidence=_by_item(list_evidence(session, reach(SYSTEM), source_id=source.id)),
        applications=_of(session, source, Application, Application.round, steps, *applicants),
        extensions=_of(session, source, Extension, Extension.nth, levels, joinedload(Extension.asked_by)),
        amendments=_of(session, source, Amendment, Amendment.id, selectinload(Amendment.lines)),
        corrections=_of(session, source, Correction, Correction.id, joinedload(Correction.decider)),
        nodes=_of(session, source, Milestone, Milestone.due_on),
        notices=_notices(session, source),
        looks=_of(session, source, Reinspection, Reinspection.id, selectinload(Reinspection.files)),
        checks=_of(session, source, LastingCheck, LastingCheck.id, selectinload(LastingCheck.files)),
    )


def _of(session: Session, source: Source, model: Any, order: Any, *loads: Any) -> Mapping[int, Sequence[Any]]:
    """The rows of a table that belong to the items of a source, by item."""
    query = select(model).join(Item, Item.id == model.item_id).where(Item.source_id == source.id)
    return _rows(session, query.order_by(model.item_id, order), *loads)


def _notices(session: Session, source: Source) -> Mapping[int, Sequence[NoticeItem]]:
    """The signed supervision notices on which the items stand."""
    query = select(NoticeItem).join(Item, Item.id == NoticeItem.item_id).join(NoticeItem.notice)
    query = query.where(Item.source_id == source.id, SupervisionNotice.scan_sha256 != "")
    return _rows(session, query.order_by(NoticeItem.item_id, NoticeItem.notice_id), joinedload(NoticeItem.notice))


def _rows(session: Session, query: Select[Any], *loads: Any) -> Mapping[int, Sequence[Any]]:
    return _by_item(session.scalars(query.options(*loads)).unique().all())


def _by_item(rows: Sequence[Any]) -> Mapping[int, Sequence[Any]]:
    by_id = sorted(rows, key=lambda row: row.item_id)
    return {item_id: list(found) for item_id, found in groupby(by_id, key=lambda row: row.item_id)}
