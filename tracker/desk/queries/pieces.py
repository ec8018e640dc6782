"""Everything that hangs on one item, in one query however much it is."""

from collections.abc import Sequence
from enum import Enum
from functools import cache
from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Integer,
    Select,
    String,
    bindparam,
    case,
    exists,
    func,
    literal,
    not_,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from tracker.access.rules import Role
from tracker.desk.queries import asked
from tracker.desk.queries.shape import By, For, Other, for_whom, part_of
from tracker.desk.rules.piece import Piece, What
from tracker.items.models import Item, ItemChange
from tracker.items.rules import State
from tracker.nudges.models import Nudge, NudgeReader
from tracker.nudges.queries import is_message_of
from tracker.org.models import Account, Grant, Person, Unit, UnitAncestor
from tracker.outbox.models import Message
from tracker.progress.models import Entry, Evidence, Measure, Outcome
from tracker.reinspections.models import Draw, LastingCheck, Reinspection
from tracker.rounds.models import PhoneCall
from tracker.sources.models import SourceParagraph

# Whoever can be next on an item.
DECIDING = (Role.OFFICE, Role.LEADER, Role.UNIT_HEAD, Role.LIAISON)


def list_pieces(session: Session, item: Item, *, paragraphs: Sequence[int] | None = ()) -> list[Piece]:
    """All pieces of an item; of the feedback text the paragraphs with these indexes, all of them for None."""
    values = {
        "item_id": item.id,
        "recurs_of_id": item.recurs_of_id,
        "lead_unit_id": item.lead_unit_id,
        "source_id": item.source_id,
        "finding": item.finding,
        "paragraphs": paragraphs,
    }
    chosen = Paragraphs.ALL if paragraphs is None else Paragraphs.CHOSEN if paragraphs else Paragraphs.NONE
    return [Piece(*row) for row in session.execute(_select_pieces(chosen), values)]


class Paragraphs(Enum):
    """Which paragraphs of the feedback text are read with an item."""

    NONE, CHOSEN, ALL = range(3)


@cache
def _select_pieces(paragraphs: Paragraphs) -> CompoundSelect[Any]:
    """The one statement, put together once: that takes longer than executing it."""
    of_item = (
        *(_measures, _changes, _entries, _evidence, _outcomes),
        *(asked.applications, asked.reviews, asked.deciders, asked.requests, asked.declarations),
        *(_children, _calls, _nudges, _receipts),
        *(asked.extensions, asked.extension_steps, asked.corrections, asked.amendments, asked.steps, asked.joints),
        *(_looks, _lasting_checks, _recurrences),
    )
    parts = [part(_given("item_id")) for part in of_item]
    parts += [_recurs_of(_given("recurs_of_id")), _holders(_given("lead_unit_id"))]
    if paragraphs is not Paragraphs.NONE:
        parts.append(_paragraphs(is_chosen=paragraphs is Paragraphs.CHOSEN))
    return union_all(*parts)


def _given(name: str) -> Any:
    """A number that is given when the statement is executed."""
    return bindparam(name, type_=Integer())


def _measures(item_id: Any) -> Select[Any]:
    """``day`` is due, ``other_day`` done, ``by`` the owner."""
    columns = {"id": Measure.id, "number": Measure.position, "day": Measure.due_on, "other_day": Measure.done_on}
    part = part_of(What.MEASURE, **columns, text=Measure.text, by=By.name)
    return part.select_from(Measure).outerjoin(By, By.id == Measure.owner_id).where(Measure.item_id == item_id)


def _changes(item_id: Any) -> Select[Any]:
    """``day`` counts, ``other_day`` is due, ``other`` the handler, ``text`` the reason, ``note`` the own word."""
    change = ItemChange
    columns = {"id": change.id, "number": change.serial, "code": change.event, "state": change.state}
    days = {"at": change.recorded_at, "day": change.effective_on, "other_day": change.due_on}
    people = {"by_id": change.by_id, "by": By.name, "other": Other.name, "unit": Unit.name, **for_whom(change.for_id)}
    part = part_of(What.CHANGE, **columns, **days, **people, text=change.reason, note=change.own_word)
    part = part.select_from(change).outerjoin(By, By.id == change.by_id).outerjoin(For, For.id == change.for_id)
    part = part.outerjoin(Other, Other.id == change.handler_id)
    return part.outerjoin(Unit, Unit.id == change.lead_unit_id).where(change.item_id == item_id)


