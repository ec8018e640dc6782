"""Reading who stands in for whom."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import BindParameter, ColumnElement, or_, select
from sqlalchemy.orm import Session, joinedload

from tracker.core.errors import NotFound
from tracker.core.i18n import lazy_gettext as _l
from tracker.org.models import Grant, Person, Substitute


def runs_on(day: date | BindParameter[date]) -> ColumnElement[bool]:
    """Whether a substitution runs on a day."""
    return (Substitute.since <= day) & (Substitute.until >= day) & Substitute.ended_at.is_(None)


def list_absent(session: Session, person_id: int, day: date) -> Sequence[Substitute]:
    """For whom a person stands in on a day, each with the absent person."""
    query = select(Substitute).where(Substitute.person_id == person_id, runs_on(day)).order_by(Substitute.id)
    return session.scalars(query.options(joinedload(Substitute.absent, innerjoin=True))).all()


def find_running(session: Session, *, absent_id: int, person_id: int, day: date) -> Substitute | None:
    """The substitution of one person by another that runs on a day."""
    same = (Substitute.absent_id == absent_id, Substitute.person_id == person_id)
    query = select(Substitute).where(*same, runs_on(day)).limit(1)
    return session.scalar(query.options(joinedload(Substitute.absent, innerjoin=True)))


def list_overlapping(session: Session, person_ids: Sequence[int], *, since: date, until: date) -> Sequence[Substitute]:
    """What runs on any of these days and names one of these people, absent or standing in."""
    named = or_(Substitute.absent_id.in_(person_ids), Substitute.person_id.in_(person_ids))
    query = select(Substitute).where(
        named, Substitute.since <= until, Substitute.until >= since, Substitute.ended_at.is_(None)
    )
    return session.scalars(query.options(joinedload(Substitute.absent), joinedload(Substitute.person))).all()


def list_of_absent(session: Session, absent_id: int) -> Sequence[Substitute]:
    """Everybody who stood or will stand in for a person, the last first."""
    query = select(Substitute).where(Substitute.absent_id == absent_id).order_by(Substitute.since.desc())
    return session.scalars(query.options(joinedload(Substitute.person), joinedload(Substitute.named_by))).all()


def get_substitute(session: Session, substitute_id: int) -> Substitute:
    """A substitution, locked; raises NotFound."""
    query = select(Substitute).where(Substitute.id == substitute_id).with_for_update(of=Substitute)
    found = session.scalar(query.options(joinedload(Substitute.absent), joinedload(Substitute.person)))
    if found is None:
        raise NotFound(_l("没有找到这条代理记录。"))
    return found


def lock_people(session: Session, person_ids: Sequence[int]) -> Sequence[Person]:
    """These people, locked in the order of their ids: two who name substitutes at once wait for each other."""
    query = select(Person).where(Person.id.in_(person_ids)).order_by(Person.id).with_for_update(of=Person)
    return session.scalars(query.options(joinedload(Person.account))).unique().all()


def list_roles(session: Session, person_id: int) -> frozenset[str]:
    """The roles granted to a person anywhere."""
    return frozenset(session.scalars(select(Grant.role).where(Grant.person_id == person_id)))
