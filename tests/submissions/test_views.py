"""A superior's own form, from the blank to the second issue."""

import io
import re
from datetime import date, timedelta
from typing import Any

import docx
import pytest
from desk.reading import a_reader, text_of
from factories import SYSTEM, a_source, a_unit, an_item
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import select
from werkzeug.test import TestResponse

from tests.office.workbooks import a_workbook
from tracker.access.rules import Role
from tracker.audit.models import AuditEntry
from tracker.core import clock
from tracker.core.db import db, writing
from tracker.items import operations as items
from tracker.items.models import Item
from tracker.sources.models import Source
from tracker.submissions.models import Submission, SubmissionForm
from tracker.submissions.operations import told_of

HEAD = ["序号", "反馈问题", "责任单位", "整改时限", "是否销号", "备注栏"]
BLANK = [
    ["巡察整改进展情况月报表"],
    ["填报单位：", None, None, "截至日期：    年  月  日"],
    HEAD,
    [None],
    ["合计：{{总数}}个"],
]
TODAY = date(2026, 4, 24)


def a_blank() -> io.BytesIO:
    return io.BytesIO(a_workbook(BLANK).getvalue())


@pytest.fixture
def office(empty_app: Flask) -> FlaskClient:
    with empty_app.app_context(), writing():
        source = a_source()
        an_item(source, lead_unit=a_unit("组织部"), finding="第一议题坚持不够经常")
        an_item(source, lead_unit=a_unit("宣传部"), finding="党费收缴不规范")
    return a_reader(empty_app, "陈静", Role.OFFICE)


def source_id(app: Flask) -> int:
    with app.app_context():
        return db.session.scalars(select(Source.id)).one()


def draw_up(app: Flask, client: FlaskClient, **changed: Any) -> TestResponse:
    data = {"source": source_id(app), "title": "月报表", "recipient": "市委巡察办", "file": (a_blank(), "月报.xlsx")}
    return client.post("/submissions/new", data={**data, **changed})


def at(app: Flask) -> str:
    """The address of the only form."""
    with app.app_context():
        return f"/submissions/{db.session.scalars(select(SubmissionForm.id)).one()}"


def issue(app: Flask, client: FlaskClient, day: date, due_on: str = "") -> TestResponse:
    return client.post(at(app), data={"as_of": day.isoformat(), "due_on": due_on})


def version(client: FlaskClient, address: str) -> str:
    found = re.search(r'name="version"[^>]*value="(\d+)"', client.get(address).text)
    assert found
    return found[1]


def hand_in(app: Flask, client: FlaskClient, number: int, **told: Any) -> TestResponse:
    address = f"{at(app)}/issues/{number}"
    return client.post(address, data={"version": version(client, address), **told})


def sheet_of(app: Flask, client: FlaskClient, number: int) -> Any:
    answer = client.get(f"{at(app)}/issues/{number}/file")
    assert answer.status_code == 200, answer.text
    return load_workbook(io.BytesIO(answer.data)).worksheets[0]


def test_a_blank_is_kept_explained_filled_and_the_next_issue_says_what_changed(
    empty_app: Flask, office: FlaskClient
) -> None:
    assert draw_up(empty_app, office).location == f"{at(empty_app)}/columns"
    page = text_of(office, f"{at(empty_app)}/columns")
    assert "反馈问题" in page
    today = clock_today(empty_app)
    assert issue(empty_app, office, today).location == f"{at(empty_app)}/issues/1"
    sheet = sheet_of(empty_app, office, 1)
    assert [sheet.cell(row, 2).value for row in (4, 5)] == ["第一议题坚持不够经常", "党费收缴不规范"]
    assert sheet["A6"].value == "合计：2个"
    assert sheet["D2"].value == f"截至日期：{today.year}年{today.month}月{today.day}日"
    assert "这是第一期" in text_of(office, f"{at(empty_app)}/issues/1")

    with empty_app.app_context(), writing():
        second = db.session.scalars(select(Item).order_by(Item.id)).all()[1]
        items.void(second, reason="与另一条重复", actor=SYSTEM)
        an_item(db.session.scalars(select(Source)).one(), lead_unit=a_unit("办公室"), finding="公文流转慢")
    assert issue(empty_app, office, today).status_code == 409
    assert hand_in(empty_app, office, 1, handed_in_on=today.isoformat(), signed_by="李强").status_code == 303
    with empty_app.app_context(), writing():
        db.session.scalars(select(Submission)).one().as_of = today - timedelta(days=1)
    assert issue(empty_app, office, today).location == f"{at(empty_app)}/issues/2"
    told = text_of(office, f"{at(empty_app)}/issues/2")
    assert "新列入" in told
    assert "不再列入" in told
    assert "第 2 期" in text_of(office, "/submissions")


