"""Reading meetings with their agenda, decisions and freezes."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session, joinedload, undefer

from tracker.access.rules import Action, Actor, Reach, Role, reach
from tracker.core.errors import NotFound
from tracker.core.i18n import lazy_gettext as _l
from tracker.items.models import Item
from tracker.items.rules import State
from tracker.meetings.models import Meeting, MeetingFreeze
from tracker.meetings.queries.sight import is_readable, manages
from tracker.org.models import Person, Unit, UnitAncestor
from tracker.org.queries import load_actor, select_nearest


def select_meetings(actor: Actor) -> Select[Any]:
    """The meetings that a person may know of, the newest first, each with what names its scope."""
    query = select(Meeting).where(is_readable(reach(actor, Action.READ_MEETING)))
    query = query.options(joinedload(Meeting.unit), joinedload(Meeting.source))
    return query.order_by(Meeting.held_on.desc(), Meeting.id.desc())


def get_meeting(session: Session, meeting_id: int, actor: Actor) -> Meeting:
    """The meeting with its agenda and freezes; raises NotFound for one that the person may not know of."""
    query = select_meetings(actor).where(Meeting.id == meeting_id)
    query = query.options(joinedload(Meeting.points), joinedload(Meeting.freezes))
    meeting: Meeting | None = session.scalars(query).unique().one_or_none()
    if meeting is None:
        raise NotFound(_l("没有这次会议，或者您没有权限查看。"))
    return meeting


def find_meeting(session: Session, meeting_id: int) -> Meeting | None:
    """A meeting by id, whoever may know of it."""
    return session.get(Meeting, meeting_id)


def list_ahead(session: Session, after: date, until: date) -> list[tuple[Meeting, Person]]:
    """The meetings after a day and up to another, each with who called it and the office nearest to its unit."""
    root = select(func.min(Unit.id)).where(Unit.parent_id.is_(None)).scalar_subquery()
    unit_id = func.coalesce(Meeting.unit_id, root)
    ahead = (Meeting.held_on > after, Meeting.held_on <= until, Meeting.minutes_issued_on.is_(None))
    nearest = select_nearest(select(unit_id).where(*ahead), (Role.OFFICE,))
    is_nearest = exists().where(nearest.c.unit_id == unit_id, nearest.c.person_id == Person.id)
    query = select(Meeting, Person).join(Person, or_(Person.id == Meeting.called_by_id, is_nearest)).where(*ahead)
    return [(meeting, person) for meeting, person in session.execute(query.order_by(Meeting.id, Person.id))]


def may_hold(session: Session, meeting: Meeting, person: Person) -> bool:
    """Whether somebody holds meetings of this scope, and may know of this one."""
    return manages(load_actor(session, person), meeting.unit_id) and is_known_to(session, meeting.id, person)


def is_known_to(session: Session, meeting_id: int, person: Person) -> bool:
    """Whether somebody may know of a meeting."""
    query = select_meetings(load_actor(session, person)).where(Meeting.id == meeting_id)
    return session.scalar(query.with_only_columns(Meeting.id)) is not None


def lock_meeting(session: Session, meeting_id: int, actor: Actor) -> Meeting:
    """The same, kept from other writers until the transaction ends."""
    query = select_meetings(actor).where(Meeting.id == meeting_id)
    meeting: Meeting | None = session.scalar(
        query.with_for_update(of=Meeting).execution_options(populate_existing=True)
    )
    if meeting is None:
        raise NotFound(_l("没有这次会议，或者您没有权限查看。"))
    return meeting


def find_previous(session: Session, meeting: Meeting) -> Meeting | None:
    """The meeting before about the same units and source."""
    found: Meeting | None = session.scalar(select_previous(meeting))
    return found


def select_previous(meeting: Meeting) -> Select[Any]:
    """The meeting before about the same units and source."""
    before = Meeting.held_on < meeting.held_on
    if meeting.id is not None:
        before = or_(before, (Meeting.held_on == meeting.held_on) & (Meeting.id < meeting.id))
    query = select(Meeting).where(*_same_scope(meeting), before).order_by(Meeting.held_on.desc(), Meeting.id.desc())
    return query.limit(1)


def _same_scope(meeting: Meeting) -> Iterator[ColumnElement[bool]]:
    for name in ("unit_id", "source_id", "item_kind"):
        yield getattr(Meeting, name).is_not_distinct_from(getattr(meeting, name))


def find_freeze(session: Session, meeting_id: int) -> MeetingFreeze | None:
    """The freeze of a meeting that counts: the last one."""
    query = select(MeetingFreeze).where(MeetingFreeze.meeting_id == meeting_id).options(undefer(MeetingFreeze.content))
    return session.scalar(query.order_by(MeetingFreeze.serial.desc()).limit(1))


def get_freeze(session: Session, meeting_id: int, serial: int | None = None) -> MeetingFreeze:
    """A freeze of a meeting, the last one unless a number is given; raises NotFound."""
    query = select(MeetingFreeze).where(MeetingFreeze.meeting_id == meeting_id).options(undefer(MeetingFreeze.content))
    if serial is not None:
        query = query.where(MeetingFreeze.serial == serial)
    found = session.scalar(query.order_by(MeetingFreeze.serial.desc()).limit(1))
    if found is None:
        raise NotFound(_l("这次会议没有这份锁定数据。") if serial else _l("这次会议还没有锁定数据。"))
    return found


def list_frozen_on(session: Session, ids: Sequence[int]) -> Mapping[int, date]:
    """As of which day the data of each of these meetings were frozen last; those without are left out."""
    freeze = MeetingFreeze
    query = select(freeze.meeting_id, freeze.as_of).where(freeze.meeting_id.in_(ids)).order_by(freeze.serial)
    return {row[0]: row[1] for row in session.execute(query)}


def covers(session: Session, meeting: Meeting, unit_id: int) -> bool:
    """Whether a unit is one that a meeting is about."""
    if meeting.unit_id is None:
        return True
    below = exists().where(UnitAncestor.unit_id == unit_id, UnitAncestor.ancestor_id == meeting.unit_id)
    return bool(session.scalar(select(below)))


def last_serial(session: Session, meeting_id: int) -> int:
    """The number of the last freeze; 0 when nothing was frozen."""
    return session.scalar(select(func.max(MeetingFreeze.serial)).filter_by(meeting_id=meeting_id)) or 0


def list_comparable(session: Session, meeting: Meeting, actor: Actor) -> Sequence[Meeting]:
    """Other meetings of the same scope with frozen data, the newest first."""
    frozen = select(MeetingFreeze.meeting_id)
    query = select_meetings(actor).where(Meeting.id.in_(frozen), Meeting.id != meeting.id)
    return session.scalars(query.where(*_same_scope(meeting)).limit(50)).all()


def find_last_frozen(session: Session, seen: Reach) -> Any:
    """The last freeze of the latest meeting within a reach, with its title; None when there is none."""
    columns = (Meeting.id, Meeting.title, MeetingFreeze.as_of, MeetingFreeze.known_at)
    query = select(*columns).join(MeetingFreeze, MeetingFreeze.meeting_id == Meeting.id)
    query = query.where(is_readable(seen))
    order = (Meeting.held_on.desc(), Meeting.id.desc(), MeetingFreeze.serial.desc())
    return session.execute(query.order_by(*order).limit(1)).one_or_none()


def has_unissued(session: Session, source_id: int) -> bool:
    """Whether a source has a draft left."""
    draft = select(Item.id).where(Item.source_id == source_id, Item.state == State.DRAFT)
    return session.scalar(draft.limit(1)) is not None
