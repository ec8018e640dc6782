"""Showing a meeting's data on the wall."""

from typing import Any

from flask import render_template
from sqlalchemy.orm import Session

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action
from tracker.core.db import db
from tracker.meetings.operations import Seen, ensure_intact, find_last, print_scope
from tracker.meetings.slides import screens
from tracker.meetings.telling import tell_between
from tracker.meetings.views.blueprint import Answer, blueprint, see, shown


@blueprint.get("/<int:meeting_id>/present")
@allow(Action.READ_MEETING)
def present(meeting_id: int) -> Answer:
    """All screens of a meeting in one page, driven by the keyboard; nothing is asked of the server afterwards."""
    session = db.session()
    seen = ensure_intact(see(session, meeting_id))
    values = shown(seen) | _since_last(session, seen)
    values["scope"] = print_scope(seen.meeting)
    view = values["view"]
    values["numbers"] = {block.unit_id: nth for nth, block in enumerate(view.units_behind, 1)}
    return render_template("meetings/present.html", screens=screens(view), **values)


def _since_last(session: Session, seen: Seen) -> dict[str, Any]:
    """What differs from the meeting before, where both are frozen."""
    actor = present_actor()
    last = find_last(session, seen, actor) if seen.freeze else None
    if last is None:
        return {"told": None}
    return {"told": tell_between(session, last, seen, actor), "last_title": last.meeting.title}
