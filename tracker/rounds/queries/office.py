"""What the office sees of a round: counts by unit, the reports behind them, whom to call."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session, joinedload

from tracker.access.rules import Reach, Role
from tracker.core.errors import NotFound
from tracker.core.i18n import lazy_gettext as _l
from tracker.items.models import Item
from tracker.items.queries import within
from tracker.org.models import Grant, Person, Unit, UnitAncestor
from tracker.rounds.models import OwedReport, ReportingRound, RoundNudge
from tracker.rounds.rules import SHOWN, UNREPORTED, Show


def get_round(session: Session, round_id: int, seen_by: Reach, *, lock: bool = False) -> ReportingRound:
    """A round that asks for a report within reach; raises NotFound."""
    query = select(ReportingRound).where(ReportingRound.id == round_id, _has_report(seen_by))
    query = query.options(joinedload(ReportingRound.source, innerjoin=True))
    found = session.scalar(query.with_for_update(of=ReportingRound) if lock else query)
    if found is None:
        raise NotFound(_l("没有找到这一期填报，或您无权查看。"))
    return found


def _has_report(seen_by: Reach) -> Any:
    report = select(OwedReport.id).join(Item, Item.id == OwedReport.item_id)
    return report.where(OwedReport.round_id == ReportingRound.id, within(seen_by)).exists()


def select_rounds(seen_by: Reach) -> Select[Any]:
    """The rounds that ask for a report within reach, the latest first."""
    query = select(ReportingRound).where(_has_report(seen_by))
    return query.order_by(ReportingRound.due_on.desc(), ReportingRound.id.desc())


def list_rounds(session: Session, query: Select[Any]) -> Sequence[ReportingRound]:
    """The rounds of a query with their sources."""
    return session.scalars(query.options(joinedload(ReportingRound.source, innerjoin=True))).all()


class Tally(NamedTuple):
    """Counts of reports by what a page lists them under."""

    all: int = 0
    unreported: int = 0
    waiting: int = 0
    returned: int = 0
    reported: int = 0

    def of(self, show: Show) -> int:
        """The count of one listing."""
        return int(getattr(self, show.value))


def _counts(condition: Any = None) -> list[Any]:
    of_states = {show: OwedReport.state.in_(sorted(SHOWN[show])) for show in Show}
    conditions = {show: each if condition is None else and_(condition, each) for show, each in of_states.items()}
    return [func.count().filter(conditions[Show(name)]) for name in Tally._fields]


def count_rounds(session: Session, seen_by: Reach, round_ids: Collection[int]) -> Mapping[int, Tally]:
    """The counts of the lead units' reports within reach, by round."""
    query = select(OwedReport.round_id, *_counts()).join(Item, Item.id == OwedReport.item_id)
    query = query.where(OwedReport.round_id.in_(round_ids), OwedReport.is_lead, within(seen_by))
    return {row[0]: Tally(*row[1:]) for row in session.execute(query.group_by(OwedReport.round_id))}


class UnitTally(NamedTuple):
    """What one unit owes in a round, as lead unit and as cooperating unit, and when it was last nudged."""

    unit_id: int
    name: str
    nudged_at: datetime | None
    lead: Tally
    support: Tally


def list_tallies(session: Session, seen_by: Reach, round_id: int) -> Sequence[UnitTally]:
    """The counts of a round by unit, in the order of the units' paths."""
    columns = (*_counts(OwedReport.is_lead), *_counts(OwedReport.is_lead.is_(False)))
    nudged = select(func.max(RoundNudge.sent_at)).where(RoundNudge.round_id == round_id, RoundNudge.unit_id == Unit.id)
    query = (
        select(Unit.id, Unit.name, nudged.correlate(Unit).scalar_subquery(), *columns)
        .select_from(OwedReport)
        .join(Item, Item.id == OwedReport.item_id)
        .join(Unit, Unit.id == OwedReport.unit_id)
        .where(OwedReport.round_id == round_id, within(seen_by))
        .group_by(Unit.id, Unit.name, Unit.path)
        .order_by(Unit.path)
    )
    half = 3 + len(Tally._fields)
    return [
        UnitTally(row[0], row[1], row[2], Tally(*row[3:half]), Tally(*row[half:]))
        for row in (tuple(found) for found in session.execute(query))
    ]


