"""What a rule would tell if it were switched on today: tried in a transaction that is rolled back."""

from collections.abc import Callable, Sequence
from typing import Protocol

from tracker.core import clock
from tracker.core.db import db
from tracker.reminders import queries
from tracker.reminders.models import ReminderRule
from tracker.reminders.queries import Foreseen


class Make(Protocol):
    """Writes a rule, on or off, within the transaction that is open."""

    def __call__(self, *, is_active: bool) -> ReminderRule:
        """The rule as it was written."""
        ...


def foresee(make: Callable[[], ReminderRule]) -> Sequence[Foreseen]:
    """Who would be told what today by a rule that ``make`` writes, by the very statement of the scan.

    Everything stays written, so the caller's transaction must be one that is rolled back.
    """
    session = db.session()
    rule = make()
    rule.is_active, rule.active_from = True, clock.today()
    session.flush()
    return queries.list_foreseen(session, rule.id, clock.today())
