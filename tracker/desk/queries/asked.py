"""What was asked about an item, and who decided it."""

from typing import Any

from sqlalchemy import (
    Select,
    case,
    func,
    or_,
)
from sqlalchemy.orm import aliased

from tracker.amendments.models import Amendment
from tracker.amendments.queries import select_told
from tracker.closure.models import Application, Declaration, Paper, Review
from tracker.closure.queries import is_kept_from, select_bearers, select_waiting_steps
from tracker.corrections.models import Correction
from tracker.desk.queries.shape import By, For, Named, Other, for_whom, part_of
from tracker.desk.rules.piece import What
from tracker.extensions.models import Extension, ExtensionStep
from tracker.items.models import Item, ReassignmentRequest
from tracker.org.models import Person, Unit
from tracker.progress.models import JointHandling


def applications(item_id: Any) -> Select[Any]:
    """``number`` is the round, ``text`` the statement, ``by`` the applicant."""
    filed = Application
    columns = {"id": filed.id, "number": filed.round, "state": filed.state, "at": filed.filed_at}
    columns |= for_whom(filed.applicant_for_id)
    part = part_of(What.APPLICATION, **columns, by_id=filed.applicant_id, by=By.name, text=filed.statement)
    part = part.select_from(filed).join(By, By.id == filed.applicant_id)
    return part.outerjoin(For, For.id == filed.applicant_for_id).where(filed.item_id == item_id)


def reviews(item_id: Any) -> Select[Any]:
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
    more |= {
        "note": func.coalesce(func.nullif(Paper.document_number, ""), Paper.title),
        **for_whom(Review.decider_for_id),
    }
    more |= {"other": case((on_paper, Other.name), else_=Named.name)}
    part = part_of(What.REVIEW, **columns, **more, text=Review.opinion).select_from(Review)
    part = part.outerjoin(For, For.id == Review.decider_for_id).outerjoin(Named, Named.id == Review.named_id)
    part = part.outerjoin(Paper, Paper.id == Review.paper_id).outerjoin(Other, Other.id == Paper.entered_by_id)
    part = part.join(Application, Application.id == Review.application_id).outerjoin(By, By.id == Review.decider_id)
    return part.where(Application.item_id == item_id)


def deciders(item_id: Any) -> Select[Any]:
    """Who is meant for the step that waits: ``number`` how near, ``flag`` whether it keeps them out as parties."""
    steps = select_waiting_steps(Application.item_id == item_id)
    meant = select_bearers(steps).subquery("meant")
    is_kept = func.coalesce(is_kept_from(Person.id, steps.c, steps.c), False)
    columns = {"id": Person.id, "by_id": Person.id, "by": Person.name, "number": meant.c.distance, "flag": is_kept}
    part = part_of(What.DECIDER, **columns).select_from(steps)
    return part.join(meant, meant.c.step_id == steps.c.step_id).join(Person, Person.id == meant.c.person_id)


def requests(item_id: Any) -> Select[Any]:
    """``unit`` is proposed, ``other`` decided it at ``other_at``; ``flag`` says how, ``note`` is the answer."""
    asked = ReassignmentRequest
    columns = {"id": asked.id, "at": asked.asked_at, "other_at": asked.decided_at, "flag": asked.is_granted}
    people = {"by_id": asked.asked_by_id, "by": By.name, "other": Other.name, "unit": Unit.name}
    people |= for_whom(asked.asked_for_id)
    part = part_of(What.REQUEST, **columns, **people, text=asked.reason, note=asked.answer).select_from(asked)
    part = part.outerjoin(For, For.id == asked.asked_for_id)
    part = part.join(By, By.id == asked.asked_by_id).outerjoin(Other, Other.id == asked.decided_by_id)
    return part.outerjoin(Unit, Unit.id == asked.unit_id).where(asked.item_id == item_id)


def declarations(item_id: Any) -> Select[Any]:
    """``day`` is the day named, ``other`` answered at ``other_at``; ``flag`` says how, ``note`` is the answer."""
    made = Declaration
    columns = {"id": made.id, "at": made.declared_at, "other_at": made.decided_at, "flag": made.is_accepted}
    people = {"by_id": made.declared_by_id, "by": By.name, "other": Other.name, **for_whom(made.declared_for_id)}
    part = part_of(What.DECLARATION, **columns, **people, day=made.declared_on, text=made.statement, note=made.answer)
    part = part.select_from(made).outerjoin(For, For.id == made.declared_for_id)
    part = part.join(By, By.id == made.declared_by_id).outerjoin(Other, Other.id == made.decided_by_id)
    return part.where(made.item_id == item_id)


