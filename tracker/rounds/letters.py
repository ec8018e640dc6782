"""What messages about reports say: hooks ``render:reports_owed`` and ``render:report_returned``."""

import json
from datetime import datetime

from tracker.access.rules import Action, can
from tracker.core import clock
from tracker.core.db import db
from tracker.org import queries as people
from tracker.outbox.letters import Letter
from tracker.outbox.models import Message
from tracker.outbox.rules import Skip
from tracker.rounds import queries
from tracker.rounds.operations.pressing import NUDGED
from tracker.rounds.rules import ReportState


def reports_owed(message: Message, at: datetime) -> Letter | Skip:
    """What its reader still owes in the rounds it is about; what was given meanwhile is left out."""
    session, data, day = db.session(), json.loads(message.data), clock.civil_date(at)
    actor = people.load_actor(session, message.person)
    reports = queries.list_still_owed(session, actor, data["rounds"], day)
    if not reports:
        return Skip.NOT_DUE
    values = {
        "reports": reports,
        "count": len(reports),
        "due_on": reports[0].round.due_on,
        "is_late": reports[0].round.due_on < day,
        "is_nudge": data["why"] == NUDGED,
    }
    return Letter("reports_owed", values, list(dict.fromkeys(report.item.number for report in reports)))


def report_returned(message: Message, _at: datetime) -> Letter | Skip:
    """That a text was returned and why, unless a new one was given meanwhile."""
    session, entry_id = db.session(), json.loads(message.data)["entry"]
    report = queries.find_report_of(session, entry_id)
    if report is None or report.entry is None or report.state is not ReportState.RETURNED:
        return Skip.NOT_DUE
    if not can(people.load_actor(session, message.person), Action.REPORT_OWN_LINE, report.item):
        return Skip.NOT_READABLE
    values = {"report": report, "item": report.item, "entry": report.entry, "due_on": report.round.due_on}
    return Letter("report_returned", values, [report.item.number])
