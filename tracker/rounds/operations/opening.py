"""Opening rounds and keeping what they ask in step with the items, until their day."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, delete, literal, update

from tracker.core import clock
from tracker.core.db import db
from tracker.core.sql import insert_new
from tracker.rounds.models import OwedReport, ReportingRound, Rhythm
from tracker.rounds.queries import opening as queries
from tracker.rounds.rules import Period, ReportState, moved, period_of
from tracker.workdays.operations import ensure_calendar
from tracker.workdays.queries import load_calendar
from tracker.workdays.rules import Calendar

# A period and the one after it, and the longest run of days off at both ends.
REACH = timedelta(days=80)


def find_stale(at: datetime) -> Sequence[int]:
    """Ids of the rounds that items have left behind at an instant; read without any lock."""
    return queries.list_stale(db.session(), clock.civil_date(at))


def open_rounds(at: datetime, stale: Collection[int] | None = None) -> int:
    """Open the round of the period an instant lies in, for each source with a rhythm, and ask for its reports.

    ``stale`` are the other rounds to be brought into step, all that run unless they are given. Running it again
    changes nothing but what items have changed. How many rounds are new.
    """
    session, day = db.session(), clock.civil_date(at)
    ensure_calendar(day)
    new = _open_new(queries.list_rhythms(session), day)
    ask(set(queries.list_running_ids(session, day) if stale is None else stale) | set(new))
    return len(new)


def _open_new(rhythms: Sequence[Rhythm], day: date) -> Sequence[int]:
    session = db.session()
    periods = {each.source_id: period_of(each.kind, each.day, day) for each in rhythms}
    wanted = {each.source_id: each for each in rhythms if periods[each.source_id].nominal_on >= each.starts_on}
    # After a change of rhythm the former round runs out first.
    for source_id, nominal_on, due_on in queries.list_running(session, day):
        if source_id in wanted and (due_on >= day or nominal_on >= periods[source_id].nominal_on):
            del wanted[source_id]
    calendar = load_calendar(session, day - REACH, day + REACH)
    rows = [_row(each, periods[each.source_id], calendar) for each in wanted.values()]
    if not rows:
        return []
    return session.scalars(insert_new(session, ReportingRound).values(rows).returning(ReportingRound.id)).all()


def _row(rhythm: Rhythm, period: Period, calendar: Calendar) -> dict[str, Any]:
    due_on, closes_on = (moved(day, rhythm.shift, calendar.is_working) for day in (period.nominal_on, period.next_on))
    return {
        "source_id": rhythm.source_id,
        "nominal_on": period.nominal_on,
        "begins_on": min(period.begins_on, due_on),
        "due_on": due_on,
        "closes_on": closes_on,
        "opened_at": clock.now(),
    }


def ask(round_ids: Collection[int]) -> None:
    """Let these rounds ask for just what the items as they are now owe, set-based."""
    if not round_ids:
        return
    session, ids = db.session(), sorted(round_ids)
    session.execute(delete(OwedReport).where(OwedReport.id.in_(queries.select_unasked(ids))))
    required = queries.select_required(ids, literal(ReportState.OWED.value), literal(""), literal(1))
    columns = [*queries.COLUMNS, "state", "draft", "version"]
    session.execute(insert_new(session, OwedReport).from_select(columns, required))
    _move(queries.select_settled(ids), ReportState.SETTLED)
    _move(queries.select_unsettled(ids), ReportState.OWED)
    session.expire_all()


def _move(ids: Any, state: ReportState) -> int:
    moving = update(OwedReport).where(OwedReport.id.in_(ids))
    result = db.session().execute(moving.values(state=state, version=OwedReport.version + 1))
    assert isinstance(result, CursorResult)
    return result.rowcount
