"""Pages of a list and the count above it."""

import pytest
from factories import a_person, a_unit
from flask import Flask
from sqlalchemy import Select, select

from tracker.core import paging
from tracker.core.db import db, writing
from tracker.org.models import Person, Unit


@pytest.fixture
def _people(app: Flask) -> None:
    with writing():
        for number in range(7):
            a_person(f"人{number}", a_unit("市直机关工委"))


def page_of(query: Select[Person], number: int) -> paging.Page[Person]:
    session = db.session()
    return paging.paginate(session, query, number=number, rows=lambda rows: session.scalars(rows).all(), size=3)


@pytest.mark.usefixtures("_people")
@pytest.mark.parametrize("query", [select(Person), select(Person).where(Person.id > 0), select(Person).join(Unit)])
def test_the_count_is_that_of_all_rows_with_or_without_a_condition(query: Select[Person]) -> None:
    page = page_of(query, 1)
    assert (page.total, page.pages, len(page.rows), page.total_is_capped) == (7, 3, 3, False)


@pytest.mark.usefixtures("_people")
def test_a_number_past_the_end_means_the_last_page() -> None:
    page = page_of(select(Person).order_by(Person.id), 99)
    assert (page.number, len(page.rows), page.has_next, page.has_previous) == (3, 1, False, True)


def test_nothing_makes_one_empty_page(app: Flask) -> None:
    page = page_of(select(Person), 1)
    assert (page.total, page.pages, list(page.rows)) == (0, 1, [])


@pytest.mark.usefixtures("_people")
def test_past_the_cap_the_count_says_only_that_there_are_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "COUNT_CAP", 5)
    page = page_of(select(Person), 1)
    assert (page.total, page.total_is_capped) == (5, True)
