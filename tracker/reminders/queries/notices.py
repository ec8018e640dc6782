"""What notices tell of, as it is when they are sent."""

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker.closure.models import Application, Declaration, Review
from tracker.items.models import Item, ReassignmentRequest


def list_items(session: Session, numbers: Collection[str]) -> Sequence[Item]:
    """Items by number, with what the permission table asks of them; whoever uses it asks the table."""
    query = select(Item).where(Item.number.in_(numbers)).order_by(Item.number)
    return session.scalars(query.options(joinedload(Item.lead_unit), selectinload(Item.supports))).all()


def get_request(session: Session, request_id: int) -> ReassignmentRequest:
    """A request to reassign, with its item and who asked."""
    asked = ReassignmentRequest
    query = select(asked).where(asked.id == request_id)
    return session.scalars(
        query.options(joinedload(asked.item), joinedload(asked.asked_by), joinedload(asked.unit))
    ).one()


def get_review(session: Session, review_id: int) -> Review:
    """A step of an application, with its item, applicant and decider, and the other steps."""
    application = joinedload(Review.application, innerjoin=True)
    query = select(Review).where(Review.id == review_id)
    names = (application.joinedload(Application.item), application.joinedload(Application.applicant))
    steps = application.selectinload(Application.reviews)
    return session.scalars(query.options(*names, steps, joinedload(Review.decider), joinedload(Review.paper))).one()


def get_declaration(session: Session, declaration_id: int) -> Declaration:
    """What a unit declared, with its item and who declared it."""
    query = select(Declaration).where(Declaration.id == declaration_id)
    return session.scalars(query.options(joinedload(Declaration.item), joinedload(Declaration.declared_by))).one()
