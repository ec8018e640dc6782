"""A meeting: its data, agenda and decisions."""

from flask import render_template, request

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action, reach
from tracker.core import clock
from tracker.core.addresses import read_id
from tracker.core.db import db
from tracker.meetings import operations, queries
from tracker.meetings.rules import KIND_LABELS
from tracker.meetings.telling import tell_since
from tracker.meetings.views.blueprint import Answer, blueprint, see, shown


@blueprint.get("/<int:meeting_id>")
@allow(Action.READ_MEETING)
def meeting(meeting_id: int) -> Answer:
    """A meeting with the data it looks at, frozen or present, its agenda and what it decided."""
    session, actor = db.session(), present_actor()
    seen = see(session, meeting_id, serial=read_id(request.args.get("freeze")))
    decided = queries.list_decided(session, meeting_id, reach(actor))
    decided = [each for each in decided if queries.knows_decision(each.decision, actor)]
    values = {
        "kinds": KIND_LABELS,
        "scope": operations.print_scope(seen.meeting),
        "decisions": [each.decision for each in decided],
        "seen_items": {each.decision.item_id for each in decided if each.is_within},
        "since": tell_since(session, seen, actor) if seen.freeze else None,
        "today": clock.today(),
    }
    return render_template("meetings/meeting.html", **shown(seen), **values)
