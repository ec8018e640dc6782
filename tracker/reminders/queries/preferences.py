"""Reading the hours in which messages leave, and what people have chosen of them."""

from collections.abc import Collection, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.reminders.hours import Hours
from tracker.reminders.models import ReminderPreference
from tracker.settings.queries import load


def load_hours(session: Session) -> Hours:
    """The hours that the office has set."""
    settings = load(session)
    return Hours(*(settings[f"reminders.{name}"] for name in ("send_hour", "quiet_from", "quiet_to", "holds_days_off")))


def find_preference(session: Session, person_id: int) -> ReminderPreference | None:
    """What a person has chosen; None when nothing was ever."""
    return session.scalar(select(ReminderPreference).where(ReminderPreference.person_id == person_id))


def list_preferences(session: Session, person_ids: Collection[int]) -> Sequence[ReminderPreference]:
    """What these people have chosen; those who have not are left out."""
    return session.scalars(select(ReminderPreference).where(ReminderPreference.person_id.in_(person_ids))).all()
