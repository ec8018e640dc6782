"""What is kept up for ever, by the day of its next check, and the checks of it."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker.access.rules import Action, Actor, reach
from tracker.core.errors import NotFound
from tracker.core.i18n import lazy_gettext as _l
from tracker.items.models import Item
from tracker.items.queries import within
from tracker.items.rules import DeadlineKind, State
from tracker.reinspections.models import LastingCheck


def is_lasting() -> ColumnElement[bool]:
    """The condition of ``items.rules.is_lasting``."""
    is_long = and_(Item.deadline_kind == DeadlineKind.LONG_TERM, Item.state.in_((State.WORKING, State.APPLIED)))
    return or_(Item.state == State.SUSTAINED, is_long)


def is_due(actor: Actor, today: date) -> ColumnElement[bool]:
    """Whether a check is due that this person notes."""
    return and_(is_lasting(), Item.next_check_on <= today, within(reach(actor, Action.REINSPECT)))


def select_lasting(actor: Actor) -> Select[Any]:
    """What is kept up for ever and may be read, the next to be checked first."""
    query = select(Item).where(is_lasting(), within(reach(actor)))
    return query.order_by(Item.next_check_on.is_(None), Item.next_check_on, Item.id)


def list_lasting(session: Session, query: Select[Any]) -> Sequence[Item]:
    """The items of a query with all that a row prints."""
    query = query.options(joinedload(Item.source, innerjoin=True), joinedload(Item.lead_unit))
    return session.scalars(query).unique().all()


def list_checks(session: Session, item_id: int) -> Sequence[LastingCheck]:
    """The checks of an item, the newest first."""
    query = select(LastingCheck).where(LastingCheck.item_id == item_id)
    query = query.options(joinedload(LastingCheck.by), joinedload(LastingCheck.for_), selectinload(LastingCheck.files))
    return session.scalars(query.order_by(LastingCheck.checked_on.desc(), LastingCheck.id.desc())).unique().all()


def find_same_check(session: Session, item_id: int, *, checked_on: date, findings: str) -> LastingCheck | None:
    """A check of the same item on the same day with the same words: a second press."""
    same = (LastingCheck.checked_on == checked_on, LastingCheck.findings == findings)
    return session.scalar(select(LastingCheck).where(LastingCheck.item_id == item_id, *same).limit(1))


def get_check(session: Session, check_id: int, actor: Actor) -> LastingCheck:
    """A check with its files; raises NotFound out of reach."""
    query = select(LastingCheck).join(LastingCheck.item).where(LastingCheck.id == check_id, within(reach(actor)))
    query = query.options(joinedload(LastingCheck.item, innerjoin=True), selectinload(LastingCheck.files))
    found = session.scalars(query).unique().one_or_none()
    if found is None:
        raise NotFound(_l("没有找到这次检查，或您无权查看。"))
    return found
