"""Holding reminders back until a working hour, and what each person has chosen of them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from tracker.access.rules import Actor
from tracker.audit.operations import record
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Forbidden
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.versions import check_version
from tracker.outbox import operations as outbox
from tracker.outbox.rules import Channel
from tracker.reminders import queries
from tracker.reminders.hours import LOOK_AHEAD_DAYS, Held, held, sending
from tracker.reminders.models import ReminderPreference
from tracker.workdays.queries import load_calendar
from tracker.workdays.rules import Calendar

# Outside of the house everything waits. Within, only the digest does, because it is one thing in the inbox and as a
# mail, told at the same time with the same words; what has just happened stands in the inbox at once.
HELD_WITHIN = frozenset({queries.KIND})


@dataclass(frozen=True)
class Plan:
    """When a person's next digest leaves."""

    day: date
    not_before: datetime


def plan_digests(person_ids: Collection[int], at: datetime) -> dict[int, Plan]:
    """When the next digest of each of these people leaves, gathered at an instant."""
    session = db.session()
    hours, moment = queries.load_hours(session), clock.local(at)
    first = moment.date()
    calendar = load_calendar(session, first, first + timedelta(days=LOOK_AHEAD_DAYS))
    chosen = {each.person_id: each.digest_hour for each in queries.list_preferences(session, person_ids)}
    plans = {}
    for person_id in person_ids:
        day, hour = sending(moment, chosen.get(person_id), hours, calendar)
        plans[person_id] = Plan(day, clock.instant_at(day, hour))
    return plans


def queue_singly(slots: Mapping[int, str], plans: Mapping[int, Plan]) -> int:
    """Queue a mail of its own for each overdue item in the digests of those who want it so; how many are new."""
    session = db.session()
    wanting = [each.person_id for each in queries.list_preferences(session, slots) if each.overdue_singly]
    if not wanting:
        return 0
    people = {person.id: person for person in queries.list_people(session, wanting)}
    overdue = queries.list_overdue(session, wanting, {slots[person_id] for person_id in wanting})
    singly = [
        outbox.Addressed(
            people[person_id],
            f"{slot}:{item_id}",
            numbers=[number],
            channels=(Channel.MAIL,),
            not_before=plans[person_id].not_before,
        )
        for person_id, slot, item_id, number in overdue
        if slot == slots[person_id]
    ]
    return outbox.queue_all(queries.SINGLE, singly)


def held_until(session: Session, day: date, calendar: Calendar) -> date:
    """The day on which reminders of a day leave: the next working day when days off are quiet."""
    if not queries.load_hours(session).holds_days_off:
        return day
    days = (day + timedelta(days=number) for number in range(LOOK_AHEAD_DAYS))
    return next((each for each in days if calendar.is_working(each)), day)


def held_now(at: datetime) -> Held | None:
    """Why reminders do not leave at an instant; None when they do."""
    session, moment = db.session(), clock.local(at)
    return held(moment, queries.load_hours(session), load_calendar(session, moment.date(), moment.date()))


def choose(*, digest_hour: int | None, overdue_singly: bool, actor: Actor, version: int | None = None) -> None:
    """Keep what a person has chosen; None for the hour that the office has set.

    Raises DomainError for an hour outside of the working day, Stale for an older ``version``.
    """
    if actor.person_id is None:
        raise Forbidden(_l("只有本人可以设置。"))
    session = db.session()
    queries.load_hours(session).check_choice(digest_hour)
    mine = queries.find_preference(session, actor.person_id) or ReminderPreference(
        person_id=actor.person_id, digest_hour=None, overdue_singly=False, version=1
    )
    before = {"digest_hour": mine.digest_hour, "overdue_singly": mine.overdue_singly}
    after = {"digest_hour": digest_hour, "overdue_singly": overdue_singly}
    if before == after:
        return
    check_version(mine, version, typed=after, stored=before)
    mine.digest_hour, mine.overdue_singly = digest_hour, overdue_singly
    session.add(mine)
    record(actor, "reminder_preference.choose", actor.name, changed={key: [before[key], after[key]] for key in after})
