"""Issuing the minutes."""

from flask import redirect, render_template, url_for

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action
from tracker.core.acts import DONE, submit
from tracker.core.db import db
from tracker.core.i18n import gettext as _
from tracker.meetings import operations, queries
from tracker.meetings.forms import MinutesForm
from tracker.meetings.rules import check_open
from tracker.meetings.views.blueprint import Answer, blueprint
from tracker.settings.queries import load


@blueprint.get("/<int:meeting_id>/minutes")
@blueprint.post("/<int:meeting_id>/minutes")
@allow(Action.MANAGE_MEETINGS)
def issue_minutes(meeting_id: int) -> Answer:
    """Issue the minutes: what was decided becomes a source of drafts."""
    session, actor, form = db.session(), present_actor(), MinutesForm()
    meeting = queries.get_meeting(session, meeting_id, actor)
    operations.ensure_manages(actor, meeting.unit_id)
    check_open(meeting.minutes_issued_on)

    def act() -> None:
        held = queries.lock_meeting(session, meeting_id, actor)
        given = {"number": form.number.data or "", "issued_on": form.issued_on.data}
        operations.issue_minutes(held, **given, actor=actor, version=form.seen_version)

    status = submit(form, act, done=_("纪要已印发，议定事项已形成待下发的任务。"))
    if status == DONE:
        return redirect(url_for("meetings.meeting", meeting_id=meeting_id), DONE)
    form.version.data = form.version.data or str(meeting.version)
    decided = [each for each in queries.list_decisions(session, meeting_id) if not each.is_dropped]
    days = load(session)["rules.minutes_days"]
    return render_template("meetings/minutes.html", form=form, meeting=meeting, decided=decided, days=days), status
