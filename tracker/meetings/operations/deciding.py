"""What a meeting decides, line by line; who is to name a deadline is asked."""

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.access.rules import SYSTEM, Action, Actor, reach
from tracker.audit.operations import record
from tracker.core import clock, hooks
from tracker.core.db import db
from tracker.core.errors import AlreadyThere, Conflict, DomainError, Forbidden
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.versions import check_version
from tracker.items.operations import Assignment, assign
from tracker.items.rules import State
from tracker.meetings import queries
from tracker.meetings.deadlines import read_decided
from tracker.meetings.models import DecisionSupport, Meeting, MeetingDecision
from tracker.meetings.operations.calling import ensure_manages
from tracker.meetings.rules import DECISIONS_LIMIT, check_open


@dataclass(frozen=True)
class Decided:
    """A decision as it is typed: what, which unit leads, which help, by when in words, how one sees that it is done."""

    text: str
    lead_unit_id: int
    supporting_unit_ids: Sequence[int] = ()
    deadline_text: str = ""
    acceptance: str = ""


def note_decision(meeting: Meeting, decided: Decided, *, actor: Actor) -> MeetingDecision:
    """Note what was decided. Without a deadline the head of the lead unit is asked: hook ``deadline_asked(decision)``.

    Raises DomainError for a unit that the meeting is not about and for a deadline that can't be read or lies before
    the meeting, AlreadyThere for the same line once more, Conflict once the minutes are issued. ``meeting`` must have
    been read with a lock.
    """
    ensure_manages(actor, meeting.unit_id)
    check_open(meeting.minutes_issued_on)
    _check_new(meeting, decided)
    session, decision = db.session(), _decision(meeting, decided, actor)
    session.add(decision)
    session.flush()
    session.expire(meeting, ["decisions"])
    # Whoever has the form of the minutes open must see this line first.
    meeting.version += 1
    told = {"lead_unit_id": decided.lead_unit_id, "due_text": decided.deadline_text}
    record(actor, "meeting.decide", meeting.title, decision_text=decision.text, goal=decision.acceptance, **told)
    if decision.asked_at is not None:
        hooks.call("deadline_asked", decision, actor)
    return decision


def _check_new(meeting: Meeting, decided: Decided) -> None:
    there = [(each.text, each.lead_unit_id) for each in meeting.decisions if not each.is_dropped]
    if not queries.covers(db.session(), meeting, decided.lead_unit_id):
        raise DomainError(_l("牵头单位不在这次会议的单位范围内，请核对。"), field="lead_unit")
    if (decided.text.strip(), decided.lead_unit_id) in there:
        raise AlreadyThere(_l("这条议定事项已经记下，没有重复记录。"))
    if len(meeting.decisions) >= DECISIONS_LIMIT:
        raise DomainError(_l("一次会议最多记录 %(max)d 条议定事项。", max=DECISIONS_LIMIT))


def _decision(meeting: Meeting, decided: Decided, actor: Actor) -> MeetingDecision:
    due_on = read_decided(decided.deadline_text, meeting.held_on).due_on if decided.deadline_text else None
    helping = [each for each in dict.fromkeys(decided.supporting_unit_ids) if each != decided.lead_unit_id]
    return MeetingDecision(
        meeting_id=meeting.id,
        position=max((each.position for each in meeting.decisions), default=0) + 1,
        text=decided.text.strip(),
        lead_unit_id=decided.lead_unit_id,
        deadline_text=decided.deadline_text,
        due_on=due_on,
        acceptance=decided.acceptance.strip(),
        noted_by_id=actor.person_id,
        noted_at=clock.now(),
        asked_at=None if decided.deadline_text else clock.now(),
        supports=[DecisionSupport(unit_id=each, position=nth) for nth, each in enumerate(helping, 1)],
    )


def give_deadline(decision: MeetingDecision, typed: str, *, actor: Actor, version: int | None = None) -> None:
    """The lead unit, or the office for it, names the deadline that the meeting left open.

    What the decision became meanwhile is dated with it, as long as it is a draft. Raises Forbidden for others,
    Conflict once it has a deadline.
    """
    if not may_give_deadline(decision, actor):
        raise Forbidden(_l("这条议定事项的完成时限由牵头单位或整改办填写。"))
    check_version(decision, version, typed={str(_l("完成时限")): typed}, stored={str(_l("完成时限")): None})
    if not is_open(decision):
        raise Conflict(_l("这条议定事项已经有完成时限，或者已经撤销、下发。"))
    deadline = read_decided(typed, decision.meeting.held_on)
    decision.deadline_text, decision.due_on, decision.given_by_id = typed, deadline.due_on, actor.person_id
    record(actor, "meeting.give_deadline", decision.meeting.title, decision_text=decision.text, due_text=typed)
    if decision.item is not None:
        # The unit speaks for itself here; the ledger is written by the system, as the minutes said it would be.
        assign(decision.item, Assignment(deadline=deadline), actor=SYSTEM)


def is_open(decision: MeetingDecision) -> bool:
    """Whether a decision still wants a deadline: none was named, and what it became is a draft without one."""
    item = decision.item
    is_draft = item is None or (item.state is State.DRAFT and item.deadline_kind is None)
    return is_draft and not decision.deadline_text and not decision.is_dropped


def may_give_deadline(decision: MeetingDecision, actor: Actor) -> bool:
    """Whether a person may name the deadline of a decision: for its lead unit, or as who holds the meeting."""
    by_unit = decision.lead_unit_id in reach(actor, Action.ACCEPT).units
    return by_unit or queries.manages(actor, decision.meeting.unit_id)


def drop(decision: MeetingDecision, reason: str, *, actor: Actor, version: int | None = None) -> None:
    """Take back a line that was noted by mistake; it keeps its number. Raises Conflict once the minutes are issued."""
    ensure_manages(actor, decision.meeting.unit_id)
    check_open(decision.meeting.minutes_issued_on)
    check_version(decision, version)
    if decision.is_dropped:
        raise AlreadyThere(_l("这条议定事项已经撤销。"))
    if not reason.strip():
        raise DomainError(_l("请写明理由。"), field="reason")
    decision.dropped_reason = reason.strip()
    decision.meeting.version += 1
    record(actor, "meeting.drop", decision.meeting.title, decision_text=decision.text, reason=reason.strip())
