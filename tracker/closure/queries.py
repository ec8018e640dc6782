"""Reading applications and the steps that wait."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, not_, or_, select
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from tracker.access.rules import PERMISSIONS, Actor, Reach, Role, reach
from tracker.closure.models import Application, Review
from tracker.closure.rules import ApplicationState
from tracker.core.errors import NotFound
from tracker.core.i18n import lazy_gettext as _l
from tracker.items.models import Item
from tracker.items.queries import in_units, within
from tracker.org import queries as people
from tracker.org.models import Account, Person
from tracker.sources.rules import STEP_ACTIONS, StepKind


def select_waiting(actor: Actor) -> Select[Any]:
    """The reviews that wait for this person, the oldest application first.

    A step waits once the steps before it have passed. Left out are the person's own applications and those of which
    the person already decided a step, as ``rules.check_decider`` will refuse them.
    """
    query = select(Review).join(Review.application).join(Application.item)
    return query.where(
        Application.state == ApplicationState.PENDING,
        _is_present_step(),
        not_(Application.applicant_id.in_(sorted(actor.identities))),
        func.coalesce(Application.applicant_for_id, 0).not_in(sorted(actor.identities)),
        not_(_decided_by(actor)),
        or_(*(_may_decide(kind, actor) for kind in StepKind)),
    ).order_by(Application.filed_at, Review.id)


def _is_present_step() -> ColumnElement[bool]:
    before = aliased(Review)
    open_before = exists().where(
        before.application_id == Review.application_id,
        before.position < Review.position,
        before.decision.is_(None),
    )
    return and_(Review.decision.is_(None), not_(open_before))


def _decided_by(actor: Actor) -> ColumnElement[bool]:
    before = aliased(Review)
    ids = sorted(actor.identities)
    decided = or_(before.decider_id.in_(ids), before.decider_for_id.in_(ids))
    return exists().where(before.application_id == Review.application_id, before.is_undone.is_(False), decided)


def _may_decide(kind: StepKind, actor: Actor) -> ColumnElement[bool]:
    may = and_(Review.kind == kind, within(reach(actor, STEP_ACTIONS[kind])))
    if kind is StepKind.OFFICE:
        return and_(may, not_(in_units(Item.lead_unit_id, actor.units((Role.UNIT_HEAD,)))))
    return may


def with_application(query: Select[Any]) -> Select[Any]:
    """Load with each review its application, item and names, in one query however many rows."""
    application = joinedload(Review.application, innerjoin=True)
    item = application.joinedload(Application.item, innerjoin=True)
    return query.options(
        application.joinedload(Application.applicant, innerjoin=True),
        item.joinedload(Item.lead_unit),
        item.joinedload(Item.source, innerjoin=True),
    )


def list_waiting(session: Session, query: Select[Any]) -> Sequence[Review]:
    """The reviews of a query, with all that a row prints."""
    return session.scalars(with_application(query)).unique().all()


def find_next_waiting(session: Session, actor: Actor) -> Review | None:
    """The review that has waited longest for this person."""
    found: Review | None = session.scalar(select_waiting(actor).limit(1))
    return found


def get_review(session: Session, review_id: int, seen_by: Reach, *, lock: bool = False) -> Review:
    """A review with its application, all its steps and the item; raises NotFound out of reach.

    ``lock`` holds the application until the end of the transaction, so that one step is decided once.
    """
    if lock:
        # On its own and before the rest: a joined row would be read as it was before the wait for the lock.
        of_review = select(Review.application_id).where(Review.id == review_id).scalar_subquery()
        session.scalar(select(Application).where(Application.id == of_review).with_for_update())
    application = joinedload(Review.application, innerjoin=True)
    item = application.joinedload(Application.item, innerjoin=True)
    query = select(Review).join(Review.application).join(Application.item)
    query = query.where(Review.id == review_id, within(seen_by)).options(
        application.joinedload(Application.applicant, innerjoin=True),
        application.selectinload(Application.reviews).joinedload(Review.decider),
        item.joinedload(Item.lead_unit),
        item.joinedload(Item.leader),
        item.joinedload(Item.source, innerjoin=True),
        item.selectinload(Item.supports),
    )
    review = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if review is None:
        raise NotFound(_l("没有找到这份销号申请，或您无权查看。"))
    return review


def find_pending(session: Session, item_id: int, *, lock: bool = False) -> Application | None:
    """The application of an item that waits for a decision, its steps loaded."""
    query = select(Application).where(Application.item_id == item_id, Application.state == ApplicationState.PENDING)
    if lock:
        session.scalar(query.with_for_update())
    query = query.options(selectinload(Application.reviews).joinedload(Review.decider))
    return session.scalar(query.execution_options(populate_existing=True))


def find_last(session: Session, item_id: int) -> Application | None:
    """The last application of an item, its steps loaded."""
    query = select(Application).where(Application.item_id == item_id).order_by(Application.round.desc()).limit(1)
    return session.scalar(query.options(selectinload(Application.reviews).joinedload(Review.decider)))


def list_possible_deciders(session: Session, item: Item, kind: StepKind) -> frozenset[int]:
    """Ids of the people with an account who may decide a step for this item, the applicant not yet left out."""
    if item.lead_unit_id is None:
        return frozenset()
    roles, relations = PERMISSIONS[STEP_ACTIONS[kind]]
    found = {each.id for role in sorted(roles) for each in people.list_role_holders(session, role, item.lead_unit_id)}
    related = [getattr(item, f"{relation}_id") for relation in sorted(relations)]
    found |= _with_account(session, [person_id for person_id in related if person_id is not None])
    if kind is StepKind.OFFICE:
        found -= {each.id for each in people.list_role_holders(session, Role.UNIT_HEAD, item.lead_unit_id)}
    return frozenset(found)


def _with_account(session: Session, person_ids: Collection[int]) -> set[int]:
    query = select(Person.id).join(Account).where(Person.id.in_(person_ids), Account.is_active)
    return set(session.scalars(query)) if person_ids else set()


def list_applications(session: Session, item_id: int) -> Sequence[Application]:
    """All applications of an item, the newest first, steps and names loaded."""
    query = select(Application).where(Application.item_id == item_id).order_by(Application.round.desc())
    steps = selectinload(Application.reviews).joinedload(Review.decider)
    return session.scalars(query.options(joinedload(Application.applicant), steps)).all()
