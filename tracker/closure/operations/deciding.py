"""Deciding an application step by step, each by one's own click."""

from tracker.access.rules import Actor
from tracker.closure import queries
from tracker.closure.models import Review
from tracker.closure.operations.settling import check_hands, check_turn, settle
from tracker.closure.rules import Decision
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Forbidden
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.versions import check_version


def ensure_decidable(review: Review, *, actor: Actor) -> None:
    """Raise Forbidden for whoever may never decide this step, Conflict when it does not wait for a decision now."""
    if not actor.is_system and actor.stands_as not in queries.list_bearers(db.session(), review):
        raise Forbidden(_l("您没有权限审核这一环节。"))
    check_hands(review, actor.identities)
    check_turn(review)


def decide(review: Review, decision: Decision, opinion: str, *, actor: Actor, version: int | None = None) -> None:
    """Decide a step: on to the next one, closed with the last, sent back with a demand, or sustained.

    ``review`` must have been read with a lock, ``version`` is that of the application the person looked at. Raises
    Conflict, saying who decided what, for a decided step, Stale for an application that changed meanwhile.
    """
    ensure_decidable(review, actor=actor)
    told = {str(_l("审核意见")): opinion}
    check_version(review.application, version, typed=told, stored=dict.fromkeys(told))
    review.decider_id, review.decider_for_id = actor.person_id, actor.for_id
    settle(review, decision, opinion, actor=actor, on=clock.today())
