"""Confirming receipt, and naming who does the work."""

from collections.abc import Sequence
from typing import Any

from flask import redirect, render_template, request, url_for

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action, ensure, reach
from tracker.core.acts import submit
from tracker.core.db import db
from tracker.core.errors import AlreadyThere, DomainError, NotFound, Stale
from tracker.core.i18n import gettext as _
from tracker.items import queries
from tracker.items.forms.life import LINES_MAX, AcceptForm, AcceptManyForm
from tracker.items.models import Item
from tracker.items.operations.handlers import accept_naming, lead_unit_of
from tracker.items.rules import Event
from tracker.items.views.blueprint import (
    Answer,
    back_url,
    blueprint,
    chosen_items,
    is_done,
    item_of,
    item_url,
    locked,
    locked_many,
    told,
)


@blueprint.get("/<number>/accept")
@blueprint.post("/<number>/accept")
@allow(Action.ACCEPT)
def accept(number: str) -> Answer:
    """Accept one item, naming its handler."""
    actor, item = present_actor(), item_of(number)
    ensure(actor, Action.ACCEPT, item)
    unit = lead_unit_of(item)
    form = AcceptForm(data={"version": item.version})

    def act() -> None:
        held = locked(number)
        try:
            accept_naming(
                held, form.handler.data, actor=actor, version=form.seen_version, adds_people=form.adds_people.data
            )
        except Stale as error:
            raise Stale(error.message, typed=told(form), stored=_stored(held)) from error

    status = submit(form, act, done=_("%(number)s 已签收，经办人将收到通知。", number=number))
    if is_done(status):
        return redirect(url_for("desk.my_desk") if request.form.get("to") == "desk" else item_url(number), 303)
    asks_people = bool(form.adds_people.errors or form.adds_people.data)
    names = queries.list_names_below(db.session(), unit.id)
    return render_template("items/accept.html", form=form, item=item, asks_people=asks_people, names=names), status


def _stored(item: Item) -> dict[str, Any]:
    return {
        _("经办人"): item.handler.name if item.handler else None,
        _("新增这些人员"): None,
        _("状态"): str(item.state_label),
    }


@blueprint.get("/accept-many")
@blueprint.post("/accept-many")
@allow(Action.ACCEPT)
def accept_many() -> Answer:
    """Accept many items at once, all or none, each with its own handler."""
    actor, form = present_actor(), AcceptManyForm()

    def act() -> None:
        held = {item.number: item for item in locked_many([line.number.data or "" for line in form.lines])}
        already = 0
        for line in form.lines:
            try:
                accept_naming(
                    held[line.number.data],
                    line.handler.data,
                    actor=actor,
                    version=line.form.seen_version,
                    adds_people=form.adds_people.data,
                )
            except AlreadyThere:
                already += 1
            except (NotFound, DomainError) as error:
                raise _naming(line.number.data, error) from error
        if already == len(form.lines):
            raise AlreadyThere(_("这些事项已经签收。"))

    status = submit(form, act, done=_("已签收 %(n)d 个事项，经办人将收到通知。", n=len(form.lines)))
    if is_done(status):
        return redirect(url_for("desk.my_desk"), 303)
    if request.method == "GET":
        form = AcceptManyForm(formdata=None, data={"lines": _chosen_lines()})
    items = _items_of(form)
    page = render_template(
        "items/accept_many.html",
        form=form,
        rows=[(line, items.get(line.number.data)) for line in form.lines],
        asks_people=bool(form.adds_people.errors or form.adds_people.data),
        names=_names(list(items.values())),
        back_url=back_url(),
    )
    return page, status


def _naming(number: str, error: DomainError) -> DomainError:
    """A refusal of one line, told with its number; what belongs to a field of the whole form stays there."""
    message = _("%(number)s：%(message)s", number=number, message=error.message)
    field = error.field if error.field == "adds_people" else None
    refusal = DomainError(message, field=field)
    refusal.status = error.status
    return refusal


def _chosen_lines() -> list[dict[str, Any]]:
    """A line for each chosen item; a parent is accepted by its parts."""
    chosen = chosen_items(Action.ACCEPT, Event.ACCEPT).items
    parents = queries.list_parent_ids(db.session(), [item.id for item in chosen])
    return [_line(item) for item in chosen if item.id not in parents][:LINES_MAX]


def _line(item: Item) -> dict[str, Any]:
    handler = item.handler.name if item.handler else ""
    return {"number": item.number, "version": item.version, "handler": handler}


def _items_of(form: AcceptManyForm) -> dict[str, Item]:
    numbers = {line.number.data or "" for line in form.lines}
    found = queries.list_items(db.session(), numbers, reach(present_actor())) if numbers else ()
    return {item.number: item for item in found}


def _names(items: Sequence[Item]) -> list[str]:
    units = {item.lead_unit_id for item in items if item.lead_unit_id is not None}
    found = [name for unit_id in sorted(units) for name in queries.list_names_below(db.session(), unit_id)]
    return list(dict.fromkeys(found))
