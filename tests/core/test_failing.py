"""What ends the program for a reason outside of it is told in words."""

import sqlite3

import pytest
from psycopg.errors import UndefinedColumn, UndefinedTable, UniqueViolation
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError

from tracker.core.failing import explain


@pytest.mark.parametrize(
    "error",
    [
        OperationalError("SELECT …", {}, sqlite3.OperationalError("no such table: item")),
        OperationalError("SELECT …", {}, sqlite3.OperationalError("no such column: item.kind")),
        ProgrammingError("SELECT …", {}, UndefinedTable('relation "item" does not exist\nLINE 1: SELECT')),
        ProgrammingError("SELECT …", {}, UndefinedTable('关系 "item" 不存在\nLINE 1: SELECT')),
        ProgrammingError("SELECT …", {}, UndefinedColumn("字段 item.kind 不存在")),
    ],
)
def test_tables_that_are_not_made_yet_are_told_with_what_to_do_whatever_language_the_server_speaks(
    error: Exception,
) -> None:
    told = explain(error)
    assert "请先运行 db upgrade" in told
    assert "item" in told
    assert "LINE" not in told


def test_a_fault_of_the_program_itself_is_left_to_the_traceback() -> None:
    assert explain(IntegrityError("INSERT …", {}, UniqueViolation("重复键违反唯一约束"))) == ""
    assert explain(ValueError("no such table")) == ""
