"""Who is told of reports that are owed, and what a message about them has to say."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import select, union
from sqlalchemy.orm import Session, joinedload

from tracker.access.rules import Actor, Role
from tracker.items.models import Item
from tracker.org.models import Account, Person, UnitAncestor
from tracker.org.queries import select_nearest
from tracker.outbox.models import Message
from tracker.progress.models import Entry
from tracker.rounds.models import OwedReport, ReportingRound
from tracker.rounds.queries.owed import ANSWERABLE, list_reports, select_own, with_units
from tracker.rounds.rules import UNREPORTED

OWED, RETURNED = "reports_owed", "report_returned"


class Owing(NamedTuple):
    """A person who is to be told, with one report: round and its day, unit, number of the item."""

    person_id: int
    round_id: int
    due_on: date
    unit_id: int
    number: str


def list_owing(
    session: Session, *conditions: Any, roles: Collection[Role] = (Role.LIAISON, Role.UNIT_HEAD)
) -> Sequence[Owing]:
    """Everybody with an open account who owes reports that meet the conditions, for each report.

    The holders of ``roles`` whose grant lies nearest to the unit, and for the lead unit's line the item's handler.
    """
    owed = (
        select(OwedReport.id, OwedReport.unit_id)
        .join(Item, Item.id == OwedReport.item_id)
        .join(ReportingRound, ReportingRound.id == OwedReport.round_id)
        .where(OwedReport.state.in_(sorted(UNREPORTED)), Item.state.in_(sorted(ANSWERABLE)), *conditions)
        .cte("owed")
    )
    nearest = select_nearest(select(owed.c.unit_id), roles)
    of_unit = select(owed.c.id, nearest.c.person_id).join(nearest, nearest.c.unit_id == owed.c.unit_id)
    handlers = (
        select(owed.c.id, Item.handler_id.label("person_id"))
        .join(OwedReport, OwedReport.id == owed.c.id)
        .join(Item, Item.id == OwedReport.item_id)
        .join(Account, (Account.person_id == Item.handler_id) & Account.is_active)
        .where(OwedReport.is_lead)
    )
    told = union(of_unit, handlers).subquery()
    query = (
        select(told.c.person_id, OwedReport.round_id, ReportingRound.due_on, OwedReport.unit_id, Item.number)
        .join(OwedReport, OwedReport.id == told.c.id)
        .join(ReportingRound, ReportingRound.id == OwedReport.round_id)
        .join(Item, Item.id == OwedReport.item_id)
        .order_by(told.c.person_id, Item.number)
    )
    return [Owing(*row) for row in session.execute(query)]


def list_people_of_line(session: Session, unit_id: int, also: Collection[int]) -> Sequence[Person]:
    """The nearest liaisons of a unit and these people, as far as they can sign in."""
    nearest = select_nearest(select(UnitAncestor.unit_id).where(UnitAncestor.unit_id == unit_id), (Role.LIAISON,))
    query = select(Person).join(Account, (Account.person_id == Person.id) & Account.is_active)
    told = Person.id.in_(select(nearest.c.person_id)) | Person.id.in_(sorted(also))
    return session.scalars(query.where(told).order_by(Person.id)).all()


def list_people(session: Session, person_ids: Collection[int]) -> Mapping[int, Person]:
    """People by id."""
    return {person.id: person for person in session.scalars(select(Person).where(Person.id.in_(person_ids)))}


def list_queued(session: Session, slots: Collection[str]) -> set[tuple[int, str]]:
    """Person and slot of the messages about owed reports that are there already."""
    query = select(Message.person_id, Message.slot).where(Message.kind == OWED, Message.slot.in_(slots))
    return {(person_id, slot) for person_id, slot in session.execute(query.distinct())}


def list_still_owed(session: Session, actor: Actor, round_ids: Collection[int], on: date) -> Sequence[OwedReport]:
    """What a person still owes in some rounds on a day."""
    return list_reports(session, select_own(actor, on).where(OwedReport.round_id.in_(round_ids)), with_units())


def find_report_of(session: Session, entry_id: int) -> OwedReport | None:
    """The report that a text is the last of, with its item and text."""
    query = select(OwedReport).where(OwedReport.entry_id == entry_id)
    item = joinedload(OwedReport.item)
    options = (item.selectinload(Item.supports), joinedload(OwedReport.entry).joinedload(Entry.reviewed_by))
    return session.scalar(query.options(*options, joinedload(OwedReport.round)))
