"""Which step of which rule is reached today, for whom: one SELECT, the same on both databases.

``rules.latest_step`` says in Python what is reckoned here; a test compares the two.
"""

from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Date,
    Select,
    String,
    and_,
    bindparam,
    case,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from tracker.core.sql import days_between, plus_days
from tracker.items.models import Item, ItemChange, ReassignmentRequest
from tracker.items.rules import RUNNING, Event, State
from tracker.reminders.models import ReminderRule, RuleRecipient
from tracker.reminders.queries.recipients import select_answerable
from tracker.reminders.rules import DAYS_MAX, STAND_INS, Counts, Trigger
from tracker.workdays.models import CalendarDay

Rule = ReminderRule
# The calendar's rows of the date counted from and of the step, for rules that count working days.
BASE_DAY, STEP_DAY = aliased(CalendarDay, name="base_day"), aliased(CalendarDay, name="step_day")
# The day asked for, given when the statement is executed: it is large, and made once.
DAY = bindparam("day", type_=Date())
COLUMNS = ("item_id", "rule_id", "repetition", "deadline", "person_id", "reached_on")


def select_due(items: Any = None) -> Select[Any]:
    """Rows of COLUMNS: all that is to be told on the parameter ``day``, whether or not it was told already.

    Of the steps that speak of the same date a person gets only the latest, so earlier ones count as covered. ``items``
    narrows it to items with these ids.
    """
    told = _told(_reached(items))
    order = (told.c.reached_on.desc(), told.c.rule_id.desc())
    place = func.row_number().over(partition_by=(told.c.item_id, told.c.person_id, told.c.counts_to), order_by=order)
    ranked = select(told, place.label("place")).where(told.c.choice == 1).subquery()
    return select(*(ranked.c[name] for name in COLUMNS)).where(ranked.c.place == 1)


def _reached(items: Any) -> CTE:
    """The latest step of each rule for each item, reached by the day."""
    # Apart by what they count: rules in natural days need no calendar, and joining it anyway doubled the time.
    kinds = [make(items, counts) for make in (_to_deadline, _to_acceptance) for counts in Counts]
    steps = union_all(*kinds).subquery()
    # What was reached before a rule was made, an item issued or its deadline moved is never told.
    since = (steps.c.active_from, steps.c.issued_on, steps.c.moved_on)
    conditions = [steps.c.reached_on <= DAY, *(steps.c.reached_on >= each for each in since)]
    return select(steps).where(*conditions).cte("reached")


def _to_deadline(items: Any, counts: Counts) -> Select[Any]:
    elapsed: Any = days_between(DAY, Item.due_on)
    if counts is Counts.WORKING:
        today = select(CalendarDay.working_ordinal).where(CalendarDay.day == DAY).scalar_subquery()
        elapsed = today - BASE_DAY.working_ordinal
    is_repeated = Rule.trigger == Trigger.OVERDUE_EVERY
    repetition = case((is_repeated, (elapsed - 1) // Rule.days), else_=0)
    offset = case((Rule.trigger == Trigger.BEFORE_DUE, -Rule.days), (is_repeated, 1 + repetition * Rule.days), else_=0)
    applies = and_(
        Rule.trigger != Trigger.NOT_ACCEPTED,
        Item.state.in_(sorted(RUNNING)),
        Item.due_on <= plus_days(DAY, literal(DAYS_MAX)),
        or_(Rule.trigger != Trigger.OVERDUE_EVERY, elapsed > 0),
    )
    moved_on = func.coalesce(Item.deadline_moved_on, Item.issued_on)
    return _select_steps("deadline", counts, repetition, Item.due_on, offset, moved_on).where(applies, *_only(items))


def _to_acceptance(items: Any, counts: Counts) -> Select[Any]:
    given = (Event.ISSUE, Event.REASSIGN)
    given_on = (
        select(func.max(ItemChange.effective_on))
        .where(ItemChange.item_id == Item.id, ItemChange.event.in_(given))
        .scalar_subquery()
    )
    is_disputed = (
        select(ReassignmentRequest.id)
        .where(ReassignmentRequest.item_id == Item.id, ReassignmentRequest.is_granted.is_(None))
        .exists()
    )
    applies = and_(Rule.trigger == Trigger.NOT_ACCEPTED, Item.state == State.ISSUED, ~is_disputed)
    steps = _select_steps("acceptance", counts, literal(0), given_on, Rule.days, Item.issued_on)
    return steps.where(applies, *_only(items))


def _select_steps(
    counts_to: str, counts: Counts, repetition: Any, base: Any, offset: Any, moved_on: Any
) -> Select[Any]:
    reached_on = STEP_DAY.day if counts is Counts.WORKING else plus_days(base, offset)
    columns = (
        Item.id.label("item_id"),
        Rule.id.label("rule_id"),
        Rule.active_from.label("active_from"),
        Item.issued_on.label("issued_on"),
        moved_on.label("moved_on"),
        literal(counts_to, String).label("counts_to"),
        repetition.label("repetition"),
        base.label("deadline"),
        reached_on.label("reached_on"),
    )
    query = select(*columns).select_from(Item).join(Rule, and_(Rule.is_active.is_(True), Rule.counts == counts))
    if counts is Counts.NATURAL:
        return query
    is_step = and_(STEP_DAY.is_working, STEP_DAY.working_ordinal == BASE_DAY.working_ordinal + offset)
    return query.join(BASE_DAY, BASE_DAY.day == base).join(STEP_DAY, is_step)


def _only(items: Any) -> list[ColumnElement[bool]]:
    return [] if items is None else [Item.id.in_(items)]


def _told(reached: CTE) -> CTE:
    """The steps with everybody whom their rule names, ``choice`` 1 for whom it is really for.

    A recipient whom nobody is, or who cannot sign in, is stood in for.
    """
    answerable = select_answerable(select(reached.c.item_id))
    stand_ins = [str(each) for each in STAND_INS]
    ranks = [(answerable.c.relation == name, number) for number, name in enumerate(stand_ins, start=1)]
    preference = case((answerable.c.relation == RuleRecipient.recipient, 0), *ranks)
    partition = (reached.c.item_id, reached.c.rule_id, RuleRecipient.recipient)
    choice = func.rank().over(partition_by=partition, order_by=preference)
    named = or_(answerable.c.relation == RuleRecipient.recipient, answerable.c.relation.in_(stand_ins))
    return (
        select(reached, answerable.c.person_id, choice.label("choice"))
        .join(RuleRecipient, RuleRecipient.rule_id == reached.c.rule_id)
        .join(answerable, and_(answerable.c.item_id == reached.c.item_id, named))
        .cte("told")
    )
