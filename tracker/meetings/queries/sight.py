"""What of a meeting somebody may see: all, or what is within their reach, as the items stood and as they are."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, or_, select, true
from sqlalchemy.orm import Session

from tracker.access.rules import Action, Actor, Reach, UnitSet, manages_all, reach
from tracker.figures.queries import is_asked_either_way
from tracker.figures.questions import Question
from tracker.items.models import Item, ItemChange
from tracker.items.queries import in_units, within
from tracker.meetings.frozen import Frozen
from tracker.meetings.models import Meeting, MeetingDecision
from tracker.org.models import UnitAncestor
from tracker.sources.models import Source
from tracker.sources.queries import is_known


@dataclass(frozen=True)
class Sight:
    """The items and units of a meeting that somebody may see; None for all of them."""

    ids: frozenset[int] | None
    units: UnitSet
    reach: Reach

    def of(self, session: Session, frozen: Frozen) -> Frozen:
        """What of frozen data the person may see."""
        if self.ids is None:
            return frozen
        became = [each.item_id for each in frozen.last_decisions if each.item_id is not None]
        others = session.scalars(select(Item.id).where(Item.id.in_(became), within(self.reach))).all() if became else ()
        return frozen.seen_by(self.ids, self.units, others)


def seen_of(session: Session, question: Question, actor: Actor) -> Sight:
    """What a person may see of what a meeting looks at: as the figures count it for them, so that both agree.

    Present grants, applied to the units of that day.
    """
    seen, units = reach(actor, Action.READ_FIGURES), reach(actor, Action.READ_MEETING).units
    if units.everywhere and manages_all(actor):
        return Sight(None, units, seen)
    ids = session.scalars(select(ItemChange.item_id).where(*is_asked_either_way(question, seen)))
    return Sight(frozenset(ids), units, seen)


def manages(actor: Actor, unit_id: int | None) -> bool:
    """Whether a person may hold meetings about a unit with all below it, or about the whole organ (None)."""
    units = reach(actor, Action.MANAGE_MEETINGS).units
    return units.everywhere if unit_id is None else unit_id in units


def knows_decision(decision: MeetingDecision, actor: Actor) -> bool:
    """Whether a person may know of a decision: one for a unit of theirs, leading or helping."""
    units = reach(actor, Action.READ_MEETING).units
    return any(each in units for each in (decision.lead_unit_id, *(support.unit_id for support in decision.supports)))


def is_readable(seen: Reach) -> ColumnElement[bool]:
    """The condition that a person may know of a meeting: it touches units of theirs, and a source they know of."""
    told: ColumnElement[bool] = true()
    if not seen.managing.everywhere:
        known = select(Source.id).where(is_known(seen.person_id))
        told = or_(Meeting.source_id.is_(None), Meeting.source_id.in_(known))
    if seen.units.everywhere:
        return told
    below = exists().where(UnitAncestor.ancestor_id == Meeting.unit_id, in_units(UnitAncestor.unit_id, seen.units))
    return told & or_(Meeting.unit_id.is_(None), below)
