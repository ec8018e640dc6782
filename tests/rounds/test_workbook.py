"""The fill-in workbook feeds the round like every other way to report."""

import io
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from rounds.reporting_office import ReportingOffice, browser_of, on
from sqlalchemy import select

from tracker.core.db import db, writing
from tracker.progress.models import Entry


@pytest.fixture
def office(empty_app: Flask) -> Iterator[ReportingOffice]:
    with on(4, 1), empty_app.app_context(), writing():
        made = ReportingOffice()
    with on(4, 20):
        yield made


def filled_in(client: FlaskClient, number: str, text: str) -> bytes:
    """The workbook as the unit got it, with a text for one item."""
    book = load_workbook(io.BytesIO(client.get("/items/fill-in.xlsx?list=rectification").data))
    sheet = book.worksheets[0]
    heads = {cell.value: cell.column for row in sheet.iter_rows(max_row=4) for cell in row if cell.value}
    row = next(row[0].row for row in sheet.iter_rows() if row[1].value == number)
    sheet.cell(row, heads["本次进展"]).value = text
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def bring_back(client: FlaskClient, content: bytes) -> int:
    told = {"kind": "inspection", "title": "市委第二巡察组反馈", "received_on": "2026-03-16"}
    sent = {**told, "file": (io.BytesIO(content), "填报.xlsx")}
    address = client.post("/intake/ledgers", data=sent).headers["Location"]
    return client.post(address, data={"version": 2, "state": "auto", "action": "carry_out"}).status_code


def told(app: Flask) -> list[tuple[str, str]]:
    with app.app_context():
        return [(each.text, each.standing.value) for each in db.session.scalars(select(Entry).order_by(Entry.id))]


def test_a_units_workbook_gives_its_report_and_brought_back_again_gives_no_second(
    empty_app: Flask, office: ReportingOffice
) -> None:
    liaison = browser_of(empty_app, office, office.liaison)
    content = filled_in(liaison, office.numbers[1], "已修订制度")
    assert bring_back(liaison, content) == 303
    with empty_app.app_context():
        assert office.states()[2, "组织部"] == "given"
    with on(4, 21):
        again = browser_of(empty_app, office, office.liaison)
        bring_back(again, content)
    assert told(empty_app) == [("已修订制度", "waiting")]


def test_a_workbook_the_office_brings_in_is_accepted_by_that(empty_app: Flask, office: ReportingOffice) -> None:
    clerk = browser_of(empty_app, office, office.clerk)
    assert bring_back(clerk, filled_in(clerk, office.numbers[1], "已修订制度")) == 303
    assert told(empty_app) == [("已修订制度", "accepted")]
    with empty_app.app_context():
        assert office.states()[2, "组织部"] == "accepted"
