"""The day's backup: taken, tried by restoring it into a scratch place, and cleared away when it has had its time."""

import logging
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from tracker.access.rules import SYSTEM
from tracker.audit.operations import record
from tracker.backups import operations, queries, rules
from tracker.backups.manifest import Manifest
from tracker.backups.models import Backup
from tracker.backups.places import clear_leftovers, ensure_room, folder, is_usable
from tracker.core import clock
from tracker.core.db import db, writing
from tracker.core.failing import told_as
from tracker.settings.queries import load

log = logging.getLogger(__name__)


def has_backup_to_do() -> bool:
    """Whether the day's backup is due, one was not tried yet, or a file came or went; a look that asks for no lock."""
    now = clock.now()
    return _is_due(now) or queries.find_untried(db.session(), now=now) is not None or bool(_strayed())


def back_up_and_try(at: datetime) -> Mapping[str, int]:
    """Take the day's backup if it is due, try the one that was not tried yet, clear away what has had its time.

    Before that it notes whose file is gone, so that nobody relies on it, and another one is taken.
    """
    told = {"gone": _look_for_files(), "backed_up": 0, "verified": 0, "failed": 0, "cleared": 0}
    db.session().rollback()
    if _is_due(at):
        told["backed_up" if _take(at) else "failed"] += 1
    db.session().rollback()
    untried = queries.find_untried(db.session(), now=clock.now())
    if untried is not None:
        told["verified" if _try(untried) else "failed"] += 1
    told["cleared"] = _clear_away()
    return told


def _strayed() -> Mapping[int, bool]:
    """Whose file is gone from the folder, or there again, and whether it is there."""
    if not is_usable():
        return {}
    made = queries.list_made(db.session())
    return {each.id: each.is_gone for each in made if (folder() / each.file_name).exists() is each.is_gone}


def _look_for_files() -> int:
    """Note what strayed; how many are gone."""
    strayed = _strayed()
    for backup_id, is_there in strayed.items():
        with writing():
            operations.note_file(queries.get_backup(db.session(), backup_id), is_there=is_there)
    return sum(not is_there for is_there in strayed.values())


def _is_due(at: datetime) -> bool:
    settings, last = load(db.session()), queries.find_last(db.session())
    if not settings["backups.is_on"]:
        return False
    tried = (clock.local(last.taken_at), last.state) if last else None
    return rules.is_due(clock.local(at), tried, hour=settings["backups.hour"])


def _take(at: datetime) -> bool:
    name = rules.file_name(clock.local(at))
    with writing():
        record(SYSTEM, "backup.make", name)
        backup = operations.note_begun(name, taken_at=at)
    backup_id = backup.id
    try:
        clear_leftovers()
        ensure_room(db.session())
        # A server may be told to end what stands idle for as long as the copying takes.
        db.session().rollback()
        told = operations.back_up(folder() / name)
    except operations.TROUBLE as error:
        log.error("backup %s failed: %s", name, told_as(error))
        with writing():
            operations.note_failed(queries.get_backup(db.session(), backup_id), told_as(error))
        return False
    if told.missing:
        log.error("backup %s lacks %d files that are in no store", name, len(told.missing))
    if told.breaks:
        log.error("backup %s holds a trail that does not hold together in %d places", name, told.breaks)
    _note_taken(backup_id, name, told)
    return True


def _note_taken(backup_id: int, name: str, told: Manifest) -> None:
    with writing():
        size = (folder() / name).stat().st_size
        operations.note_taken(queries.get_backup(db.session(), backup_id), told, size_bytes=size)


def _try(backup: Backup) -> bool:
    # Of one that was whole when the scheduler died nothing was noted yet.
    backup_id, name, is_noted = backup.id, backup.file_name, backup.size_bytes > 0
    db.session().rollback()
    try:
        clear_leftovers()
        told = operations.verify(folder() / name)
        if not is_noted:
            _note_taken(backup_id, name, told)
    except operations.TROUBLE as error:
        is_hindered = operations.is_hindrance(error)
        log.error(
            "backup %s %s: %s", name, "could not be tried" if is_hindered else "does not stand up", told_as(error)
        )
        note = operations.note_hindered if is_hindered else operations.note_tried
        with writing():
            note(queries.get_backup(db.session(), backup_id), told_as(error))
        return False
    with writing():
        operations.note_tried(queries.get_backup(db.session(), backup_id), "")
    return True


def _clear_away() -> int:
    """Remove the files that have had their time; the row stays and tells so."""
    session, settings = db.session(), load(db.session())
    kept = [rules.Kept(each.id, clock.civil_date(each.taken_at), each.state) for each in queries.list_kept(session)]
    days, months = settings["backups.keep_days"], settings["backups.keep_months"]
    dropped = rules.to_drop(kept, days=days, months=months)
    for backup_id in sorted(dropped):
        with writing():
            backup = queries.get_backup(db.session(), backup_id)
            Path(folder() / backup.file_name).unlink(missing_ok=True)
            operations.note_dropped(backup)
            record(SYSTEM, "backup.drop", backup.file_name)
    return len(dropped)
