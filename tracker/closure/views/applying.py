"""Pages of applying."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action
from tracker.closure import operations, queries
from tracker.closure.forms.applying import ApplicationForm, form_for
from tracker.closure.rules import PLEDGE, Decision, Part, list_missing
from tracker.closure.views.blueprint import Answer, blueprint, item_of, to_item
from tracker.core.acts import DONE, submit
from tracker.core.db import db, writing
from tracker.core.errors import Conflict
from tracker.core.i18n import gettext as _
from tracker.items.models import Item
from tracker.sources.rules import STEP_LABELS


@blueprint.get("/items/<number>/application")
@blueprint.post("/items/<number>/application")
@allow(Action.APPLY)
def apply(number: str) -> Answer:
    """Apply for closure, or keep what was written so far; what is known is filled in already."""
    actor, item = present_actor(), item_of(number)
    operations.ensure_applicable(item, actor=actor)
    begun, form = operations.begin(item), ApplicationForm()
    keeps = "keep" in request.form

    def act() -> None:
        operation = operations.keep_draft if keeps else operations.apply
        operation(item_of(number, lock=True), form.telling, actor=actor, version=form.seen_version)

    status = submit(form, act, done=_("草稿已保存，可以稍后再提交。") if keeps else _("已申请销号，等待审核。"))
    if status == DONE:
        return redirect(url_for("closure.apply", number=number), 303) if keeps else to_item(number)
    if status == 200:
        form = form_for(begun.telling, version=begun.version)
    return render_template("closure/apply.html", form=form, draft=begun.draft, **_shown(item, form)), status


def _shown(item: Item, form: ApplicationForm) -> dict[str, Any]:
    """All that the page shows beside the texts."""
    filed = operations.standing(item, form.telling)
    basis, last = operations.basis_of(item, filed), queries.find_last(db.session(), item.id)
    form.have_lines(basis.measures)
    return {
        "item": item,
        "round": item.rounds + 1,
        "filed": filed,
        "told": form.told_by_measure,
        "undone": basis.undone,
        "required": {part.value: part in basis.parts for part in Part},
        "missing": form.anchors(list_missing(form.telling, basis)),
        "pledge": PLEDGE,
        "returned": next((each for each in last.reviews if each.decision is Decision.RETURN), None) if last else None,
        "steps": [STEP_LABELS[step.kind] for step in item.source.steps],
    }


@blueprint.post("/items/<number>/application/draft")
@allow(Action.APPLY)
def keep_draft(number: str) -> Answer:
    """Keep what was written so far while it is being written, and tell what is still missing."""
    form = ApplicationForm()
    values: dict[str, Any] = {"refused": None, "draft": None, "number": number}
    if form.validate():
        try:
            with writing():
                values["draft"] = operations.keep_draft(
                    item_of(number, lock=True), form.telling, actor=present_actor(), version=form.seen_version
                )
        except Conflict as refusal:
            values["refused"] = refusal
    item = item_of(number)
    basis = operations.basis_of(item, operations.standing(item, form.telling))
    missing = form.anchors(list_missing(form.telling, basis))
    status = 200 if values["draft"] else Conflict.status if values["refused"] else 422
    return render_template("closure/kept.html", form=form, missing=missing, **values), status


@blueprint.post("/items/<number>/application/retract")
@allow(Action.APPLY)
def retract(number: str) -> Response:
    """Take an application back."""
    with writing():
        pending = queries.find_pending(db.session(), item_of(number).id, lock=True)
        if pending is None:
            raise Conflict(_("没有正在审核的申请，可能已被撤回或作出决定。"))
        operations.retract(pending, actor=present_actor())
    flash(_("申请已撤回。"), "success")
    return to_item(number)
