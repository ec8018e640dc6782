"""What waits beside the items themselves, in one query however much it is: requests, applications, nudges, notices."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import (
    Boolean,
    Date,
    Integer,
    Select,
    String,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    not_,
    null,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from tracker.access.rules import Action, Actor, reach
from tracker.amendments import queries as amendments
from tracker.amendments.models import Amendment
from tracker.closure.models import Application, Declaration, Review
from tracker.closure.rules import ApplicationState
from tracker.core import clock
from tracker.core.db import Instant
from tracker.corrections import queries as corrections
from tracker.corrections.models import Correction
from tracker.extensions.models import Extension
from tracker.extensions.queries import is_asker, waits_for
from tracker.extensions.rules import ExtensionState
from tracker.items.models import Item, ReassignmentRequest
from tracker.items.queries import in_units, is_hidden, within
from tracker.items.rules import REASSIGNABLE, State
from tracker.meetings.models import Meeting, MeetingDecision
from tracker.meetings.queries import is_readable
from tracker.nudges.models import Nudge, NudgeReader, SupervisionNotice
from tracker.nudges.queries import is_message_of, seen_by
from tracker.nudges.rules.notices import OPEN
from tracker.org.models import Person, Unit
from tracker.outbox.models import Message
from tracker.reinspections import queries as reinspections
from tracker.reinspections.models import Draw, Reinspection
from tracker.reinspections.rules import LookState
from tracker.requests import queries as requests
from tracker.requests.rules import RequestState
from tracker.sources.rules import StepKind

LIMIT = 100


class Wait(StrEnum):
    """What waits."""

    REQUEST = "request"
    DECLARATION = "declaration"
    FILED = "filed"
    NUDGED = "nudged"
    PRESSED = "pressed"
    NOTICE = "notice"
    EXTENSION = "extension"
    CORRECTION = "correction"
    AMENDMENT = "amendment"
    LOOK = "look"
    CHECK = "check"
    DEADLINE = "deadline"


class Waiting(NamedTuple):
    """One thing that waits; which fields are filled is told below, kind by kind."""

    what: str
    id: int
    number: str | None
    finding: str | None
    unit: str | None
    by: str | None
    other: str | None
    text: str | None
    code: str | None
    round: int | None
    since: datetime | None
    due_on: date | None
    flag: bool | None


# PostgreSQL wants a type on every NULL of a UNION.
COLUMNS: dict[str, Any] = {
    "what": String(),
    "id": Integer(),
    "number": String(),
    "finding": String(),
    "unit": String(),
    "by": String(),
    "other": String(),
    "text": String(),
    "code": String(),
    "round": Integer(),
    "since": Instant(),
    "due_on": Date(),
    "flag": Boolean(),
}

Proposed = aliased(Unit)


def list_waits(session: Session, actor: Actor) -> list[Waiting]:
    """Everything of these kinds that concerns a person, the longest waiting first; at most LIMIT of each kind."""
    of_items = (
        _requests,
        _declarations,
        _filed,
        _nudged,
        _pressed,
        _extensions,
        _corrections,
        _amendments,
        _looks,
        _due_checks,
    )
    known = [part(actor).where(not_(is_hidden(reach(actor)))) for part in of_items]
    parts = [part.limit(LIMIT).subquery() for part in (*known, _notices(actor), _open_deadlines(actor))]
    rows = [Waiting(*row) for row in session.execute(union_all(*(select(part) for part in parts)))]
    return sorted(rows, key=lambda row: (row.since is None, row.since, row.id))


def _part(what: Wait, **columns: Any) -> Select[Any]:
    given = {"what": literal(what.value), **columns}
    return select(
        *(
            (type_coerce(given[name], kind) if name in given else cast(null(), kind)).label(f"wait_{name}")
            for name, kind in COLUMNS.items()
        )
    )


def _requests(actor: Actor) -> Select[Any]:
    """A request to reassign that the person may decide (``flag``) or made; ``other`` is the unit proposed."""
    asked = ReassignmentRequest
    ids, may = sorted(actor.identities), within(reach(actor, Action.REASSIGN))
    columns = {"id": asked.id, "number": Item.number, "finding": Item.finding, "unit": Unit.name, "by": Person.name}
    part = _part(Wait.REQUEST, **columns, other=Proposed.name, text=asked.reason, since=asked.asked_at, flag=may)
    part = part.select_from(asked).join(Item, Item.id == asked.item_id).join(Person, Person.id == asked.asked_by_id)
    part = part.join(Unit, Unit.id == Item.lead_unit_id).outerjoin(Proposed, Proposed.id == asked.unit_id)
    mine = or_(asked.asked_by_id.in_(ids), asked.asked_for_id.in_(ids))
    still = (asked.is_granted.is_(None), Item.state.in_(sorted(REASSIGNABLE)))
    return part.where(*still, or_(may, mine)).order_by(asked.asked_at)


def _declarations(actor: Actor) -> Select[Any]:
    """A declaration that the person may accept (``flag``) or made."""
    made, ids, may = Declaration, sorted(actor.identities), within(reach(actor, Action.DECIDE_AS_OFFICE))
    columns = {"id": made.id, "number": Item.number, "finding": Item.finding, "unit": Unit.name, "by": Person.name}
    part = _part(Wait.DECLARATION, **columns, text=made.statement, since=made.declared_at, flag=may)
    part = part.select_from(made).join(Item, Item.id == made.item_id).join(Person, Person.id == made.declared_by_id)
    part = part.join(Unit, Unit.id == Item.lead_unit_id)
    mine = or_(made.declared_by_id.in_(ids), made.declared_for_id.in_(ids))
    still = (made.is_accepted.is_(None), Item.state.in_((State.WORKING, State.SUSTAINED)))
    return part.where(*still, or_(may, mine)).order_by(made.declared_at)


def _filed(actor: Actor) -> Select[Any]:
    """An own application; ``code`` is the step that has it, since the step before was decided."""
    filed, ids = Application, sorted(actor.identities)
    waiting = select(Review.kind).where(Review.application_id == filed.id, Review.decision.is_(None))
    kind = waiting.order_by(Review.position).limit(1).correlate(filed).scalar_subquery()
    decided = select(func.max(Review.decided_at)).where(Review.application_id == filed.id).correlate(filed)
    since = func.coalesce(decided.scalar_subquery(), filed.filed_at)
    columns = {"id": filed.id, "number": Item.number, "finding": Item.finding, "round": filed.round}
    named = waiting.with_only_columns(Review.named_id).order_by(Review.position).limit(1).correlate(filed)
    # Who is named for the step; for the leader's step else the item's own leader.
    whom = func.coalesce(named.scalar_subquery(), case((kind == StepKind.LEADER, Item.leader_id)))
    part = _part(Wait.FILED, **columns, by=Person.name, code=kind, since=since).select_from(filed)
    part = part.join(Item, Item.id == filed.item_id).outerjoin(Person, Person.id == whom)
    mine = or_(filed.applicant_id.in_(ids), filed.applicant_for_id.in_(ids))
    return part.where(filed.state == ApplicationState.PENDING, mine).order_by(filed.filed_at)


def _extensions(actor: Actor) -> Select[Any]:
    """An extension that the person may decide (``flag``) or asked for; ``code`` is the level, ``round`` which it is."""
    asked, may = Extension, waits_for(actor)
    columns = {"id": asked.id, "number": Item.number, "finding": Item.finding, "unit": Unit.name, "by": Person.name}
    told = {"text": asked.reason, "code": asked.waits_for, "round": asked.nth, "since": asked.asked_at}
    part = _part(Wait.EXTENSION, **columns, **told, due_on=asked.asked_until, flag=may).select_from(asked)
    part = part.join(Item, Item.id == asked.item_id).join(Person, Person.id == asked.asked_by_id)
    part = part.outerjoin(Unit, Unit.id == asked.unit_id)
    return part.where(asked.state == ExtensionState.PENDING, or_(may, is_asker(actor))).order_by(asked.asked_at)


def _corrections(actor: Actor) -> Select[Any]:
    """A correction that the person may approve (``flag``) or asked for; ``code`` is its kind."""
    asked, may = Correction, corrections.waits_for(actor)
    columns = {"id": asked.id, "number": Item.number, "finding": Item.finding, "unit": Unit.name, "by": Person.name}
    told = {"text": asked.reason, "code": asked.kind, "since": asked.asked_at, "flag": may}
    part = _part(Wait.CORRECTION, **columns, **told).select_from(asked)
    part = part.join(Item, Item.id == asked.item_id).join(Person, Person.id == asked.asked_by_id)
    part = part.outerjoin(Unit, Unit.id == Item.lead_unit_id)
    mine = requests.is_asker(Correction, actor)
    return part.where(asked.state == RequestState.PENDING, or_(may, mine)).order_by(asked.asked_at)


def _amendments(actor: Actor) -> Select[Any]:
    """A change request that the person may approve (``flag``) or made."""
    asked, may = Amendment, amendments.waits_for(actor)
    columns = {"id": asked.id, "number": Item.number, "finding": Item.finding, "unit": Unit.name, "by": Person.name}
    told = {"text": asked.reason, "since": asked.asked_at, "flag": may}
    part = _part(Wait.AMENDMENT, **columns, **told).select_from(asked)
    part = part.join(Item, Item.id == asked.item_id).join(Person, Person.id == asked.asked_by_id)
    part = part.outerjoin(Unit, Unit.id == Item.lead_unit_id)
    mine = requests.is_asker(Amendment, actor)
    return part.where(asked.state == RequestState.PENDING, or_(may, mine)).order_by(asked.asked_at)


def _looks(actor: Actor) -> Select[Any]:
    """A second look that waits for the person: to be given, to be taken, or to be followed up; ``code`` its state."""
    look = Reinspection
    columns = {"id": look.id, "number": Item.number, "finding": Item.finding, "unit": Unit.name, "by": Person.name}
    since = func.coalesce(look.recorded_at, look.assigned_at, Draw.drawn_at)
    until = case((look.state == LookState.WAITING, look.due_on))
    part = _part(Wait.LOOK, **columns, code=look.state, round=Draw.serial, since=since, due_on=until)
    part = part.select_from(look).join(Item, Item.id == look.item_id).join(Draw, Draw.id == look.draw_id)
    part = part.outerjoin(Unit, Unit.id == look.unit_id).outerjoin(Person, Person.id == look.inspector_id)
    return part.where(reinspections.waits_for(actor)).order_by(look.id)


def _due_checks(actor: Actor) -> Select[Any]:
    """Something kept up for ever that is to be checked since ``due_on``."""
    columns = {"id": Item.id, "number": Item.number, "finding": Item.finding, "unit": Unit.name}
    part = _part(Wait.CHECK, **columns, due_on=Item.next_check_on).select_from(Item)
    part = part.outerjoin(Unit, Unit.id == Item.lead_unit_id)
    return part.where(reinspections.is_due(actor, clock.today())).order_by(Item.next_check_on)


def _nudged(actor: Actor) -> Select[Any]:
    """A nudge to the person that nobody has answered."""
    to_me = exists().where(NudgeReader.nudge_id == Nudge.id, NudgeReader.person_id.in_(sorted(actor.identities)))
    return _unanswered(Wait.NUDGED, within(reach(actor)), to_me)


def _pressed(actor: Actor) -> Select[Any]:
    """A nudge of one's own that nobody has answered; ``other`` names those who have not read it."""
    ids, reader = sorted(actor.identities), aliased(Person)
    unread = select(reader.name).join(NudgeReader, NudgeReader.person_id == reader.id)
    unread = unread.outerjoin(Message, is_message_of(NudgeReader.person_id))
    unread = unread.where(NudgeReader.nudge_id == Nudge.id, Message.read_at.is_(None)).correlate(Nudge)
    names = select(func.aggregate_strings(unread.subquery().c.name, "、")).scalar_subquery()
    return _unanswered(Wait.PRESSED, or_(Nudge.by_id.in_(ids), Nudge.for_id.in_(ids)), other=names)