def _entries(item_id: Any) -> Select[Any]:
    """``flag`` says that somebody else entered it, ``state`` whether it counts, ``note`` why it was returned.

    ``code`` marks what was written on the item's carrier; ``other`` tells of an obstacle, ``aside`` of the next step.
    """
    columns = {"id": Entry.id, "at": Entry.made_at, "by_id": Entry.by_id, "by": By.name, "text": Entry.text}
    more = {"state": Entry.standing, "note": Entry.return_reason, "flag": Entry.is_for_others} | for_whom(Entry.for_id)
    more |= {"code": case((Entry.is_joint, What.JOINT.value)), "other": Entry.obstacle, "aside": Entry.next_step}
    part = part_of(What.ENTRY, **columns, **more, unit_id=Entry.unit_id, unit=Unit.name)
    part = part.select_from(Entry).outerjoin(By, By.id == Entry.by_id).outerjoin(For, For.id == Entry.for_id)
    part = part.outerjoin(Unit, Unit.id == Entry.unit_id)
    return part.where(Entry.item_id == item_id)


def _calls(item_id: Any) -> Select[Any]:
    """``other`` was called, ``text`` is the answer."""
    columns = {"id": PhoneCall.id, "at": PhoneCall.called_at, "by_id": PhoneCall.by_id, "by": By.name}
    part = part_of(What.CALL, **columns, other=PhoneCall.whom, text=PhoneCall.answer).select_from(PhoneCall)
    return part.join(By, By.id == PhoneCall.by_id).where(PhoneCall.item_id == item_id)


def _evidence(item_id: Any) -> Select[Any]:
    """``number`` within the item, ``text`` the name, ``amount`` the bytes, ``code`` their hash, ``note`` their type.

    ``other`` removed it at ``other_at``; ``state`` marks what was added to the item's carrier.
    """
    file = Evidence
    columns = {"id": file.id, "number": file.serial, "at": file.added_at, "other_at": file.removed_at}
    more = {
        "by_id": file.by_id,
        "by": By.name,
        "other": Other.name,
        "text": file.name,
        "code": file.sha256,
        "note": file.media_type,
        "amount": file.size_bytes,
        "flag": file.is_for_others,
        "state": case((file.is_joint, What.JOINT.value)),
        **for_whom(file.for_id),
    }
    part = part_of(What.EVIDENCE, **columns, **more).select_from(file)
    part = part.join(By, By.id == file.by_id).outerjoin(For, For.id == file.for_id)
    return part.outerjoin(Other, Other.id == file.removed_by_id).where(file.item_id == item_id)


def _outcomes(item_id: Any) -> Select[Any]:
    """``code`` is the kind, ``day`` when it was reached."""
    columns = {"id": Outcome.id, "code": Outcome.kind, "at": Outcome.recorded_at, "day": Outcome.counted_on}
    more = {"by_id": Outcome.by_id, "by": By.name, "text": Outcome.note, "amount": Outcome.amount}
    more |= for_whom(Outcome.for_id)
    part = part_of(What.OUTCOME, **columns, **more).select_from(Outcome)
    part = part.join(By, By.id == Outcome.by_id).outerjoin(For, For.id == Outcome.for_id)
    return part.where(Outcome.item_id == item_id)


def _looks(item_id: Any) -> Select[Any]:
    """``of`` is the number of the draw, ``day`` of the look, ``other`` the inspector; ``flag`` entered for them."""
    look = Reinspection
    columns = {"id": look.id, "of": Draw.serial, "number": look.id, "state": look.state, "at": look.recorded_at}
    people = {"by_id": look.recorded_by_id, "by": By.name, "unit_id": look.inspector_id, "other": Other.name}
    people |= for_whom(look.recorded_for_id) | {"flag": look.is_for_others}
    part = part_of(What.LOOK, **columns, **people, day=look.inspected_on, text=look.findings).select_from(look)
    part = (
        part.join(Draw, Draw.id == look.draw_id)
        .outerjoin(By, By.id == look.recorded_by_id)
        .outerjoin(For, For.id == look.recorded_for_id)
    )
    return part.outerjoin(Other, Other.id == look.inspector_id).where(look.item_id == item_id)


def _lasting_checks(item_id: Any) -> Select[Any]:
    """``flag`` says that it was kept up on ``day``."""
    made = LastingCheck
    columns = {"id": made.id, "at": made.recorded_at, "day": made.checked_on, "flag": made.is_kept}
    part = part_of(What.CHECK, **columns, by_id=made.by_id, by=By.name, text=made.findings, **for_whom(made.for_id))
    part = part.select_from(made).join(By, By.id == made.by_id).outerjoin(For, For.id == made.for_id)
    return part.where(made.item_id == item_id)


