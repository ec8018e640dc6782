"""What the two databases say differently, each thing once."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, bindparam, case, or_, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from tracker.core import clock


class days_between(FunctionElement[int]):
    """Days from an earlier date to a later one: ``days_between(later, earlier)``; negative the other way round."""

    type = Integer()
    inherit_cache = True


class plus_days(FunctionElement[date]):
    """A date so many days later: ``plus_days(day, number)``."""

    type = Date()
    inherit_cache = True


class _civil_day(FunctionElement[date]):
    type = Date()
    inherit_cache = True


def civil_day(instant: Any) -> ColumnElement[date]:
    """The civil date of an instant in the office's zone, by what its clocks are ahead of UTC now."""
    return _civil_day(instant, bindparam("offset_minutes", callable_=clock.offset_minutes, type_=Integer()))


def later(first: Any, second: Any) -> Any:
    """The later of two dates; the first when there is no second."""
    return case((second > first, second), else_=first)


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


@compiles(_civil_day, "postgresql")
def _shift(element: _civil_day, compiler: SQLCompiler, **options: Any) -> str:
    instant, minutes = _sides(element, compiler, **options)
    return f"CAST(({instant} AT TIME ZONE 'UTC') + {minutes} * INTERVAL '1 minute' AS DATE)"


@compiles(_civil_day, "sqlite")
def _shift_text(element: _civil_day, compiler: SQLCompiler, **options: Any) -> str:
    return "date({}, ({}) || ' minutes')".format(*_sides(element, compiler, **options))


_MAKERS: dict[str, Any] = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}


def insert_or_renew(session: Session, table: Any, *renewed: str) -> Any:
    """An INSERT that sets these columns anew where a row of the same primary key is there already."""
    statement = _MAKERS[session.get_bind().dialect.name](table)
    keys = [column.name for column in table.__table__.primary_key]
    return statement.on_conflict_do_update(
        index_elements=keys, set_={name: statement.excluded[name] for name in renewed}
    )


def insert_new(session: Session, table: Any) -> Any:
    """An INSERT that passes over rows whose unique key is there already; what it returns is new."""
    return _MAKERS[session.get_bind().dialect.name](table).on_conflict_do_nothing()


def has_run_out(
    until: InstrumentedAttribute[datetime | None], now: datetime, *, longest: timedelta
) -> ColumnElement[bool]:
    """Whether a lease is over: at its end, or when it ends so late that only a wrong clock can have made it."""
    return or_(until <= now, until > now + longest)


@contextmanager
def hashing_joins(session: Session) -> Iterator[None]:
    """Let PostgreSQL join by hash or order within, where it can't know how much steps of a long statement give.

    It guessed one row where there were a hundred thousand, and compared each with each for minutes. SQLite is left
    as it is: it has no other joins than loops, and makes itself an index for them.
    """
    if session.get_bind().dialect.name != "postgresql":
        yield
        return
    session.execute(text("SET LOCAL enable_nestloop = off"))
    yield
    session.execute(text("SET LOCAL enable_nestloop = on"))
