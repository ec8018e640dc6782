"""The only place that reads the clock."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, tzinfo
from zoneinfo import ZoneInfo

# Nothing of ours lies in other years, and the first and last days of all have no day before or after them.
YEARS = range(1900, 2200)

_zone: tzinfo = ZoneInfo("Asia/Shanghai")
_moved_to: ContextVar[datetime | None] = ContextVar("moved_to", default=None)


def use_zone(name: str) -> None:
    """Set the zone in which civil dates are reckoned, e.g. ``Asia/Shanghai``."""
    global _zone
    _zone = ZoneInfo(name)


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return _moved_to.get() or datetime.now(UTC)


def today() -> date:
    """The civil date here and now."""
    return civil_date(now())


def civil_date(instant: datetime) -> date:
    """The civil date at an instant, in the office's zone."""
    return local(instant).date()


def local(instant: datetime) -> datetime:
    """The same instant told in the office's zone."""
    return instant.astimezone(_zone)


def offset_minutes() -> int:
    """How many minutes the office's clocks are ahead of UTC, for databases that know no zones."""
    offset = local(now()).utcoffset()
    assert offset is not None
    return int(offset.total_seconds() // 60)


def instant_at(day: date, hour: int = 0, minute: int = 0) -> datetime:
    """The instant (UTC) at which the office's clocks show that hour of that day."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=_zone).astimezone(UTC)


def read_instant(text: str) -> datetime:
    """The instant (UTC) that a text such as ``2026-08-04 09:12:33`` means, in the office's zone unless it names one.

    A day alone means its last moment. Raises ValueError, also for a year that is none of YEARS here.
    """
    try:
        if len(text) == len("2026-08-04"):
            day = date.fromisoformat(text)
            moment = datetime(day.year, day.month, day.day, 23, 59, 59, 999_999)
        else:
            moment = datetime.fromisoformat(text)
        instant = (moment if moment.tzinfo else moment.replace(tzinfo=_zone)).astimezone(UTC)
        if local(instant).year not in YEARS:
            raise ValueError(text)
        return instant
    except (ValueError, OverflowError) as error:
        raise ValueError(f"no instant: {text}") from error


@contextmanager
def moved_to(instant: datetime) -> Iterator[None]:
    """Let the clock stand at an instant: for the demo's history, never for real records."""
    token = _moved_to.set(instant)
    try:
        yield
    finally:
        _moved_to.reset(token)
