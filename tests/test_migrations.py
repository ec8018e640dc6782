"""The schema that migrations make is the one the models tell of, on both databases, CHECKs and triggers included."""

import multiprocessing
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest import mock

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from conftest import DATABASES, ROOT, config_for
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import Connection, Engine, Enum, MetaData, Table, create_engine, inspect, select, text

from tests.databases import revised
from tracker import create_app
from tracker.access.rules import SYSTEM
from tracker.audit.models import TRIGGERS
from tracker.backups.queries import find_revision
from tracker.closure.models import Application
from tracker.closure.rules import Filed, FiledEvidence, FiledMeasure, FiledOutcome
from tracker.core import releases
from tracker.core.db import Base, db, writing
from tracker.core.errors import DomainError
from tracker.core.filetypes import UNKNOWN_TYPE
from tracker.progress.models import Measure
from tracker.reminders import operations, queries
from tracker.reminders.models import Occurrence
from tracker.reminders.rules import PRESETS, Basis, Counts, Recipient, RuleLight, Speech, Subject, Trigger
from tracker.reports.models import ReportItem


def test_there_is_one_head() -> None:
    assert len(ScriptDirectory(str(ROOT / "migrations")).get_heads()) == 1


def test_tables_columns_indexes_and_keys_equal_the_models(app: Flask) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []


def checks(engine: Engine) -> dict[tuple[str, str], str]:
    """Every CHECK by table and name, white space and quotes aside."""
    inspector = inspect(engine)
    return {
        (table, str(check["name"])): re.sub(r"[\s\"']+", "", check["sqltext"])
        for table in inspector.get_table_names()
        for check in inspector.get_check_constraints(table)
    }


def test_every_check_of_the_models_stands_in_the_database(app: Flask) -> None:
    named = {
        (table.name, str(constraint.name))
        for table in Base.metadata.tables.values()
        for constraint in table.constraints
        if type(constraint).__name__ == "CheckConstraint"
    }
    assert named == set(checks(db.engine))


def test_checks_read_the_same_as_those_the_models_would_create(app: Flask) -> None:
    if db.engine.dialect.name != "sqlite":
        made = checks(db.engine)
        assert len(made) > 30
        return
    fresh = create_engine("sqlite://")
    Base.metadata.create_all(fresh)
    assert checks(fresh) == checks(db.engine)


def test_every_code_of_the_models_is_taken_by_the_database(app: Flask) -> None:
    made = {
        (table, str(check["name"])): check["sqltext"]
        for table in Base.metadata.tables
        for check in inspect(db.engine).get_check_constraints(table)
    }
    refused = []
    with db.engine.connect() as connection:
        for table in Base.metadata.tables.values():
            for column in table.columns:
                if isinstance(column.type, Enum):
                    condition = made[table.name, f"ck_{table.name}_{column.name}"]
                    values = " UNION ALL ".join(f"SELECT '{value}' AS {column.name}" for value in column.type.enums)
                    query = f"SELECT {column.name} FROM ({values}) AS codes WHERE NOT ({condition})"
                    refused += [(table.name, *row) for row in connection.execute(text(query))]
    assert refused == []


def test_the_triggers_that_guard_the_trail_are_there(app: Flask) -> None:
    dialect = db.engine.dialect.name
    wanted = {
        match for sql in TRIGGERS[dialect] for match in re.findall(r"TRIGGER (?:IF NOT EXISTS )?(audit_\w+)", sql)
    }
    query = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }[dialect]
    with db.engine.connect() as connection:
        assert set(connection.scalars(text(query))) == wanted


