"""Which files of the store the tables name. Every column that ends in ``sha256`` holds such a name."""

from typing import Any

from sqlalchemy import ColumnElement, select, union_all
from sqlalchemy.orm import Session

from tracker.core.db import Base


def hash_columns() -> list[ColumnElement[Any]]:
    """The columns of all tables that name a file of the store; empty texts in them name none."""
    return [
        column
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.name == "sha256" or column.name.endswith("_sha256")
    ]


def list_hashes(session: Session) -> set[str]:
    """All files that any row names, those of removed evidence too, in one query."""
    query = union_all(*(select(column).distinct().where(column != "") for column in hash_columns()))
    return set(session.scalars(query))
