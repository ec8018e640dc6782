"""When messages may leave: pure rules over an hour, a day and the working calendar."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from tracker.core.errors import DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.workdays.rules import Calendar

# A holiday lasts nine days; somebody who corrects the calendar may make it longer.
LOOK_AHEAD_DAYS = 40
# Within these a person may choose the hour of the digest.
CHOICES = range(7, 20)


@dataclass(frozen=True)
class Hours:
    """The hour of the digest, the quiet hours (none when both ends are the same), and whether days off are quiet."""

    send_hour: int
    quiet_from: int
    quiet_to: int
    holds_days_off: bool

    def is_quiet(self, hour: int) -> bool:
        """Whether nothing leaves in this hour of a day."""
        if self.quiet_from <= self.quiet_to:
            return self.quiet_from <= hour < self.quiet_to
        return hour >= self.quiet_from or hour < self.quiet_to

    def hour_for(self, chosen: int | None) -> int:
        """The hour of somebody's digest: as chosen, else as set; the end of the quiet hours when it lies in them."""
        hour = self.send_hour if chosen is None else chosen
        return self.quiet_to if self.is_quiet(hour) else hour

    def choices(self) -> list[int]:
        """The hours a person may choose from."""
        return [hour for hour in CHOICES if not self.is_quiet(hour)]

    def check_choice(self, hour: int | None) -> None:
        """Raise DomainError for an hour that nobody may choose."""
        if hour is not None and hour not in self.choices():
            raise DomainError(_l("请从列出的时间中选择。"), field="digest_hour")


class Held(StrEnum):
    """Why nothing leaves."""

    QUIET = "quiet"
    DAY_OFF = "day_off"


def held(moment: datetime, hours: Hours, calendar: Calendar) -> Held | None:
    """Why nothing leaves at a local moment; None when it may."""
    if hours.holds_days_off and not calendar.is_working(moment.date()):
        return Held.DAY_OFF
    return Held.QUIET if hours.is_quiet(moment.hour) else None


def sending(moment: datetime, chosen: int | None, hours: Hours, calendar: Calendar) -> tuple[date, int]:
    """The day and the hour at which a digest gathered at a local moment leaves; past already when it may at once."""
    hour = hours.hour_for(chosen)
    for number in range(LOOK_AHEAD_DAYS):
        leaves_at = (moment + timedelta(days=number)).replace(hour=hour, minute=0, second=0, microsecond=0)
        if held(max(moment, leaves_at), hours, calendar) is None:
            return leaves_at.date(), hour
    return moment.date(), hour
