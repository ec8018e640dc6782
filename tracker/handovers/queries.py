"""What a person has to do or alone may, row by row, and handovers as they were made."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Select, func, literal, or_, select, union_all
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker.closure.models import Application, Recusal, Review
from tracker.closure.rules import ApplicationState
from tracker.core import clock
from tracker.core.errors import NotFound
from tracker.core.i18n import lazy_gettext as _l
from tracker.handovers.models import Handover
from tracker.handovers.rules import OF_ITEMS, Duty, key_of
from tracker.items.models import Item, ItemReader, Milestone
from tracker.items.rules import TRANSITIONS, Event, State
from tracker.nudges.models import Nudge, NudgeReader
from tracker.org.models import Person, Substitute
from tracker.outlets.models import Outlet
from tracker.progress.models import Measure
from tracker.reminders.models import ReminderRule, RulePerson, RuleSet
from tracker.sources.models import ClosingStep, Source, SourceMilestone, SourceReader

# Items that may be given to somebody else now; what is applied for waits for its decision.
MOVABLE = sorted(state for state, event in TRANSITIONS if event is Event.ASSIGN)
UNFINISHED = sorted({*MOVABLE, State.APPLIED})

# The column that names the person, for each duty.
COLUMNS: Mapping[Duty, Any] = {
    Duty.LEADER: Item.leader_id,
    Duty.SUPERVISOR: Item.supervisor_id,
    Duty.OWNER: Item.owner_id,
    Duty.HANDLER: Item.handler_id,
    Duty.MILESTONE: Milestone.owner_id,
    Duty.MEASURE: Measure.owner_id,
    Duty.SOURCE_MILESTONE: SourceMilestone.owner_id,
    Duty.STEP: Review.named_id,
    Duty.CHAIN: ClosingStep.named_id,
    Duty.RECUSAL: Recusal.person_id,
    Duty.NUDGE: NudgeReader.person_id,
    Duty.RULE: RulePerson.person_id,
    Duty.SUBSTITUTE: Substitute.person_id,
    Duty.OUTLET: Outlet.keeper_id,
    Duty.SOURCE_READER: SourceReader.person_id,
    Duty.ITEM_READER: ItemReader.person_id,
}


Rows = Select[int, str, str]


class Held(NamedTuple):
    """One thing that a person has: the row's id, the number it is known by, and what it is about."""

    duty: Duty
    id: int
    number: str
    text: str

    @property
    def key(self) -> str:
        """How the page names it."""
        return key_of(self.duty, self.id)


def list_held(session: Session, person_id: int, today: date) -> list[Held]:
    """All that can be handed over, duty by duty in their order, by number."""
    found: list[Held] = []
    for duty in Duty:
        rows = session.execute(_SELECTS[duty](today).where(COLUMNS[duty] == person_id))
        found += sorted((Held(duty, *row) for row in rows), key=lambda held: (held.number, held.id))
    return found


def count_held(session: Session, person_id: int) -> int:
    """Hook ``duties_of``: how much there is to hand over, in one query; what waits for a decision is left out."""
    today = clock.today()
    counts = [
        select(func.count().label("held")).select_from(
            _SELECTS[duty](today).where(COLUMNS[duty] == person_id).subquery()
        )
        for duty in Duty
    ]
    found = union_all(*counts).subquery()
    return int(session.scalar(select(func.sum(found.c.held))) or 0)


def count_applied(session: Session, person_id: int) -> int:
    """How many items that name a person wait for a decision, so that they can be handed over only afterwards."""
    named = or_(*(COLUMNS[duty] == person_id for duty in OF_ITEMS))
    return session.scalar(select(func.count()).select_from(Item).where(Item.state == State.APPLIED, named)) or 0


def _items(_today: date) -> Rows:
    return select(Item.id, Item.number, Item.finding).where(Item.state.in_(MOVABLE))


def _milestones(_today: date) -> Rows:
    query = select(Milestone.id, Item.number, Milestone.title).join(Milestone.item)
    return query.where(Milestone.handed_in_on.is_(None), Item.state.in_(UNFINISHED))


def _measures(_today: date) -> Rows:
    query = select(Measure.id, Item.number, Measure.text).join(Item, Item.id == Measure.item_id)
    return query.where(Measure.done_on.is_(None), Item.state.in_(UNFINISHED))


