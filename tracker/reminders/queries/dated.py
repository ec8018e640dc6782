"""Everything that has a date from which rules count, in one shape: whose it is, since when, and the date."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    String,
    Subquery,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from tracker.closure.models import Application, Review
from tracker.closure.rules import PERSONAL_ROUTES, ApplicationState
from tracker.core.sql import civil_day, later, plus_days
from tracker.items.models import Item, ItemChange, Milestone, ReassignmentRequest
from tracker.items.queries import is_party
from tracker.items.rules import RUNNING, DeadlineKind, Event, State
from tracker.org.models import Unit
from tracker.progress.models import Entry, Measure
from tracker.reinspections.models import LastingCheck
from tracker.reminders.models import Occurrence, ReminderRule
from tracker.reminders.rules import Basis, Counts, Subject, Trigger
from tracker.sources.models import SourceMilestone
from tracker.sources.rules import STEP_ACTIONS, StepKind

# The day asked for, given when the statement is executed: it is large, and made once.
DAY: ColumnElement[date] = bindparam("day", type_=Date())
# Who decides the leader's step when the item names none, or one who is a party; who is named for a step.
ANY_LEADER, NAMED = "any_leader", "named"

KEEPS_ON = frozenset({*RUNNING, State.SUSTAINED})
_GIVEN = (Event.ISSUE, Event.REASSIGN)
_LOOKED_AT = (Event.ISSUE, Event.REASSIGN, Event.ACCEPT, Event.SUSTAIN, Event.REOPEN, Event.RESTORE)


class Found(NamedTuple):
    """Ids of items and of dates of sources for which a scan has something to do."""

    items: Collection[int]
    milestones: Collection[int]


class Only(NamedTuple):
    """What a statement is narrowed to: items with these ids, and milestones of sources with these."""

    items: Any
    milestones: Any = ()

    @classmethod
    def of(cls, occurrences: Select[Any]) -> "Only":
        """Whatever these occurrences speak of."""
        milestones = occurrences.where(Occurrence.subject == Subject.SOURCE_MILESTONE)
        items = occurrences.where(Occurrence.item_id.isnot(None))
        return cls(items.with_only_columns(Occurrence.item_id), milestones.with_only_columns(Occurrence.subject_id))

    def are_told(self) -> ColumnElement[bool]:
        """Whether an occurrence speaks of one of these."""
        of_source = and_(Occurrence.item_id.is_(None), Occurrence.subject_id.in_(self.milestones))
        return or_(Occurrence.item_id.in_(self.items), of_source)


# The ids of a Found, given when the statement is executed.
FOUND = Only(*(bindparam(name, expanding=True) for name in Found._fields))


def narrowed(found: Found | None) -> tuple[Only | None, Mapping[str, Any]]:
    """What narrows a statement to what was found, and the parameters that this takes; nothing for everything."""
    return (None, {}) if found is None else (FOUND, found._asdict())


def select_dated(only: Only | None = None, *, is_near: bool = True) -> Subquery:
    """All that is dated and still runs; ``is_near`` leaves out deadlines that no rule speaks of yet by the day.

    ``since`` is the day before which nothing is told; ``step``, ``application_id`` and ``named_id`` are those of a
    review: what a meeting or the superior decides waits for the office.
    """
    near = (_deadlines, _milestones, _measures, _source_milestones)
    deadlines = [select_part(only, is_near) for select_part in near]
    return union_all(*deadlines, _acceptances(only), _reviews(only), _checks(only)).subquery("dated")


def _of_item(
    subject: Subject,
    subject_id: Any,
    basis: Basis,
    base: Any,
    since: Any,
    *,
    owner_id: Any = Item.owner_id,
    leader_id: Any = Item.leader_id,
    step: Any = None,
    application_id: Any = None,
    named_id: Any = None,
) -> Select[Any]:
    columns = (
        literal(str(subject), String).label("subject"),
        subject_id.label("subject_id"),
        Item.id.label("item_id"),
        Item.source_id.label("source_id"),
        literal(str(basis), String).label("basis"),
        base.label("deadline"),
        since.label("since"),
        Item.lead_unit_id.label("lead_unit_id"),
        owner_id.label("owner_id"),
        Item.handler_id.label("handler_id"),
        leader_id.label("leader_id"),
        Item.supervisor_id.label("supervisor_id"),
        (cast(null(), String) if step is None else step).label("step"),
        (cast(null(), Integer) if application_id is None else application_id).label("application_id"),
        (cast(null(), Integer) if named_id is None else named_id).label("named_id"),
    )
    return select(*columns).select_from(Item)


def _only(only: Only | None) -> list[ColumnElement[bool]]:
    return [] if only is None else [Item.id.in_(only.items)]


def _near(due_on: Any, is_near: bool) -> list[ColumnElement[bool]]:
    """Not further off than the farthest active rule looks ahead, in working days as far as ``span_of`` says."""
    if not is_near:
        return [due_on.isnot(None)]
    is_working = ReminderRule.counts == Counts.WORKING
    days = case((is_working, 2 * ReminderRule.days + 30), else_=ReminderRule.days)
    ahead = select(func.coalesce(func.max(days), 0)).where(
        ReminderRule.is_active, ReminderRule.trigger.in_((Trigger.BEFORE_DUE, Trigger.ON_DUE))
    )
    return [due_on <= plus_days(DAY, ahead.scalar_subquery())]


def _deadlines(only: Only | None, is_near: bool) -> Select[Any]:
    moved_on = later(Item.issued_on, Item.deadline_moved_on)
    found = _of_item(Subject.ITEM, Item.id, Basis.DEADLINE, Item.due_on, moved_on)
    return found.where(Item.state.in_(sorted(RUNNING)), *_near(Item.due_on, is_near), *_only(only))


def _inner(own: Any, owner_id: Any, only: Only | None, is_near: bool) -> list[ColumnElement[bool]]:
    """Dates inside an item that still runs; one on the item's own day and of its owner is told with the item."""
    runs = Item.state.in_(sorted(RUNNING))
    is_same = and_(runs, own.due_on == Item.due_on, func.coalesce(owner_id, 0) == func.coalesce(Item.owner_id, 0))
    return [
        Item.state.in_(sorted(KEEPS_ON)),
        or_(Item.due_on.is_(None), ~is_same),
        *_near(own.due_on, is_near),
        *_only(only),
    ]


