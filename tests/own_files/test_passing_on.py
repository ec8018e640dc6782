"""What last year's report is given and gives: the text of a written report, and sources for the next year."""

import io
from collections.abc import Iterator

import docx
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


def test_the_text_of_a_report_that_was_written_takes_the_place_of_the_marked_sentences(
    empty_app: Flask, office: FlaskClient
) -> None:
    order = {"kind": "annual", "title": "2026年度述职报告（整改部分）", "edition": "above", "decimals": "1"}
    order |= {"unit": "", "wording": "annual-process", "as_of": "2026-12-31", "first_on": "2026-01-01"}
    made_at = office.post("/reports/new", data=order).location
    take_in(office, report_id=made_at.rpartition("/")[2])
    page = office.get(here(empty_app)).text
    assert "2026年度述职报告（整改部分）" in page
    assert "凡材料不全的一律退回补充整改" in page
    assert "列入台账的问题共" not in page
    made = docx.Document(io.BytesIO(office.get(f"{here(empty_app)}/file").data))
    assert any("凡材料不全的一律退回补充整改" in each.text for each in made.paragraphs)
    assert take_in(office, year="2025", report_id="9999999").status_code == 422
