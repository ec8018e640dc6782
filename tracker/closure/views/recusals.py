"""Pages on which it is set who decides where the usual reviewers keep out: for a source, and for one item."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action, ensure
from tracker.closure import operations, queries
from tracker.closure.forms.papers import RecusalForm
from tracker.closure.rules import PERSONAL_ROUTES, ROUTE_LABELS, RecusalRoute
from tracker.closure.views.blueprint import Answer, blueprint, item_of, one_named
from tracker.core.acts import DONE, submit
from tracker.core.db import db, writing
from tracker.core.i18n import gettext as _
from tracker.org import queries as org
from tracker.sources import queries as sources
from tracker.sources.rules import STEP_LABELS, StepKind


@blueprint.get("/sources/<int:source_id>/recusals")
@blueprint.post("/sources/<int:source_id>/recusals")
@allow(Action.INTAKE)
def of_source(source_id: int) -> Answer:
    """Who decides those items of a source for which nobody else is left."""
    session, actor = db.session(), present_actor()
    source, form = sources.get_source(session, source_id), RecusalForm()

    def act() -> None:
        held = sources.get_source(session, source_id, lock=True)
        operations.set_for_source(held, StepKind(form.step.data), **_typed(form), actor=actor)

    status = submit(form, act, done=_("回避设置已保存。"))
    if status == DONE:
        return redirect(url_for("closure.of_source", source_id=source_id), DONE)
    recusals = queries.list_recusals(session, source_id=source_id)
    page = render_template(
        "closure/recusals.html",
        form=form,
        subject=source.number,
        back_url=url_for("sources.source", source_id=source_id),
        intro=_("只在这个来源的事项没有其他可审核的人时使用；单个事项另有设置的，以事项的设置为准。"),
        recusals=recusals,
        **_words(),
    )
    return page, status


@blueprint.get("/items/<number>/recusals")
@blueprint.post("/items/<number>/recusals")
@allow(Action.ISSUE)
def of_item(number: str) -> Answer:
    """Who decides the steps of one item."""
    session, actor, item = db.session(), present_actor(), item_of(number)
    ensure(actor, Action.ISSUE, item)
    form = RecusalForm()

    def act() -> None:
        held = item_of(number, lock=True)
        operations.set_for_item(held, StepKind(form.step.data), **_typed(form), actor=actor)

    status = submit(form, act, done=_("回避设置已保存。"))
    if status == DONE:
        return redirect(url_for("closure.of_item", number=number), DONE)
    recusals = queries.list_recusals(session, item_id=item.id)
    page = render_template(
        "closure/recusals.html",
        form=form,
        subject=number,
        back_url=url_for("desk.item", number=number),
        intro=_("这个事项的该环节改由所设置的人或方式审核；已经提交的申请按原来的程序走完。"),
        recusals=recusals,
        **_words(),
    )
    return page, status


def _words() -> dict[str, object]:
    return {"steps": STEP_LABELS, "routes": ROUTE_LABELS, "people_choices": org.list_people_choices(db.session())}


def _typed(form: RecusalForm) -> dict[str, Any]:
    route = RecusalRoute(form.route.data)
    name = form.person.data or ""
    person_id = one_named(name) if route in PERSONAL_ROUTES or name else None
    return {"route": route, "person_id": person_id, "reason": form.reason.data}


@blueprint.post("/recusals/<int:recusal_id>/remove")
@allow(Action.ISSUE)
def remove_recusal(recusal_id: int) -> Response:
    """Let the usual reviewers decide again."""
    session, actor = db.session(), present_actor()
    with writing():
        found = queries.get_recusal(session, recusal_id)
        if found.source_id is not None:
            back = url_for("closure.of_source", source_id=found.source_id)
            operations.remove_recusal(found, sources.get_source(session, found.source_id), actor=actor)
        else:
            item = item_of(found.item.number if found.item else "", lock=True)
            back = url_for("closure.of_item", number=item.number)
            operations.remove_recusal(found, item, actor=actor)
    flash(_("回避设置已删除。"), "success")
    return redirect(back, 303)