def _source_milestones(_today: date) -> Rows:
    name = func.coalesce(func.nullif(SourceMilestone.title, ""), Source.title)
    query = select(SourceMilestone.id, Source.number, name).join(SourceMilestone.source)
    return query.where(SourceMilestone.handed_in_on.is_(None))


def _steps(_today: date) -> Rows:
    query = select(Review.id, Item.number, Item.finding).join(Application, Application.id == Review.application_id)
    query = query.join(Item, Item.id == Application.item_id)
    return query.where(Application.state == ApplicationState.PENDING, Review.decision.is_(None))


def _chains(_today: date) -> Rows:
    return select(ClosingStep.id, Source.number, Source.title).join(ClosingStep.source)


def _recusals(_today: date) -> Rows:
    number, text = func.coalesce(Item.number, Source.number), func.coalesce(Item.finding, Source.title)
    query = select(Recusal.id, number, text).outerjoin(Item, Item.id == Recusal.item_id)
    return query.outerjoin(Source, Source.id == Recusal.source_id)


def _nudges(_today: date) -> Rows:
    query = select(Nudge.id, Item.number, Item.finding).join(NudgeReader, NudgeReader.nudge_id == Nudge.id)
    return query.join(Item, Item.id == Nudge.item_id).where(Nudge.replied_at.is_(None))


def _rules(_today: date) -> Rows:
    query = select(ReminderRule.id, literal(""), RuleSet.name).join(RuleSet, RuleSet.id == ReminderRule.rule_set_id)
    return query.join(RulePerson, RulePerson.rule_id == ReminderRule.id)


def _substitutes(today: date) -> Rows:
    query = select(Substitute.id, literal(""), Person.name).join(Person, Person.id == Substitute.absent_id)
    return query.where(Substitute.ended_at.is_(None), Substitute.until >= today)


def _outlets(_today: date) -> Rows:
    return select(Outlet.id, literal(""), Outlet.name)


def _source_readers(_today: date) -> Rows:
    return select(Source.id, Source.number, Source.title).join(SourceReader, SourceReader.source_id == Source.id)


def _item_readers(_today: date) -> Rows:
    query = select(Item.id, Item.number, Item.finding).join(ItemReader, ItemReader.item_id == Item.id)
    return query.where(Item.state.in_(UNFINISHED))


_SELECTS: Mapping[Duty, Callable[[date], Rows]] = {
    **dict.fromkeys(OF_ITEMS, _items),
    Duty.MILESTONE: _milestones,
    Duty.MEASURE: _measures,
    Duty.SOURCE_MILESTONE: _source_milestones,
    Duty.STEP: _steps,
    Duty.CHAIN: _chains,
    Duty.RECUSAL: _recusals,
    Duty.NUDGE: _nudges,
    Duty.RULE: _rules,
    Duty.SUBSTITUTE: _substitutes,
    Duty.OUTLET: _outlets,
    Duty.SOURCE_READER: _source_readers,
    Duty.ITEM_READER: _item_readers,
}


def list_rows(session: Session, duty: Duty, ids: Collection[int], person_id: int) -> Sequence[Any]:
    """The rows of these ids that still name the person, locked in the order of ids."""
    column = COLUMNS[duty]
    table = column.class_
    own_id = next(
        getattr(table, name) for name in ("id", "rule_id", "nudge_id", "source_id", "item_id") if hasattr(table, name)
    )
    query = select(table).where(own_id.in_(sorted(ids)), column == person_id).order_by(own_id)
    locked = query.with_for_update(of=table).execution_options(populate_existing=True)
    return session.scalars(locked).unique().all()


def list_handovers(session: Session, *, limit: int = 50) -> Sequence[Handover]:
    """The last handovers, the newest first, with all names."""
    names = (joinedload(Handover.giver), joinedload(Handover.taker), joinedload(Handover.by))
    query = select(Handover).options(*names, selectinload(Handover.lines))
    return session.scalars(query.order_by(Handover.id.desc()).limit(limit)).all()


def get_handover(session: Session, handover_id: int) -> Handover:
    """A handover with its lines and names; raises NotFound."""
    names = (joinedload(Handover.giver), joinedload(Handover.taker), joinedload(Handover.by))
    query = select(Handover).where(Handover.id == handover_id).options(*names, selectinload(Handover.lines))
    found = session.scalar(query)
    if found is None:
        raise NotFound(_l("没有找到这次交接。"))
    return found
