"""Everything that hangs on one item, in one query however much it is."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    Boolean,
    Date,
    Integer,
    Numeric,
    Select,
    String,
    case,
    cast,
    exists,
    func,
    literal,
    not_,
    null,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from tracker.access.rules import Role
from tracker.amendments.models import Amendment
from tracker.amendments.queries import select_told
from tracker.closure.models import Application, Declaration, Paper, Review
from tracker.closure.queries import is_kept_from, select_bearers, select_waiting_steps
from tracker.core.db import Instant
from tracker.corrections.models import Correction
from tracker.desk.rules.pieces import Piece, What
from tracker.extensions.models import Extension, ExtensionStep
from tracker.items.models import Item, ItemChange, ReassignmentRequest
from tracker.items.rules import State
from tracker.nudges.models import Nudge, NudgeReader
from tracker.nudges.queries import is_message_of
from tracker.org.models import Account, Grant, Person, Unit, UnitAncestor
from tracker.outbox.models import Message
from tracker.progress.models import Entry, Evidence, JointHandling, Measure, Outcome
from tracker.reinspections.models import Draw, LastingCheck, Reinspection
from tracker.rounds.models import PhoneCall
from tracker.sources.models import SourceParagraph

# The columns of Piece with their types. PostgreSQL wants a type on every NULL of a UNION.
COLUMNS: dict[str, Any] = {
    "what": String(),
    "id": Integer(),
    "of": Integer(),
    "number": Integer(),
    "code": String(),
    "state": String(),
    "at": Instant(),
    "other_at": Instant(),
    "day": Date(),
    "other_day": Date(),
    "by_id": Integer(),
    "by": String(),
    "for_id": Integer(),
    "for_name": String(),
    "other": String(),
    "unit_id": Integer(),
    "unit": String(),
    "text": String(),
    "note": String(),
    "amount": Numeric(14, 2),
    "flag": Boolean(),
    "is_undone": Boolean(),
}

# Whoever can be next on an item.
DECIDING = (Role.OFFICE, Role.LEADER, Role.UNIT_HEAD, Role.LIAISON)

By, For, Other, Named = aliased(Person), aliased(Person), aliased(Person), aliased(Person)


def list_pieces(session: Session, item: Item, *, paragraphs: Sequence[int] | None = ()) -> list[Piece]:
    """All pieces of an item; of the feedback text the paragraphs with these indexes, all of them for None."""
    parts = [part(item.id) for part in (_measures, _changes, _entries, _evidence, _outcomes)]
    parts += [part(item.id) for part in (_applications, _reviews, _deciders, _requests, _declarations)]
    parts += [part(item.id) for part in (_children, _calls, _nudges, _receipts)]
    parts += [part(item.id) for part in (_extensions, _extension_steps, _corrections, _amendments, _steps, _joints)]
    parts += [part(item.id) for part in (_looks, _lasting_checks, _recurrences)]
    parts += [_recurs_of(item.recurs_of_id)] if item.recurs_of_id is not None else []
    if item.lead_unit_id is not None:
        parts.append(_holders(item.lead_unit_id))
    if paragraphs is None or paragraphs:
        parts.append(_paragraphs(item, paragraphs))
    return [Piece(*row) for row in session.execute(union_all(*parts))]


def _part(what: What, **columns: Any) -> Select[Any]:
    given = {"what": literal(what.value), **columns}
    return select(
        *(
            (type_coerce(given[name], kind) if name in given else cast(null(), kind)).label(f"piece_{name}")
            for name, kind in COLUMNS.items()
        )
    )


def _for(column: Any) -> dict[str, Any]:
    """Whom it was done for, by a substitute; the part joins ``For``."""
    return {"for_id": column, "for_name": For.name}


def _measures(item_id: int) -> Select[Any]:
    """``day`` is due, ``other_day`` done, ``by`` the owner."""
    columns = {"id": Measure.id, "number": Measure.position, "day": Measure.due_on, "other_day": Measure.done_on}
    part = _part(What.MEASURE, **columns, text=Measure.text, by=By.name)
    return part.select_from(Measure).outerjoin(By, By.id == Measure.owner_id).where(Measure.item_id == item_id)


def _changes(item_id: int) -> Select[Any]:
    """``day`` counts, ``other_day`` is due, ``other`` the handler, ``text`` the reason, ``note`` the own word."""
    change = ItemChange
    columns = {"id": change.id, "number": change.serial, "code": change.event, "state": change.state}
    days = {"at": change.recorded_at, "day": change.effective_on, "other_day": change.due_on}
    people = {"by_id": change.by_id, "by": By.name, "other": Other.name, "unit": Unit.name, **_for(change.for_id)}
    part = _part(What.CHANGE, **columns, **days, **people, text=change.reason, note=change.own_word)
    part = part.select_from(change).outerjoin(By, By.id == change.by_id).outerjoin(For, For.id == change.for_id)
    part = part.outerjoin(Other, Other.id == change.handler_id)
    return part.outerjoin(Unit, Unit.id == change.lead_unit_id).where(change.item_id == item_id)


def _entries(item_id: int) -> Select[Any]:
    """``flag`` says that somebody else entered it, ``state`` whether it counts, ``note`` why it was returned.

    ``code`` marks what was written on the item's carrier.
    """
    columns = {"id": Entry.id, "at": Entry.made_at, "by_id": Entry.by_id, "by": By.name, "text": Entry.text}
    more = {"state": Entry.standing, "note": Entry.return_reason, "flag": Entry.is_for_others} | _for(Entry.for_id)
    more |= {"code": case((Entry.is_joint, What.JOINT.value))}
    part = _part(What.ENTRY, **columns, **more, unit_id=Entry.unit_id, unit=Unit.name)
    part = part.select_from(Entry).outerjoin(By, By.id == Entry.by_id).outerjoin(For, For.id == Entry.for_id)
    part = part.outerjoin(Unit, Unit.id == Entry.unit_id)
    return part.where(Entry.item_id == item_id)


def _calls(item_id: int) -> Select[Any]:
    """``other`` was called, ``text`` is the answer."""
    columns = {"id": PhoneCall.id, "at": PhoneCall.called_at, "by_id": PhoneCall.by_id, "by": By.name}
    part = _part(What.CALL, **columns, other=PhoneCall.whom, text=PhoneCall.answer).select_from(PhoneCall)
    return part.join(By, By.id == PhoneCall.by_id).where(PhoneCall.item_id == item_id)


def _evidence(item_id: int) -> Select[Any]:
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
        **_for(file.for_id),
    }
    part = _part(What.EVIDENCE, **columns, **more).select_from(file)
    part = part.join(By, By.id == file.by_id).outerjoin(For, For.id == file.for_id)
    return part.outerjoin(Other, Other.id == file.removed_by_id).where(file.item_id == item_id)


def _outcomes(item_id: int) -> Select[Any]:
    """``code`` is the kind, ``day`` when it was reached."""
    columns = {"id": Outcome.id, "code": Outcome.kind, "at": Outcome.recorded_at, "day": Outcome.counted_on}
    more = {"by_id": Outcome.by_id, "by": By.name, "text": Outcome.note, "amount": Outcome.amount}
    more |= _for(Outcome.for_id)
    part = _part(What.OUTCOME, **columns, **more).select_from(Outcome)
    part = part.join(By, By.id == Outcome.by_id).outerjoin(For, For.id == Outcome.for_id)
    return part.where(Outcome.item_id == item_id)


def _applications(item_id: int) -> Select[Any]:
    """``number`` is the round, ``text`` the statement, ``by`` the applicant."""
    filed = Application
    columns = {"id": filed.id, "number": filed.round, "state": filed.state, "at": filed.filed_at}
    columns |= _for(filed.applicant_for_id)
    part = _part(What.APPLICATION, **columns, by_id=filed.applicant_id, by=By.name, text=filed.statement)
    part = part.select_from(filed).join(By, By.id == filed.applicant_id)
    return part.outerjoin(For, For.id == filed.applicant_for_id).where(filed.item_id == item_id)


def _reviews(item_id: int) -> Select[Any]:
    """``of`` is the application, ``code`` the step, ``state`` the decision, ``text`` the opinion, ``unit`` the recusal.

    ``other`` is who is named for a step; of a decision on paper (``flag``) who entered it, ``by`` is who signed,
    ``day`` the day written there, ``note`` the paper's number or title.
    """
    on_paper = Paper.id.is_not(None)
    columns = {"id": Review.id, "of": Review.application_id, "number": Review.position, "code": Review.kind}
    more: dict[str, Any] = {
        "state": Review.decision,
        "at": Review.decided_at,
        "by_id": Review.decider_id,
        "unit": Review.route,
        "is_undone": Review.is_undone,
    }
    more |= {"by": func.coalesce(By.name, Paper.body), "day": Review.decided_on, "flag": on_paper}
    more |= {"note": func.coalesce(func.nullif(Paper.document_number, ""), Paper.title), **_for(Review.decider_for_id)}
    more |= {"other": case((on_paper, Other.name), else_=Named.name)}
    part = _part(What.REVIEW, **columns, **more, text=Review.opinion).select_from(Review)
    part = part.outerjoin(For, For.id == Review.decider_for_id).outerjoin(Named, Named.id == Review.named_id)
    part = part.outerjoin(Paper, Paper.id == Review.paper_id).outerjoin(Other, Other.id == Paper.entered_by_id)
    part = part.join(Application, Application.id == Review.application_id).outerjoin(By, By.id == Review.decider_id)
    return part.where(Application.item_id == item_id)


def _deciders(item_id: int) -> Select[Any]:
    """Who is meant for the step that waits: ``number`` how near, ``flag`` whether it keeps them out as parties."""
    steps = select_waiting_steps(Application.item_id == item_id)
    meant = select_bearers(steps).subquery("meant")
    is_kept = func.coalesce(is_kept_from(Person.id, steps.c, steps.c), False)
    columns = {"id": Person.id, "by_id": Person.id, "by": Person.name, "number": meant.c.distance, "flag": is_kept}
    part = _part(What.DECIDER, **columns).select_from(steps)
    return part.join(meant, meant.c.step_id == steps.c.step_id).join(Person, Person.id == meant.c.person_id)


def _requests(item_id: int) -> Select[Any]:
    """``unit`` is proposed, ``other`` decided it at ``other_at``; ``flag`` says how, ``note`` is the answer."""
    asked = ReassignmentRequest
    columns = {"id": asked.id, "at": asked.asked_at, "other_at": asked.decided_at, "flag": asked.is_granted}
    people = {"by_id": asked.asked_by_id, "by": By.name, "other": Other.name, "unit": Unit.name}
    people |= _for(asked.asked_for_id)
    part = _part(What.REQUEST, **columns, **people, text=asked.reason, note=asked.answer).select_from(asked)
    part = part.outerjoin(For, For.id == asked.asked_for_id)
    part = part.join(By, By.id == asked.asked_by_id).outerjoin(Other, Other.id == asked.decided_by_id)
    return part.outerjoin(Unit, Unit.id == asked.unit_id).where(asked.item_id == item_id)


def _declarations(item_id: int) -> Select[Any]:
    """``day`` is the day named, ``other`` answered at ``other_at``; ``flag`` says how, ``note`` is the answer."""
    made = Declaration
    columns = {"id": made.id, "at": made.declared_at, "other_at": made.decided_at, "flag": made.is_accepted}
    people = {"by_id": made.declared_by_id, "by": By.name, "other": Other.name, **_for(made.declared_for_id)}
    part = _part(What.DECLARATION, **columns, **people, day=made.declared_on, text=made.statement, note=made.answer)
    part = part.select_from(made).outerjoin(For, For.id == made.declared_for_id)
    part = part.join(By, By.id == made.declared_by_id).outerjoin(Other, Other.id == made.decided_by_id)
    return part.where(made.item_id == item_id)


def _extensions(item_id: int) -> Select[Any]:
    """``number`` is which extension, ``day`` the one asked for, ``other_day`` the one granted, ``code`` who decides."""
    asked = Extension
    columns = {"id": asked.id, "number": asked.nth, "state": asked.state, "code": asked.waits_for, "at": asked.asked_at}
    days = {"day": asked.asked_until, "other_day": asked.granted_until}
    people = {"by_id": asked.asked_by_id, "by": By.name, **_for(asked.asked_for_id)}
    part = _part(What.EXTENSION, **columns, **days, **people, text=asked.reason).select_from(asked)
    part = part.join(By, By.id == asked.asked_by_id).outerjoin(For, For.id == asked.asked_for_id)
    return part.where(asked.item_id == item_id)


def _extension_steps(item_id: int) -> Select[Any]:
    """``code`` is the level, ``state`` the verdict, ``day`` granted; ``other_day`` on the paper ``other`` entered."""
    step = ExtensionStep
    columns = {"id": step.id, "of": step.extension_id, "number": step.position, "code": step.kind}
    days = {"state": step.verdict, "at": step.decided_at, "day": step.until, "other_day": step.paper_on}
    people = {"by_id": step.decider_id, "by": func.coalesce(By.name, step.body), "other": Other.name}
    people |= _for(step.decider_for_id)
    part = _part(What.EXTENSION_STEP, **columns, **days, **people, text=step.opinion).select_from(step)
    part = part.join(Extension, Extension.id == step.extension_id).outerjoin(By, By.id == step.decider_id)
    part = part.outerjoin(For, For.id == step.decider_for_id).outerjoin(Other, Other.id == step.entered_by_id)
    return part.where(Extension.item_id == item_id)


def _corrections(item_id: int) -> Select[Any]:
    """``code`` is the kind, ``note`` what was wrong since ``day``, ``other`` decided at ``other_at``."""
    asked = Correction
    columns = {"id": asked.id, "number": asked.id, "code": asked.kind, "state": asked.state, "at": asked.asked_at}
    told = {"day": asked.wrong_on, "note": asked.wrong, "text": asked.reason, "other_at": asked.decided_at}
    people = {"by_id": asked.asked_by_id, "by": By.name, "other": func.coalesce(Other.name, asked.body)}
    people |= _for(asked.asked_for_id)
    part = _part(What.CORRECTION, **columns, **told, **people).select_from(asked)
    part = part.join(By, By.id == asked.asked_by_id).outerjoin(For, For.id == asked.asked_for_id)
    return part.outerjoin(Other, Other.id == asked.decider_id).where(asked.item_id == item_id)


def _amendments(item_id: int) -> Select[Any]:
    """``flag`` says that the office asked, ``other`` decided at ``other_at``."""
    asked = Amendment
    columns = {"id": asked.id, "number": asked.id, "state": asked.state, "at": asked.asked_at, "text": asked.reason}
    people = {"by_id": asked.asked_by_id, "by": By.name, "other": func.coalesce(Other.name, asked.body)}
    people |= _for(asked.asked_for_id)
    part = _part(What.AMENDMENT, **columns, **people, other_at=asked.decided_at, flag=asked.is_by_office)
    part = part.select_from(asked).join(By, By.id == asked.asked_by_id)
    part = part.outerjoin(For, For.id == asked.asked_for_id).outerjoin(Other, Other.id == asked.decider_id)
    return part.where(asked.item_id == item_id)


def _steps(item_id: int) -> Select[Any]:
    """``code`` is the field, ``note`` what the plan said, ``text`` what it was changed to, ``number`` their order."""
    told = select_told(lambda column: column == item_id).subquery()
    columns = {"id": told.c.item_id, "number": told.c.position, "code": told.c.field}
    return _part(What.STEP, **columns, note=told.c.before, text=told.c.after).select_from(told)


def _joints(item_id: int) -> Select[Any]:
    """``unit`` is the other item's number, ``state`` its state; ``flag`` says that this one carries it.

    ``text`` says why, ``other`` undid it at ``other_at`` and ``note`` says why.
    """
    joint, partner = JointHandling, aliased(Item)
    carries = joint.carrier_id == item_id
    columns = {"id": joint.id, "number": joint.id, "state": partner.state, "at": joint.joined_at, "text": joint.reason}
    people = {"by_id": joint.joined_by_id, "by": By.name, "other": Other.name, **_for(joint.joined_for_id)}
    more = {"other_at": joint.ended_at, "note": joint.end_reason, "unit": partner.number, "flag": carries}
    part = _part(What.JOINT, **columns, **people, **more).select_from(joint)
    part = part.join(partner, partner.id == case((carries, joint.item_id), else_=joint.carrier_id))
    part = part.outerjoin(By, By.id == joint.joined_by_id).outerjoin(For, For.id == joint.joined_for_id)
    return part.outerjoin(Other, Other.id == joint.ended_by_id).where(or_(carries, joint.item_id == item_id))


def _looks(item_id: int) -> Select[Any]:
    """``of`` is the number of the draw, ``day`` of the look, ``other`` the inspector; ``flag`` entered for them."""
    look = Reinspection
    columns = {"id": look.id, "of": Draw.serial, "number": look.id, "state": look.state, "at": look.recorded_at}
    people = {"by_id": look.recorded_by_id, "by": By.name, "unit_id": look.inspector_id, "other": Other.name}
    people |= _for(look.recorded_for_id) | {"flag": look.is_for_others}
    part = _part(What.LOOK, **columns, **people, day=look.inspected_on, text=look.findings).select_from(look)
    part = (
        part.join(Draw, Draw.id == look.draw_id)
        .outerjoin(By, By.id == look.recorded_by_id)
        .outerjoin(For, For.id == look.recorded_for_id)
    )
    return part.outerjoin(Other, Other.id == look.inspector_id).where(look.item_id == item_id)


def _lasting_checks(item_id: int) -> Select[Any]:
    """``flag`` says that it was kept up on ``day``."""
    made = LastingCheck
    columns = {"id": made.id, "at": made.recorded_at, "day": made.checked_on, "flag": made.is_kept}
    part = _part(What.CHECK, **columns, by_id=made.by_id, by=By.name, text=made.findings, **_for(made.for_id))
    part = part.select_from(made).join(By, By.id == made.by_id).outerjoin(For, For.id == made.for_id)
    return part.where(made.item_id == item_id)


def _recurrences(item_id: int) -> Select[Any]:
    """Items that are relapses of this one: ``text`` is the number."""
    part = _part(What.RELATED, id=Item.id, text=Item.number, unit_id=Item.lead_unit_id, flag=literal(False))
    return part.where(Item.recurs_of_id == item_id, Item.state != State.VOID)


def _recurs_of(old_id: int) -> Select[Any]:
    """The item that this one is a relapse of (``flag``)."""
    part = _part(What.RELATED, id=Item.id, text=Item.number, unit_id=Item.lead_unit_id, flag=literal(True))
    return part.where(Item.id == old_id)


def _nudges(item_id: int) -> Select[Any]:
    """``text`` is the sentence with it, ``note`` the unit's reply, by ``other`` at ``other_at``."""
    columns = {"id": Nudge.id, "at": Nudge.nudged_at, "other_at": Nudge.replied_at}
    people = {"by_id": Nudge.by_id, "by": By.name, "other": Other.name, **_for(Nudge.for_id)}
    part = _part(What.NUDGE, **columns, **people, text=Nudge.sentence, note=Nudge.reply).select_from(Nudge)
    part = (
        part.join(By, By.id == Nudge.by_id)
        .outerjoin(For, For.id == Nudge.for_id)
        .outerjoin(Other, Other.id == Nudge.replied_by_id)
    )
    return part.where(Nudge.item_id == item_id)


