"""Keeping the calendar as far ahead as is needed, and correcting single days."""

from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import Update, bindparam, insert, update
from sqlalchemy.orm import Session

from tracker.access.rules import Action, Actor, ensure_may
from tracker.audit.operations import record
from tracker.audit.queries import get_head
from tracker.core.db import db
from tracker.core.versions import check_version
from tracker.workdays import queries
from tracker.workdays.models import CalendarDay
from tracker.workdays.rules import YEARS_AHEAD, Day, Origin, announced, list_announced


def ensure_calendar(today: date) -> None:
    """Fill in what is missing for some years ahead, and holidays published meanwhile; mostly nothing is to be done."""
    session = db.session()
    last = queries.find_last_day(session)
    if last is None or last.year < today.year + YEARS_AHEAD or queries.has_guessed_what_is_published(session):
        # Of two who fill it in at once the second waits here, and then finds it done.
        get_head(session, lock=True)
        fill(session, today.year + YEARS_AHEAD)


def fill(session: Session, through: int) -> None:
    """Make every day up to the end of a year what the package says. What was corrected by hand stays as it is.

    Running it again changes nothing. It is also run after every upgrade of the database.
    """
    there = queries.list_all(session)
    wanted = list(list_announced(through))
    missing = [_columns(each) for each in wanted if each.day not in there]
    found = [each for each in wanted if each.day in there and _differs(there[each.day], each)]
    changed = [{**_columns(each), "that_day": each.day} for each in found]
    if missing:
        session.execute(insert(CalendarDay), missing)
    if changed:
        session.execute(_rewrite(), changed)
    if missing or changed:
        renumber(session)


def _rewrite() -> Update:
    """One row's words by its day. Of the table, because the mapped class wants to know each version it writes over."""
    days = CalendarDay.__table__
    told: dict[str, Any] = {name: bindparam(name) for name in ("is_working", "name", "origin")}
    return update(days).where(days.c.day == bindparam("that_day")).values(**told, version=days.c.version + 1)  # type: ignore[arg-type]


def _columns(day: Day) -> dict[str, object]:
    columns = asdict(day)
    columns.pop("ordinal")
    return columns


def _differs(there: Day, wanted: Day) -> bool:
    if there.origin is Origin.CORRECTED:
        return False
    return (there.is_working, there.name, there.origin) != (wanted.is_working, wanted.name, wanted.origin)


def renumber(session: Session) -> None:
    """Count the working days anew, in one statement that writes only what has changed."""
    session.flush()
    numbered = queries.select_numbered()
    changed = (CalendarDay.day == numbered.c.day, CalendarDay.working_ordinal != numbered.c.ordinal)
    statement = update(CalendarDay).where(*changed).values(working_ordinal=numbered.c.ordinal)
    session.execute(statement, execution_options={"synchronize_session": False})


def correct(
    day: CalendarDay, *, is_working: bool, name: str, reason: str, actor: Actor, version: int | None = None
) -> None:
    """Say that a day is worked or not, with the reason; said as it is announced, it is no correction any more.

    Raises Stale for an older ``version``. The ordinals behind it are counted anew.
    """
    ensure_may(actor, Action.MANAGE_SETTINGS)
    before = {"is_working": day.is_working, "name": day.name}
    after = {"is_working": is_working, "name": name}
    if before == after:
        return
    check_version(day, version, typed={**after, "reason": reason}, stored={**before, "reason": day.reason})
    usual = announced(day.day)
    is_usual = (usual.is_working, usual.name) == (is_working, name)
    day.is_working, day.name, day.reason = is_working, name, reason
    day.origin = usual.origin if is_usual else Origin.CORRECTED
    renumber(db.session())
    changed = {key: [before[key], after[key]] for key in after if before[key] != after[key]}
    record(actor, "calendar_day.correct", day.day.isoformat(), reason=reason, changed=changed)
