"""What a decision on a step asks and does, whether it was clicked here or signed on paper."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from tracker.access.rules import Actor
from tracker.audit.operations import record
from tracker.closure.models import Application, Review
from tracker.closure.operations.settled import refuse_settled
from tracker.closure.rules import (
    DECISION_LABELS,
    ApplicationState,
    Decision,
    check_closable,
    check_opinion,
    check_party,
)
from tracker.core import clock, hooks
from tracker.core.db import db
from tracker.core.errors import Conflict
from tracker.core.i18n import format_datetime
from tracker.core.i18n import lazy_gettext as _l
from tracker.items import operations as items
from tracker.items import queries as ledger
from tracker.items.four_eyes import check_four_eyes, is_party
from tracker.items.rules import Event, OwnWord
from tracker.sources.rules import STEP_LABELS, StepKind


def check_hands(review: Review, deciding: frozenset[int]) -> None:
    """Raise Forbidden unless these hands may decide the step: four eyes, and parties keep out.

    ``deciding`` is one person and whom they act for, or who signed on paper.
    """
    application = review.application
    earlier = (each.deciders for each in before(review) if not each.is_undone)
    check_four_eyes(deciding, asking=application.applicants, earlier=frozenset().union(*earlier))
    decider = ledger.load_decider(db.session(), deciding)
    check_party(review.kind, review.route, is_party=is_party(decider, application.item))


def before(review: Review) -> list[Review]:
    """The steps before one."""
    return [each for each in review.application.reviews if each.position < review.position]


def check_turn(review: Review) -> None:
    """Raise Conflict when a step does not wait for a decision now."""
    if review.decision is not None:
        raise Conflict(_decided_already(review))
    refuse_settled(review.application)
    if any(each.decision is None for each in before(review)):
        raise Conflict(_l("前一环节尚未审核，还不能审核这一环节。"))


def _decided_already(review: Review) -> object:
    return _l(
        "“%(step)s”这一环节已由%(who)s于 %(when)s 作出“%(what)s”的决定，同一环节不能重复审核。",
        step=STEP_LABELS[review.kind],
        who=review.who or "—",
        when=format_datetime(review.decided_at, "yyyy-MM-dd HH:mm"),
        what=DECISION_LABELS[review.decision] if review.decision else "—",
    )


def settle(review: Review, decision: Decision, opinion: str, *, actor: Actor, on: date, **told: Any) -> None:
    """Note a decision of the day ``on`` and let it have its effect; whoever decided is written on the review already.

    ``told`` goes into the trail. The applicant is told, and whoever is next.
    """
    check_opinion(decision, opinion)
    review.decision, review.opinion = decision, opinion.strip()
    review.decided_at, review.decided_on = clock.now(), on
    application = review.application
    values = {"round": application.round, "step": review.kind, "decision": decision, "opinion": review.opinion}
    record(actor, "review.decide", application.item.number, **values, **told)
    following = [each for each in application.reviews if each.position > review.position]
    own = [each for each in following if each.kind is not StepKind.SUPERIOR]
    _follow(review, application, own, actor=actor)
    session = db.session()
    session.flush()
    session.expire(review, ["decider", "paper"])
    hooks.call("application_decided", review)
    if decision is Decision.PASS and own:
        hooks.call("application_waits", own[0])


def _follow(review: Review, application: Application, following: Sequence[Review], *, actor: Actor) -> None:
    """What a decision does to the application and the item; a pass with steps left does nothing to them.

    What was signed on paper counts from the day written there, but never before the item's last change.
    """
    item = application.item
    assert review.decided_on is not None
    on = max(review.decided_on, item.changed_on)
    if review.decision is Decision.RETURN:
        application.state = ApplicationState.RETURNED
        # What was called completed is not; the unit says so again when it is.
        spent: dict[str, Any] = {"own_word": OwnWord.NONE, "own_word_on": None}
        items.move_on(item, Event.SEND_BACK, actor=actor, on=on, reason=review.opinion, **spent)
    elif review.decision is Decision.SUSTAIN:
        application.state = ApplicationState.SUSTAINED
        items.move_on(item, Event.SUSTAIN, actor=actor, on=on, reason=review.opinion)
    elif not following:
        check_closable(then_sustained=item.then_sustained, closes_when_sustained=item.source.closes_when_sustained)
        application.state = ApplicationState.CLOSED
        items.move_on(item, Event.CLOSE, actor=actor, on=on, reason=review.opinion, closed_on=on)
