"""What an item will be reminded of: the dates it has, and whom a rule will tell on a day to come."""

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import Session

from tracker.org.models import Person
from tracker.reminders.models import ReminderRule, RuleSet, SourceRuleSet
from tracker.reminders.queries.dated import Only, select_dated
from tracker.reminders.queries.steps import counts_from, select_due
from tracker.reminders.rules import DEFAULT_SET

_ITEM = Only([bindparam("item_id")])


def list_counted(session: Session, item_id: int) -> Sequence[tuple[ReminderRule, date]]:
    """The active rules that speak of an item, each with every date it counts from."""
    rows = session.execute(_select_counted(), {"item_id": item_id})
    return [(rule, deadline) for rule, deadline in rows]


@cache
def _select_counted() -> Select[Any]:
    dated = select_dated(_ITEM, is_near=False)
    default = select(RuleSet.id).where(RuleSet.key == DEFAULT_SET).scalar_subquery()
    of_set = ReminderRule.rule_set_id == func.coalesce(SourceRuleSet.rule_set_id, default)
    query = select(ReminderRule, dated.c.deadline).select_from(dated)
    query = query.outerjoin(SourceRuleSet, SourceRuleSet.source_id == dated.c.source_id)
    return query.join(ReminderRule, of_set & ReminderRule.is_active & counts_from(dated.c.basis)).distinct()


def list_told_on(session: Session, item_id: int, rule_id: int, day: date) -> Sequence[str]:
    """Whom a rule will tell of an item on a day if nothing changes, by the statement of the scan."""
    return session.scalars(_select_told_on(), {"item_id": item_id, "rule_id": rule_id, "day": day}).all()


@cache
def _select_told_on() -> Select[str, int]:
    due = select_due(_ITEM).subquery("due")
    told = select(Person.name, Person.id).join(due, due.c.person_id == Person.id)
    of_rule = (due.c.rule_id == bindparam("rule_id"), due.c.reached_on == bindparam("day"))
    return told.where(*of_rule).distinct().order_by(Person.id)
