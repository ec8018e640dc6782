"""Reading applications."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker.closure.models import Application, Paper, Review
from tracker.closure.rules import ApplicationState
from tracker.core.errors import NotFound
from tracker.core.i18n import lazy_gettext as _l


def with_deciders() -> tuple[Any, ...]:
    """Load with each step whom it names: who decides, who decided, the paper and who entered it."""
    paper = joinedload(Review.paper).joinedload(Paper.entered_by)
    return joinedload(Review.decider), joinedload(Review.named), paper


def find_pending(session: Session, item_id: int, *, lock: bool = False) -> Application | None:
    """The application of an item that waits for a decision, its steps loaded."""
    query = select(Application).where(Application.item_id == item_id, Application.state == ApplicationState.PENDING)
    if lock:
        session.scalar(query.with_for_update())
    query = query.options(selectinload(Application.reviews).options(*with_deciders()))
    return session.scalar(query.execution_options(populate_existing=True))


def find_last(session: Session, item_id: int) -> Application | None:
    """The last application of an item, its steps loaded."""
    query = select(Application).where(Application.item_id == item_id).order_by(Application.round.desc()).limit(1)
    return session.scalar(query.options(selectinload(Application.reviews).options(*with_deciders())))


def get_application(session: Session, item_id: int, round_: int) -> Application:
    """One round of an item with all that its form prints; raises NotFound when there was none."""
    query = select(Application).where(Application.item_id == item_id, Application.round == round_)
    steps = selectinload(Application.reviews)
    names = (joinedload(Application.applicant), joinedload(Application.applicant_for))
    query = query.options(*names, steps.joinedload(Review.decider), steps.joinedload(Review.decider_for))
    application = session.scalar(query)
    if application is None:
        raise NotFound(_l("没有找到这份销号申请，或您无权查看。"))
    return application


def list_applications(session: Session, item_id: int) -> Sequence[Application]:
    """All applications of an item, the newest first, steps and names loaded."""
    query = select(Application).where(Application.item_id == item_id).order_by(Application.round.desc())
    steps = selectinload(Application.reviews).options(*with_deciders())
    return session.scalars(query.options(joinedload(Application.applicant), steps)).all()