def extensions(item_id: Any) -> Select[Any]:
    """``number`` is which extension, ``day`` the one asked for, ``other_day`` the one granted, ``code`` who decides."""
    asked = Extension
    columns = {"id": asked.id, "number": asked.nth, "state": asked.state, "code": asked.waits_for, "at": asked.asked_at}
    days = {"day": asked.asked_until, "other_day": asked.granted_until}
    people = {"by_id": asked.asked_by_id, "by": By.name, **for_whom(asked.asked_for_id)}
    part = part_of(What.EXTENSION, **columns, **days, **people, text=asked.reason).select_from(asked)
    part = part.join(By, By.id == asked.asked_by_id).outerjoin(For, For.id == asked.asked_for_id)
    return part.where(asked.item_id == item_id)


def extension_steps(item_id: Any) -> Select[Any]:
    """``code`` is the level, ``state`` the verdict, ``day`` granted; ``other_day`` on the paper ``other`` entered."""
    step = ExtensionStep
    columns = {"id": step.id, "of": step.extension_id, "number": step.position, "code": step.kind}
    days = {"state": step.verdict, "at": step.decided_at, "day": step.until, "other_day": step.paper_on}
    people = {"by_id": step.decider_id, "by": func.coalesce(By.name, step.body), "other": Other.name}
    people |= for_whom(step.decider_for_id)
    part = part_of(What.EXTENSION_STEP, **columns, **days, **people, text=step.opinion).select_from(step)
    part = part.join(Extension, Extension.id == step.extension_id).outerjoin(By, By.id == step.decider_id)
    part = part.outerjoin(For, For.id == step.decider_for_id).outerjoin(Other, Other.id == step.entered_by_id)
    return part.where(Extension.item_id == item_id)


def corrections(item_id: Any) -> Select[Any]:
    """``code`` is the kind, ``note`` what was wrong since ``day``, ``other`` decided at ``other_at``."""
    asked = Correction
    columns = {"id": asked.id, "number": asked.id, "code": asked.kind, "state": asked.state, "at": asked.asked_at}
    told = {"day": asked.wrong_on, "note": asked.wrong, "text": asked.reason, "other_at": asked.decided_at}
    people = {"by_id": asked.asked_by_id, "by": By.name, "other": func.coalesce(Other.name, asked.body)}
    people |= for_whom(asked.asked_for_id)
    part = part_of(What.CORRECTION, **columns, **told, **people).select_from(asked)
    part = part.join(By, By.id == asked.asked_by_id).outerjoin(For, For.id == asked.asked_for_id)
    return part.outerjoin(Other, Other.id == asked.decider_id).where(asked.item_id == item_id)


def amendments(item_id: Any) -> Select[Any]:
    """``flag`` says that the office asked, ``other`` decided at ``other_at``."""
    asked = Amendment
    columns = {"id": asked.id, "number": asked.id, "state": asked.state, "at": asked.asked_at, "text": asked.reason}
    people = {"by_id": asked.asked_by_id, "by": By.name, "other": func.coalesce(Other.name, asked.body)}
    people |= for_whom(asked.asked_for_id)
    part = part_of(What.AMENDMENT, **columns, **people, other_at=asked.decided_at, flag=asked.is_by_office)
    part = part.select_from(asked).join(By, By.id == asked.asked_by_id)
    part = part.outerjoin(For, For.id == asked.asked_for_id).outerjoin(Other, Other.id == asked.decider_id)
    return part.where(asked.item_id == item_id)


def steps(item_id: Any) -> Select[Any]:
    """``code`` is the field, ``note`` what the plan said, ``text`` what it was changed to, ``number`` their order."""
    told = select_told(lambda column: column == item_id).subquery()
    columns = {"id": told.c.item_id, "number": told.c.position, "code": told.c.field}
    return part_of(What.STEP, **columns, note=told.c.before, text=told.c.after).select_from(told)


def joints(item_id: Any) -> Select[Any]:
    """``unit`` is the other item's number, ``state`` its state; ``flag`` says that this one carries it.

    ``text`` says why, ``other`` undid it at ``other_at`` and ``note`` says why.
    """
    joint, partner = JointHandling, aliased(Item)
    carries = joint.carrier_id == item_id
    columns = {"id": joint.id, "number": joint.id, "state": partner.state, "at": joint.joined_at, "text": joint.reason}
    people = {"by_id": joint.joined_by_id, "by": By.name, "other": Other.name, **for_whom(joint.joined_for_id)}
    more = {"other_at": joint.ended_at, "note": joint.end_reason, "unit": partner.number, "flag": carries}
    part = part_of(What.JOINT, **columns, **people, **more).select_from(joint)
    part = part.join(partner, partner.id == case((carries, joint.item_id), else_=joint.carrier_id))
    part = part.outerjoin(By, By.id == joint.joined_by_id).outerjoin(For, For.id == joint.joined_for_id)
    return part.outerjoin(Other, Other.id == joint.ended_by_id).where(or_(carries, joint.item_id == item_id))
