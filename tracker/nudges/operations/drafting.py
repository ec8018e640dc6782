"""Drafting supervision notices by hand from chosen items, editing and giving them up."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from tracker.access.rules import Action, Actor, ensure
from tracker.audit.operations import record
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Conflict, DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.versions import check_version
from tracker.items.models import Item
from tracker.nudges import queries
from tracker.nudges.models import NoticeItem, SupervisionNotice
from tracker.nudges.operations.stepping import name_of, step
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
from tracker.settings.queries import load


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
    return begin(unit_id, items, demand=demand, feedback_due_on=feedback_due_on, actor=actor)


def _check_count(count: int) -> None:
    if count > ITEMS_MAX:
        raise DomainError(_l("一份督办单最多 %(max)d 个事项，请分开拟稿。", max=ITEMS_MAX))


def begin(
    unit_id: int, items: Sequence[Item], *, demand: str, feedback_due_on: date, actor: Actor, rule: str = ""
) -> SupervisionNotice:
    """A new draft about items that were checked, in the order of their deadlines."""
    session, ordered = db.session(), by_deadline(items)
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
    record(actor, "notice.draft", name_of(notice), unit_id=unit_id, numbers=numbers, rule=rule)
    return notice


def by_deadline(items: Iterable[Item]) -> list[Item]:
    """Items in the order in which a notice names them."""
    return sorted(items, key=lambda item: (item.due_on or date.max, item.number))


def _checked(demand: str) -> str:
    if not demand.strip():
        raise DomainError(_l("请填写督办要求。"), field="demand")
    return demand.strip()


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
        record(actor, "notice.edit", name_of(notice), **changed)


def void(notice: SupervisionNotice, *, actor: Actor) -> None:
    """Give up a notice that was not sent; a number it bears is not given again.

    ``notice`` must have been read with a lock. Raises AlreadyThere for a second press.
    """
    ensure(actor, Action.SUPERVISE, notice.subject)
    notice.state = step(notice, NoticeEvent.VOID, actor=actor)
    record(actor, "notice.void", name_of(notice))
