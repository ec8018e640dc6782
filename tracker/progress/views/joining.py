"""Handling items jointly (并案), and undoing it."""

from flask import redirect, render_template
from werkzeug.wrappers import Response

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action, ensure, reach
from tracker.core.acts import DONE, submit
from tracker.core.db import db
from tracker.core.i18n import gettext as _
from tracker.progress import operations, queries
from tracker.progress.forms import JoinForm, PartForm
from tracker.progress.views.blueprint import blueprint, item_of, item_url, locked


@blueprint.get("/join")
@blueprint.post("/join")
@allow(Action.EDIT_ITEM)
def join(number: str) -> Response | tuple[str, int]:
    """Choose the item of another source that carries measures and evidence of this one."""
    actor, item = present_actor(), item_of(number)
    ensure(actor, Action.EDIT_ITEM, item)
    possible = queries.list_possible_carriers(db.session(), item, reach(actor, Action.EDIT_ITEM))
    form = JoinForm(data={"version": item.version})
    shown = [(each.number, f"{each.number} {each.finding[:40]}") for each in possible]
    form.carrier.choices = [("", _("请选择")), *shown]

    def act() -> None:
        carrier = locked(form.carrier.data)
        operations.join(locked(number), carrier, form.reason.data, actor=actor, version=form.seen_version)

    status = submit(form, act, done=_("已并案：措施、佐证和进展以承办事项为准。"))
    if status == DONE:
        return redirect(item_url(number), 303)
    return render_template("progress/join.html", form=form, item=item, possible=possible), status


@blueprint.get("/part")
@blueprint.post("/part")
@allow(Action.EDIT_ITEM)
def part(number: str) -> Response | tuple[str, int]:
    """Undo it, with a reason."""
    actor, item = present_actor(), item_of(number)
    ensure(actor, Action.EDIT_ITEM, item)
    form = PartForm(data={"version": item.version})

    def act() -> None:
        operations.part(locked(number), form.reason.data, actor=actor, version=form.seen_version)

    status = submit(form, act, done=_("已解除并案，本事项自己的措施恢复。"))
    if status == DONE:
        return redirect(item_url(number), 303)
    return render_template("progress/part.html", form=form, item=item, carrier=item.carrier), status
