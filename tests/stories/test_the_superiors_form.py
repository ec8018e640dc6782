"""April and May: the superior's own workbook is filled, and its second issue lists every row that changed."""

import io
from datetime import date

from desk.reading import text_of
from factories import sign_in
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from stories.office import accept, close, on, person
from stories.test_the_year import AT_ONCE, BY_DATE, NUMBERS, feedback_is_issued, unit_of

from tests.office.workbooks import a_workbook
from tracker.access.rules import SYSTEM, reach
from tracker.core.db import db
from tracker.items.queries import list_items

HEAD = ["序号", "反馈问题", "责任单位", "整改时限", "是否销号"]
BLANK = [["整改进展月报（第{{期次}}期）"], HEAD, [1], [2], ["合计", "共{{总数}}个，已销号{{已销号}}个，占{{销号率}}"]]


def signed_in(app: Flask) -> FlaskClient:
    """The office at its desk."""
    client = app.test_client()
    with app.app_context():
        sign_in(client, person("陈静"))
    return client


def fill(office: FlaskClient, at: str, day: date, number: int) -> dict[str, str]:
    """The rows of a new issue: each finding with what it says of closing."""
    assert office.post(at, data={"as_of": day.isoformat()}).location == f"{at}/issues/{number}"
    sheet = load_workbook(io.BytesIO(office.get(f"{at}/issues/{number}/file").data)).worksheets[0]
    assert sheet["A1"].value == f"整改进展月报（第{number}期）"
    return {sheet.cell(row, 2).value: sheet.cell(row, 5).value for row in range(3, sheet.max_row + 1)}


def test_issue_one_says_27_closed_6_and_issue_two_lists_every_row_that_changed(empty_app: Flask) -> None:
    with empty_app.app_context():
        feedback_is_issued()
        for number in NUMBERS:
            with on(2026, 3, 21):
                accept(number, *unit_of(number)[:2])
        for number in AT_ONCE:
            with on(2026, 3, 30):
                close(number, unit_of(number)[0], unit_of(number)[2])
        findings = {each.finding: each.number for each in list_items(db.session(), NUMBERS, reach(SYSTEM))}
        source = list_items(db.session(), NUMBERS[:1], reach(SYSTEM))[0].source_id
    with on(2026, 4, 24):
        office = signed_in(empty_app)
        blank = (io.BytesIO(a_workbook(BLANK).getvalue()), "月报.xlsx")
        made = office.post("/submissions/new", data={"source": source, "title": "月报", "file": blank})
        at = made.location.removesuffix("/columns")
        told = fill(office, at, date(2026, 4, 24), 1)
        assert told.pop("共27个，已销号6个，占22.2%", "missing") is None
        assert [findings[text] for text, state in told.items() if state == "已销号"] == AT_ONCE
        assert len(told) == 27
    with empty_app.app_context():
        for number in BY_DATE[:3]:
            with on(2026, 5, 12):
                close(number, unit_of(number)[0], unit_of(number)[2])
    with on(2026, 5, 25):
        office = signed_in(empty_app)
        fill(office, at, date(2026, 5, 25), 2)
        page = text_of(office, f"{at}/issues/2")
        changed = [number for number in NUMBERS if f" {number} 有变化 " in page]
        assert changed == BY_DATE[:3]
