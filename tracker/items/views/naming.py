"""Naming who answers: one item, many at once."""

from flask import redirect, render_template, request

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action, ensure
from tracker.core.acts import submit
from tracker.core.db import db
from tracker.core.errors import DomainError, Stale
from tracker.core.i18n import gettext as _
from tracker.items import operations
from tracker.items.forms.naming import AssignForm, AssignManyForm, stored_values
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
    return render_template("items/assign.html", form=form, item=item, asks_people=asks_people, **name_choices()), status


@blueprint.get("/assign-many")
@blueprint.post("/assign-many")
@allow(Action.EDIT_ITEM)
def assign_many() -> Answer:
    """Set the same names or deadline on many items; empty fields are left as they are."""
    actor, form = present_actor(), AssignManyForm()

    def act() -> None:
        held, typed = locked_many(form.versions), form.typed()
        if typed == operations.Typed():
            raise DomainError(_("请至少填写一项；没有填的各项保持不变。"))
        names = operations.Names(db.session(), [typed])
        operations.assign_many(
            [
                (item, operations.understand(typed, names, item=item, actor=actor, adds_people=form.adds_people.data))
                for item in held
            ],
            actor=actor,
            versions=form.versions,
        )

    status = submit(form, act, done=_("已为 %(n)d 个事项指定。", n=len(form.versions)))
    if is_done(status):
        return redirect(back_url(), 303)
    chosen = chosen_items(Action.EDIT_ITEM, Event.ASSIGN)
    if request.method == "GET":
        form.seen.data = chosen.seen
    numbers = list(form.versions)
    page = render_template(
        "items/assign_many.html",
        form=form,
        numbers=numbers,
        left_out=chosen.left_out,
        asks_people=bool(form.adds_people.errors or form.adds_people.data),
        back_url=back_url(),
        **name_choices(),
    )
    return page, status
