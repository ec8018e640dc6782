"""What a person owes: the reports of their own units' lines, as the permission table has it."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, not_, or_, select
from sqlalchemy.orm import Session, joinedload

from tracker.access.rules import Actor, Role, reach
from tracker.core.errors import NotFound
from tracker.core.i18n import lazy_gettext as _l
from tracker.items.models import Item, ItemSupport
from tracker.items.queries import in_units, is_hidden
from tracker.items.rules import State
from tracker.progress.models import Entry
from tracker.progress.rules import COUNTING, REPORTABLE, EntryStanding
from tracker.rounds.models import OwedReport, PhoneCall, ReportingRound
from tracker.rounds.rules import UNREPORTED, ReportState

ANSWERABLE = REPORTABLE | {State.ISSUED}


def is_own(actor: Actor) -> ColumnElement[bool]:
    """Whether a report is of a unit the person heads or acts for, or of the lead unit of an item they handle.

    ``progress.rules.own_units`` says the same of one item.
    """
    units = actor.units((Role.UNIT_HEAD, Role.LIAISON))
    conditions = [in_units(OwedReport.unit_id, units)] if units else []
    if actor.stands_as is not None:
        conditions.append(and_(Item.handler_id == actor.stands_as, OwedReport.unit_id == Item.lead_unit_id))
    supports = exists().where(ItemSupport.item_id == Item.id, ItemSupport.unit_id == OwedReport.unit_id)
    # A report of a former unit of the item is nobody's to give any more.
    of_item = or_(OwedReport.unit_id == Item.lead_unit_id, supports)
    return and_(or_(false(), *conditions), of_item, not_(is_hidden(reach(actor))))


def select_own(actor: Actor, on: date, states: Collection[ReportState] = UNREPORTED) -> Select[Any]:
    """A person's own reports in the rounds that take texts on a day, the earliest day first."""
    return (
        select(OwedReport)
        .join(Item, Item.id == OwedReport.item_id)
        .join(ReportingRound, ReportingRound.id == OwedReport.round_id)
        .where(is_own(actor), Item.state.in_(sorted(ANSWERABLE)), OwedReport.state.in_(sorted(states)))
        .where(ReportingRound.begins_on <= on, ReportingRound.closes_on >= on)
        .order_by(ReportingRound.due_on, Item.source_id, Item.number, OwedReport.is_lead.desc(), OwedReport.id)
    )


def list_reports(session: Session, query: Select[Any], *more: Any) -> Sequence[OwedReport]:
    """The reports of a query, with all that a page tells of them; ``more`` options load what else is asked."""
    item = joinedload(OwedReport.item, innerjoin=True)
    query = query.options(
        item.joinedload(Item.source, innerjoin=True),
        item.joinedload(Item.lead_unit),
        item.joinedload(Item.owner),
        item.joinedload(Item.handler),
        joinedload(OwedReport.round, innerjoin=True),
        joinedload(OwedReport.unit, innerjoin=True),
        joinedload(OwedReport.entry).joinedload(Entry.by),
        *more,
    )
    return session.scalars(query.execution_options(populate_existing=True)).unique().all()


def with_units() -> Any:
    """The option that loads the cooperating units of the items too, for the permission table."""
    return joinedload(OwedReport.item, innerjoin=True).selectinload(Item.supports).joinedload(ItemSupport.unit)


def list_locked(session: Session, actor: Actor, ids: Collection[int], on: date) -> Mapping[int, OwedReport]:
    """A person's own reports with these ids, by id, their items locked; raises NotFound when one is not theirs."""
    query = select(Item.id).join(OwedReport, OwedReport.item_id == Item.id).where(OwedReport.id.in_(ids))
    # Everybody locks in the order of ids, so that two who write many never wait for each other.
    session.execute(query.order_by(Item.id).with_for_update(of=Item)).all()
    found = select(OwedReport).join(Item, Item.id == OwedReport.item_id).where(is_own(actor), OwedReport.id.in_(ids))
    found = found.join(ReportingRound, ReportingRound.id == OwedReport.round_id).where(ReportingRound.closes_on >= on)
    reports = {report.id: report for report in list_reports(session, found, with_units())}
    if set(ids) - set(reports):
        raise NotFound(_l("有的事项已不用您填报，请刷新页面。"))
    return reports


def last_told(session: Session, item_ids: Collection[int]) -> Mapping[tuple[int, int | None], Entry]:
    """The last text of each unit on these items that counts, else the last one that waits, by item and unit."""
    latest = (Entry.standing.in_(sorted(COUNTING)).desc(), Entry.made_at.desc(), Entry.id.desc())
    place = func.row_number().over(partition_by=(Entry.item_id, Entry.unit_id), order_by=latest)
    told = (*COUNTING, EntryStanding.WAITING)
    ranked = select(Entry.id, place.label("place")).where(Entry.item_id.in_(item_ids), Entry.standing.in_(sorted(told)))
    ranked_rows = ranked.subquery()
    query = select(Entry).join(ranked_rows, ranked_rows.c.id == Entry.id).where(ranked_rows.c.place == 1)
    return {(entry.item_id, entry.unit_id): entry for entry in session.scalars(query.options(joinedload(Entry.by)))}


def list_lines(session: Session, reports: Sequence[OwedReport]) -> Mapping[tuple[int, int], Sequence[OwedReport]]:
    """The cooperating units' lines beside these lead units' reports, by round and item, with their texts."""
    leads = [each for each in reports if each.is_lead]
    query = select(OwedReport).where(
        OwedReport.round_id.in_({each.round_id for each in leads}),
        OwedReport.item_id.in_({each.item_id for each in leads}),
        OwedReport.is_lead.is_(False),
    )
    query = query.options(joinedload(OwedReport.unit), joinedload(OwedReport.entry)).order_by(OwedReport.id)
    lines: dict[tuple[int, int], list[OwedReport]] = {}
    for each in session.scalars(query):
        lines.setdefault((each.round_id, each.item_id), []).append(each)
    return lines


def count_own(session: Session, actor: Actor, on: date) -> Sequence[tuple[date, int]]:
    """The days of rounds in which a person owes something, with how many reports, the earliest first."""
    owed = select_own(actor, on).order_by(None).with_only_columns(ReportingRound.due_on, func.count())
    rows = session.execute(owed.group_by(ReportingRound.due_on).order_by(ReportingRound.due_on))
    return [(due_on, count) for due_on, count in rows]


def find_accepted_before(session: Session, report: OwedReport, since: datetime) -> Entry | None:
    """The last text that was accepted for a report's unit and item since its round began, its present one aside."""
    query = select(Entry).where(Entry.item_id == report.item_id, Entry.unit_id == report.unit_id)
    query = query.where(Entry.standing == EntryStanding.ACCEPTED, Entry.made_at >= since, Entry.id != report.entry_id)
    return session.scalar(query.order_by(Entry.made_at.desc(), Entry.id.desc()).limit(1))


def find_same_call(session: Session, call: PhoneCall, since: datetime) -> PhoneCall | None:
    """A call from an instant up to this one that was logged with the very same words."""
    same = (getattr(PhoneCall, name) == getattr(call, name) for name in ("item_id", "whom", "answer"))
    return session.scalar(select(PhoneCall).where(*same, PhoneCall.called_at.between(since, call.called_at)).limit(1))
