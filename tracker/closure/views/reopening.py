"""The page on which a closed item is taken up again."""

from flask import render_template

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action, ensure
from tracker.closure import operations
from tracker.closure.forms.deciding import ReopenForm
from tracker.closure.views.blueprint import Answer, blueprint, item_of, to_item
from tracker.core.acts import DONE, submit
from tracker.core.i18n import gettext as _
from tracker.items.rules import Event, move


@blueprint.get("/items/<number>/reopen")
@blueprint.post("/items/<number>/reopen")
@allow(Action.DECIDE_AS_OFFICE)
def reopen(number: str) -> Answer:
    """Take a closed item up again."""
    actor, item = present_actor(), item_of(number)
    ensure(actor, Action.DECIDE_AS_OFFICE, item)
    move(item.state, Event.REOPEN)
    form = ReopenForm()

    def act() -> None:
        operations.reopen(item_of(number, lock=True), actor=actor, reason=form.reason.data)

    status = submit(form, act, done=_("事项已重新整改。"))
    if status == DONE:
        return to_item(number)
    return render_template("closure/reopen.html", form=form, item=item), status