def _milestones(only: Only | None, is_near: bool) -> Select[Any]:
    owner_id = func.coalesce(Milestone.owner_id, Item.owner_id)
    since = later(Item.issued_on, Milestone.set_on)
    dated = (Subject.MILESTONE, Milestone.id, Basis.DEADLINE, Milestone.due_on, since)
    found = _of_item(*dated, owner_id=owner_id).join(Milestone, Milestone.item_id == Item.id)
    return found.where(Milestone.handed_in_on.is_(None), *_inner(Milestone, owner_id, only, is_near))


def _measures(only: Only | None, is_near: bool) -> Select[Any]:
    owner_id = func.coalesce(Measure.owner_id, Item.owner_id)
    since = later(Item.issued_on, Measure.dated_on)
    dated = (Subject.MEASURE, Measure.id, Basis.DEADLINE, Measure.due_on, since)
    found = _of_item(*dated, owner_id=owner_id).join(Measure, Measure.item_id == Item.id)
    return found.where(Measure.done_on.is_(None), *_inner(Measure, owner_id, only, is_near))


def _source_milestones(only: Only | None, is_near: bool) -> Select[Any]:
    """Dates of sources; where no unit answers, the whole organ does, so its office is told."""
    organ = select(func.min(Unit.id)).where(Unit.parent_id.is_(None)).scalar_subquery()
    nobody = cast(null(), Integer)
    columns: tuple[Any, ...] = (
        literal(str(Subject.SOURCE_MILESTONE), String).label("subject"),
        SourceMilestone.id.label("subject_id"),
        nobody.label("item_id"),
        SourceMilestone.source_id.label("source_id"),
        literal(str(Basis.DEADLINE), String).label("basis"),
        SourceMilestone.due_on.label("deadline"),
        SourceMilestone.set_on.label("since"),
        func.coalesce(SourceMilestone.unit_id, organ).label("lead_unit_id"),
        SourceMilestone.owner_id.label("owner_id"),
        *(nobody.label(name) for name in ("handler_id", "leader_id", "supervisor_id")),
        cast(null(), String).label("step"),
        nobody.label("application_id"),
        nobody.label("named_id"),
    )
    waits = (SourceMilestone.handed_in_on.is_(None), *_near(SourceMilestone.due_on, is_near))
    narrowed = () if only is None else (SourceMilestone.id.in_(only.milestones),)
    return select(*columns).where(*waits, *narrowed)


