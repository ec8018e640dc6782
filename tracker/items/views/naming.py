"""Naming who answers: one item, many at once."""

from collections.abc import Sequence

from flask import redirect, render_template, request

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action, ensure, reach
from tracker.core.acts import submit
from tracker.core.db import db
from tracker.core.errors import DomainError, Stale
from tracker.core.files import StoredFile
from tracker.core.i18n import gettext as _
from tracker.items import operations, queries
from tracker.items.forms.naming import AssignForm, AssignManyForm, stored_values
from tracker.items.models import Item
from tracker.items.rules import Event, State
from tracker.items.views.blueprint import (
    Answer,
    back_url,
    blueprint,
    chosen_items,
    is_done,
    item_of,
    item_url,
    kept_scan,
    locked,
    locked_many,
    name_choices,
    stale_of,
)


@blueprint.get("/<number>/assign")
@blueprint.post("/<number>/assign")
@allow(Action.EDIT_ITEM)
def assign(number: str) -> Answer:
    """Name who answers for one item and by when."""
    actor, item = present_actor(), item_of(number)
    ensure(actor, Action.EDIT_ITEM, item)
    form = AssignForm(data=stored_values(item))
    if is_issued := item.state is not State.DRAFT:
        form.leave_free()

    def act() -> None:
        held = locked(number)
        typed = form.typed()
        try:
            # The version first: names typed against an older item would be told apart by the wrong unit.
            operations.assign(held, operations.Assignment(), actor=actor, version=form.seen_version)
        except Stale as error:
            raise stale_of(form, AssignForm(formdata=None, data=stored_values(held)), error) from error
        names = operations.Names(db.session(), [typed])
        assignment = operations.understand(typed, names, item=held, actor=actor, adds_people=form.adds_people.data)
        operations.assign(held, assignment, actor=actor)

    status = submit(form, act, done=_("责任分工已保存。"))
    if is_done(status):
        return redirect(item_url(number), 303)
    asks_people = bool(form.adds_people.errors or form.adds_people.data)
    return render_template(
        "items/assign.html", form=form, item=item, is_issued=is_issued, asks_people=asks_people, **name_choices()
    ), status


@blueprint.get("/assign-many")
@blueprint.post("/assign-many")
@allow(Action.EDIT_ITEM)
def assign_many() -> Answer:
    """Set the same names or deadline on many items; empty fields are left as they are."""
    actor, form = present_actor(), AssignManyForm()

    def act(kept: tuple[StoredFile, str] | None) -> None:
        held, typed = locked_many(form.versions), form.typed()
        if typed == operations.Typed():
            raise DomainError(_("请至少填写一项；没有填的各项保持不变。"))
        names = operations.Names(db.session(), [typed])
        operations.assign_many(
            [(item, typed) for item in held],
            names,
            actor=actor,
            adds_people=form.adds_people.data,
            versions=form.versions,
            approval=form.approval(kept),
        )

    done = _("已为 %(n)d 个事项指定；其中已下发的按变更申请办理。", n=len(form.versions))
    status = submit(form, act, done=done, prepare=lambda: kept_scan(form))
    if is_done(status):
        return redirect(back_url(), 303)
    chosen = chosen_items(Action.EDIT_ITEM, Event.ASSIGN)
    if request.method == "GET":
        form.seen.data = chosen.seen
    numbers = list(form.versions)
    has_issued = any(item.state is not State.DRAFT for item in _items(numbers))
    page = render_template(
        "items/assign_many.html",
        form=form,
        numbers=numbers,
        has_issued=has_issued,
        left_out=chosen.left_out,
        asks_people=bool(form.adds_people.errors or form.adds_people.data),
        back_url=back_url(),
        **name_choices(),
    )
    return page, status


def _items(numbers: list[str]) -> Sequence[Item]:
    return queries.list_items(db.session(), numbers, reach(present_actor())) if numbers else ()
