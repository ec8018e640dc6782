"""Showing a meeting's data on the wall."""

from flask import render_template

from tracker.access.guard import allow
from tracker.access.rules import Action
from tracker.core.db import db
from tracker.meetings.slides import screens
from tracker.meetings.views.blueprint import Answer, blueprint, see, shown


@blueprint.get("/<int:meeting_id>/present")
@allow(Action.READ_MEETING)
def present(meeting_id: int) -> Answer:
    """All screens of a meeting in one page, driven by the keyboard; nothing is asked of the server afterwards."""
    seen = see(db.session(), meeting_id)
    return render_template("meetings/present.html", screens=screens(seen.view), **shown(seen))
