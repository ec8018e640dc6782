"""Dates are reckoned alike on both databases, over leap days and ends of years."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import Integer, literal, select, text

from tracker.core.db import db, trying, writing
from tracker.core.sql import days_between, hashing_joins, insert_new, plus_days
from tracker.settings.models import Setting

DAYS = [date(2026, 6, 30), date(2027, 12, 31), date(2028, 2, 28), date(2028, 2, 29), date(2029, 1, 1)]


@pytest.mark.parametrize("first", DAYS)
@pytest.mark.parametrize("second", DAYS)
def test_days_between_two_dates_and_back_again(app: Flask, first: date, second: date) -> None:
    days = (first - second).days
    row = db.session.execute(
        select(days_between(literal(first), literal(second)), plus_days(literal(second), literal(days, Integer)))
    ).one()
    assert tuple(row) == (days, first)
    assert second + timedelta(days=days) == first


def test_a_row_whose_key_is_there_is_passed_over_and_the_old_one_stays(app: Flask) -> None:
    for rows, new in ([("a", "1")], ["a"]), ([("a", "9"), ("b", "2")], ["b"]):
        values = [{"key": key, "value": value} for key, value in rows]
        with writing():
            insert = insert_new(db.session(), Setting).values(values).returning(Setting.key)
            assert db.session.scalars(insert).all() == new
    stored = db.session.execute(select(Setting.key, Setting.value).order_by(Setting.key)).all()
    assert [tuple(row) for row in stored] == [("a", "1"), ("b", "2")]


def test_long_joins_are_hashed_just_while_it_is_asked_for(app: Flask) -> None:
    if db.engine.dialect.name != "postgresql":
        with trying(), hashing_joins(db.session()):
            assert db.session.scalar(text("SELECT 1")) == 1
        return
    shown = []
    with trying():
        with hashing_joins(db.session()):
            shown.append(db.session.scalar(text("SHOW enable_nestloop")))
        shown.append(db.session.scalar(text("SHOW enable_nestloop")))
    assert shown == ["off", "on"]
