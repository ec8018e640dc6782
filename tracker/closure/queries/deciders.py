"""Who may decide a step, told once: by its chain and its recusal, by the permission table, and who keeps out.

``select_bearers`` is asked of applications that wait (by step, or by person) and of chains that are still to be copied.
"""

from collections.abc import Collection, Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Select,
    and_,
    bindparam,
    exists,
    literal,
    not_,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from tracker.access.rules import PERMISSIONS
from tracker.closure.models import Application, Review
from tracker.closure.rules import KEPT_FROM_PARTIES, PERSONAL_ROUTES, ApplicationState
from tracker.items.models import Item
from tracker.items.queries import is_let_know, is_party
from tracker.org.models import Account, Grant, UnitAncestor
from tracker.sources.models import ClosingStep
from tracker.sources.rules import STEP_ACTIONS

_PEOPLE = (Item.leader_id, Item.supervisor_id, Item.owner_id, Item.handler_id)
_OF_ITEM = (Item.id.label("item_id"), Item.lead_unit_id, *_PEOPLE, Item.source_id, Item.is_restricted)


def is_present_step() -> ColumnElement[bool]:
    """The condition that a Review is undecided and all before it are decided."""
    before = aliased(Review)
    open_before = exists().where(
        before.application_id == Review.application_id,
        before.position < Review.position,
        before.decision.is_(None),
    )
    return and_(Review.decision.is_(None), not_(open_before))


def select_filed_steps(*conditions: ColumnElement[bool]) -> FromClause:
    """Steps of applications with what tells who decides them; the conditions are of Review, Application and Item.

    A CTE, so that they are found once for all the ways in which somebody may be meant.
    """
    step = (Review.id.label("step_id"), Review.kind, Review.named_id, Review.route)
    query = select(*step, *_OF_ITEM).select_from(Review)
    query = query.join(Application, Application.id == Review.application_id)
    return query.join(Item, Item.id == Application.item_id).where(*conditions).cte("steps")


def select_waiting_steps(*conditions: ColumnElement[bool]) -> FromClause:
    """The present steps of pending applications."""
    return select_filed_steps(Application.state == ApplicationState.PENDING, is_present_step(), *conditions)


def _chain_steps() -> FromClause:
    """The steps that applications of the items ``item_ids`` would get from their sources, in the same shape."""
    step = (ClosingStep.id.label("step_id"), ClosingStep.kind, ClosingStep.named_id, _no_route().label("route"))
    query = select(*step, *_OF_ITEM).select_from(ClosingStep).join(Item, Item.source_id == ClosingStep.source_id)
    return query.where(Item.id.in_(bindparam("item_ids", expanding=True))).subquery("steps")


def _no_route() -> Any:
    return literal(None, Review.route.type)


def select_bearers(steps: FromClause, *, person_id: int | None = None) -> Select[Any]:
    """Rows ``step_id, item_id, person_id, distance``: who is meant for steps, whether or not it is their own item.

    ``person_id`` narrows them to one. Whoever is named (by chain, recusal or the item) needs no account, because they
    may sign on paper, but none that was shut; a granted role needs an open one. ``distance`` is that of the grant.
    Whom a list of readers keeps from the item is not meant.
    """
    parts = [_named(steps), *(_granted(steps, kind) for kind in STEP_ACTIONS), *_related(steps)]
    if person_id is not None:
        parts = [part.where(part.selected_columns["person_id"] == person_id) for part in parts]
    meant = union_all(*parts).subquery("meant")
    same = and_(meant.c.step_id == steps.c.step_id, meant.c.item_id == steps.c.item_id)
    # Asked once of what was found, not in each part: the condition is dear to put together.
    return (
        select(*meant.c).join_from(meant, steps, same).where(is_let_know(meant.c.person_id, steps.c, steps.c.item_id))
    )


def _row(steps: FromClause, person_id: Any, distance: Any) -> Select[Any]:
    columns = (steps.c.step_id, steps.c.item_id, person_id.label("person_id"), distance.label("distance"))
    return select(*columns).select_from(steps)


def _is_usual(steps: FromClause) -> ColumnElement[bool]:
    return and_(steps.c.named_id.is_(None), steps.c.route.is_(None))


