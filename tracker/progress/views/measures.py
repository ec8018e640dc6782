"""Laying down measures and ticking them off."""

from typing import Any

from flask import flash, redirect, render_template
from werkzeug.wrappers import Response

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action
from tracker.core.acts import DONE, submit
from tracker.core.db import db, writing
from tracker.core.i18n import gettext as _
from tracker.items.models import Item
from tracker.items.rules import State
from tracker.org.operations import name_person
from tracker.progress import operations, queries
from tracker.progress.forms import MeasureForm, MeasuresForm
from tracker.progress.models import Measure
from tracker.progress.rules import split_measures
from tracker.progress.views.blueprint import blueprint, item_of, item_url, locked, names_of

Answer = Response | tuple[str, int]


@blueprint.get("/measures/new")
@blueprint.post("/measures/new")
@allow(Action.READ_ITEM)
def add_measures(number: str) -> Answer:
    """Paste one or more measures, one per line."""
    actor, item = present_actor(), item_of(number)
    operations.ensure_plannable(item, actor=actor)
    form = MeasuresForm()

    def act() -> None:
        held = locked(number)
        texts = split_measures(form.text.data)
        owner_id = _owner_id(form.owner.data, held)
        operations.add_measures(held, texts, actor=actor, owner_id=owner_id, due_on=form.due_on.data)

    status = submit(form, act, done=_("整改措施已添加。"))
    if status == DONE:
        return redirect(item_url(number), 303)
    return render_template("progress/measures.html", form=form, item=item, names=names_of(item)), status


@blueprint.get("/measures/<int:measure_id>")
@blueprint.post("/measures/<int:measure_id>")
@allow(Action.READ_ITEM)
def edit_measure(number: str, measure_id: int) -> Answer:
    """Change one measure."""
    actor, item = present_actor(), item_of(number)
    operations.ensure_plannable(item, actor=actor)
    measure = queries.get_measure(db.session(), item.id, measure_id)
    stored = {name: getattr(measure, name) for name in ("text", "due_on", "version")}
    form = MeasureForm(data={**stored, "owner": measure.owner.name if measure.owner else ""})
    if is_printed := item.state is not State.DRAFT:
        del form.text

    def act() -> None:
        held = locked(number)
        operations.edit_measure(
            queries.get_measure(db.session(), held.id, measure_id),
            form.text.data if form.text else measure.text,
            owner_id=_kept_owner(form.owner.data, measure) or _owner_id(form.owner.data, held),
            due_on=form.due_on.data,
            actor=actor,
            version=form.seen_version,
        )

    status = submit(form, act, done=_("整改措施已修改。"))
    if status == DONE:
        return redirect(item_url(number), 303)
    values: dict[str, Any] = {
        "form": form,
        "item": item,
        "measure": measure,
        "is_printed": is_printed,
        "names": names_of(item),
    }
    return render_template("progress/measure.html", **values), status


def _kept_owner(name: str, measure: Measure) -> int | None:
    """The owner whose name still stands there; a namesake must not be asked for anew."""
    return measure.owner_id if measure.owner is not None and measure.owner.name == name else None


def _owner_id(name: str, item: Item) -> int | None:
    return name_person(name, actor=present_actor(), unit=item.lead_unit).id if name else None


@blueprint.post("/measures/<int:measure_id>/tick")
@allow(Action.REPORT)
def tick(number: str, measure_id: int) -> Response:
    """The measure was carried out."""
    with writing():
        operations.tick(_measure(number, measure_id), actor=present_actor())
    return redirect(item_url(number), 303)


@blueprint.post("/measures/<int:measure_id>/untick")
@allow(Action.REPORT)
def untick(number: str, measure_id: int) -> Response:
    """The measure was not carried out after all."""
    with writing():
        operations.untick(_measure(number, measure_id), actor=present_actor())
    return redirect(item_url(number), 303)


@blueprint.post("/measures/<int:measure_id>/remove")
@allow(Action.READ_ITEM)
def remove_measure(number: str, measure_id: int) -> Response:
    """Take a measure away."""
    with writing():
        operations.remove_measure(_measure(number, measure_id), actor=present_actor())
    flash(_("整改措施已删除，原文留在操作日志中。"), "success")
    return redirect(item_url(number), 303)


def _measure(number: str, measure_id: int) -> Measure:
    return queries.get_measure(db.session(), locked(number).id, measure_id)
