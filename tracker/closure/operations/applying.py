"""Applying for closure, and taking an application back."""

from dataclasses import replace

from tracker.access.rules import Actor
from tracker.audit.operations import record
from tracker.closure import queries
from tracker.closure.models import Application, Review
from tracker.closure.operations.drafting import basis_of, refuse_overtaken, refuse_secret_words
from tracker.closure.operations.filing import standing
from tracker.closure.operations.manning import plan_steps
from tracker.closure.operations.readiness import ensure_applicable
from tracker.closure.operations.settled import refuse_settled
from tracker.closure.rules import (
    ApplicationState,
    Filed,
    Telling,
    check_complete,
)
from tracker.core import clock, hooks
from tracker.core.db import db
from tracker.core.errors import Conflict, Forbidden
from tracker.core.i18n import lazy_gettext as _l
from tracker.items import operations as items
from tracker.items.models import Item
from tracker.items.rules import Event, OwnWord


def apply(item: Item, telling: Telling, *, actor: Actor, version: int | None = None) -> Application:
    """Apply for closure: the source's chain is copied, what stands now is kept, the first step begins to wait.

    ``item`` must have been read with a lock; ``version`` is that of the draft the person saw, which is done with. The
    unit's own word becomes "completed". Raises Incomplete when something is missing, DomainError when a step has nobody
    but the applicant who could decide it, Stale when somebody else wrote on since.
    """
    ensure_applicable(item, actor=actor)
    refuse_secret_words(item, telling)
    session = db.session()
    draft = queries.find_draft(session, item)
    refuse_overtaken(draft, version, telling)
    filed = standing(item, telling)
    check_complete(telling, basis_of(item, filed))
    planned = plan_steps(item, excluded=actor.identities)
    if item.own_word is not OwnWord.COMPLETED:
        items.declare(item, OwnWord.COMPLETED, actor=actor)
    said = replace(telling, statement=item.finding) if item.is_secret else telling
    application = _filled_in(item, said, filed, actor=actor)
    application.reviews = [
        Review(position=position, kind=step.kind, named_id=step.named_id, route=step.route)
        for position, step in enumerate(planned, start=1)
    ]
    session.add(application)
    if draft is not None:
        session.delete(draft)
    items.move_on(item, Event.APPLY, actor=actor, rounds=application.round)
    session.flush()
    record(actor, "application.file", item.number, round=application.round, **_recorded(application))
    hooks.call("application_waits", application.reviews[0])
    return application


def _filled_in(item: Item, telling: Telling, filed: Filed, *, actor: Actor) -> Application:
    return Application(
        item_id=item.id,
        item=item,
        round=item.rounds + 1,
        applicant_id=actor.person_id,
        applicant_for_id=actor.for_id,
        statement=telling.statement.strip(),
        similar_checked=telling.similar_checked.strip(),
        similar_found=telling.similar_found.strip(),
        mechanism=telling.mechanism.strip(),
        explanation=telling.explanation.strip(),
        is_pledged=telling.is_pledged,
        snapshot=filed.written(),
        filed_at=clock.now(),
        state=ApplicationState.PENDING,
    )


def _recorded(application: Application) -> dict[str, object]:
    """What the trail keeps of it: the texts that were written, and what they were filed with."""
    names = ("statement", "similar_checked", "similar_found", "mechanism", "explanation")
    texts = {name: getattr(application, name) for name in names if getattr(application, name)}
    told = [f"{each.text}：{each.told}" for each in application.filed.measures if each.told]
    files = [f"{each.serial} {each.name}" for each in application.filed.evidence]
    return {**texts, "measures": told, "evidence": files, "is_pledged": application.is_pledged}


def retract(application: Application, *, actor: Actor) -> None:
    """The applicant takes the application back before anybody decided on it."""
    if not actor.identities & application.applicants:
        raise Forbidden(_l("只有申请人本人可以撤回申请。"))
    refuse_settled(application)
    if any(review.decision is not None for review in application.reviews):
        raise Conflict(_l("已有环节作出决定，不能再撤回；如需修改，请联系审核人退回。"))
    application.state = ApplicationState.RETRACTED
    items.move_on(application.item, Event.RETRACT, actor=actor)
    record(actor, "application.retract", application.item.number, round=application.round)
