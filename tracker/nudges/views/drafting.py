"""Drafting a supervision notice, editing and giving it up."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action, ensure, reach
from tracker.core.acts import DONE, submit
from tracker.core.db import db
from tracker.core.i18n import gettext as _
from tracker.items import queries as ledger
from tracker.nudges import operations, queries
from tracker.nudges.forms import DraftForm, EditForm
from tracker.nudges.rules.notices import DEMAND, NoticeEvent, move
from tracker.nudges.views.blueprint import CHOSEN_MAX, Answer, blueprint, chosen_items, held_items, press


@blueprint.get("/supervision-notices/new")
@blueprint.post("/supervision-notices/new")
@allow(Action.SUPERVISE)
def draft_notice() -> Answer:
    """Draft a notice about the chosen items, which belong to one unit."""
    actor, form, made = present_actor(), DraftForm(), list[int]()

    def act() -> None:
        due_on, demand = form.feedback_due_on.data, form.demand.data or ""
        notice = operations.draft(held_items(form.chosen), actor=actor, demand=demand, feedback_due_on=due_on)
        made.append(notice.id)

    status = submit(form, act, done=_("督办单草稿已拟好，可打印送签。"))
    if status == DONE:
        return redirect(url_for("nudges.notice", notice_id=made[0]), 303)
    if request.method == "GET":
        items = chosen_items(Action.SUPERVISE)
        form.numbers.data, form.demand.data = " ".join(item.number for item in items), DEMAND
        form.feedback_due_on.data = operations.usual_feedback_day()
    else:
        items = ledger.list_items(db.session(), form.chosen[:CHOSEN_MAX], reach(actor))
    units = list(dict.fromkeys(item.lead_unit.name for item in items if item.lead_unit))
    return render_template("nudges/draft_notice.html", form=form, items=items, units=units), status


@blueprint.get("/supervision-notices/<int:notice_id>/edit")
@blueprint.post("/supervision-notices/<int:notice_id>/edit")
@allow(Action.SUPERVISE)
def edit_notice(notice_id: int) -> Answer:
    """Change what a draft demands and by when."""
    actor, session = present_actor(), db.session()
    found = queries.get_notice(session, notice_id, actor)
    ensure(actor, Action.SUPERVISE, found.subject)
    move(found.state, NoticeEvent.EDIT)
    form = EditForm(obj=found)

    def act() -> None:
        operations.edit(
            queries.get_notice(session, notice_id, actor, lock=True),
            demand=form.demand.data or "",
            feedback_due_on=form.feedback_due_on.data,
            actor=actor,
            version=form.seen_version,
        )

    status = submit(form, act, done=_("督办单已保存。"))
    if status == DONE:
        return redirect(url_for("nudges.notice", notice_id=notice_id), 303)
    return render_template("nudges/edit_notice.html", form=form, notice=found), status


@blueprint.post("/supervision-notices/<int:notice_id>/void")
@allow(Action.SUPERVISE)
def void_notice(notice_id: int) -> Response:
    """Give up a notice that was not sent."""
    actor = present_actor()

    def act() -> None:
        operations.void(queries.get_notice(db.session(), notice_id, actor, lock=True), actor=actor)

    press(act, done=_("督办单已作废。"))
    return redirect(url_for("nudges.notice_list"), 303)
