"""What an item will be reminded of: the dates it has, and whom a rule will tell on a day to come."""

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, select
from sqlalchemy.orm import Session

from tracker.org.models import Person
from tracker.reminders.queries.dated import Only, select_dated
from tracker.reminders.queries.steps import select_due
from tracker.reminders.rules import Basis

_ITEM = Only([bindparam("item_id")])


class Dated(NamedTuple):
    """A date of an item, and what the rules count from it."""

    basis: Basis
    deadline: date


def list_dated(session: Session, item_id: int) -> Sequence[Dated]:
    """The dates of an item from which rules count."""
    rows = session.execute(_select_dated(), {"item_id": item_id})
    return [Dated(Basis(basis), deadline) for basis, deadline in rows]


@cache
def _select_dated() -> Select[Any]:
    dated = select_dated(_ITEM, is_near=False)
    return select(dated.c.basis, dated.c.deadline).distinct()


def list_told_on(session: Session, item_id: int, rule_id: int, day: date) -> Sequence[str]:
    """Whom a rule will tell of an item on a day if nothing changes, by the statement of the scan."""
    return session.scalars(_select_told_on(), {"item_id": item_id, "rule_id": rule_id, "day": day}).all()


@cache
def _select_told_on() -> Select[str, int]:
    due = select_due(_ITEM).subquery("due")
    told = select(Person.name, Person.id).join(due, due.c.person_id == Person.id)
    of_rule = (due.c.rule_id == bindparam("rule_id"), due.c.reached_on == bindparam("day"))
    return told.where(*of_rule).distinct().order_by(Person.id)
