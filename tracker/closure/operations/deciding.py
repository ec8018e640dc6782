"""Deciding an application step by step."""

from typing import Any

from tracker.access.rules import Actor, ensure
from tracker.audit.operations import record
from tracker.closure.models import Application, Review
from tracker.closure.operations.settled import refuse_settled
from tracker.closure.rules import (
    DECISION_LABELS,
    ApplicationState,
    Decision,
    check_closable,
    check_decider,
    check_office_step,
    check_opinion,
)
from tracker.core import clock, hooks
from tracker.core.db import db
from tracker.core.errors import Conflict
from tracker.core.i18n import format_datetime
from tracker.core.i18n import lazy_gettext as _l
from tracker.items import operations as items
from tracker.items.rules import Event, OwnWord
from tracker.sources.rules import STEP_ACTIONS, STEP_LABELS


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
    refuse_settled(application)
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
