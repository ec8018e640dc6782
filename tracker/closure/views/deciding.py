"""Pages of deciding."""

from typing import Any

from flask import redirect, render_template, request, url_for

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action, Actor, may, reach
from tracker.closure import operations, queries
from tracker.closure.forms.deciding import DecisionForm
from tracker.closure.models import Review
from tracker.closure.rules import DECISION_LABELS, ROUTE_LABELS, Decision, is_of_a_meeting
from tracker.closure.sitting import Sitting
from tracker.closure.views.blueprint import Answer, blueprint
from tracker.core import clock
from tracker.core.acts import DONE, submit
from tracker.core.db import db
from tracker.core.errors import Conflict, DomainError
from tracker.core.i18n import gettext as _
from tracker.core.paging import page_number, paginate
from tracker.items.models import Item
from tracker.items.wording import ShownLight, deadline_of, light_of
from tracker.progress import queries as progress
from tracker.sources.rules import STEP_LABELS

SHOWN = 100


@blueprint.get("/reviews")
@allow(Action.ENTER)
def waiting() -> str:
    """What waits for this person's decision, the oldest first."""
    session = db.session()
    page = paginate(
        session,
        queries.select_waiting(present_actor()),
        number=page_number(),
        rows=lambda query: queries.list_waiting(session, query),
    )
    return render_template("closure/waiting.html", page=page, **_to_enter(present_actor()), **_shown())


def _to_enter(actor: Actor) -> dict[str, Any]:
    """What meetings and superiors decide, for whoever enters it."""
    if not may(actor, Action.ENTER_DECISION):
        return {}
    session = db.session()
    bodies = queries.list_waiting(session, queries.select_waiting_on_bodies(actor).limit(SHOWN))
    unconfirmed = queries.list_waiting(session, queries.select_unconfirmed(actor).limit(SHOWN), queries.FIRST_CLOSED)
    has_meetings = any(is_of_a_meeting(each.kind, each.route) for each in bodies)
    return {"bodies": bodies, "unconfirmed": unconfirmed, "has_meetings": has_meetings}


def _shown() -> dict[str, Any]:
    """How the rows of the waiting page are drawn, and where they lead."""
    return {
        "steps": STEP_LABELS,
        "routes": ROUTE_LABELS,
        "light_of": _light,
        "due_of": _due,
        "review_url": lambda review: url_for("closure.review", review_id=review.id),
        "paper_url": lambda review: url_for("closure.enter_decision", review_id=review.id),
        "confirmation_url": lambda review: url_for("closure.confirmation", number=review.application.item.number),
    }


def _light(item: Item) -> ShownLight | None:
    return light_of(item, clock.today())


def _due(item: Item) -> str:
    return deadline_of(item, clock.today())


@blueprint.get("/reviews/<int:review_id>")
@blueprint.post("/reviews/<int:review_id>")
@allow(Action.READ_ITEM)
def review(review_id: int) -> Answer:
    """One step of an application: everything it is about side by side, and the decision."""
    actor, session, sitting = present_actor(), db.session(), Sitting.read(request.args)
    form = DecisionForm()

    def act() -> None:
        held = queries.get_review(session, review_id, reach(actor), lock=True)
        decision, version = Decision(form.decision.data), form.seen_version
        operations.decide(held, decision, form.opinion.data or "", actor=actor, version=version)

    status = submit(form, act, done=_("您的决定已记录。"))
    if status == DONE:
        return redirect(_next_url(actor, sitting.after()), 303)
    found = queries.get_review(session, review_id, reach(actor))
    settled = _why_settled(found, actor)
    if not form.is_submitted():
        form.version.data = found.application.version
    remaining = queries.count_waiting(session, actor, without=sitting.skipped)
    page = render_template(
        "closure/review.html",
        form=form,
        settled=settled,
        sitting=sitting,
        total=sitting.total(remaining),
        own_url=_review_url(review_id, sitting),
        skip_url=_next_url(actor, sitting.skip(review_id)) if remaining > 1 else None,
        **_told(found),
    )
    return page, status


def _review_url(review_id: int, sitting: Sitting) -> str:
    return url_for("closure.review", review_id=review_id, **sitting.address())


def _next_url(actor: Actor, sitting: Sitting) -> str:
    """The next application that waits and was not skipped, else the list."""
    following = queries.find_next_waiting(db.session(), actor, without=sitting.skipped)
    return url_for("closure.waiting") if following is None else _review_url(following.id, sitting)


def _why_settled(found: Review, actor: Actor) -> DomainError | None:
    """Why nothing is left to decide here; raises Forbidden for whoever may not decide it at all."""
    try:
        operations.ensure_decidable(found, actor=actor)
    except Conflict as refusal:
        return refusal
    return None


def _told(found: Review) -> dict[str, Any]:
    """All that a decider looks at."""
    session, item = db.session(), found.application.item
    return {
        "review": found,
        "application": found.application,
        "item": item,
        "light": _light(item),
        "due": _due(item),
        "steps": STEP_LABELS,
        "decisions": DECISION_LABELS,
        "routes": ROUTE_LABELS,
        "measures": progress.list_measures(session, item.id),
        "evidence": progress.list_evidence(session, item.id),
        "entry": progress.find_counted_entry(session, item.id, item.lead_unit_id),
        "before": [
            each for each in queries.list_applications(session, item.id) if each.round < found.application.round
        ],
    }
