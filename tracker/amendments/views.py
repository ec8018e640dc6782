"""The page on which a change is asked for."""

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action, can, reach
from tracker.amendments import operations
from tracker.amendments.forms import AskForm
from tracker.core.acts import DONE, submit
from tracker.core.db import db
from tracker.core.i18n import gettext as _
from tracker.items import queries as ledger
from tracker.items.models import Item
from tracker.org import queries as org

blueprint = Blueprint("amendments", __name__)

Answer = Response | tuple[str, int]


def _item(number: str, *, lock: bool = False) -> Item:
    return ledger.get_item(db.session(), number, reach(present_actor()), lock=lock)


@blueprint.route("/items/<number>/ask-amendment", methods=["GET", "POST"])
@allow(Action.ASK_AMENDMENT)
def ask(number: str) -> Answer:
    """Ask that something issued be changed; everything is filled in as it stands."""
    actor, item, session = present_actor(), _item(number), db.session()
    operations.ensure_askable(item, actor=actor)
    form = AskForm(data={field.value: text for field, text in operations.standing(item).items()})

    if not can(actor, Action.EDIT_ITEM, item):
        form.leave_out_deadline()

    def act() -> None:
        operations.ask(_item(number, lock=True), form.wanted, form.reason.data or "", actor=actor)

    status = submit(form, act, done=_("变更申请已提交；批准之前什么都不变。"))
    if status == DONE:
        return redirect(url_for("desk.item", number=number), 303)
    choices = {"units": org.list_unit_choices(session), "people": org.list_people_choices(session)}
    return render_template("amendments/ask.html", form=form, item=item, **choices), status