def clock_today(app: Flask) -> date:
    with app.app_context():
        return clock.today()


def test_what_was_handed_in_is_not_filled_anew(empty_app: Flask, office: FlaskClient) -> None:
    draw_up(empty_app, office)
    issue(empty_app, office, clock_today(empty_app))
    assert office.post(f"{at(empty_app)}/issues/1/refill").status_code == 303
    scan = (io.BytesIO(b"%PDF-1.4 scan"), "签字件.pdf")
    done = hand_in(empty_app, office, 1, handed_in_on=clock_today(empty_app).isoformat(), signed_by="李强", scan=scan)
    assert done.status_code == 303
    assert office.post(f"{at(empty_app)}/issues/1/refill").status_code == 409
    assert "签字件.pdf" in text_of(office, f"{at(empty_app)}/issues/1")
    assert office.get(f"{at(empty_app)}/issues/1/scan").data == b"%PDF-1.4 scan"
    with empty_app.app_context():
        acts = set(db.session.scalars(select(AuditEntry.action)))
    assert {"submission_form.draw_up", "submission.issue", "submission.refill", "submission.hand_in"} <= acts


def test_an_issue_is_filled_as_of_its_day_whatever_is_recorded_later(empty_app: Flask, office: FlaskClient) -> None:
    draw_up(empty_app, office)
    today = clock_today(empty_app)
    with empty_app.app_context(), writing():
        items.issue(db.session.scalars(select(Item)).all(), actor=SYSTEM)
    assert issue(empty_app, office, today - timedelta(days=1)).status_code == 303
    assert hand_in(empty_app, office, 1, handed_in_on=today.isoformat()).status_code == 303
    assert issue(empty_app, office, today).status_code == 303
    states = [{sheet_of(empty_app, office, number).cell(row, 5).value for row in (4, 5)} for number in (1, 2)]
    assert states == [{"待下发"}, {"已下发"}]
    assert "待下发 → 已下发" in text_of(office, f"{at(empty_app)}/issues/2")


def test_wrong_input_is_told_at_its_field_and_nothing_typed_is_lost(empty_app: Flask, office: FlaskClient) -> None:
    answer = draw_up(empty_app, office, file=(io.BytesIO(b"hello"), "月报.txt"), title="我的表")
    assert answer.status_code == 422
    assert "我的表" in answer.text
    assert draw_up(empty_app, office, file=(io.BytesIO(), "")).status_code == 422
    draw_up(empty_app, office)
    late = issue(empty_app, office, clock_today(empty_app) + timedelta(days=1))
    assert (late.status_code, "不能晚于今天" in late.text) == (422, True)
    assert issue(empty_app, office, date(2020, 1, 1)).status_code == 422
    address = f"{at(empty_app)}/columns"
    none = office.post(address, data={"version": version(office, address), "first_row": 4, "last_row": 4})
    assert (none.status_code, "至少为一列" in none.text) == (422, True)
    stale = office.post(address, data={"version": "0", "first_row": 4, "last_row": 4, "column-2": "具体问题"})
    assert stale.status_code == 409


def test_columns_print_what_a_person_says(empty_app: Flask, office: FlaskClient) -> None:
    draw_up(empty_app, office)
    address = f"{at(empty_app)}/columns"
    data = {"version": version(office, address), "first_row": "4", "last_row": "4", "column-6": "牵头单位"}
    assert office.post(address, data=data).status_code == 303
    issue(empty_app, office, clock_today(empty_app))
    sheet = sheet_of(empty_app, office, 1)
    assert [sheet.cell(4, column).value for column in (2, 6)] == [None, "组织部"]


