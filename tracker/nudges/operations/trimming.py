"""Taking off unsigned notices what needs no supervision any more."""

from datetime import date

from tracker.access.rules import SYSTEM
from tracker.audit.operations import record
from tracker.core.db import db
from tracker.nudges import queries
from tracker.nudges.rules.notices import NoticeEvent, move


def trim_drafts(day: date) -> int:
    """Take off drafts what runs no more, went to another unit or, where a rule put it there, is late no more; how many.

    A draft that nothing is left on is void. Whoever is editing or signing one is told that it has changed.
    """
    session, taken = db.session(), 0
    for notice, gone in queries.list_outdated_lines(session, day):
        numbers = [line.item.number for line in gone]
        for line in gone:
            notice.lines.remove(line)
        notice.version += 1
        taken += len(gone)
        record(SYSTEM, "notice.trim", f"#{notice.id}", numbers=numbers)
        if not notice.lines:
            notice.state = move(notice.state, NoticeEvent.VOID)
            record(SYSTEM, "notice.void", f"#{notice.id}")
    session.flush()
    return taken
