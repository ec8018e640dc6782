"""Pages of applying."""

from typing import Any

from flask import flash, render_template
from werkzeug.wrappers import Response

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action
from tracker.closure import operations, queries
from tracker.closure.forms.applying import ApplicationForm
from tracker.closure.rules import Decision
from tracker.closure.views.blueprint import Answer, blueprint, item_of, to_item
from tracker.core.acts import DONE, submit
from tracker.core.db import db, writing
from tracker.core.errors import Conflict
from tracker.core.i18n import gettext as _
from tracker.progress import queries as progress
from tracker.sources.rules import STEP_LABELS


@blueprint.get("/items/<number>/application")
@blueprint.post("/items/<number>/application")
@allow(Action.APPLY)
def apply(number: str) -> Answer:
    """Apply for closure; what was written last time is filled in already."""
    actor, item, session = present_actor(), item_of(number), db.session()
    operations.ensure_applicable(item, actor=actor)
    last = queries.find_last(session, item.id)
    form = ApplicationForm(data={"statement": last.statement if last else ""})

    def act() -> None:
        operations.apply(item_of(number, lock=True), form.statement.data or "", actor=actor)

    status = submit(form, act, done=_("已申请销号，等待审核。"))
    if status == DONE:
        return to_item(number)
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
        pending = queries.find_pending(db.session(), item_of(number).id, lock=True)
        if pending is None:
            raise Conflict(_("没有正在审核的申请，可能已被撤回或作出决定。"))
        operations.retract(pending, actor=present_actor())
    flash(_("申请已撤回。"), "success")
    return to_item(number)
