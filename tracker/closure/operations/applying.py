"""Applying for closure, and taking an application back."""

from tracker.access.rules import Action, Actor, ensure
from tracker.audit.operations import record
from tracker.closure.models import Application, Review
from tracker.closure.operations.manning import plan_steps
from tracker.closure.operations.settled import refuse_settled
from tracker.closure.rules import (
    ApplicationState,
    check_complete,
)
from tracker.core import clock, hooks
from tracker.core.db import db
from tracker.core.errors import Conflict, Forbidden
from tracker.core.i18n import lazy_gettext as _l
from tracker.items import operations as items
from tracker.items.models import Item
from tracker.items.rules import Event, OwnWord, move
from tracker.progress import queries as progress


def ensure_applicable(item: Item, *, actor: Actor) -> None:
    """Raise Forbidden or Conflict unless the person may apply for this item's closure now."""
    ensure(actor, Action.APPLY, item)
    items.refuse_parent(item)
    move(item.state, Event.APPLY)


def apply(item: Item, statement: str, *, actor: Actor) -> Application:
    """Apply for closure: the source's chain is copied, the first step begins to wait.

    ``item`` must have been read with a lock. The unit's own word becomes "completed". Raises DomainError when
    something is missing, or when a step has nobody but the applicant who could decide it.
    """
    ensure_applicable(item, actor=actor)
    session = db.session()
    measures = progress.list_measures(session, item.id)
    done = sum(each.done_on is not None for each in measures)
    check_complete(statement, measures=len(measures), done=done, evidence=progress.count_evidence(session, item.id))
    planned = plan_steps(item, excluded=actor.identities)
    if item.own_word is not OwnWord.COMPLETED:
        items.declare(item, OwnWord.COMPLETED, actor=actor)
    application = Application(
        item_id=item.id,
        item=item,
        round=item.rounds + 1,
        applicant_id=actor.person_id,
        applicant_for_id=actor.for_id,
        statement=statement.strip(),
        filed_at=clock.now(),
        state=ApplicationState.PENDING,
    )
    application.reviews = [
        Review(position=position, kind=step.kind, named_id=step.named_id, route=step.route)
        for position, step in enumerate(planned, start=1)
    ]
    session.add(application)
    items.move_on(item, Event.APPLY, actor=actor, rounds=application.round)
    session.flush()
    record(actor, "application.file", item.number, round=application.round, statement=application.statement)
    hooks.call("application_waits", application.reviews[0])
    return application


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
