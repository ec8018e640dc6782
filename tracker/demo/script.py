"""A story told day by day: each act carried out in its own transaction, with the clock standing at its hour."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from tracker.access.rules import SYSTEM, Actor, reach
from tracker.core import clock
from tracker.core.db import db, writing
from tracker.demo.people import PEOPLE
from tracker.items import queries as items
from tracker.items.models import Item
from tracker.jobs.delivery import deliver
from tracker.jobs.registry import open_due_rounds, remind
from tracker.org import queries as org
from tracker.org.models import Person
from tracker.outbox import operations as messages
from tracker.workdays.queries import load_calendar

SWEEP_DAYS, SWEEP_HOUR = 7, 8


class Cast:
    """The people of the story and its items, looked up anew in each transaction."""

    def person(self, name: str) -> Person:
        """The only person of that name."""
        (person,) = org.find_people(db.session(), [name])[name]
        return person

    def actor(self, name: str) -> Actor:
        """Somebody who acts."""
        return org.load_actor(db.session(), self.person(name))

    def item(self, number: str) -> Item:
        """An item, locked."""
        return items.get_item(db.session(), number, reach(SYSTEM), lock=True)


Act = Callable[[Cast], None]


@dataclass
class Script:
    """Acts with their day (counted from today) and time."""

    today: date
    _acts: list[tuple[int, int, int, Act]] = field(default_factory=list)

    def at(self, day: int, hour: int, act: Act) -> None:
        """Let something happen ``-day`` days ago at that hour; acts of one hour follow minute by minute."""
        self._acts.append((day, hour, len(self._acts), act))

    def play(self) -> None:
        """Carry everything out in the order of time; an hour of today that is yet to come is left for later."""
        cast, minute, last = Cast(), 0, (0, 0)
        now, swept = clock.now(), None
        acts = sorted(self._acts, key=lambda each: each[:3])
        calendar = load_calendar(db.session(), self.today + timedelta(days=acts[0][0]), self.today)
        for day, hour, _serial, act in acts:
            is_worked = calendar.is_working(self.today + timedelta(days=day))
            if is_worked and (swept is None or day - swept >= SWEEP_DAYS):
                swept = day
                self._sweep(day)
            minute = minute + 1 if (day, hour) == last else 0
            last = (day, hour)
            instant = clock.instant_at(self.today + timedelta(days=day), hour) + timedelta(seconds=40 * minute)
            with clock.moved_to(min(instant, now)), writing():
                act(cast)

    def _sweep(self, day: int) -> None:
        """What the scheduler did that morning; what it told the last time has been read by then."""
        instant = clock.instant_at(self.today + timedelta(days=day), SWEEP_HOUR)
        with clock.moved_to(instant):
            with writing():
                for namesakes in org.find_people(db.session(), [each.name for each in PEOPLE]).values():
                    for person in namesakes:
                        messages.mark_all_read(person.id)
            open_due_rounds(instant)
            remind(instant)
            deliver(instant)