@pytest.fixture(params=DATABASES)
def old_app(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """The application over a database of its own that no migration has touched yet."""
    url = f"sqlite:///{tmp_path / 'tracker.db'}"
    if request.param != "sqlite":
        uri = request.getfixturevalue("postgres_uri")
        with psycopg.connect(uri, autocommit=True) as admin:
            admin.execute("DROP DATABASE IF EXISTS old")
            admin.execute("CREATE DATABASE old")
        url = uri.replace("/postgres?", "/old?").replace("postgresql://", "postgresql+psycopg://")
    app = create_app(config_for(url, tmp_path))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


USUAL: dict[type, Any] = {
    str: "",
    int: 1,
    bool: False,
    Decimal: Decimal(1),
    date: date(2026, 6, 1),
    datetime: datetime(2026, 6, 1, tzinfo=UTC),
}


def put(connection: Connection, table: str, **values: Any) -> None:
    """Write a row; columns that may not be empty get what is usual for their type."""
    reflected = Table(table, MetaData(), autoload_with=connection)
    usual = {
        column.name: USUAL[column.type.python_type]
        for column in reflected.columns
        if not column.nullable and not column.primary_key
    }
    connection.execute(reflected.insert().values(usual | values))


def with_rules_as_they_were() -> None:
    """Two rules of the time before there were sets, one of which has told a person of an item."""
    day = date(2026, 6, 30)
    engine = create_engine(db.engine.url)
    with engine.begin() as connection:
        put(connection, "person", id=1, name="李磊", language="zh")
        put(connection, "source", id=1, number="S1", kind="inspection")
        put(
            connection,
            "item",
            id=1,
            number="S1-1",
            kind="problem",
            state="working",
            own_word="none",
            deadline_kind="by_date",
            due_on=day,
            first_due_on=day,
        )
        put(connection, "measure", id=1, text="印发办法", due_on=day)
        rules = (("before-20", "before_due", 15, "working"), ("overdue-7", "overdue_every", 7, "natural"))
        for number, (key, trigger, days, counts) in enumerate(rules, start=4):
            said = {"key": key, "trigger": trigger, "days": days, "counts": counts, "is_active": number == 4}
            put(connection, "reminder_rule", id=number, **said, version=number)
            put(connection, "rule_recipient", rule_id=number, recipient="liaison")
        step = {"item_id": 1, "rule_id": 4, "repetition": 0, "deadline": day, "digest": "2026-06-10"}
        put(connection, "occurrence", id=9, **step, person_id=1, reached_on=date(2026, 6, 10))
        told = {"kind": "reminder_digest", "channel": "inbox", "slot": "2026-06-10", "state": "sent", "data": "{}"}
        put(connection, "message", id=1, key="k", message_id="<k@rectify.local>", **told, item_numbers='["S1-1"]')
    engine.dispose()


def test_rules_that_are_there_become_the_default_set_and_what_was_told_stays_told(old_app: Flask) -> None:
    upgrade(revision="0008")
    with_rules_as_they_were()
    upgrade()
    rules = {rule.key: rule for rule in queries.list_rules(db.session())}
    assert [(rule.id, rule.is_active, rule.version) for rule in rules.values()] == [(4, True, 4), (5, False, 5)]
    assert rules["before-20"].speech == Speech(
        Trigger.BEFORE_DUE, 15, {Recipient.LIAISON: 0}, counts=Counts.WORKING, light=RuleLight.GREEN
    )
    assert rules["overdue-7"].speech.drafts_notice
    told = db.session.scalars(select(Occurrence)).one()
    assert (told.id, told.subject, told.subject_id, told.basis) == (9, Subject.ITEM, 1, Basis.DEADLINE)
    assert told.told_at is not None
    assert told.covered_rules == {4: 0}
    assert db.session.scalars(select(Measure.dated_on)).one() is not None
    db.session.remove()
    with writing():
        operations.ensure_default_rules()
        rule_set = queries.get_set(db.session(), "plain", lock=True)
        added = operations.add_rule(
            rule_set, is_active=True, speech=replace(rules["before-20"].speech, days=9), actor=SYSTEM
        )
    assert added.id > 5, "ids go on where they were"
    assert [each.key for each in queries.list_sets(db.session())] == [preset.key for preset in PRESETS]


def test_what_waits_for_a_decision_carries_what_stands_when_the_update_comes(old_app: Flask) -> None:
    upgrade(revision="0009")
    day = date(2026, 6, 30)
    engine = create_engine(db.engine.url)
    with engine.begin() as connection:
        put(connection, "person", id=1, name="李磊", language="zh")
        put(connection, "source", id=1, number="S1", kind="inspection")
        coded = {"kind": "problem", "state": "applied", "own_word": "completed"}
        put(connection, "item", id=1, number="S1-1", **coded, due_on=day, first_due_on=day)
        put(connection, "measure", id=3, text="印发办法", due_on=day, owner_id=1)
        put(connection, "evidence", id=1, serial=2, name="签到表.jpg", size_bytes=9)
        put(connection, "outcome", id=1, kind="recovered", amount=Decimal("66.50"))
        put(connection, "application", id=1, round=1, state="returned")
        put(connection, "application", id=2, round=2, state="pending")
    engine.dispose()
    upgrade()
    returned, pending = db.session.scalars(select(Application).order_by(Application.id))
    assert returned.filed == Filed([], [], [])
    assert pending.filed == Filed(
        [FiledMeasure(3, "印发办法", "李磊", day, None, "")],
        [FiledEvidence(2, "签到表.jpg", 9, "", "李磊", False, date(2026, 6, 1), UNKNOWN_TYPE)],
        [FiledOutcome("recovered", "66.5", "", date(2026, 6, 1))],
    )


def test_reports_are_linked_with_the_items_of_the_facts_that_they_keep(old_app: Flask) -> None:
    upgrade(revision="0027")
    engine = create_engine(db.engine.url)
    with engine.begin() as connection:
        put(connection, "source", id=1, number="S1", kind="inspection", counting="wholes")
        coded = {"source_id": 1, "kind": "problem", "state": "working", "own_word": "none"}
        for item_id in (4, 5, 6):
            put(connection, "item", id=item_id, number=f"S1-{item_id}", **coded)
        coded = {"kind": "progress", "edition": "above", "state": "draft"}
        facts = '{"sources":[{"items":[{"number":"S1-4"}]},{"items":[{"number":"S1-6"},{"number":"gone"}]}]}'
        put(connection, "report", id=7, **coded, facts=facts, is_restricted=True)
        put(connection, "report", id=8, **coded, facts='{"sources":[]}', is_restricted=False)
    engine.dispose()
    upgrade()
    told = db.session.execute(select(ReportItem.report_id, ReportItem.item_id).order_by(ReportItem.item_id)).all()
    assert [tuple(row) for row in told] == [(7, 4), (7, 6)]


def test_an_upgrade_that_breaks_in_its_last_step_leaves_the_database_as_it_was(old_app: Flask) -> None:
    upgrade(revision="0027")
    with (
        mock.patch("tracker.workdays.operations.fill", side_effect=OSError("cut off")),
        pytest.raises(OSError, match="cut off"),
    ):
        upgrade()
    assert not inspect(db.engine).has_table("report_item")
    upgrade()
    assert inspect(db.engine).has_table("report_item")


def test_servers_that_start_together_upgrade_one_after_the_other(old_app: Flask) -> None:
    def start() -> None:
        with old_app.app_context():
            # The connections belong to the parent.
            db.engine.dispose(close=False)
            upgrade()

    db.engine.dispose()
    servers = [multiprocessing.get_context("fork").Process(target=start) for _ in range(4)]
    for server in servers:
        server.start()
    for server in servers:
        server.join()
    assert [server.exitcode for server in servers] == [0] * 4


def test_a_database_of_a_newer_version_is_left_alone_in_words(old_app: Flask) -> None:
    upgrade()
    with revised(old_app, "9999"):
        with pytest.raises(DomainError, match="（表结构 9999）") as refused:
            upgrade()
        assert f"by a newer version than {releases.version()}," in str(refused.value)
        assert find_revision(db.session()) == "9999"
        db.session.remove()


# From here on a migration widens: what it takes away was left unused by the release before.
WIDENING_SINCE = "0028"


def columns(engine: Engine) -> dict[str, dict[str, Any]]:
    inspector = inspect(engine)
    return {
        table: {str(column["name"]): column for column in inspector.get_columns(table)}
        for table in inspector.get_table_names()
    }


def test_the_program_of_the_release_before_can_go_on_writing_while_the_new_one_starts(old_app: Flask) -> None:
    upgrade(revision=WIDENING_SINCE)
    before = columns(db.engine)
    upgrade()
    after = columns(db.engine)
    narrowed = [
        f"{table}.{name}"
        for table, old in before.items()
        for name in {*old, *after.get(table, {})}
        if name not in after.get(table, {})
        or (name in old and str(after[table][name]["type"]) != str(old[name]["type"]))
        or (name in old and old[name]["nullable"] and not after[table][name]["nullable"])
        or (name not in old and not after[table][name]["nullable"] and after[table][name]["default"] is None)
    ]
    assert narrowed == []