def _recurrences(item_id: Any) -> Select[Any]:
    """Items that are relapses of this one: ``text`` is the number."""
    part = part_of(What.RELATED, id=Item.id, text=Item.number, unit_id=Item.lead_unit_id, flag=literal(False))
    return part.where(Item.recurs_of_id == item_id, Item.state != State.VOID, Item.is_restricted.is_(False))


def _recurs_of(old_id: Any) -> Select[Any]:
    """The item that this one is a relapse of (``flag``)."""
    part = part_of(What.RELATED, id=Item.id, text=Item.number, unit_id=Item.lead_unit_id, flag=literal(True))
    return part.where(Item.id == old_id, Item.is_restricted.is_(False))


def _nudges(item_id: Any) -> Select[Any]:
    """``text`` is the sentence with it, ``note`` the unit's reply, by ``other`` at ``other_at``."""
    columns = {"id": Nudge.id, "at": Nudge.nudged_at, "other_at": Nudge.replied_at}
    people = {"by_id": Nudge.by_id, "by": By.name, "other": Other.name, **for_whom(Nudge.for_id)}
    part = part_of(What.NUDGE, **columns, **people, text=Nudge.sentence, note=Nudge.reply).select_from(Nudge)
    part = (
        part.join(By, By.id == Nudge.by_id)
        .outerjoin(For, For.id == Nudge.for_id)
        .outerjoin(Other, Other.id == Nudge.replied_by_id)
    )
    return part.where(Nudge.item_id == item_id)


def _receipts(item_id: Any) -> Select[Any]:
    """``of`` is the nudge, ``by`` whom it was sent to as ``code``, ``other_at`` when they read it."""
    reader = NudgeReader
    columns = {"id": reader.person_id, "of": reader.nudge_id, "code": reader.relation, "other_at": Message.read_at}
    part = part_of(What.RECEIPT, **columns, by_id=reader.person_id, by=By.name).select_from(reader)
    part = part.join(Nudge, Nudge.id == reader.nudge_id).join(By, By.id == reader.person_id)
    return part.outerjoin(Message, is_message_of(reader.person_id)).where(Nudge.item_id == item_id)


def _children(item_id: Any) -> Select[Any]:
    """``text`` is the number, ``day`` due, ``other_day`` closed, ``unit`` leads."""
    columns = {"id": Item.id, "state": Item.state, "day": Item.due_on, "other_day": Item.closed_on}
    part = part_of(What.CHILD, **columns, text=Item.number, unit_id=Item.lead_unit_id, unit=Unit.name)
    part = part.select_from(Item).outerjoin(Unit, Unit.id == Item.lead_unit_id)
    return part.where(Item.parent_id == item_id, Item.state != State.VOID)


def _paragraphs(*, is_chosen: bool) -> Select[Any]:
    """``number`` is the place in the feedback text.

    Of chosen paragraphs those are left out in which another unit's problem stands as well (一是……二是……).
    """
    paragraph, other = SourceParagraph, aliased(Item)
    part = part_of(What.PARAGRAPH, id=paragraph.index, number=paragraph.index, text=paragraph.text)
    part = part.select_from(paragraph).where(paragraph.source_id == _given("source_id"))
    if not is_chosen:
        return part
    is_shared = exists().where(
        other.source_id == paragraph.source_id,
        other.paragraph == paragraph.index,
        other.finding != bindparam("finding", type_=String()),
        other.lead_unit_id.is_distinct_from(_given("lead_unit_id")),
    )
    return part.where(paragraph.index.in_(bindparam("paragraphs", expanding=True)), not_(is_shared))


def _holders(unit_id: Any) -> Select[Any]:
    """People with an account whose granted role reaches the lead unit: ``code`` is the role, ``number`` how near."""
    distance = func.min(UnitAncestor.distance)
    part = part_of(What.HOLDER, id=Person.id, code=Grant.role, number=distance, by_id=Person.id, by=Person.name)
    part = part.select_from(Person).join(Account, (Account.person_id == Person.id) & Account.is_active)
    part = part.join(Grant, Grant.person_id == Person.id).join(UnitAncestor, UnitAncestor.ancestor_id == Grant.unit_id)
    part = part.where(UnitAncestor.unit_id == unit_id, Grant.role.in_(sorted(DECIDING)))
    return part.group_by(Person.id, Person.name, Grant.role)
