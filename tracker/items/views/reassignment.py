"""A unit says an item is not its own; the office decides."""

from flask import redirect, render_template

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action, ensure
from tracker.core.acts import submit
from tracker.core.db import db
from tracker.core.errors import Stale
from tracker.core.i18n import gettext as _
from tracker.items import operations, queries
from tracker.items.forms.life import AskReassignmentForm, ReassignForm, RefuseForm
from tracker.items.operations import Names, Typed
from tracker.items.views.blueprint import (
    Answer,
    blueprint,
    is_done,
    item_of,
    item_url,
    locked,
    name_choices,
    told,
)


@blueprint.get("/<number>/ask-reassignment")
@blueprint.post("/<number>/ask-reassignment")
@allow(Action.ASK_REASSIGNMENT)
def ask_reassignment(number: str) -> Answer:
    """Ask the office to give the item to another unit; the deadline runs on."""
    actor, item = present_actor(), item_of(number)
    ensure(actor, Action.ASK_REASSIGNMENT, item)
    form = AskReassignmentForm()

    def act() -> None:
        held = locked(number)
        unit_id = _unit_id(form.unit.data) if form.unit.data else None
        operations.ask_reassignment(held, reason=form.reason.data, unit_id=unit_id, actor=actor)

    status = submit(form, act, done=_("改派申请已交整改办；决定之前时限照常计算。"))
    if is_done(status):
        return redirect(item_url(number), 303)
    return render_template("items/ask_reassignment.html", form=form, item=item, **name_choices()), status


@blueprint.get("/<number>/reassign")
@blueprint.post("/<number>/reassign")
@allow(Action.REASSIGN)
def reassign(number: str) -> Answer:
    """Give the item to another unit, which accepts it anew."""
    actor, item = present_actor(), item_of(number)
    ensure(actor, Action.REASSIGN, item)
    asked = queries.find_open_request(db.session(), item.id)
    proposed = asked.unit.name if asked and asked.unit else ""
    form = ReassignForm(data={"version": item.version, "unit": proposed})

    def act() -> None:
        held = locked(number)
        unit_id = _unit_id(form.unit.data)
        try:
            operations.reassign(held, unit_id=unit_id, reason=form.reason.data, actor=actor, version=form.seen_version)
        except Stale as error:
            stored = {_("新的牵头单位"): held.lead_unit.name if held.lead_unit else None, _("改派说明"): None}
            raise Stale(error.message, typed=told(form), stored=stored) from error

    status = submit(form, act, done=_("%(number)s 已改派，新的牵头单位将收到通知。", number=number))
    if is_done(status):
        return redirect(item_url(number), 303)
    return render_template("items/reassign.html", form=form, item=item, asked=asked, **name_choices()), status


@blueprint.get("/<number>/refuse-reassignment")
@blueprint.post("/<number>/refuse-reassignment")
@allow(Action.REASSIGN)
def refuse_reassignment(number: str) -> Answer:
    """Leave the item where it is and say why."""
    actor, item = present_actor(), item_of(number)
    ensure(actor, Action.REASSIGN, item)
    asked = queries.find_open_request(db.session(), item.id)
    form = RefuseForm()

    def act() -> None:
        operations.refuse_reassignment(locked(number), answer=form.answer.data, actor=actor)

    status = submit(form, act, done=_("已答复：不同意改派。"))
    if is_done(status):
        return redirect(item_url(number), 303)
    return render_template("items/refuse_reassignment.html", form=form, item=item, asked=asked), status


def _unit_id(name: str) -> int:
    return Names(db.session(), [Typed(lead_unit=name)]).unit(name, field="unit").id
