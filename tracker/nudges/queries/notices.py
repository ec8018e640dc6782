"""Reading supervision notices."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, not_, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker.access.rules import Actor, Role, manages_all, reach
from tracker.core.errors import NotFound
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.sql import insert_new
from tracker.items.models import Item
from tracker.items.queries import in_units, is_hidden, select_units_like
from tracker.items.rules import RUNNING
from tracker.nudges.models import NoticeItem, NoticeSeries, SupervisionNotice
from tracker.nudges.rules.notices import OPEN, OUT, NoticeState
from tracker.org.models import Account, Grant, Person, UnitAncestor


@dataclass(frozen=True)
class NoticeFilter:
    """What a list of notices is narrowed to; None does not narrow. ``late_on``: sent and unanswered past that day."""

    state: NoticeState | None = None
    unit_text: str = ""
    late_on: date | None = None


def seen_by(actor: Actor) -> ColumnElement[bool]:
    """What a person may see: office and leaders everything in reach, a unit what was sent to it.

    Nobody sees a notice with an item that a list of readers keeps from them.
    """
    notice = SupervisionNotice
    on_it = exists().where(NoticeItem.notice_id == notice.id, NoticeItem.item_id == Item.id)
    is_kept = on_it.where(is_hidden(reach(actor))).correlate(notice)
    whole = in_units(notice.unit_id, actor.units((Role.OFFICE, Role.LEADER)))
    own = in_units(notice.unit_id, actor.units((Role.UNIT_HEAD, Role.LIAISON, Role.VIEWER)))
    may = or_(whole, and_(notice.state.in_(sorted(OUT)), own))
    return may if manages_all(actor) else and_(may, not_(is_kept))


def select_notices(actor: Actor, chosen: NoticeFilter) -> Select[Any]:
    """The notices a person may see: those that wait first, then the newest."""
    notice = SupervisionNotice
    query = select(notice).where(seen_by(actor))
    if chosen.state:
        query = query.where(notice.state == chosen.state)
    if chosen.unit_text:
        query = query.where(notice.unit_id.in_(select_units_like(chosen.unit_text)))
    if chosen.late_on:
        query = query.where(notice.state == NoticeState.SENT, notice.feedback_due_on < chosen.late_on)
    return query.order_by(notice.state.in_(sorted(OPEN)).desc(), notice.id.desc())


def list_notices(session: Session, query: Select[Any]) -> Sequence[SupervisionNotice]:
    """The notices of a query with all that a row prints."""
    notice = SupervisionNotice
    lines = selectinload(notice.lines).joinedload(NoticeItem.item)
    return session.scalars(query.options(joinedload(notice.unit), joinedload(notice.signer), lines)).all()


def get_notice(session: Session, notice_id: int, actor: Actor, *, lock: bool = False) -> SupervisionNotice:
    """A notice with its unit, items and names; raises NotFound for whoever may not see it."""
    notice = SupervisionNotice
    if lock:
        session.execute(select(notice.id).where(notice.id == notice_id).with_for_update(of=notice))
    found = find_notice(session, notice_id, actor)
    if found is None:
        raise NotFound(_l("没有找到这份督办单，或您无权查看。"))
    return found


def find_notice(session: Session, notice_id: int, actor: Actor) -> SupervisionNotice | None:
    """A notice with its unit, items and names; None for whoever may not see it."""
    notice = SupervisionNotice
    query = select(notice).where(notice.id == notice_id, seen_by(actor))
    names = (notice.unit, notice.drafted_by, notice.signer, notice.signature_by, notice.sent_by, notice.feedback_by)
    lines = selectinload(notice.lines).joinedload(NoticeItem.item).joinedload(Item.source)
    query = query.options(*(joinedload(each) for each in names), lines)
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def list_on_notices(session: Session, item_ids: Collection[int]) -> Mapping[int, SupervisionNotice]:
    """The notice on its way that each of these items stands on; the others are left out."""
    query = select(NoticeItem).join(NoticeItem.notice)
    query = query.where(NoticeItem.item_id.in_(sorted(item_ids)), SupervisionNotice.state.in_(sorted(OPEN)))
    return {line.item_id: line.notice for line in session.scalars(query.options(joinedload(NoticeItem.notice)))}


def list_rule_drafts(session: Session, unit_ids: Collection[int]) -> Mapping[int, SupervisionNotice]:
    """The newest draft to each of these units that a rule began and nobody has signed, locked, with its lines."""
    notice = SupervisionNotice
    query = select(notice).where(notice.unit_id.in_(sorted(unit_ids)), notice.state == NoticeState.DRAFT)
    query = query.where(notice.rule != "").options(selectinload(notice.lines)).order_by(notice.id)
    locked = session.scalars(query.with_for_update(of=notice).execution_options(populate_existing=True))
    return {each.unit_id: each for each in locked}


def list_outdated_lines(session: Session, day: date) -> Sequence[tuple[SupervisionNotice, Sequence[NoticeItem]]]:
    """Drafts, locked, with what on them needs no supervision on a day; drafts on which all does are left out."""
    notice, line = SupervisionNotice, NoticeItem
    is_late_no_more = and_(notice.rule != "", or_(Item.due_on.is_(None), Item.due_on >= day))
    is_done = or_(Item.state.not_in(sorted(RUNNING)), Item.lead_unit_id.is_distinct_from(notice.unit_id))
    query = select(line.notice_id, line.item_id).join(line.notice).join(line.item)
    query = query.where(notice.state == NoticeState.DRAFT, or_(is_done, is_late_no_more))
    outdated = {(row.notice_id, row.item_id) for row in session.execute(query)}
    ids = {notice_id for notice_id, _item_id in outdated}
    drafts = select(notice).where(notice.id.in_(sorted(ids)), notice.state == NoticeState.DRAFT).order_by(notice.id)
    drafts = drafts.options(selectinload(notice.lines).joinedload(line.item)).with_for_update(of=notice)
    locked = session.scalars(drafts.execution_options(populate_existing=True)).all() if ids else ()
    return [(each, [line for line in each.lines if (each.id, line.item_id) in outdated]) for each in locked]


def get_series(session: Session, year: int) -> NoticeSeries:
    """The numbers of a year, begun if need be, locked: nobody else takes one until this transaction ends."""
    session.execute(insert_new(session, NoticeSeries).values(year=year, last=0))
    query = select(NoticeSeries).where(NoticeSeries.year == year).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).one()


def list_of_unit(session: Session, unit_id: int) -> Sequence[Person]:
    """Heads and liaisons with an open account whose grant lies nearest above a unit."""
    place = func.rank().over(partition_by=Grant.role, order_by=UnitAncestor.distance)
    ranked = (
        select(Grant.person_id, place.label("place"))
        .join(UnitAncestor, UnitAncestor.ancestor_id == Grant.unit_id)
        .join(Account, (Account.person_id == Grant.person_id) & Account.is_active)
        .where(UnitAncestor.unit_id == unit_id, Grant.role.in_([Role.UNIT_HEAD, Role.LIAISON]))
        .subquery()
    )
    nearest = select(ranked.c.person_id).where(ranked.c.place == 1)
    return session.scalars(select(Person).where(Person.id.in_(nearest)).order_by(Person.id)).all()
