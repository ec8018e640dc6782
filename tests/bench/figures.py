"""Figures of a day and over time in ledgers of three sizes, beside the best bare statement for the same question."""

import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from conftest import config_for
from flask_migrate import upgrade
from sqlalchemy import delete

from tests.bench import bare, world
from tracker import create_app
from tracker.access.rules import SYSTEM, Action, reach
from tracker.core import clock
from tracker.core.db import db, writing
from tracker.figures import queries
from tracker.figures.models import FigureDay
from tracker.figures.operations import keep_days
from tracker.figures.questions import Question
from tracker.figures.rules import Breakdown
from tracker.figures.trends import Step, days_of

# 10,000, 100,000 and 300,000 items with ten changes each.
SIZES = (20, 200, 600)
RUNS, MONTHS = 3, 24
EVERYTHING = reach(SYSTEM, Action.READ_FIGURES)


class Asked(NamedTuple):
    """A question, what the program does for it, and the bare statements with their values."""

    name: str
    program: Callable[[], object]
    statements: tuple[str, ...]
    values: dict[str, Any]


def measure(database: str, url: str, folder: Path, sources: int, settle: Callable[[], None]) -> None:
    """Write a ledger and print what each question takes: cold and warm, bare and program, with the ratio of the warm.

    Cold is the first time over a new connection: nothing that the database had read before is in its memory on SQLite;
    on PostgreSQL and in the system's own memory it still is.
    """
    app = create_app(config_for(url, folder))
    with app.app_context():
        upgrade()
        with writing():
            world.build(db.session(), today=clock.today(), sources=sources)
        settle()
        size = f"{sources * world.PER_SOURCE:,}"
        for asked in _asked():
            bare_cold, bare_warm = _timed(lambda asked=asked: _bare(asked))
            cold, warm = _timed(asked.program)
            told = f"{bare_cold:>8.0f}{bare_warm:>8.0f}{cold:>8.0f}{warm:>8.0f}{warm / bare_warm:>7.1f}"
            print(f"{database:<11}{size:>8} {asked.name:<34}{told}", flush=True)
        db.engine.dispose()


def _bare(asked: Asked) -> None:
    for statement in asked.statements:
        bare.execute(db.session(), statement, asked.values)


def _timed(act: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds of the first time over a new connection, and of the times after it."""
    db.session.remove()
    db.engine.dispose()
    taken = []
    for _ in range(1 + RUNS):
        started = time.perf_counter()
        act()
        taken.append((time.perf_counter() - started) * 1000)
        db.session.rollback()
    return taken[0], median(taken[1:])


def _asked() -> Iterator[Asked]:
    today = clock.today()
    past = today - timedelta(days=150)
    known_at = clock.instant_at(past + timedelta(days=1))
    yield Asked("whole and by unit, today", lambda: both(Question(today)), bare.TODAY, {"day": today})
    yield Asked("whole and by unit, a past day", lambda: both(Question(past)), bare.DAY, {"day": past})
    then = {"day": past, "known": known_at}
    yield Asked("the same as then known", lambda: both(Question(past, known_at)), bare.KNOWN, then)
    days = days_of(today, Step.MONTH, MONTHS)
    ends = {"first": days[0], "last": days[-1]}
    with writing():
        db.session.execute(delete(FigureDay))
    yield Asked("24 months, nothing kept", lambda: _trend(days), bare.TREND, ends)
    found = _trend(days)
    with writing():
        keep_days(db.session(), found)
    yield Asked("24 months, closed months kept", lambda: _trend(days), bare.TREND, ends)


def both(question: Question) -> None:
    session = db.session()
    queries.tally_wholes(session, [question], EVERYTHING)
    queries.tally(session, question, EVERYTHING, Breakdown.UNIT)


def _trend(days: list[date]) -> queries.Trend:
    question, month = Question(days[-1]), clock.today().replace(day=1)
    return queries.find_trend(db.session(), question, days, EVERYTHING, open_since=month)
