"""When a backup is due, which are kept, and how they stand."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from tracker.core.i18n import lazy_gettext as _l

# A backup that failed is taken again after so long, and one whose trial was hindered is tried again.
AGAIN_AFTER = timedelta(hours=1)
# So long after the last one that was verified the administrator is warned.
STALE_AFTER = timedelta(hours=48)
SUFFIX = ".rectify-backup"


class BackupState(StrEnum):
    """How a backup stands."""

    TAKEN = "taken"
    VERIFIED = "verified"
    BROKEN = "broken"
    FAILED = "failed"
    DROPPED = "dropped"


STATE_LABELS: Mapping[BackupState, object] = {
    BackupState.TAKEN: _l("尚未校验"),
    BackupState.VERIFIED: _l("校验通过"),
    BackupState.BROKEN: _l("校验没有通过"),
    BackupState.FAILED: _l("没有做成"),
    BackupState.DROPPED: _l("已到期清除"),
}
# Of one that failed although it was made once.
GONE = _l("文件不在了")


@dataclass(frozen=True)
class Kept:
    """One backup that lies in the folder: taken on which civil day, and how it stands."""

    id: int
    day: date
    state: BackupState


def file_name(at: datetime) -> str:
    """The name of a backup taken at a local instant, by itself or by hand; in their order names are in that of time."""
    return f"{at:%Y%m%d-%H%M%S}{SUFFIX}"


def is_due(now: datetime, last: tuple[datetime, BackupState] | None, *, hour: int) -> bool:
    """Whether a backup is to be taken at a local instant: one a day from ``hour`` on, a failed one again after a while.

    ``last`` is when the last one was tried, as a local instant, and how it stands.
    """
    due_at = now.replace(hour=hour, minute=0, second=0, microsecond=0)
    if now < due_at:
        return False
    # One from the future was taken while a clock was wrong.
    if last is None or last[0] < due_at or last[0] - now > AGAIN_AFTER:
        return True
    return last[1] in {BackupState.FAILED, BackupState.BROKEN} and now - last[0] >= AGAIN_AFTER


def to_drop(every: Sequence[Kept], *, days: int, months: int) -> Collection[int]:
    """Which backups have had their time: all but those of the last days, and the newest of each of the last months.

    Days and months count that have a backup, the last ones by the numbers of these: a clock that is wrong for an hour
    drops nothing. The newest that was verified stays whatever its age; of those of one day that were found broken only
    the newest does, or they would fill the disk.
    """
    newest_first = sorted(every, key=lambda each: each.id, reverse=True)
    usable = [each for each in newest_first if each.state is not BackupState.BROKEN]
    last_days = list(dict.fromkeys(each.day for each in newest_first))[:days]
    of_month = _first_by(lambda each: each.day.replace(day=1), usable)[:months]
    stays = {each.id for each in usable if each.day in last_days} | {each.id for each in of_month}
    broken = [each for each in newest_first if each.state is BackupState.BROKEN and each.day in last_days]
    stays |= {each.id for each in _first_by(lambda each: each.day, broken)}
    stays |= {each.id for each in _first_by(lambda each: each.state, usable) if each.state is BackupState.VERIFIED}
    return {each.id for each in every} - stays


def _first_by(key: Callable[[Kept], object], every: Sequence[Kept]) -> Sequence[Kept]:
    """The first of all with the same key."""
    found: dict[object, Kept] = {}
    for each in every:
        found.setdefault(key(each), each)
    return list(found.values())