def test_headings_that_stand_twice_are_told_apart_by_their_column(empty_app: Flask, office: FlaskClient) -> None:
    twice = [["序号", "反馈问题", "责任单位", "备注", "备注"], [None]]
    draw_up(empty_app, office, file=(io.BytesIO(a_workbook(twice).getvalue()), "月报.xlsx"))
    address = f"{at(empty_app)}/columns"
    data = {"version": version(office, address), "first_row": "2", "last_row": "2"}
    office.post(address, data={**data, "column-2": "具体问题", "column-4": "牵头单位", "column-5": "状态"})
    issue(empty_app, office, clock_today(empty_app))
    with empty_app.app_context():
        told = told_of(db.session.scalars(select(Submission)).one())
    assert next(iter(told.values())) == {
        "反馈问题": "第一议题坚持不够经常",
        "备注（D）": "组织部",
        "备注（E）": "待下发",
    }


def test_a_form_goes_only_as_long_as_it_was_never_filled(empty_app: Flask, office: FlaskClient) -> None:
    draw_up(empty_app, office)
    gone = at(empty_app)
    assert f"{gone}/discard" in office.get(gone).text
    assert office.post(f"{gone}/discard").location == "/submissions"
    assert office.get(gone).status_code == 404
    draw_up(empty_app, office)
    issue(empty_app, office, clock_today(empty_app))
    assert "/discard" not in office.get(at(empty_app)).text
    assert office.post(f"{at(empty_app)}/discard").status_code == 409
    assert office.get(f"{at(empty_app)}/issues/1").status_code == 200


PAGES = ("", "/columns", "/issues/1", "/issues/1/file", "/issues/1/scan")


@pytest.mark.parametrize("role", [Role.LEADER, Role.UNIT_HEAD, Role.LIAISON, Role.VIEWER, Role.ADMINISTRATOR])
def test_only_the_office_of_the_whole_organ_sees_superiors_forms(
    empty_app: Flask, office: FlaskClient, role: Role
) -> None:
    draw_up(empty_app, office)
    issue(empty_app, office, clock_today(empty_app))
    other = a_reader(empty_app, "王敏", role)
    addresses = ["/submissions", "/submissions/new", *(f"{at(empty_app)}{page}" for page in PAGES)]
    assert {other.get(address).status_code for address in addresses} == {403}
    assert issue(empty_app, other, clock_today(empty_app)).status_code == 403
    assert other.post(f"{at(empty_app)}/discard").status_code == 403


def test_the_office_of_a_single_unit_does_not_either(empty_app: Flask, office: FlaskClient) -> None:
    other = a_reader(empty_app, "何芳", Role.OFFICE, "组织部")
    assert other.get("/submissions").status_code == 403


def test_a_blank_word_file_is_filled_as_well(empty_app: Flask, office: FlaskClient) -> None:
    document = docx.Document()
    document.add_paragraph("填报单位：　　　　截至日期：　年　月　日")
    table = document.add_table(rows=3, cols=4)
    for cell, words in zip(table.rows[0].cells, ["序号", "存在问题", "责任单位", "完成时限"], strict=True):
        cell.text = words
    table.rows[2].cells[0].text = "说明：按月填报"
    stream = io.BytesIO()
    document.save(stream)
    assert draw_up(empty_app, office, file=(io.BytesIO(stream.getvalue()), "月报.docx")).status_code == 303
    assert issue(empty_app, office, clock_today(empty_app)).status_code == 303
    filled = docx.Document(io.BytesIO(office.get(f"{at(empty_app)}/issues/1/file").data))
    told = [[cell.text for cell in row.cells] for row in filled.tables[0].rows]
    assert [row[1] for row in told] == ["存在问题", "第一议题坚持不够经常", "党费收缴不规范", ""]
    assert told[3][0] == "说明：按月填报"
    assert "截至日期：2" in filled.paragraphs[0].text