def total(tallies: Sequence[UnitTally], *, lead: bool) -> Tally:
    """The counts of all units together, as lead units or as cooperating ones."""
    rows = [each.lead if lead else each.support for each in tallies]
    return Tally(*(sum(column) for column in zip(*rows, strict=True))) if rows else Tally()


def select_reports(seen_by: Reach, round_id: int, *, show: Show, unit_id: int | None) -> Select[Any]:
    """The reports of a round within reach that a page lists, by unit and number."""
    query = (
        select(OwedReport)
        .join(Item, Item.id == OwedReport.item_id)
        .join(Unit, Unit.id == OwedReport.unit_id)
        .where(OwedReport.round_id == round_id, OwedReport.state.in_(sorted(SHOWN[show])), within(seen_by))
        .order_by(Unit.path, OwedReport.is_lead.desc(), Item.number)
    )
    return query if unit_id is None else query.where(OwedReport.unit_id == unit_id)


def list_given(
    session: Session, seen_by: Reach, round_id: int, entry_ids: Collection[int], *, lock: bool = False
) -> Sequence[OwedReport]:
    """A round's reports within reach that these texts are the last of; ``lock`` before they are reviewed."""
    query = select(OwedReport).join(Item, Item.id == OwedReport.item_id)
    query = query.where(OwedReport.round_id == round_id, OwedReport.entry_id.in_(entry_ids), within(seen_by))
    query = query.order_by(OwedReport.id)
    names = (joinedload(getattr(OwedReport, name)) for name in ("item", "entry", "round", "unit"))
    query = query.options(*names).execution_options(populate_existing=True)
    return session.scalars(query.with_for_update(of=OwedReport) if lock else query).all()


class Contact(NamedTuple):
    """Somebody of a unit to call."""

    name: str
    role: Role
    phone: str


def list_contacts(session: Session, unit_ids: Collection[int]) -> Mapping[int, Sequence[Contact]]:
    """The nearest liaisons and heads of units with their numbers, by unit, the liaison first."""
    place = func.rank().over(partition_by=(UnitAncestor.unit_id, Grant.role), order_by=UnitAncestor.distance)
    holders = (
        select(UnitAncestor.unit_id, Person.id, Person.name, Grant.role, Person.phone, place.label("place"))
        .join(Grant, Grant.unit_id == UnitAncestor.ancestor_id)
        .join(Person, Person.id == Grant.person_id)
        .where(UnitAncestor.unit_id.in_(unit_ids), Grant.role.in_([Role.LIAISON, Role.UNIT_HEAD]))
        .subquery()
    )
    nearest = select(holders.c.unit_id, holders.c.name, holders.c.role, holders.c.phone).where(holders.c.place == 1)
    found: dict[int, list[Contact]] = {}
    for unit_id, name, role, phone in session.execute(
        nearest.order_by(holders.c.unit_id, holders.c.role, holders.c.id)
    ):
        found.setdefault(unit_id, []).append(Contact(name, role, phone))
    return found


def last_nudges(session: Session, round_id: int) -> Mapping[int, datetime]:
    """When each unit was last pressed in a round, by unit."""
    query = select(RoundNudge.unit_id, func.max(RoundNudge.sent_at)).where(RoundNudge.round_id == round_id)
    rows = session.execute(query.group_by(RoundNudge.unit_id))
    return {row[0]: row[1] for row in rows}


def list_owing_units(session: Session, seen_by: Reach, round_id: int) -> Sequence[int]:
    """Ids of the units that owe a report within reach in a round."""
    query = select(OwedReport.unit_id).join(Item, Item.id == OwedReport.item_id)
    owing = (OwedReport.round_id == round_id, OwedReport.state.in_(sorted(UNREPORTED)), within(seen_by))
    return session.scalars(query.where(*owing).distinct().order_by(OwedReport.unit_id)).all()
