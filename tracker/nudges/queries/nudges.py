"""Reading nudges, with who read them when."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker.access.rules import Actor, Reach, reach
from tracker.core.errors import NotFound
from tracker.core.i18n import lazy_gettext as _l
from tracker.items.models import Item
from tracker.items.queries import within
from tracker.nudges.models import Nudge, NudgeReader
from tracker.nudges.rules.nudging import Told
from tracker.org.models import Person
from tracker.outbox.models import Message
from tracker.outbox.rules import Channel

KIND = "nudge"


class Receipt(NamedTuple):
    """Somebody a nudge was sent to; ``read_at`` is None until they opened it."""

    name: str
    relation: Told
    read_at: datetime | None


class Side(StrEnum):
    """Which nudges a list shows."""

    RECEIVED = "received"
    SENT = "sent"
    ALL = "all"


def list_last(session: Session, item_ids: Collection[int]) -> Mapping[int, Nudge]:
    """The last nudge of each of these items, with who sent it; items never nudged are left out."""
    last = select(func.max(Nudge.id)).where(Nudge.item_id.in_(sorted(item_ids))).group_by(Nudge.item_id)
    query = select(Nudge).where(Nudge.id.in_(last)).options(joinedload(Nudge.by, innerjoin=True))
    return {nudge.item_id: nudge for nudge in session.scalars(query)}


def list_of_batch(session: Session, batch: str, *, person_id: int | None = None) -> Sequence[Nudge]:
    """The nudges sent with one press, those to one person if named, with their items, by number."""
    query = select(Nudge).join(Nudge.item).where(Nudge.batch == batch).order_by(Item.number)
    if person_id is not None:
        query = query.where(exists().where(NudgeReader.nudge_id == Nudge.id, NudgeReader.person_id == person_id))
    item = joinedload(Nudge.item, innerjoin=True)
    names = (joinedload(Nudge.by, innerjoin=True), joinedload(Nudge.for_person), item.joinedload(Item.lead_unit))
    return session.scalars(query.options(*names, item.selectinload(Item.supports))).all()


def get_nudge(session: Session, nudge_id: int, seen_by: Reach, *, lock: bool = False) -> Nudge:
    """A nudge with its item and names; raises NotFound out of reach."""
    query = select(Nudge).join(Nudge.item).where(Nudge.id == nudge_id, within(seen_by))
    if lock:
        session.execute(query.with_only_columns(Nudge.id).with_for_update(of=Nudge))
    nudge: Nudge | None = session.scalars(_whole(query)).one_or_none()
    if nudge is None:
        raise NotFound(_l("没有找到这次催办，或您无权查看。"))
    return nudge


def find_nudge(session: Session, nudge_id: int) -> Nudge | None:
    """A nudge with its item and names; whoever uses it asks the table."""
    return session.scalars(_whole(select(Nudge).where(Nudge.id == nudge_id))).one_or_none()


def _whole(query: Select[Any]) -> Select[Any]:
    query = query.options(
        joinedload(Nudge.item, innerjoin=True).selectinload(Item.supports),
        joinedload(Nudge.by, innerjoin=True),
        joinedload(Nudge.for_person),
        joinedload(Nudge.replied_by),
        selectinload(Nudge.readers),
    )
    return query.execution_options(populate_existing=True)


def select_nudges(actor: Actor, side: Side) -> Select[Any]:
    """The nudges of one side within a person's reach, the newest first."""
    query = select(Nudge).join(Nudge.item).where(within(reach(actor)), _on_side(actor, side))
    return query.order_by(Nudge.nudged_at.desc(), Nudge.id.desc())


def _on_side(actor: Actor, side: Side) -> ColumnElement[bool]:
    ids = sorted(actor.identities)
    if side is Side.SENT:
        return or_(Nudge.by_id.in_(ids), Nudge.for_id.in_(ids))
    if side is Side.RECEIVED:
        return exists().where(NudgeReader.nudge_id == Nudge.id, NudgeReader.person_id.in_(ids))
    return Nudge.id.isnot(None)


def list_nudges(session: Session, query: Select[Any]) -> Sequence[Nudge]:
    """The nudges of a query, with all names that a row prints."""
    item = joinedload(Nudge.item, innerjoin=True)
    names = (joinedload(each) for each in (Nudge.by, Nudge.for_person, Nudge.replied_by))
    return session.scalars(query.options(item.joinedload(Item.lead_unit), *names)).all()


def list_receipts(session: Session, nudge_ids: Collection[int]) -> Mapping[int, Sequence[Receipt]]:
    """Who was told of each nudge and when they read it, by its id."""
    query = (
        select(NudgeReader.nudge_id, Person.name, NudgeReader.relation, Message.read_at)
        .join(Person, Person.id == NudgeReader.person_id)
        .join(Nudge, Nudge.id == NudgeReader.nudge_id)
        .outerjoin(Message, is_message_of(NudgeReader.person_id))
        .where(NudgeReader.nudge_id.in_(sorted(nudge_ids)))
        .order_by(NudgeReader.nudge_id, NudgeReader.person_id)
    )
    found: defaultdict[int, list[Receipt]] = defaultdict(list)
    for nudge_id, name, relation, read_at in session.execute(query) if nudge_ids else ():
        found[nudge_id].append(Receipt(name, relation, read_at))
    return found


def is_message_of(person_id: Any) -> ColumnElement[bool]:
    """The join from a nudge to the message in somebody's inbox."""
    return and_(
        Message.kind == KIND,
        Message.slot == Nudge.batch,
        Message.channel == Channel.INBOX,
        Message.person_id == person_id,
    )
