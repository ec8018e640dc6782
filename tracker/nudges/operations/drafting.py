"""Drafting supervision notices: by hand from chosen items, or by a reminder rule."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Protocol

from tracker.access.rules import SYSTEM, Action, Actor, ensure
from tracker.audit.operations import record
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Conflict, DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.versions import check_version
from tracker.items.models import Item
from tracker.items.rules import RUNNING
from tracker.nudges import queries
from tracker.nudges.models import NoticeItem, SupervisionNotice
from tracker.nudges.rules.notices import (
    DEMAND,
    ITEMS_MAX,
    NOTICE_LABELS,
    NoticeEvent,
    NoticeState,
    check_feedback_day,
    check_state,
    check_units,
    move,
)
from tracker.reminders.wording import rule_words
from tracker.settings.queries import load


class Rule(Protocol):
    """What must be known of a reminder rule: when it speaks, which is told in the trail and on the draft."""

    trigger: Any
    days: Any
    counts: Any


def usual_feedback_day(day: date | None = None) -> date:
    """The day up to which a unit is given to answer, counted from a day, or from today."""
    return (day or clock.today()) + timedelta(days=int(load(db.session())["reminders.feedback_days"]))


def draft(
    items: Sequence[Item], *, actor: Actor, demand: str = DEMAND, feedback_due_on: date | None = None
) -> SupervisionNotice:
    """Draft a notice about items of one unit, which must have been read with a lock.

    Raises DomainError for items of several units, Conflict for one that runs no more or stands on another notice.
    """
    session, today = db.session(), clock.today()
    for item in items:
        ensure(actor, Action.SUPERVISE, item)
        check_state(item.number, item.state)
    unit_id = check_units([item.lead_unit_id for item in items])
    _check_count(len(items))
    for item_id, notice in queries.list_on_notices(session, [item.id for item in items]).items():
        number = next(item.number for item in items if item.id == item_id)
        message = _l("%(number)s 已在另一份督办单上（%(state)s）。", number=number, state=NOTICE_LABELS[notice.state])
        raise Conflict(message)
    feedback_due_on = feedback_due_on or usual_feedback_day(today)
    check_feedback_day(feedback_due_on, today)
    return _begin(unit_id, items, demand=demand, feedback_due_on=feedback_due_on, actor=actor)


def _check_count(count: int) -> None:
    if count > ITEMS_MAX:
        raise DomainError(_l("一份督办单最多 %(max)d 个事项，请分开拟稿。", max=ITEMS_MAX))


def _begin(
    unit_id: int, items: Sequence[Item], *, demand: str, feedback_due_on: date, actor: Actor, rule: str = ""
) -> SupervisionNotice:
    session = db.session()
    ordered = sorted(items, key=lambda item: (item.due_on or date.max, item.number))
    notice = SupervisionNotice(
        unit_id=unit_id,
        state=NoticeState.DRAFT,
        demand=_checked(demand),
        feedback_due_on=feedback_due_on,
        rule=rule[:200],
        drafted_by_id=actor.person_id,
        drafted_at=clock.now(),
        lines=[NoticeItem(item_id=item.id, position=place) for place, item in enumerate(ordered, start=1)],
    )
    session.add(notice)
    session.flush()
    numbers = [item.number for item in ordered]
    record(actor, "notice.draft", _name(notice), unit_id=unit_id, numbers=numbers, rule=rule)
    return notice


def _checked(demand: str) -> str:
    if not demand.strip():
        raise DomainError(_l("请填写督办要求。"), field="demand")
    return demand.strip()


def _name(notice: SupervisionNotice) -> str:
    return notice.number or f"#{notice.id}"


def draft_by_rule(rule: Rule, item: Item, day: date) -> SupervisionNotice | None:
    """Hook ``draft_supervision_notice``: put an item on the draft that rules write to its unit, a new one if need be.

    None when there is nothing to do: it stands on a notice already, runs no more, or has no unit. Nothing is sent
    before somebody signs.
    """
    session = db.session()
    if item.state not in RUNNING or item.lead_unit_id is None or queries.list_on_notices(session, [item.id]):
        return None
    words = str(rule_words(rule.trigger, rule.days, rule.counts))
    there = queries.find_rule_draft(session, item.lead_unit_id)
    if there is None or len(there.lines) >= ITEMS_MAX:
        due_on = usual_feedback_day(max(day, clock.today()))
        return _begin(item.lead_unit_id, [item], demand=DEMAND, feedback_due_on=due_on, actor=SYSTEM, rule=words)
    last = max((line.position for line in there.lines), default=0)
    there.lines.append(NoticeItem(item_id=item.id, position=last + 1))
    # Whoever is editing the draft is told that it has grown.
    there.rule = _joined(there.rule, words)
    there.feedback_due_on = max(there.feedback_due_on, usual_feedback_day(max(day, clock.today())))
    there.version += 1
    session.flush()
    record(SYSTEM, "notice.extend", _name(there), numbers=[item.number], rule=words)
    return there


def _joined(told: str, words: str) -> str:
    return told if words in told.split("；") else f"{told}；{words}"[:200]


def edit(
    notice: SupervisionNotice, *, demand: str, feedback_due_on: date, actor: Actor, version: int | None = None
) -> None:
    """Change what a draft demands and by when; raises Stale for an older ``version``, Conflict once it is signed."""
    ensure(actor, Action.SUPERVISE, notice.subject)
    labels = {"demand": _l("督办要求"), "feedback_due_on": _l("反馈时限")}
    after = {"demand": demand.strip(), "feedback_due_on": feedback_due_on}
    before = {name: getattr(notice, name) for name in labels}
    check_version(
        notice,
        version,
        typed={str(label): after[name] for name, label in labels.items()},
        stored={str(label): before[name] for name, label in labels.items()},
    )
    move(notice.state, NoticeEvent.EDIT)
    _checked(demand)
    check_feedback_day(feedback_due_on, clock.today())
    changed = {name: [before[name], after[name]] for name in labels if before[name] != after[name]}
    for name, value in after.items():
        setattr(notice, name, value)
    if changed:
        record(actor, "notice.edit", _name(notice), **changed)


def void(notice: SupervisionNotice, *, actor: Actor) -> None:
    """Give up a notice that was not sent; a number it bears is not given again."""
    ensure(actor, Action.SUPERVISE, notice.subject)
    notice.state = move(notice.state, NoticeEvent.VOID)
    record(actor, "notice.void", _name(notice))
