"""What units ask for: every application with its steps, extensions granted and those that wait."""

from typing import Any

from sqlalchemy import Date, String, and_, case, insert, literal, null, select
from sqlalchemy.orm import Session

from tests.bench.world.ledger import CHAIN, HANDLER_ID, LEAD_UNIT_ID, LEADER_ID, PLACE, PLACE_HEAD_ID, item_id, lived
from tests.bench.world.people import DEPARTMENTS, FIRST_HEAD, FIRST_OF_OFFICE, OFFICE_STAFF
from tests.bench.world.steps import DAYS_GRANTED, SLOT, STEP, Plan
from tracker.closure.models import Application, Review
from tracker.closure.rules import ApplicationState, Decision
from tracker.core.db import Instant
from tracker.core.sql import plus_days
from tracker.extensions.models import Extension, ExtensionStep
from tracker.extensions.rules import LEVELS, ExtensionState, Level, Verdict
from tracker.items.models import Item
from tracker.items.rules import Event, State
from tracker.sources.rules import StepKind

TOLD = "三条措施均已完成，制度已印发，佐证齐全。"
# Of five items that are worked on one waits for a later deadline.
ONE_ASKS_OF = 5
_OUTCOMES = {
    Event.SEND_BACK: (ApplicationState.RETURNED, Decision.RETURN),
    Event.CLOSE: (ApplicationState.CLOSED, Decision.PASS),
    Event.SUSTAIN: (ApplicationState.SUSTAINED, Decision.SUSTAIN),
}
_OFFICER_ID = FIRST_OF_OFFICE + SLOT.c.serial % OFFICE_STAFF
_DECIDERS = {
    StepKind.UNIT_HEAD: FIRST_HEAD + PLACE % DEPARTMENTS,
    StepKind.OFFICE: _OFFICER_ID,
    StepKind.LEADER: LEADER_ID,
}


def write_asking(session: Session, plan: Plan) -> None:
    """Applications and extensions of every item."""
    _applications(session, plan)
    _reviews(session, plan)
    _granted(session, plan)
    _waiting(session, plan)


def _applications(session: Session, plan: Plan) -> None:
    outcome = {event.value: state.value for event, (state, _decision) in _OUTCOMES.items()}
    columns = {
        "item_id": item_id(plan),
        "round": STEP.c.applied,
        "applicant_id": HANDLER_ID,
        "statement": literal(TOLD),
        "similar_checked": literal("对照同类问题排查了机关各支部。"),
        "similar_found": literal("未发现同类问题。"),
        "mechanism": literal("纳入年度计划，每季度检查一次。"),
        "explanation": literal(""),
        "is_pledged": literal(True),
        "snapshot": literal(""),
        "filed_at": STEP.c.recorded_at,
        "state": case(outcome, value=STEP.c.next_event, else_=ApplicationState.PENDING.value),
        "version": literal(1),
    }
    rows = lived(*columns.values()).where(STEP.c.event == Event.APPLY.value)
    session.execute(insert(Application).from_select(list(columns), rows, include_defaults=False))


