"""The schema that migrations make is the one the models tell of, on both databases, CHECKs and triggers included."""

import re

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from conftest import ROOT
from flask import Flask
from sqlalchemy import Engine, create_engine, inspect, text

from tracker.audit.models import TRIGGERS
from tracker.core.db import Base, db


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
