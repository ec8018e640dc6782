"""What the two databases say differently, each thing once."""

from datetime import date
from typing import Any

from sqlalchemy import Date, Integer
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class days_between(FunctionElement[int]):
    """Days from an earlier date to a later one: ``days_between(later, earlier)``; negative the other way round."""

    type = Integer()
    inherit_cache = True


class plus_days(FunctionElement[date]):
    """A date so many days later: ``plus_days(day, number)``."""

    type = Date()
    inherit_cache = True


def _sides(element: FunctionElement[Any], compiler: SQLCompiler, **options: Any) -> tuple[str, str]:
    first, second = (compiler.process(clause, **options) for clause in element.clauses)
    return first, second


@compiles(days_between, "postgresql")
def _subtract(element: days_between, compiler: SQLCompiler, **options: Any) -> str:
    return "({} - {})".format(*_sides(element, compiler, **options))


@compiles(days_between, "sqlite")
def _subtract_julian(element: days_between, compiler: SQLCompiler, **options: Any) -> str:
    return "CAST(julianday({}) - julianday({}) AS INTEGER)".format(*_sides(element, compiler, **options))


@compiles(plus_days, "postgresql")
def _add(element: plus_days, compiler: SQLCompiler, **options: Any) -> str:
    return "({} + {})".format(*_sides(element, compiler, **options))


@compiles(plus_days, "sqlite")
def _add_text(element: plus_days, compiler: SQLCompiler, **options: Any) -> str:
    return "date({}, ({}) || ' days')".format(*_sides(element, compiler, **options))


def insert_new(session: Session, table: Any) -> Any:
    """An INSERT that passes over rows whose unique key is there already; what it returns is new."""
    makers: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}
    return makers[session.get_bind().dialect.name](table).on_conflict_do_nothing()