def _reviews(session: Session, plan: Plan) -> None:
    """The office sends back, the leader closes; of three that wait each step of the chain has one."""
    returns, waits = STEP.c.next_event == Event.SEND_BACK.value, STEP.c.next_event.is_(None)
    last = {event.value: decision.value for event, (_state, decision) in _OUTCOMES.items()}
    passed = literal(Decision.PASS.value)
    for position, kind in enumerate(CHAIN, start=1):
        # Lives repeat every ten places, so their place among those alike tells how far one is.
        decision = case(
            (waits, case((SLOT.c.serial // 10 % len(CHAIN) >= position, passed))),
            (returns, {1: passed, 2: literal(Decision.RETURN.value)}.get(position, null())),
            else_=passed if position < len(CHAIN) else case(last, value=STEP.c.next_event),
        )
        is_decided = decision.is_not(None)
        at = case((waits, STEP.c.recorded_at), else_=STEP.c.superseded_at)
        on = case((waits, STEP.c.effective_on), else_=STEP.c.until)
        columns = {
            "application_id": Application.id,
            "position": literal(position),
            "kind": literal(kind.value),
            "decision": decision,
            "decider_id": case((is_decided, _DECIDERS[kind])),
            "opinion": case((is_decided, literal("请继续抓好落实。")), else_=literal("")),
            "decided_at": case((is_decided, at)),
            "decided_on": case((is_decided, on)),
            "is_undone": literal(False),
        }
        mine = and_(Application.item_id == item_id(plan), Application.round == STEP.c.applied)
        rows = lived(*columns.values()).join(Application, mine).where(STEP.c.event == Event.APPLY.value)
        session.execute(insert(Review).from_select(list(columns), rows, include_defaults=False))


def _granted(session: Session, plan: Plan) -> None:
    columns = _asked(STEP.c.extensions) | {
        "item_id": item_id(plan),
        "unit_id": LEAD_UNIT_ID,
        "asked_by_id": PLACE_HEAD_ID,
        "asked_at": STEP.c.recorded_at,
        "due_on": plus_days(STEP.c.due_on, -DAYS_GRANTED),
        "asked_until": STEP.c.due_on,
        "state": literal(ExtensionState.GRANTED.value),
        "waits_for": literal(None, String()),
        "granted_until": STEP.c.due_on,
    }
    rows = lived(*columns.values()).where(STEP.c.event == Event.EXTEND.value)
    session.execute(insert(Extension).from_select(list(columns), rows, include_defaults=False))
    for position, level in enumerate(LEVELS, start=1):
        deciders = {Level.OFFICE: FIRST_OF_OFFICE + Extension.item_id % OFFICE_STAFF, Level.LEADER: Item.leader_id}
        told = {
            "verdict": literal(Verdict.GRANT.value),
            "until": Extension.granted_until,
            "decider_id": deciders[level],
            "decided_at": Extension.asked_at,
            "opinion": literal("同意。"),
        }
        _steps(session, position, level, told, Extension.state == ExtensionState.GRANTED)


def _waiting(session: Session, plan: Plan) -> None:
    """Some of what is worked on, not late yet, waits for a later deadline: half of it for the leader."""
    columns = _asked(Item.extensions + 1) | {
        "item_id": Item.id,
        "unit_id": Item.lead_unit_id,
        "asked_by_id": Item.owner_id,
        "asked_at": literal(plan.at(-3), Instant()),
        "due_on": Item.due_on,
        "asked_until": plus_days(Item.due_on, DAYS_GRANTED),
        "state": literal(ExtensionState.PENDING.value),
        "waits_for": case((_is_with_leader(), Level.LEADER.value), else_=Level.OFFICE.value),
        "granted_until": literal(None, Date()),
    }
    asks = and_(Item.state == State.WORKING, Item.due_on >= plan.today, _alike() % ONE_ASKS_OF == 0)
    rows = select(*columns.values()).where(asks)
    session.execute(insert(Extension).from_select(list(columns), rows, include_defaults=False))
    for position, level in enumerate(LEVELS, start=1):
        is_said = and_(literal(level is Level.OFFICE), _is_with_leader())
        told = {
            "verdict": case((is_said, Verdict.GRANT.value)),
            "until": case((is_said, Extension.asked_until)),
            "decider_id": case((is_said, FIRST_OF_OFFICE + Extension.item_id % OFFICE_STAFF)),
            "decided_at": case((is_said, literal(plan.at(-1), Instant()))),
            "opinion": case((is_said, literal("同意。")), else_=literal("")),
        }
        _steps(session, position, level, told, Extension.state == ExtensionState.PENDING)


def _alike() -> Any:
    return Item.position // 10


def _is_with_leader() -> Any:
    is_leaders: Any = _alike() % (2 * ONE_ASKS_OF) == 0
    return is_leaders


def _asked(nth: Any) -> dict[str, Any]:
    told = {"reason": "预算批复推迟，采购未完成。", "progress": "已完成大部分。", "safeguards": "倒排工期，专人负责。"}
    return {**{name: literal(words) for name, words in told.items()}, "nth": nth, "version": literal(1)}


def _steps(session: Session, position: int, level: Level, told: dict[str, Any], condition: Any) -> None:
    blank = {name: literal("") for name in ("body", "scan_name", "scan_sha256")}
    columns = {"extension_id": Extension.id, "position": literal(position), "kind": literal(level.value)} | told | blank
    rows = select(*columns.values()).select_from(Extension).join(Item, Item.id == Extension.item_id).where(condition)
    session.execute(insert(ExtensionStep).from_select(list(columns), rows, include_defaults=False))