def _receipts(item_id: int) -> Select[Any]:
    """``of`` is the nudge, ``by`` whom it was sent to as ``code``, ``other_at`` when they read it."""
    reader = NudgeReader
    columns = {"id": reader.person_id, "of": reader.nudge_id, "code": reader.relation, "other_at": Message.read_at}
    part = _part(What.RECEIPT, **columns, by_id=reader.person_id, by=By.name).select_from(reader)
    part = part.join(Nudge, Nudge.id == reader.nudge_id).join(By, By.id == reader.person_id)
    return part.outerjoin(Message, is_message_of(reader.person_id)).where(Nudge.item_id == item_id)


def _children(item_id: int) -> Select[Any]:
    """``text`` is the number, ``day`` due, ``other_day`` closed, ``unit`` leads."""
    columns = {"id": Item.id, "state": Item.state, "day": Item.due_on, "other_day": Item.closed_on}
    part = _part(What.CHILD, **columns, text=Item.number, unit_id=Item.lead_unit_id, unit=Unit.name)
    part = part.select_from(Item).outerjoin(Unit, Unit.id == Item.lead_unit_id)
    return part.where(Item.parent_id == item_id, Item.state != State.VOID)


def _paragraphs(item: Item, indexes: Sequence[int] | None) -> Select[Any]:
    """``number`` is the place in the feedback text.

    Of chosen paragraphs those are left out in which another unit's problem stands as well (一是……二是……).
    """
    paragraph, other = SourceParagraph, aliased(Item)
    part = _part(What.PARAGRAPH, id=paragraph.index, number=paragraph.index, text=paragraph.text)
    part = part.select_from(paragraph).where(paragraph.source_id == item.source_id)
    if indexes is None:
        return part
    is_shared = exists().where(
        other.source_id == item.source_id,
        other.paragraph == paragraph.index,
        other.finding != item.finding,
        other.lead_unit_id.is_distinct_from(item.lead_unit_id),
    )
    return part.where(paragraph.index.in_(indexes), not_(is_shared))


def _holders(unit_id: int) -> Select[Any]:
    """People with an account whose granted role reaches the lead unit: ``code`` is the role, ``number`` how near."""
    distance = func.min(UnitAncestor.distance)
    part = _part(What.HOLDER, id=Person.id, code=Grant.role, number=distance, by_id=Person.id, by=Person.name)
    part = part.select_from(Person).join(Account, (Account.person_id == Person.id) & Account.is_active)
    part = part.join(Grant, Grant.person_id == Person.id).join(UnitAncestor, UnitAncestor.ancestor_id == Grant.unit_id)
    part = part.where(UnitAncestor.unit_id == unit_id, Grant.role.in_(sorted(DECIDING)))
    return part.group_by(Person.id, Person.name, Grant.role)
