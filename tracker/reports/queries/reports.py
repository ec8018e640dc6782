"""Reading reports within reach, their earlier texts, wordings, and what happened to items since."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, exists, func, literal, or_, select, true
from sqlalchemy.orm import Session, defer, joinedload, selectinload

from tracker.access.rules import Action, Actor, manages_all, reach
from tracker.core.errors import NotFound
from tracker.core.i18n import lazy_gettext as _l
from tracker.items.models import Item, ItemChange
from tracker.items.queries import in_units
from tracker.items.rules import Event
from tracker.org.models import Person
from tracker.reports.kinds import Edition, ReportKind, ReportState
from tracker.reports.models import Report, ReportItem, ReportSource, ReportText, ReportWording


def manages(actor: Actor, unit_id: int | None) -> bool:
    """Whether a person may write reports about a unit with all below it, or about the whole organ (None)."""
    units = reach(actor, Action.WRITE_REPORT).units
    return units.everywhere if unit_id is None else unit_id in units


def select_reports(actor: Actor) -> Select[Any]:
    """The reports that a person may know of, the newest first, without their text and facts.

    Of a report one sees all or nothing: it has to be about units of theirs alone, and about no item whose named
    readers could leave them out.
    """
    query = select(Report).where(_is_readable(actor), Report.state != ReportState.DROPPED)
    query = query.options(defer(Report.text), defer(Report.facts), joinedload(Report.unit))
    return query.order_by(Report.as_of.desc(), Report.id.desc())


def _is_readable(actor: Actor) -> ColumnElement[bool]:
    units = reach(actor, Action.READ_REPORT).units
    told: ColumnElement[bool] = true() if units.everywhere else in_units(Report.unit_id, units)
    if manages_all(actor):
        return told
    return told & or_(~_tells_of_restricted(), Report.written_by_id == actor.person_id)


def _tells_of_restricted() -> ColumnElement[bool]:
    """Whether an item of a report has named readers, be it since the report was written."""
    linked = exists().where(ReportItem.report_id == Report.id, ReportItem.item_id == Item.id, Item.is_restricted)
    return linked.correlate(Report)


def get_report(session: Session, report_id: int, actor: Actor) -> Report:
    """The report whole; raises NotFound for one that the person may not know of, and for one that was given up."""
    return _found(session.scalar(_whole(report_id, actor)))


def lock_report(session: Session, report_id: int, actor: Actor) -> Report:
    """The same, kept from other writers until the transaction ends."""
    query = _whole(report_id, actor).with_for_update(of=Report).execution_options(populate_existing=True)
    return _found(session.scalar(query))


def _whole(report_id: int, actor: Actor) -> Select[Any]:
    query = select(Report).where(Report.id == report_id, _is_readable(actor), Report.state != ReportState.DROPPED)
    return query.options(selectinload(Report.sources).joinedload(ReportSource.source))


def _found(report: Report | None) -> Report:
    if report is None:
        raise NotFound(_l("没有这份报告，或者您没有权限查看。"))
    return report


def list_editions(session: Session, report: Report, actor: Actor) -> Sequence[Report]:
    """The editions of one text, the first one first, itself among them."""
    first = report.of_id or report.id
    query = select_reports(actor).where(or_(Report.id == first, Report.of_id == first)).order_by(None)
    return session.scalars(query.order_by(Report.id)).all()


def lock_editions(session: Session, report: Report) -> set[Edition]:
    """Which editions of a text are there, whoever may know of them; no other is made until the transaction ends."""
    first = report.of_id or report.id
    session.execute(select(Report.id).where(Report.id == first).with_for_update())
    of_one_text = or_(Report.id == first, Report.of_id == first)
    return set(session.scalars(select(Report.edition).where(of_one_text, Report.state != ReportState.DROPPED)))


def list_annual(session: Session, actor: Actor, *, chosen: int | None = None, limit: int = 50) -> Sequence[Report]:
    """The last sections of yearly reports that a person may know of, and ``chosen`` however old it is."""
    query = select_reports(actor).where(Report.kind == ReportKind.ANNUAL)
    found = session.scalars(query.limit(limit)).all()
    if chosen is None or chosen in {each.id for each in found}:
        return found
    return [*found, *session.scalars(query.where(Report.id == chosen))]


def select_told(report_id: int, numbers: Collection[str]) -> Select[Any]:
    """The rows that link a report with the items of these numbers."""
    columns: tuple[Any, ...] = (literal(report_id), Item.id)
    return select(*columns).where(Item.number.in_(numbers))


def list_withheld(session: Session, report_id: int) -> frozenset[str]:
    """The numbers of the items that a report tells of and that are not for the public now."""
    query = select(Item.number).join(ReportItem, ReportItem.item_id == Item.id)
    return frozenset(session.scalars(query.where(ReportItem.report_id == report_id, Item.is_withheld)))


class Happened(NamedTuple):
    """A change of an item: what, from which day it counts, when it became known, by whom, and why."""

    number: str
    event: Event
    effective_on: date
    recorded_at: datetime
    by: str
    reason: str


def list_happened(
    session: Session, numbers: Collection[str], *, known_since: datetime, after: date, until: date
) -> list[Happened]:
    """What was recorded of these items since an instant, or counts from a later day than before; oldest first."""
    change = ItemChange
    is_new = or_(change.recorded_at > known_since, change.effective_on > after)
    columns = (Item.number, change.event, change.effective_on, change.recorded_at, Person.name, change.reason)
    query = select(*columns).select_from(change).join(Item, Item.id == change.item_id)
    query = query.outerjoin(Person, Person.id == change.by_id).where(is_new, change.effective_on <= until)
    in_order = (change.recorded_at, Item.number, change.serial)
    rows = session.execute(query.where(Item.number.in_(numbers)).order_by(*in_order))
    return [Happened(*row[:4], row[4] or "", row[5]) for row in rows]


def list_texts(session: Session, report_id: int) -> Sequence[ReportText]:
    """The earlier texts of a report, the newest first."""
    query = select(ReportText).where(ReportText.report_id == report_id)
    return session.scalars(query.order_by(ReportText.serial.desc())).all()


def last_serial(session: Session, report_id: int) -> int:
    """The number of the last earlier text; 0 where there is none."""
    return session.scalar(select(func.max(ReportText.serial)).where(ReportText.report_id == report_id)) or 0


def list_wordings(session: Session, kind: ReportKind | None = None) -> Sequence[ReportWording]:
    """The office's own wordings, of one kind or of all."""
    query = select(ReportWording).order_by(ReportWording.kind, ReportWording.name)
    return session.scalars(query.where(ReportWording.kind == kind) if kind else query).all()


def get_wording(session: Session, wording_id: int, *, lock: bool = False) -> ReportWording:
    """A wording of the office; raises NotFound."""
    query = select(ReportWording).where(ReportWording.id == wording_id)
    found = session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound(_l("没有这份行文模板。"))
    return found
