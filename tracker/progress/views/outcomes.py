"""Counting results."""

from flask import flash, redirect, render_template
from werkzeug.wrappers import Response

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action
from tracker.core import clock
from tracker.core.acts import DONE, submit
from tracker.core.db import db, writing
from tracker.core.i18n import gettext as _
from tracker.progress import operations, queries
from tracker.progress.forms import OutcomeForm
from tracker.progress.rules import OutcomeKind
from tracker.progress.views.blueprint import blueprint, item_of, item_url, locked


@blueprint.get("/outcomes/new")
@blueprint.post("/outcomes/new")
@allow(Action.REPORT)
def add_outcome(number: str) -> Response | tuple[str, int]:
    """Count a result."""
    actor, item = present_actor(), item_of(number)
    operations.ensure_reportable(item, actor=actor)
    form = OutcomeForm(data={"on": clock.today()})

    def act() -> None:
        kind = OutcomeKind(form.kind.data)
        operations.add_outcome(
            locked(number), kind, form.amount.data, actor=actor, note=form.note.data or "", on=form.on.data
        )

    status = submit(form, act, done=_("整改成效已登记。"))
    if status == DONE:
        return redirect(item_url(number), 303)
    return render_template("progress/outcome.html", form=form, item=item), status


@blueprint.post("/outcomes/<int:outcome_id>/remove")
@allow(Action.REPORT)
def remove_outcome(number: str, outcome_id: int) -> Response:
    """Take back a result that was counted by mistake."""
    with writing():
        outcome = queries.get_outcome(db.session(), locked(number).id, outcome_id)
        operations.remove_outcome(outcome, actor=present_actor())
    flash(_("整改成效已删除，原记录留在操作日志中。"), "success")
    return redirect(item_url(number), 303)
