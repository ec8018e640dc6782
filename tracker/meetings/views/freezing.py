"""Freezing the data of a meeting."""

from flask import redirect, render_template, url_for

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action, reach
from tracker.core.acts import DONE, submit
from tracker.core.db import db, writing
from tracker.core.i18n import gettext as _
from tracker.meetings import operations, queries
from tracker.meetings.forms import FreezeForm
from tracker.meetings.frozen import Frozen
from tracker.meetings.rules import check_open
from tracker.meetings.views.blueprint import Answer, blueprint


@blueprint.get("/<int:meeting_id>/freeze")
@blueprint.post("/<int:meeting_id>/freeze")
@allow(Action.MANAGE_MEETINGS)
def freeze(meeting_id: int) -> Answer:
    """Say what will be frozen, and freeze it."""
    session, actor, form = db.session(), present_actor(), FreezeForm()
    meeting = queries.get_meeting(session, meeting_id, actor)
    operations.ensure_manages(actor, meeting.unit_id)
    check_open(meeting.minutes_issued_on)

    managed = reach(actor, Action.MANAGE_MEETINGS)

    def prepare() -> tuple[Frozen, int]:
        # The instant is taken alone, so that reading all the items keeps no writer waiting.
        with writing():
            at = operations.moment()
        present = queries.get_meeting(db.session(), meeting_id, actor)
        collected = operations.collect(db.session(), present, seen=managed, at=at), present.version
        db.session().rollback()
        return collected

    def act(collected: tuple[Frozen, int]) -> None:
        held, (frozen, version) = queries.lock_meeting(db.session(), meeting_id, actor), collected
        operations.freeze(held, frozen, reason=form.reason.data or "", actor=actor, version=version)

    status = submit(form, act, prepare=prepare, done=_("数据已锁定，会议材料都取自这份数据。"))
    if status == DONE:
        return redirect(url_for("meetings.meeting", meeting_id=meeting_id), DONE)
    meeting = queries.get_meeting(session, meeting_id, actor)
    values = {"meeting": meeting, "count": queries.count_content(session, operations.question_of(meeting), managed)}
    return render_template("meetings/freeze.html", form=form, scope=operations.print_scope(meeting), **values), status
