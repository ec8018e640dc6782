"""Changing what SQLite cannot alter: the table is made anew from its own words, rows copied, indexes made again.

Alembic's batch mode reads the table back and loses the CHECKs it cannot read.
"""

import re

from alembic import op
from sqlalchemy import text


def rebuild(table: str, *changes: tuple[str, str]) -> None:
    """Make a SQLite table anew with each first text of its CREATE statement replaced by the second."""
    connection = op.get_bind()
    wanted = "SELECT sql FROM sqlite_master WHERE tbl_name = :table AND sql IS NOT NULL AND type"
    created = connection.scalar(text(f"{wanted} = 'table'"), {"table": table})
    others = connection.scalars(text(f"{wanted} IN ('index', 'trigger')"), {"table": table}).all()
    for old, new in changes:
        if created.count(old) != 1:
            raise RuntimeError(f"{old!r} does not stand once in the table {table}")
        created = created.replace(old, new)
    begin, rest = created.split("(", 1)
    connection.exec_driver_sql(f"{begin.replace(table, f'new_{table}')}({rest}")
    connection.exec_driver_sql(f"INSERT INTO new_{table} SELECT * FROM {table}")
    connection.exec_driver_sql(f"DROP TABLE {table}")
    connection.exec_driver_sql(f"ALTER TABLE new_{table} RENAME TO {table}")
    for statement in others:
        connection.exec_driver_sql(statement)


def allow(table: str, column: str, *, after: str, values: tuple[str, ...]) -> None:
    """Let the CHECK on a column of codes allow more values, listed behind the value ``after``; on both databases."""
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        listed = f"'{after}', " + ", ".join(f"'{value}'" for value in values)
        check = _check_on_sqlite(table, column)
        rebuild(table, (check, check.replace(f"'{after}'", listed)))
        return
    name = f"ck_{table}_{column}"
    found = "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = :name AND conrelid = CAST(:table AS regclass)"
    definition = connection.scalar(text(found), {"name": name, "table": table})
    # Told anew from its values: PostgreSQL tells a CHECK that was widened once in another form than one it was given.
    there = re.findall(r"'([^']*)'::character varying", definition)
    place = there.index(after) + 1
    listed = ", ".join(f"'{value}'" for value in (*there[:place], *values, *there[place:]))
    connection.exec_driver_sql(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
    connection.exec_driver_sql(f"ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({column} IN ({listed}))")


def _check_on_sqlite(table: str, column: str) -> str:
    created = op.get_bind().scalar(
        text("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = :table"), {"table": table}
    )
    name = f"ck_{table}_{column} CHECK ("
    start = created.index(name)
    return created[start : created.index("))", start) + 2]
