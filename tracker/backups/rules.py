"""When a backup is due, which are kept, and how they stand."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from tracker.core.i18n import lazy_gettext as _l

# A backup that failed is tried again after so long.
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
    """One backup that lies in the folder: taken on which civil day, and whether it is known to work."""

    id: int
    day: date
    is_verified: bool


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


def to_drop(every: Sequence[Kept], *, today: date, days: int, months: int) -> Collection[int]:
    """Which backups have had their time: all but those of the last days, and the newest of each of the last months.

    The newest that was verified stays whatever its age.
    """
    newest_first = sorted(every, key=lambda each: (each.day, each.id), reverse=True)
    months_kept = _months_before(today, months)
    newest_of_month: dict[tuple[int, int], int] = {}
    for each in newest_first:
        newest_of_month.setdefault((each.day.year, each.day.month), each.id)
    stays = {each.id for each in every if each.day > today - timedelta(days=days)}
    stays |= {id_ for month, id_ in newest_of_month.items() if month in months_kept}
    if verified := next((each.id for each in newest_first if each.is_verified), None):
        stays.add(verified)
    return {each.id for each in every} - stays


def _months_before(today: date, months: int) -> set[tuple[int, int]]:
    """Year and month of this and the months before it."""
    number = today.year * 12 + today.month - 1
    return {(each // 12, each % 12 + 1) for each in range(number - months + 1, number + 1)}
