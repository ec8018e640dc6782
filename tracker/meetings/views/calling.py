"""Listing and calling meetings, and their agenda."""

from flask import redirect, render_template, url_for
from sqlalchemy.orm import Session

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action, reach
from tracker.core import clock
from tracker.core.acts import DONE, submit
from tracker.core.db import db
from tracker.core.i18n import gettext as _
from tracker.core.paging import page_number, paginate
from tracker.figures.queries import list_choices
from tracker.meetings import operations, queries
from tracker.meetings.forms import AgendaForm, CallForm
from tracker.meetings.rules import KIND_LABELS, check_open
from tracker.meetings.views.blueprint import Answer, blueprint


@blueprint.get("")
@allow(Action.READ_MEETING)
def meeting_list() -> Answer:
    """The meetings, the newest first."""
    session, actor = db.session(), present_actor()
    page = paginate(
        session, queries.select_meetings(actor), number=page_number(), rows=lambda query: session.scalars(query).all()
    )
    frozen = queries.list_frozen_on(session, [each.id for each in page.rows])
    may_call = bool(reach(actor, Action.MANAGE_MEETINGS).units)
    values = {"kinds": KIND_LABELS, "frozen": frozen, "may_call": may_call, "today": clock.today()}
    return render_template("meetings/list.html", page=page, **values)


@blueprint.get("/new")
@blueprint.post("/new")
@allow(Action.MANAGE_MEETINGS)
def call() -> Answer:
    """Call a meeting; its agenda proposes itself."""
    form, made = CallForm(), list[int]()
    _offer(db.session(), form)

    def act() -> None:
        made.append(operations.call(form.called(), actor=present_actor()).id)

    status = submit(form, act, done=_("会议已建立，议程按台账自动拟好，可以调整。"))
    if status == DONE:
        return redirect(url_for("meetings.meeting", meeting_id=made[0]), DONE)
    if not form.is_submitted():
        form.held_on.data = clock.today()
    return render_template("meetings/call.html", form=form, meeting=None), status


def _offer(session: Session, form: CallForm) -> None:
    seen = reach(present_actor(), Action.MANAGE_MEETINGS)
    form.offer(list_choices(session, seen), is_everywhere=seen.units.everywhere)


@blueprint.get("/<int:meeting_id>/edit")
@blueprint.post("/<int:meeting_id>/edit")
@allow(Action.MANAGE_MEETINGS)
def edit(meeting_id: int) -> Answer:
    """Change what was called."""
    session, actor = db.session(), present_actor()
    meeting, form = queries.get_meeting(session, meeting_id, actor), CallForm()
    operations.ensure_manages(actor, meeting.unit_id)
    check_open(meeting.minutes_issued_on)
    _offer(session, form)

    def act() -> None:
        held = queries.lock_meeting(session, meeting_id, actor)
        operations.change(held, form.called(), actor=actor, version=form.seen_version)

    status = submit(form, act, done=_("已保存。"))
    if status == DONE:
        return redirect(url_for("meetings.meeting", meeting_id=meeting_id), DONE)
    if not form.is_submitted():
        form.show(meeting)
    return render_template("meetings/call.html", form=form, meeting=meeting), status


@blueprint.get("/<int:meeting_id>/agenda")
@blueprint.post("/<int:meeting_id>/agenda")
@allow(Action.MANAGE_MEETINGS)
def agenda(meeting_id: int) -> Answer:
    """Order, word, add and drop the points of the agenda."""
    session, actor = db.session(), present_actor()
    meeting, form = queries.get_meeting(session, meeting_id, actor), AgendaForm()
    operations.ensure_manages(actor, meeting.unit_id)
    check_open(meeting.minutes_issued_on)

    def act() -> None:
        held = queries.lock_meeting(session, meeting_id, actor)
        operations.set_agenda(held, form.typed(), actor=actor, version=form.seen_version)

    status = submit(form, act, done=_("议程已保存。"))
    if status == DONE:
        return redirect(url_for("meetings.meeting", meeting_id=meeting_id), DONE)
    if not form.is_submitted():
        form.show(meeting.points, meeting.version)
    return render_template("meetings/agenda.html", form=form, meeting=meeting), status
