"""Pages of applying and deciding."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action, Actor, reach
from tracker.closure import operations, queries
from tracker.closure.forms import ApplicationForm, DecisionForm
from tracker.closure.models import Review
from tracker.closure.rules import DECISION_LABELS, Decision
from tracker.core import clock
from tracker.core.acts import DONE, submit
from tracker.core.db import db, writing
from tracker.core.errors import Conflict, DomainError
from tracker.core.i18n import gettext as _
from tracker.core.paging import page_number, paginate
from tracker.items import queries as items
from tracker.items.models import Item
from tracker.items.wording import ShownLight, deadline_of, light_of
from tracker.progress import queries as progress
from tracker.sources.rules import STEP_LABELS

blueprint = Blueprint("closure", __name__)

Answer = Response | tuple[str, int]


def _item(number: str, *, lock: bool = False) -> Item:
    return items.get_item(db.session(), number, reach(present_actor()), lock=lock)


def _to_item(number: str) -> Response:
    return redirect(url_for("desk.item", number=number, tab="closure"), 303)


@blueprint.get("/items/<number>/application")
@blueprint.post("/items/<number>/application")
@allow(Action.APPLY)
def apply(number: str) -> Answer:
    """Apply for closure; what was written last time is filled in already."""
    actor, item, session = present_actor(), _item(number), db.session()
    operations.ensure_applicable(item, actor=actor)
    last = queries.find_last(session, item.id)
    form = ApplicationForm(data={"statement": last.statement if last else ""})

    def act() -> None:
        operations.apply(_item(number, lock=True), form.statement.data or "", actor=actor)

    status = submit(form, act, done=_("已申请销号，等待审核。"))
    if status == DONE:
        return _to_item(number)
    values: dict[str, Any] = {
        "measures": progress.list_measures(session, item.id),
        "evidence": progress.list_evidence(session, item.id),
        "returned": next((each for each in last.reviews if each.decision is Decision.RETURN), None) if last else None,
        "steps": [STEP_LABELS[step.kind] for step in item.source.steps],
    }
    return render_template("closure/apply.html", form=form, item=item, round=item.rounds + 1, **values), status


@blueprint.post("/items/<number>/application/retract")
@allow(Action.APPLY)
def retract(number: str) -> Response:
    """Take an application back."""
    with writing():
        pending = queries.find_pending(db.session(), _item(number).id, lock=True)
        if pending is None:
            raise Conflict(_("没有正在审核的申请，可能已被撤回或作出决定。"))
        operations.retract(pending, actor=present_actor())
    flash(_("申请已撤回。"), "success")
    return _to_item(number)


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
    return render_template("closure/waiting.html", page=page, steps=STEP_LABELS, light_of=_light, due_of=_due)


def _light(item: Item) -> ShownLight | None:
    return light_of(item, clock.today())


def _due(item: Item) -> str:
    return deadline_of(item, clock.today())


@blueprint.get("/reviews/<int:review_id>")
@blueprint.post("/reviews/<int:review_id>")
@allow(Action.READ_ITEM)
def review(review_id: int) -> Answer:
    """One step of an application: everything it is about side by side, and the decision."""
    actor, session = present_actor(), db.session()
    form = DecisionForm()

    def act() -> None:
        held = queries.get_review(session, review_id, reach(actor), lock=True)
        operations.decide(held, Decision(form.decision.data), form.opinion.data or "", actor=actor)

    status = submit(form, act, done=_("您的决定已记录。"))
    if status == DONE:
        return _to_next(actor)
    found = queries.get_review(session, review_id, reach(actor))
    settled = _why_settled(found, actor)
    return render_template("closure/review.html", form=form, settled=settled, **_told(found)), status


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
        "measures": progress.list_measures(session, item.id),
        "evidence": progress.list_evidence(session, item.id),
        "entry": progress.find_counted_entry(session, item.id, item.lead_unit_id),
        "before": [
            each for each in queries.list_applications(session, item.id) if each.round < found.application.round
        ],
    }


def _to_next(actor: Actor) -> Response:
    """On to the next application that waits, else back to the empty list."""
    following = queries.find_next_waiting(db.session(), actor)
    if following is None:
        return redirect(url_for("closure.waiting"), 303)
    return redirect(url_for("closure.review", review_id=following.id), 303)