def _named(steps: FromClause) -> Select[Any]:
    is_personal = or_(
        and_(steps.c.route.is_(None), steps.c.kind.in_(sorted(STEP_ACTIONS))),
        steps.c.route.in_(sorted(PERSONAL_ROUTES)),
    )
    return _row(steps, steps.c.named_id, literal(0)).where(
        steps.c.named_id.is_not(None), is_personal, not_(_is_shut(steps.c.named_id))
    )


def _granted(steps: FromClause, kind: Any) -> Select[Any]:
    roles, _relations = PERMISSIONS[STEP_ACTIONS[kind]]
    above = (UnitAncestor.ancestor_id == Grant.unit_id) & (UnitAncestor.unit_id == steps.c.lead_unit_id)
    part = _row(steps, Grant.person_id, UnitAncestor.distance).join(Grant, Grant.role.in_(sorted(roles)))
    return part.join(UnitAncestor, above).where(steps.c.kind == kind, _is_usual(steps), is_able(Grant.person_id))


def _related(steps: FromClause) -> list[Select[Any]]:
    parts = []
    for kind, action in STEP_ACTIONS.items():
        for relation in sorted(PERMISSIONS[action][1]):
            person_id = steps.c[f"{relation}_id"]
            part = _row(steps, person_id, literal(0)).where(steps.c.kind == kind, _is_usual(steps))
            parts.append(part.where(person_id.is_not(None), not_(_is_shut(person_id))))
    return parts


def is_able(person_id: Any) -> ColumnElement[bool]:
    """Whether a person has an open account."""
    return exists().where(Account.person_id == person_id, Account.is_active)


def _is_shut(person_id: Any) -> ColumnElement[bool]:
    return exists().where(Account.person_id == person_id, not_(Account.is_active))


def is_kept_from(person: Any, step: Any, row: Any) -> ColumnElement[bool]:
    """Whether a person keeps out of a step (with ``kind`` and ``route``) of the item of a row."""
    is_kept = or_(step.kind.in_(sorted(KEPT_FROM_PARTIES)), step.route.is_not(None))
    return and_(is_kept, is_party(person, row))


def list_bearers(session: Session, review: Review) -> frozenset[int]:
    """Ids of all who are meant for a step, with or without an account, parties not yet left out."""
    return frozenset(session.scalars(_select_bearers_of_step(), {"review_id": review.id}))


@cache
def _select_bearers_of_step() -> Select[Any]:
    found = select_bearers(_filed_step()).subquery()
    return select(found.c.person_id)


def _filed_step() -> FromClause:
    return select_filed_steps(Review.id == bindparam("review_id", type_=Integer()))


def list_possible_deciders(session: Session, review: Review) -> frozenset[int]:
    """Ids of the people with an account who may decide a step, whether or not it is its turn.

    Parties are left out of what is kept from them; applicants and who decided another step are not.
    """
    return frozenset(session.scalars(_select_possible_deciders(), {"review_id": review.id}))


@cache
def _select_possible_deciders() -> Select[Any]:
    steps = _filed_step()
    found = select_bearers(steps).subquery()
    query = select(found.c.person_id).select_from(found).join(steps, steps.c.step_id == found.c.step_id)
    kept = is_kept_from(found.c.person_id, steps.c, steps.c)
    return query.where(is_able(found.c.person_id), not_(kept))


def list_chain_bearers(session: Session, item_ids: Collection[int]) -> Sequence[Any]:
    """Rows ``item_id, step_id, kind, named_id, person_id, is_party`` of chains in order; nobody meant is one row."""
    return session.execute(_select_chain_bearers(), {"item_ids": sorted(item_ids)}).all()


@cache
def _select_chain_bearers() -> Select[Any]:
    steps = _chain_steps()
    found = select_bearers(steps).subquery("found")
    same = (found.c.step_id == steps.c.step_id) & (found.c.item_id == steps.c.item_id)
    query = select(
        steps.c.item_id,
        steps.c.step_id,
        steps.c.kind,
        steps.c.named_id,
        found.c.person_id,
        is_party(found.c.person_id, steps.c).label("is_party"),
    )
    query = query.select_from(steps).outerjoin(found, same).join(ClosingStep, ClosingStep.id == steps.c.step_id)
    return query.order_by(steps.c.item_id, ClosingStep.position)
