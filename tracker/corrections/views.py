"""The page on which a correction is asked for."""

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action, reach
from tracker.core.acts import DONE, submit
from tracker.core.db import db
from tracker.core.i18n import gettext as _
from tracker.corrections import operations
from tracker.corrections.forms import AskForm
from tracker.corrections.rules import EVENT_LABELS, CorrectionKind
from tracker.items import queries as ledger
from tracker.items.models import Item

blueprint = Blueprint("corrections", __name__)

Answer = Response | tuple[str, int]


def _item(number: str, *, lock: bool = False) -> Item:
    return ledger.get_item(db.session(), number, reach(present_actor()), lock=lock)


@blueprint.route("/items/<number>/ask-correction", methods=["GET", "POST"])
@allow(Action.DECIDE_AS_OFFICE)
def ask(number: str) -> Answer:
    """Ask that the last decision be taken back, or that a closed item be taken up again."""
    actor, item, form = present_actor(), _item(number), AskForm()
    last, kinds = operations.ensure_askable(item, actor=actor)
    form.offer(kinds)

    def act() -> None:
        operations.ask(_item(number, lock=True), CorrectionKind(form.kind.data), form.reason.data or "", actor=actor)

    status = submit(form, act, done=_("申请已提交，由另一人审批；批准之前什么都不变。"))
    if status == DONE:
        return redirect(url_for("desk.item", number=number), 303)
    return render_template("corrections/ask.html", form=form, item=item, last=last, events=EVENT_LABELS), status
