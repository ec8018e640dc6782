"""Reading what meetings decided."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import false, func, select
from sqlalchemy.orm import Session, joinedload

from tracker.access.rules import Reach
from tracker.core import clock
from tracker.core.errors import NotFound
from tracker.core.i18n import lazy_gettext as _l
from tracker.items.models import Item
from tracker.items.queries import within
from tracker.items.rules import State
from tracker.meetings.frozen import FrozenDecision
from tracker.meetings.models import DecisionSupport, Meeting, MeetingDecision
from tracker.meetings.queries.meetings import select_previous
from tracker.progress.models import Entry
from tracker.progress.rules import COUNTING

_NAMES = (
    joinedload(MeetingDecision.lead_unit, innerjoin=True),
    joinedload(MeetingDecision.item),
    joinedload(MeetingDecision.given_by),
    joinedload(MeetingDecision.supports).joinedload(DecisionSupport.unit, innerjoin=True),
)


def list_decisions(session: Session, meeting_id: int) -> Sequence[MeetingDecision]:
    """The decisions of a meeting by number, with units and the items they became."""
    query = select(MeetingDecision).where(MeetingDecision.meeting_id == meeting_id).order_by(MeetingDecision.position)
    return session.scalars(query.options(*_NAMES)).unique().all()


def get_decision(session: Session, decision_id: int, *, lock: bool = False) -> MeetingDecision:
    """A decision with its meeting; raises NotFound. Who may see it is asked by whoever calls."""
    query = select(MeetingDecision).where(MeetingDecision.id == decision_id)
    query = query.options(*_NAMES, joinedload(MeetingDecision.meeting, innerjoin=True))
    if lock:
        query = query.with_for_update(of=MeetingDecision).execution_options(populate_existing=True)
    found: MeetingDecision | None = session.scalars(query).unique().one_or_none()
    if found is None:
        raise NotFound(_l("没有这条议定事项。"))
    return found


class Decided(NamedTuple):
    """A decision, the last progress known of the item it became, and whether that item is within a reach."""

    decision: MeetingDecision
    progress: str
    is_within: bool

    def frozen(self) -> FrozenDecision:
        """The decision as a later meeting keeps it: with the item as it stands now, unless that is void."""
        decision, item = self.decision, self.decision.item
        told = (decision.position, decision.text, decision.lead_unit_id, decision.lead_unit.name)
        if item is None or item.state is State.VOID:
            return FrozenDecision(*told, decision.due_on, due_text=decision.deadline_text)
        due_on = item.due_on or decision.due_on
        became = (item.number, item.state, self.progress)
        return FrozenDecision(*told, due_on, *became, due_text=decision.deadline_text, item_id=item.id)

    def seen(self) -> FrozenDecision:
        """The same without what is told of an item that is not within the reach."""
        return self.frozen() if self.is_within else self.frozen().seen_by(())


def list_last_decided(session: Session, meeting: Meeting, reach: Reach, known_at: datetime) -> list[Decided]:
    """What the meeting before decided for units within a reach and did not take back."""
    decided = _list_decided(session, select_previous(meeting).with_only_columns(Meeting.id), reach, known_at)
    return [each for each in decided if not each.decision.is_dropped and each.decision.lead_unit_id in reach.units]


def list_decided(session: Session, meeting_id: int, reach: Reach) -> list[Decided]:
    """What a meeting decided, by number."""
    return _list_decided(session, [meeting_id], reach, clock.now())


def _list_decided(session: Session, meeting_ids: Any, reach: Reach, known_at: datetime) -> list[Decided]:
    newest = select(func.max(Entry.id)).where(
        Entry.item_id == Item.id,
        Entry.unit_id == Item.lead_unit_id,
        Entry.standing.in_(sorted(COUNTING)),
        Entry.made_at <= known_at,
    )
    told = select(Entry.text).where(Entry.id == newest.correlate(Item).scalar_subquery())
    progress = func.coalesce(told.correlate(Item).scalar_subquery(), "")
    query = select(MeetingDecision, progress, func.coalesce(within(reach), false()))
    query = query.outerjoin(Item, Item.id == MeetingDecision.item_id)
    query = query.options(*_NAMES, joinedload(MeetingDecision.meeting, innerjoin=True))
    query = query.where(MeetingDecision.meeting_id.in_(meeting_ids)).order_by(MeetingDecision.position)
    rows: Sequence[Any] = session.execute(query).unique().all()
    return [Decided(*row) for row in rows]