def _unanswered(what: Wait, *conditions: Any, **columns: Any) -> Select[Any]:
    told = {"id": Nudge.id, "number": Item.number, "finding": Item.finding, "unit": Unit.name, "by": Person.name}
    part = _part(what, **told, text=Nudge.sentence, since=Nudge.nudged_at, **columns).select_from(Nudge)
    part = part.join(Item, Item.id == Nudge.item_id).join(Person, Person.id == Nudge.by_id)
    part = part.outerjoin(Unit, Unit.id == Item.lead_unit_id)
    return part.where(Nudge.replied_at.is_(None), *conditions).order_by(Nudge.nudged_at)


def _open_deadlines(actor: Actor) -> Select[Any]:
    """A decision of a meeting without a deadline, for who may name it; ``other`` is the meeting."""
    decided, units = MeetingDecision, reach(actor, Action.ACCEPT).units
    columns = {"id": decided.id, "finding": decided.text, "unit": Unit.name, "other": Meeting.title}
    part = _part(Wait.DEADLINE, **columns, round=decided.position, since=decided.noted_at).select_from(decided)
    part = part.join(Unit, Unit.id == decided.lead_unit_id).join(Meeting, Meeting.id == decided.meeting_id)
    part = part.outerjoin(Item, Item.id == decided.item_id)
    still = (decided.deadline_text == "", decided.dropped_reason == "")
    draft = or_(decided.item_id.is_(None), and_(Item.state == State.DRAFT, Item.deadline_kind.is_(None)))
    known = is_readable(reach(actor, Action.READ_MEETING))
    return part.where(*still, draft, known, in_units(decided.lead_unit_id, units)).order_by(decided.noted_at)


def _notices(actor: Actor) -> Select[Any]:
    """A supervision notice on its way; ``code`` is its state, ``due_on`` the day to answer by."""
    notice = SupervisionNotice
    since = func.coalesce(notice.sent_at, notice.drafted_at)
    columns = {"id": notice.id, "number": notice.number, "unit": Unit.name, "code": notice.state}
    part = _part(Wait.NOTICE, **columns, since=since, due_on=notice.feedback_due_on).select_from(notice)
    part = part.join(Unit, Unit.id == notice.unit_id)
    return part.where(and_(notice.state.in_(sorted(OPEN)), seen_by(actor))).order_by(notice.id)
