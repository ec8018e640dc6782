"""Reading the steps that wait for a decision."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, not_, or_, select
from sqlalchemy.orm import Session, aliased, contains_eager, joinedload

from tracker.access.rules import Action, Actor, Reach, reach
from tracker.closure.models import Application, Review
from tracker.closure.queries.applications import with_deciders
from tracker.closure.queries.deciders import is_kept_from, is_present_step, select_bearers, select_waiting_steps
from tracker.closure.rules import PERSONAL_ROUTES, ApplicationState, RecusalRoute
from tracker.core.errors import NotFound
from tracker.core.i18n import lazy_gettext as _l
from tracker.items.models import Item
from tracker.items.queries import within
from tracker.items.rules import State
from tracker.sources.rules import STEP_ACTIONS, StepKind

# Orders of what waits: by who waits longest, and of what is closed by when.
OLDEST = (Application.filed_at, Review.id)
FIRST_CLOSED = (Item.closed_on, Review.id)


def select_waiting(actor: Actor) -> Select[Any]:
    """The reviews that wait for this person, the oldest application first.

    A step waits once the steps before it have passed. Left out are what keeps parties out, the person's own
    applications and those of which the person already decided a step, as ``operations.ensure_decidable`` will refuse
    them.
    """
    mine = select_bearers(select_waiting_steps(), person_id=actor.stands_as or 0).subquery("mine")
    query = select(Review).join(Review.application).join(Application.item)
    return query.where(
        Review.id.in_(select(mine.c.step_id)),
        *_still_waits(),
        not_(Application.applicant_id.in_(sorted(actor.identities))),
        func.coalesce(Application.applicant_for_id, 0).not_in(sorted(actor.identities)),
        not_(_decided_by(actor)),
        not_(is_kept_from(actor.identities, Review, Item)),
    ).order_by(*OLDEST)


def _still_waits() -> tuple[ColumnElement[bool], ...]:
    # Said again of what ``select_waiting_steps`` gave: an index leads there from both sides.
    return Review.decision.is_(None), Application.state == ApplicationState.PENDING


def select_waiting_on_bodies(actor: Actor) -> Select[Any]:
    """The reviews that wait for a meeting or the superior, whose decision this person may enter."""
    return _select_enterable(
        actor, or_(Review.kind.not_in(sorted(STEP_ACTIONS)), Review.route.not_in(sorted(PERSONAL_ROUTES)))
    )


def select_on_desk(actor: Actor) -> Select[Any]:
    """Both in one query: what waits for this person, and what the person may enter for a meeting or the superior."""
    parts = [
        part.order_by(None).with_only_columns(Review.id)
        for part in (select_waiting(actor), select_waiting_on_bodies(actor))
    ]
    query = select(Review).join(Review.application)
    return query.where(or_(*(Review.id.in_(part) for part in parts)), *_still_waits()).order_by(*OLDEST)


def select_waiting_on_meetings(actor: Actor) -> Select[Any]:
    """The reviews that wait for a meeting, whose decision this person may enter."""
    return _select_enterable(actor, or_(Review.kind == StepKind.COLLECTIVE, Review.route == RecusalRoute.COLLECTIVE))


def _select_enterable(actor: Actor, condition: ColumnElement[bool]) -> Select[Any]:
    query = select(Review).join(Review.application).join(Application.item)
    return query.where(
        Application.state == ApplicationState.PENDING,
        is_present_step(),
        func.coalesce(condition, False),
        not_(Application.applicant_id.in_(sorted(actor.identities))),
        func.coalesce(Application.applicant_for_id, 0).not_in(sorted(actor.identities)),
        within(reach(actor, Action.ENTER_DECISION)),
    ).order_by(*OLDEST)


def select_unconfirmed(actor: Actor) -> Select[Any]:
    """The superior's steps of what is closed here, whose outcome this person may enter; the first closed first."""
    query = select(Review).join(Review.application).join(Application.item)
    return query.where(
        Application.state == ApplicationState.CLOSED,
        Item.state == State.CLOSED,
        Item.confirmed_on.is_(None),
        Review.kind == StepKind.SUPERIOR,
        Review.decision.is_(None),
        within(reach(actor, Action.ENTER_DECISION)),
    ).order_by(*FIRST_CLOSED)


def _decided_by(actor: Actor) -> ColumnElement[bool]:
    before = aliased(Review)
    ids = sorted(actor.identities)
    decided = or_(before.decider_id.in_(ids), before.decider_for_id.in_(ids))
    return exists().where(before.application_id == Review.application_id, before.is_undone.is_(False), decided)


def list_waiting(session: Session, query: Select[Any], order: Sequence[Any] = OLDEST) -> Sequence[Review]:
    """The reviews of a query, with all that a row prints, in one query however many rows; ``order`` is the query's."""
    # What is shown is cut first and stands first in FROM, as in a list: PostgreSQL joined a million steps for fifty.
    shown = query.with_only_columns(Review.id).subquery()
    rows = select(Review).select_from(shown).join(Review, Review.id == shown.c.id)
    rows = rows.join(Review.application).join(Application.item)
    application = contains_eager(Review.application)
    item = application.contains_eager(Application.item)
    rows = rows.options(
        application.joinedload(Application.applicant, innerjoin=True),
        joinedload(Review.named),
        item.joinedload(Item.lead_unit),
        item.joinedload(Item.source, innerjoin=True),
    )
    return session.scalars(rows.order_by(*order)).unique().all()


def find_next_waiting(session: Session, actor: Actor, *, without: Collection[int] = ()) -> Review | None:
    """The review that has waited longest for this person, those left for later aside."""
    query = select_waiting(actor).where(Review.id.not_in(sorted(without)))
    found: Review | None = session.scalar(query.limit(1))
    return found


def count_waiting(session: Session, actor: Actor, *, without: Collection[int] = ()) -> int:
    """How many reviews wait for this person, those left for later aside."""
    query = select_waiting(actor).where(Review.id.not_in(sorted(without))).order_by(None)
    return session.scalar(select(func.count()).select_from(query.with_only_columns(Review.id).subquery())) or 0


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
        application.selectinload(Application.reviews).options(*with_deciders()),
        item.joinedload(Item.lead_unit),
        item.joinedload(Item.leader),
        item.joinedload(Item.source, innerjoin=True),
        item.selectinload(Item.supports),
    )
    review = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if review is None:
        raise NotFound(_l("没有找到这份销号申请，或您无权查看。"))
    return review
