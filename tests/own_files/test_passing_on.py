"""What last year's report gives: sources for the next year."""

from collections.abc import Iterator

import pytest
from desk.reading import a_reader
from flask import Flask
from flask.testing import FlaskClient
from own_files.taking import here, take_in
from own_files.worlds import NEW_YEARS_EVE, at, the_round

from tracker.access.rules import Role


@pytest.fixture(autouse=True)
def _new_years_eve() -> Iterator[None]:
    with at(NEW_YEARS_EVE):
        yield


@pytest.fixture
def office(empty_app: Flask) -> FlaskClient:
    the_round(empty_app)
    return a_reader(empty_app, "陈静", Role.OFFICE)


def test_what_a_report_leaves_to_the_next_year_becomes_a_source_to_be_looked_over(
    empty_app: Flask, office: FlaskClient
) -> None:
    take_in(office)
    address = here(empty_app)
    for which, title in (("problems", "2021年度述职报告查摆的存在问题"), ("plans", "2021年度述职报告提出的下步打算")):
        answer = office.post(f"{address}/leave/{which}")
        assert answer.status_code == 303
        assert title in office.get(answer.location).text
    assert office.post(f"{address}/leave/nothing").status_code == 404
