"""How a ledger grows: sizes of tables and indexes, and what questions take, at three sizes a tenfold apart."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from statistics import median
from typing import NamedTuple

from conftest import config_for
from flask_migrate import upgrade
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.bench import big, world
from tests.bench.figures import both
from tests.bench.pages import signed_in
from tracker import create_app
from tracker.core import clock
from tracker.core.db import db, trying
from tracker.figures.questions import Question
from tracker.reminders.operations import queue_reminders

# Sources: 3,000, 30,000 and 300,000 items with ten changes each.
SIZES = (6, 60, 600)
RUNS, SHOWN = 3, 8

_SIZES = {
    "sqlite": """
        SELECT m.tbl_name, sum(CASE m.type WHEN 'table' THEN s.pgsize ELSE 0 END),
               sum(CASE m.type WHEN 'index' THEN s.pgsize ELSE 0 END)
        FROM dbstat s JOIN sqlite_master m ON m.name = s.name GROUP BY m.tbl_name
        ORDER BY sum(s.pgsize) DESC LIMIT :shown
    """,
    "postgresql": """
        SELECT relname, pg_table_size(oid), pg_indexes_size(oid) FROM pg_class
        WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
        ORDER BY pg_total_relation_size(oid) DESC LIMIT :shown
    """,
}
_WHOLE = {
    "sqlite": "SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()",
    "postgresql": "SELECT pg_database_size(current_database())",
}


class Size(NamedTuple):
    """A table: its name, bytes of its rows and bytes of its indexes."""

    table: str
    rows: int
    indexes: int


def measure(database: str, url: str, folder: Path, sources: int) -> None:
    """Write a whole organ of that size and print what it takes, in MB and milliseconds."""
    app = create_app(config_for(url, folder))
    with app.app_context():
        upgrade()
        # Messages are as many as items give occasion for.
        messages = max(1, sources * 10 // world.LARGEST)
        started = time.perf_counter()
        assert big.write(app, world.Plan(clock.today(), sources, world.PER_SOURCE, messages))
        size = f"{sources * world.PER_SOURCE * 10:,} changes"
        print(f"{database:<11}{size:>18}  {'written in seconds':<38}{time.perf_counter() - started:>9.0f}")
        for what, megabytes in _sizes(db.session()):
            print(f"{database:<11}{size:>18}  {what:<38}{megabytes:>9}", flush=True)
        db.session.rollback()
        for name, act in _asked():
            print(f"{database:<11}{size:>18}  {name:<38}{_milliseconds(act):>9.0f} ms", flush=True)
        took = _milliseconds(_scan, runs=0)
        print(f"{database:<11}{size:>18}  {'first scan of reminders':<38}{took:>9.0f} ms", flush=True)
    client = signed_in(app, world.OFFICE)
    took = _milliseconds(lambda: client.get("/items?list=problems"))
    print(f"{database:<11}{size:>18}  {'list page, office':<38}{took:>9.0f} ms", flush=True)
    with app.app_context():
        db.engine.dispose()


def _sizes(session: Session) -> Iterator[tuple[str, str]]:
    dialect = session.get_bind().dialect.name
    whole = session.scalar(text(_WHOLE[dialect])) or 0
    yield "database, MB", f"{whole / 1e6:.0f}"
    for row in session.execute(text(_SIZES[dialect]), {"shown": SHOWN}):
        size = Size(*row)
        yield f"{size.table}, rows + indexes, MB", f"{size.rows / 1e6:.1f} + {size.indexes / 1e6:.1f}"


def _asked() -> Iterator[tuple[str, Callable[[], object]]]:
    today = clock.today()
    past = today - timedelta(days=150)
    then = clock.instant_at(past + timedelta(days=1))
    yield "figures, today", lambda: both(Question(today))
    yield "figures, a past day", lambda: both(Question(past))
    yield "figures, as then known", lambda: both(Question(past, then))


def _scan() -> None:
    """A day later, when all that is due then is noted at once."""
    with trying():
        queue_reminders(clock.now() + timedelta(days=1))
        db.session.flush()


def _milliseconds(act: Callable[[], object], runs: int = RUNS) -> float:
    """The median of so many runs after a first one; that first one where there are no more."""
    taken = []
    for _ in range(1 + runs):
        started = time.perf_counter()
        act()
        taken.append((time.perf_counter() - started) * 1000)
    return median(taken[1:] or taken)
