"""Reminding of second looks that are due, and of checks of what is kept up for ever."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from tracker.core import clock
from tracker.core.db import db
from tracker.org.models import Person
from tracker.outbox import operations as outbox
from tracker.reinspections import queries
from tracker.reinspections.queries import CHECKS, LOOKS, Due
from tracker.reinspections.rules import AHEAD_DAYS, check_step, look_step


def remind_looks(at: datetime) -> int:
    """Queue what is reached at an instant: to inspectors their looks, to the office its checks; how many get one.

    Of the steps of a look or a check only the latest reached is told, once; what has the same day is told together.
    """
    session, day = db.session(), clock.civil_date(at)
    looks = queries.list_due_looks(session, day + timedelta(days=AHEAD_DAYS))
    checks = queries.list_due_checks(session, day)
    return _queue(LOOKS, {each: look_step(each.due_on, day) for each in looks}, at=clock.instant_at(day)) + _queue(
        CHECKS, {each: check_step(each.due_on, day) for each in checks}, at=clock.instant_at(day)
    )


def _queue(kind: str, reached: Mapping[Due, str | None], *, at: datetime) -> int:
    """Queue one message per person, day and step; those that are there already are left alone."""
    session = db.session()
    groups: defaultdict[tuple[int, str], list[Due]] = defaultdict(list)
    for each, step in reached.items():
        groups[each.person_id, f"{each.due_on.isoformat()}:{step}"].append(each)
    there = queries.list_queued(session, kind, {slot for _person_id, slot in groups})
    new = {key: told for key, told in groups.items() if key not in there}
    people = queries.map_people(session, {person_id for person_id, _slot in new})
    addressed = [_addressed(people[person_id], slot, told, at) for (person_id, slot), told in new.items()]
    outbox.queue_all(kind, addressed)
    return len(addressed)


def _addressed(person: Person, slot: str, told: Sequence[Due], at: datetime) -> outbox.Addressed:
    data = {"ids": [each.id for each in told]}
    return outbox.Addressed(person, slot, data, [each.number for each in told], not_before=at)
