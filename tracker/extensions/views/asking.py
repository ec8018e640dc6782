"""A unit asks for an extension, and takes it back."""

from flask import flash, render_template, url_for
from flask import redirect as go_to
from werkzeug.wrappers import Response

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action, reach
from tracker.core import clock
from tracker.core.acts import DONE, submit
from tracker.core.db import db, writing
from tracker.core.i18n import gettext as _
from tracker.extensions import operations
from tracker.extensions.forms import AskForm
from tracker.extensions.operations import Wish
from tracker.extensions.rules import LEVEL_LABELS, LEVELS
from tracker.extensions.views.blueprint import Answer, blueprint, extension_of, to_extension
from tracker.items import queries as ledger
from tracker.items.models import Item
from tracker.items.wording import deadline_note, deadline_of


def _item(number: str, *, lock: bool = False) -> Item:
    return ledger.get_item(db.session(), number, reach(present_actor()), lock=lock)


@blueprint.route("/items/<number>/ask-extension", methods=["GET", "POST"])
@allow(Action.ASK_EXTENSION)
def ask(number: str) -> Answer:
    """Ask for a later deadline before the present one passes."""
    actor, item, form, today = present_actor(), _item(number), AskForm(), clock.today()
    operations.ensure_askable(item, actor=actor)

    def act() -> None:
        wish = Wish(form.until.data, form.reason.data or "", form.progress.data or "", form.safeguards.data or "")
        operations.ask(_item(number, lock=True), wish, actor=actor)

    status = submit(form, act, done=_("延期申请已提交；决定之前时限照常计算。"))
    if status == DONE:
        return go_to(url_for("desk.item", number=number), 303)
    values = {
        "deadline": deadline_of(item, today),
        "note": deadline_note(item, today),
        "steps": [LEVEL_LABELS[level] for level in LEVELS],
    }
    return render_template("extensions/ask.html", form=form, item=item, nth=item.extensions + 1, **values), status


@blueprint.post("/extensions/<int:extension_id>/retract")
@allow(Action.ASK_EXTENSION)
def retract(extension_id: int) -> Response:
    """Take a request back."""
    with writing():
        operations.retract(extension_of(extension_id, lock=True), actor=present_actor())
    flash(_("延期申请已撤回。"), "success")
    return to_extension(extension_id)
