"""Applying for closure, and deciding step by step."""

from typing import Any

from tracker.access.rules import Action, Actor, ensure
from tracker.audit.operations import record
from tracker.closure import queries
from tracker.closure.models import Application, Review
from tracker.closure.rules import (
    APPLICATION_LABELS,
    DECISION_LABELS,
    ApplicationState,
    Decision,
    check_closable,
    check_complete,
    check_decider,
    check_office_step,
    check_opinion,
    find_unmanned,
)
from tracker.core import clock, hooks
from tracker.core.db import db
from tracker.core.errors import Conflict, DomainError, Forbidden
from tracker.core.i18n import format_datetime
from tracker.core.i18n import lazy_gettext as _l
from tracker.items import operations as items
from tracker.items.models import Item
from tracker.items.rules import Event, OwnWord, move
from tracker.progress import queries as progress
from tracker.sources.rules import STEP_ACTIONS, STEP_LABELS


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
    _refuse_unmanned(item, actor=actor)
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
    application.reviews = [Review(position=step.position, kind=step.kind) for step in item.source.steps]
    session.add(application)
    items.move_on(item, Event.APPLY, actor=actor, rounds=application.round)
    session.flush()
    record(actor, "application.file", item.number, round=application.round, statement=application.statement)
    hooks.call("application_waits", application.reviews[0])
    return application


def _refuse_unmanned(item: Item, *, actor: Actor) -> None:
    session = db.session()
    steps = [(step.kind, queries.list_possible_deciders(session, item, step.kind)) for step in item.source.steps]
    unmanned = find_unmanned(steps, excluded=actor.identities)
    if unmanned is not None:
        message = _l(
            "“%(step)s”环节除您和其他环节的审核人外，没有可以审核的人，暂不能申请销号。"
            "请联系整改办补充审核人，或由本单位其他人申请。",
            step=STEP_LABELS[unmanned],
        )
        raise DomainError(message)


def retract(application: Application, *, actor: Actor) -> None:
    """The applicant takes the application back before anybody decided on it."""
    if not actor.identities & application.applicants:
        raise Forbidden(_l("只有申请人本人可以撤回申请。"))
    _refuse_settled(application)
    if any(review.decision is not None for review in application.reviews):
        raise Conflict(_l("已有环节作出决定，不能再撤回；如需修改，请联系审核人退回。"))
    application.state = ApplicationState.RETRACTED
    items.move_on(application.item, Event.RETRACT, actor=actor)
    record(actor, "application.retract", application.item.number, round=application.round)


def ensure_decidable(review: Review, *, actor: Actor) -> None:
    """Raise Forbidden for whoever may never decide this step, Conflict when it does not wait for a decision now."""
    application = review.application
    earlier = [each for each in application.reviews if each.position < review.position]
    ensure(actor, STEP_ACTIONS[review.kind], application.item)
    check_office_step(review.kind, actor, application.item)
    check_decider(
        actor.identities,
        applying=application.applicants,
        earlier_deciders=frozenset().union(*(each.deciders for each in earlier)),
    )
    if review.decision is not None:
        raise Conflict(_decided_already(review))
    _refuse_settled(application)
    if any(each.decision is None for each in earlier):
        raise Conflict(_l("前一环节尚未审核，还不能审核这一环节。"))


def _decided_already(review: Review) -> object:
    return _l(
        "“%(step)s”这一环节已由%(who)s于 %(when)s 作出“%(what)s”的决定，同一环节不能重复审核。",
        step=STEP_LABELS[review.kind],
        who=review.decider.name if review.decider else "—",
        when=format_datetime(review.decided_at, "yyyy-MM-dd HH:mm"),
        what=DECISION_LABELS[review.decision] if review.decision else "—",
    )


def _refuse_settled(application: Application) -> None:
    if application.state is not ApplicationState.PENDING:
        message = _l("这份申请现在是“%(state)s”，不再等待审核。", state=APPLICATION_LABELS[application.state])
        raise Conflict(message)


def decide(review: Review, decision: Decision, opinion: str, *, actor: Actor) -> None:
    """Decide a step: on to the next one, closed with the last, sent back with a demand, or sustained.

    ``review`` must have been read with a lock. Raises Conflict, saying who decided what, for a decided step.
    """
    ensure_decidable(review, actor=actor)
    check_opinion(decision, opinion)
    review.decision, review.opinion = decision, opinion.strip()
    review.decider_id, review.decider_for_id, review.decided_at = actor.person_id, actor.for_id, clock.now()
    application = review.application
    following = [each for each in application.reviews if each.position > review.position]
    record(
        actor,
        "review.decide",
        application.item.number,
        round=application.round,
        step=review.kind,
        decision=decision,
        opinion=review.opinion,
    )
    _follow(review, application, following, actor=actor)
    session = db.session()
    session.flush()
    session.expire(review, ["decider"])
    hooks.call("application_decided", review)
    if decision is Decision.PASS and following:
        hooks.call("application_waits", following[0])


def _follow(review: Review, application: Application, following: list[Review], *, actor: Actor) -> None:
    """What a decision does to the application and the item; a pass with steps left does nothing to them."""
    item = application.item
    if review.decision is Decision.RETURN:
        application.state = ApplicationState.RETURNED
        # What was called completed is not; the unit says so again when it is.
        spent: dict[str, Any] = {"own_word": OwnWord.NONE, "own_word_on": None}
        items.move_on(item, Event.SEND_BACK, actor=actor, reason=review.opinion, **spent)
    elif review.decision is Decision.SUSTAIN:
        application.state = ApplicationState.SUSTAINED
        items.move_on(item, Event.SUSTAIN, actor=actor, reason=review.opinion)
    elif not following:
        check_closable(then_sustained=item.then_sustained, closes_when_sustained=item.source.closes_when_sustained)
        application.state = ApplicationState.CLOSED
        items.move_on(item, Event.CLOSE, actor=actor, reason=review.opinion, closed_on=clock.today())


def reopen(item: Item, *, actor: Actor, reason: str) -> None:
    """Put a closed item back to work, as a reviewed request asked for; the unit's own word is spent.

    What came in as closed was never issued here; it counts as issued by this, or nobody would be reminded of it.
    """
    items.refuse_parent(item)
    items.move_on(
        item,
        Event.REOPEN,
        actor=actor,
        reason=reason.strip(),
        issued_on=item.issued_on or clock.today(),
        closed_on=None,
        confirmed_on=None,
        own_word=OwnWord.NONE,
        own_word_on=None,
    )


def undo_decision(item: Item) -> None:
    """Let the step that was decided last be decided once more; the decision that was wrong stays, marked.

    Raises Conflict when the item was not applied for.
    """
    session = db.session()
    application = queries.find_last(session, item.id)
    decided = [each for each in application.reviews if each.decision is not None] if application else []
    if application is None or not decided:
        raise Conflict(_l("没有可以冲正的审核决定。"))
    wrong = decided[-1]
    wrong.is_undone = True
    for each in reversed([each for each in application.reviews if each.position > wrong.position]):
        each.position += 1
        session.flush()
    again = Review(application_id=application.id, position=wrong.position + 1, kind=wrong.kind)
    application.state = ApplicationState.PENDING
    session.add(again)
    session.flush()
    session.expire(application, ["reviews"])
    hooks.call("application_waits", again)
