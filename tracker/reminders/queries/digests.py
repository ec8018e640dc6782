"""What a digest has to tell, and which of what waits is no longer so."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Integer, Select, Subquery, and_, bindparam, exists, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker.core.db import Instant
from tracker.core.sql import hashing_joins
from tracker.items.models import Item, Milestone
from tracker.outbox.models import Message
from tracker.outbox.rules import WAITING, Channel, MessageState, Skip
from tracker.progress.models import Measure
from tracker.reminders.models import Occurrence, ReminderRule, RuleChannel
from tracker.reminders.queries.dated import Found, Only, narrowed
from tracker.reminders.queries.steps import KEYS, select_due
from tracker.reminders.rules import OVERDUE, Counts, Subject
from tracker.sources.models import SourceMilestone
from tracker.workdays.queries import load_calendar
from tracker.workdays.rules import Calendar, span_of

KIND = "reminder_digest"
# A mail of one overdue item, for those who want it so; its slot is the digest's and the item's id.
SINGLE = "reminder_single"
NOTICE = "notice"
# Messages that are not under way: what one of these has not told by now, it will tell anew or never.
EMPTY = sorted({Skip.NOT_DUE, Skip.NO_ACCOUNT})
SEEN = sorted({*WAITING, MessageState.HELD, MessageState.SKIPPED, MessageState.SENT})


class ToldStep(NamedTuple):
    """A step that a digest tells, by which rule, and of what: a date of a source has no item."""

    occurrence: Occurrence
    rule: ReminderRule
    item: Item | None
    milestone: Milestone | None
    measure: Measure | None
    source_milestone: SourceMilestone | None


def list_told(session: Session, person_id: int, slot: str, day: date) -> Sequence[ToldStep]:
    """What one digest has to tell on a day: its occurrences that are still due, the earliest deadline first."""
    rows = session.execute(_select_told(), {"day": day, "person_id": person_id, "slot": slot})
    return [ToldStep(*row) for row in rows.unique()]


@cache
def _select_told() -> Any:
    in_digest = (Occurrence.person_id == bindparam("person_id"), Occurrence.digest == bindparam("slot"))
    due = select_due(Only.of(select(Occurrence.id).where(*in_digest))).subquery()
    whole = (joinedload(Item.lead_unit), joinedload(Item.supports), selectinload(ReminderRule.channels))
    of_source = (joinedload(SourceMilestone.source), joinedload(SourceMilestone.unit))
    return (
        select(Occurrence, ReminderRule, Item, Milestone, Measure, SourceMilestone)
        .join(due, _same(due))
        .join(ReminderRule, ReminderRule.id == Occurrence.rule_id)
        .outerjoin(Item, Item.id == Occurrence.item_id)
        .outerjoin(Milestone, _is(Subject.MILESTONE, Milestone.id))
        .outerjoin(Measure, _is(Subject.MEASURE, Measure.id))
        .outerjoin(SourceMilestone, _is(Subject.SOURCE_MILESTONE, SourceMilestone.id))
        .where(*in_digest)
        .options(*whole, *of_source)
        .order_by(Occurrence.deadline, Item.number, Occurrence.id)
    )


def load_calendar_of(session: Session, occurrences: Iterable[Occurrence], rules: Iterable[ReminderRule]) -> Calendar:
    """As much of the calendar as the steps that these occurrences cover ask for; none for rules in natural days."""
    spans = [span_of(rule.days) for rule in rules if rule.counts is Counts.WORKING]
    days = [day for each in occurrences for day in (each.deadline, each.covers_from, each.reached_on)]
    if not spans or not days:
        return Calendar(())
    span = timedelta(days=max(spans))
    return load_calendar(session, min(days) - span, max(days) + span)


def _is(subject: Subject, own_id: Any) -> Any:
    return and_(Occurrence.subject == subject, own_id == Occurrence.subject_id)


def _same(due: Subquery) -> Any:
    return and_(*(getattr(Occurrence, name) == due.c[name] for name in KEYS))


def _of_message() -> Any:
    return and_(Message.kind == KIND, Message.person_id == Occurrence.person_id, Message.slot == Occurrence.digest)


def list_outdated(session: Session, day: date, found: Found | None = None) -> Sequence[int]:
    """Ids of occurrences that nobody was told of and that are no longer due: it is as if they had never been.

    So it is with those which a message left out because they were not due at that moment: they may be due again. A
    message that is held back until a working day is no excuse: what comes after a step must be able to stand for it.
    Of what was found alone, where that is given.
    """
    only, ids = narrowed(found)
    with hashing_joins(session):
        return session.scalars(select_outdated(only), {"day": day, **ids}).all()


@cache
def select_outdated(only: Only | None = None) -> Select[Any]:
    """Their ids, on the parameter ``day``."""
    in_inbox = (_of_message(), Message.channel == Channel.INBOX)
    was_empty = and_(Message.state == MessageState.SKIPPED, Message.answer.in_(EMPTY))
    was_left_out = exists().where(*in_inbox, or_(Message.state == MessageState.SENT, was_empty))
    # Not joined: SQLite began with every digest that ever was, and what waits is few.
    untold = select(Occurrence.id).where(
        Occurrence.told_at.is_(None),
        exists().where(*in_inbox, Message.state.in_(SEEN)),
        *([] if only is None else [only.are_told()]),
    )
    # Found from what is due by the key of the table: joined the other way round, SQLite held each of 186,000 that
    # waited against all that are due, and the scan did not end.
    due = select_due(only or Only.of(untold)).subquery()
    still_due = select(Occurrence.id).select_from(due).join(Occurrence, _same(due))
    return untold.where(or_(Occurrence.id.not_in(still_due), was_left_out))


def list_emptied(session: Session, day: date, at: datetime, *, up_to: int) -> Sequence[Message]:
    """Digests that wait and have nothing left to tell on a day, locked; of those with an id up to ``up_to``."""
    with hashing_joins(session):
        return session.scalars(_select_emptied(), {"day": day, "at": at, "up_to": up_to}).all()


@cache
def _select_emptied() -> Select[Any]:
    at, up_to = bindparam("at", type_=Instant()), bindparam("up_to", type_=Integer())
    waiting = (Message.kind == KIND, Message.state.in_(sorted(WAITING)), Message.not_before <= at, Message.id <= up_to)
    told = select(Message.id).join(Occurrence, _of_message()).where(*waiting)
    due = select_due(Only.of(told)).subquery()
    query = select(Message).where(*waiting, Message.id.not_in(told.join(due, _same(due))))
    return query.order_by(Message.id).with_for_update()


def list_numbers(
    session: Session, person_ids: Collection[int], slots: Collection[str]
) -> Sequence[tuple[int, str, str]]:
    """Person, slot and number of each item in these digests, by number."""
    query = select(Occurrence.person_id, Occurrence.digest, Item.number).join(Item, Item.id == Occurrence.item_id)
    query = query.where(Occurrence.person_id.in_(person_ids), Occurrence.digest.in_(slots)).distinct()
    return [tuple(row) for row in session.execute(query.order_by(Item.number))]  # type: ignore[misc]


def list_channels(
    session: Session, person_ids: Collection[int], slots: Collection[str]
) -> Sequence[tuple[int, str, Channel]]:
    """Person, slot and each channel over which a rule in these digests speaks."""
    spoken = RuleChannel.rule_id == Occurrence.rule_id
    query = select(Occurrence.person_id, Occurrence.digest, RuleChannel.channel).join(RuleChannel, spoken)
    query = query.where(Occurrence.person_id.in_(person_ids), Occurrence.digest.in_(slots)).distinct()
    return [tuple(row) for row in session.execute(query)]  # type: ignore[misc]


def list_overdue(
    session: Session, person_ids: Collection[int], slots: Collection[str]
) -> Sequence[tuple[int, str, int, str]]:
    """Person, slot, id and number of each overdue item in these digests of which a rule sends mails."""
    query = select(Occurrence.person_id, Occurrence.digest, Item.id, Item.number).distinct()
    query = query.join(Item, Item.id == Occurrence.item_id).join(ReminderRule, ReminderRule.id == Occurrence.rule_id)
    query = query.join(RuleChannel, RuleChannel.rule_id == ReminderRule.id).where(
        Occurrence.person_id.in_(person_ids),
        Occurrence.digest.in_(slots),
        ReminderRule.trigger.in_(sorted(OVERDUE)),
        RuleChannel.channel == Channel.MAIL,
    )
    rows = session.execute(query.order_by(Occurrence.person_id, Item.number))
    return [tuple(row) for row in rows]  # type: ignore[misc]


def list_told_singly(session: Session, person_id: int, slot: str) -> set[int]:
    """Ids of the items of a digest that have mails of their own."""
    mine = select(Message.slot).where(
        Message.kind == SINGLE, Message.person_id == person_id, Message.slot.startswith(f"{slot}:", autoescape=True)
    )
    return {int(each.rpartition(":")[2]) for each in session.scalars(mine)}
