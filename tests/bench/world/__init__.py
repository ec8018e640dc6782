"""A made-up organ, the same every time: its ledger of any size, and a year of work around it, written set by set.

All rows obey the constraints, and every change follows the table of transitions.
"""

from datetime import date

from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.bench.world.asking import write_asking
from tests.bench.world.ledger import write_ledger
from tests.bench.world.months import write_months
from tests.bench.world.people import HANDLER, OFFICE, PEOPLE, SIGN_INS, write_people
from tests.bench.world.steps import Plan, clear_away, lay_out
from tests.bench.world.trail import write_trail
from tests.bench.world.work import write_work
from tracker.core import clock

__all__ = [
    "HANDLER",
    "LARGEST",
    "OFFICE",
    "PEOPLE",
    "PER_SOURCE",
    "SIGN_INS",
    "SOURCES",
    "Plan",
    "build",
    "build_whole",
]

# 100,000 items with 1,000,000 changes; and three times that.
SOURCES, PER_SOURCE, LARGEST = 200, 500, 600


def build(session: Session, *, today: date, sources: int = SOURCES) -> None:
    """Write people and their ledger into an empty migrated database, in the writing transaction of the caller.

    The last source was fed back three months before ``today``; each has PER_SOURCE items with ten changes.
    """
    plan = Plan(today, sources, PER_SOURCE)
    lay_out(session, plan)
    write_people(session)
    write_ledger(session, plan)
    clear_away(session)
    _go_on_counting(session)


def build_whole(session: Session, plan: Plan, *, password_hash: str = "") -> None:
    """The same with all that pages show beside it: work, requests, rounds, a year of messages, meetings, the trail.

    The clock must stand at the plan's today until the transaction ends.
    """
    assert clock.today() == plan.today
    lay_out(session, plan)
    write_people(session, password_hash=password_hash)
    write_ledger(session, plan)
    write_work(session, plan)
    write_asking(session, plan)
    clear_away(session)
    _go_on_counting(session)
    write_trail(session, plan)
    write_months(session, plan)


def _go_on_counting(session: Session) -> None:
    """Let PostgreSQL's sequences go on behind the ids that were given."""
    if session.get_bind().dialect.name == "postgresql":
        for table in ("unit", "person", "source", "section", "item"):
            session.execute(
                text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")
            )