def _last_change(events: tuple[Event, ...]) -> Any:
    last = select(func.max(ItemChange.effective_on)).where(ItemChange.item_id == Item.id, ItemChange.event.in_(events))
    return last.scalar_subquery()


def _acceptances(only: Only | None) -> Select[Any]:
    is_disputed = (
        select(ReassignmentRequest.id)
        .where(ReassignmentRequest.item_id == Item.id, ReassignmentRequest.is_granted.is_(None))
        .exists()
    )
    found = _of_item(Subject.ITEM, Item.id, Basis.ACCEPTANCE, _last_change(_GIVEN), Item.issued_on)
    return found.where(Item.state == State.ISSUED, ~is_disputed, *_only(only))


def _reviews(only: Only | None) -> Select[Any]:
    """The present step of each application; it waits since it was filed, or since the step before it was decided."""
    before = aliased(Review)
    passed = select(func.max(before.decided_at)).where(before.application_id == Review.application_id)
    is_later = (
        select(before.id)
        .where(
            before.application_id == Review.application_id,
            before.position < Review.position,
            before.decision.is_(None),
        )
        .exists()
    )
    waits_from = civil_day(func.coalesce(passed.scalar_subquery(), Application.filed_at))
    leader_id = case((is_party(Item.leader_id, Item), null()), else_=Item.leader_id)
    by_others = or_(Review.kind.not_in(sorted(STEP_ACTIONS)), Review.route.not_in(sorted(PERSONAL_ROUTES)))
    is_of_a_body = func.coalesce(by_others, False)
    step = case(
        (is_of_a_body, str(StepKind.OFFICE)),
        (Review.named_id.is_not(None), NAMED),
        (and_(Review.kind == StepKind.LEADER, leader_id.is_(None)), ANY_LEADER),
        else_=cast(Review.kind, String),
    )
    found = _of_item(
        Subject.REVIEW,
        Review.id,
        Basis.REVIEW,
        waits_from,
        waits_from,
        leader_id=leader_id,
        step=step,
        # Whoever enters what others decided need not keep out.
        application_id=case((is_of_a_body, null()), else_=Review.application_id),
        named_id=Review.named_id,
    )
    found = found.join(Application, Application.item_id == Item.id).join(
        Review, Review.application_id == Application.id
    )
    is_pending = Application.state == ApplicationState.PENDING
    return found.where(is_pending, Review.decision.is_(None), ~is_later, *_only(only))


def _checks(only: Only | None) -> Select[Any]:
    """What has no end is looked at when somebody reports of it, or checks it."""
    reported = select(func.max(Entry.made_at)).where(Entry.item_id == Item.id).scalar_subquery()
    checked = select(func.max(LastingCheck.checked_on)).where(LastingCheck.item_id == Item.id).scalar_subquery()
    looked_at = later(later(_last_change(_LOOKED_AT), civil_day(reported)), checked)
    found = _of_item(Subject.ITEM, Item.id, Basis.CHECK, looked_at, Item.issued_on)
    is_long = and_(Item.deadline_kind == DeadlineKind.LONG_TERM, Item.state.in_((State.WORKING, State.APPLIED)))
    return found.where(or_(Item.state == State.SUSTAINED, is_long), *_only(only))


def select_items(only: Only) -> Subquery:
    """Items whatever their state, in the same shape."""
    found = _of_item(Subject.ITEM, Item.id, Basis.DEADLINE, Item.due_on, Item.issued_on)
    return found.where(*_only(only)).subquery("things")
