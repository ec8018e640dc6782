"""The office's page of a round: counts, names, pressing, reviewing, calls, the workbook, and who sees any of it."""

import io
from collections.abc import Iterator
from datetime import date

import openpyxl
import pytest
from factories import a_working_item
from flask import Flask
from flask.testing import FlaskClient
from rounds.reporting_office import ReportingOffice, browser_of, on
from sqlalchemy import event, func, select

from tracker.core import clock
from tracker.core.db import db, writing
from tracker.outbox.models import Message
from tracker.progress import operations as progress
from tracker.rounds import operations
from tracker.rounds.models import PhoneCall, Rhythm
from tracker.rounds.operations import Told


@pytest.fixture
def office(empty_app: Flask) -> Iterator[ReportingOffice]:
    with on(4, 1), empty_app.app_context(), writing():
        made = ReportingOffice()
        made.liaison.phone = "8765-4321"
    with on(4, 24):
        yield made


@pytest.fixture
def clerk(empty_app: Flask, office: ReportingOffice) -> FlaskClient:
    return browser_of(empty_app, office, office.clerk)


def address(app: Flask, office: ReportingOffice) -> str:
    with app.app_context():
        return f"/rounds/{office.round().id}"


def given(app: Flask, office: ReportingOffice, place: int = 1, text: str = "已部署", *, is_lead: bool = True) -> int:
    """A unit reports; the id of the text."""
    with app.app_context(), writing():
        report = office.report(place, is_lead=is_lead)
        who = office.liaison if is_lead and place < 4 else office.other_liaison
        operations.give([Told(report, text)], actor=office.acts(who))
        assert report.entry_id is not None
        return report.entry_id


def test_the_page_counts_names_and_tells_whom_to_call(
    empty_app: Flask, office: ReportingOffice, clerk: FlaskClient
) -> None:
    given(empty_app, office)
    page = clerk.get(f"{address(empty_app, office)}?show=unreported").text
    assert "李磊 8765-4321" in page
    assert all(number in page for number in office.numbers[1:])
    with empty_app.app_context():
        overview = clerk.get("/rounds").text
    assert "市委第二巡察组反馈" in overview


def test_every_figure_leads_to_its_items(empty_app: Flask, office: ReportingOffice, clerk: FlaskClient) -> None:
    given(empty_app, office)
    given(empty_app, office, is_lead=False, text="已配合")
    base = address(empty_app, office)
    rows = {
        show: clerk.get(f"{base}?show={show}").text.split('id="reports"')[1].count('class="no"')
        for show in ("all", "reported", "unreported", "waiting", "returned")
    }
    assert rows == {"all": 5 + 1, "reported": 2 + 1, "unreported": 3 + 1, "waiting": 2 + 1, "returned": 0}
    with empty_app.app_context():
        unit_id = office.unit("办公室").id
    of_unit = clerk.get(f"{base}?show=all&unit={unit_id}").text.split('id="reports"')[1]
    assert of_unit.count('class="no"') == 2 + 1


def test_many_texts_are_accepted_at_once_and_then_count(
    empty_app: Flask, office: ReportingOffice, clerk: FlaskClient
) -> None:
    ids = [given(empty_app, office, place) for place in (1, 2)]
    base = address(empty_app, office)
    viewer = browser_of(empty_app, office, office.viewer)
    assert "已部署" not in viewer.get(f"/items/{office.numbers[0]}").text
    assert "已部署" not in viewer.get("/items?list=rectification").text
    assert clerk.post(f"{base}/accept", data={"chosen": ids}).status_code == 303
    assert "已采用 2 项" in clerk.get(base).text
    assert "已部署" in viewer.get(f"/items/{office.numbers[0]}").text
    assert "已部署" in viewer.get("/items?list=rectification").text
    again = clerk.post(f"{base}/accept", data={"chosen": ids})
    assert again.status_code == 303
    assert "已经采用" in clerk.get(base).text
    assert clerk.post(f"{base}/accept", data={}).status_code == 303
    assert "请先勾选" in clerk.get(base).text


def test_a_returned_text_counts_as_not_reported_and_the_unit_is_told_why(
    empty_app: Flask, office: ReportingOffice, clerk: FlaskClient
) -> None:
    entry_id = given(empty_app, office, text="正在积极推进")
    form = f"{address(empty_app, office)}/return/{entry_id}"
    assert clerk.post(f"/rounds/77777/return/{entry_id}", data={"reason": "不清楚"}).status_code == 409
    assert clerk.post("/rounds/77777/accept", data={"chosen": [entry_id]}).status_code == 409
    assert "正在积极推进" in clerk.get(form).text
    assert clerk.post(form, data={"reason": " "}).status_code == 422
    assert clerk.post(form, data={"reason": "请写明做了什么"}).status_code == 303
    with empty_app.app_context():
        assert office.states()[1, "组织部"] == "returned"
        told = db.session.scalars(select(Message).where(Message.kind == "report_returned")).all()
        assert {message.person.name for message in told} == {"李磊", "郑凯"}
    own = browser_of(empty_app, office, office.liaison).get(f"/items/{office.numbers[0]}").text
    assert "退回理由：请写明做了什么" in own
    viewer = browser_of(empty_app, office, office.viewer).get(f"/items/{office.numbers[0]}").text
    assert "正在积极推进" not in viewer
    assert "请写明做了什么" not in viewer


def test_a_text_that_was_replaced_meanwhile_is_not_accepted_unseen(
    empty_app: Flask, office: ReportingOffice, clerk: FlaskClient
) -> None:
    seen = given(empty_app, office, text="第一稿")
    given(empty_app, office, text="第二稿")
    assert clerk.post(f"{address(empty_app, office)}/accept", data={"chosen": [seen]}).status_code == 409
    with empty_app.app_context():
        assert office.states()[1, "组织部"] == "given"


def test_pressing_tells_all_who_owe_once_within_the_cool_down(
    empty_app: Flask, office: ReportingOffice, clerk: FlaskClient
) -> None:
    for place in (1, 2, 3):
        given(empty_app, office, place)
    base = address(empty_app, office)
    for _click in range(2):
        assert clerk.post(f"{base}/nudge").status_code == 303
    page = clerk.get(base).text
    assert "已催报 1 个单位，通知 2 人" in page
    assert "小时内已经催过" in page
    with empty_app.app_context():
        told = db.session.scalars(select(Message).where(Message.kind == "reports_owed")).all()
        assert {(message.person.name, message.channel.value) for message in told} == {
            (name, channel) for name in ("孙浩", "何军") for channel in ("inbox", "mail")
        }
    with on(4, 24, 14):
        browser_of(empty_app, office, office.clerk).post(f"{base}/nudge")
    with empty_app.app_context():
        assert db.session.scalar(select(func.count()).where(Message.kind == "reports_owed")) == 8


def test_a_call_is_logged_once_and_stands_in_the_items_history(
    empty_app: Flask, office: ReportingOffice, clerk: FlaskClient
) -> None:
    form = f"/rounds/calls/{office.numbers[1]}?round={address(empty_app, office).split('/')[-1]}"
    assert "8765-4321" in clerk.get(form).text
    typed = {"whom": "李磊", "answer": "今天下班前报", "called_at": "2026-04-24 08:30"}
    for _click in range(2):
        answer = clerk.post(form, data=typed)
        assert (answer.status_code, "/rounds/" in answer.location) == (303, True)
    assert clerk.post(form, data=typed | {"called_at": "2026-04-25 08:30"}).status_code == 422
    assert clerk.post(form, data={"whom": "", "answer": "x"}).status_code == 422
    with empty_app.app_context():
        assert db.session.scalar(select(func.count()).select_from(PhoneCall)) == 1
    assert "陈静致电李磊：今天下班前报" in clerk.get(f"/items/{office.numbers[1]}").text


def test_the_workbook_holds_the_counts_and_every_missing_report(
    empty_app: Flask, office: ReportingOffice, clerk: FlaskClient
) -> None:
    given(empty_app, office)
    answer = clerk.get(f"{address(empty_app, office)}/export.xlsx")
    assert answer.status_code == 200
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    rows = [list(row) for row in book["按单位"].iter_rows(values_only=True)]
    assert rows[0][0] == "市委第二巡察组反馈整改进展填报情况（2026年4月24日截止）"
    by_name = {row[1]: row[2:10] for row in rows if row[1] in ("组织部", "办公室")}
    assert by_name == {"组织部": [3, 1, 2, 0, 1, 0, 0, 0], "办公室": [1, 0, 1, 0, 0, 1, 0, 1]}
    missing = {(row[1], row[2]) for row in book["未报事项"].iter_rows(min_row=3, values_only=True)}
    numbers = office.numbers
    assert missing == {
        ("组织部", numbers[1]),
        ("组织部", numbers[2]),
        ("办公室", numbers[3]),
        ("办公室（配合）", numbers[0]),
    }


def test_an_office_of_one_unit_sees_and_presses_just_its_own(empty_app: Flask, office: ReportingOffice) -> None:
    client, base = browser_of(empty_app, office, office.own_clerk), address(empty_app, office)
    page = client.get(f"{base}?show=all").text
    assert office.numbers[3] in page
    assert not any(number in page for number in office.numbers[:3])
    assert "组织部" not in page
    entry_id = given(empty_app, office)
    assert client.post(f"{base}/accept", data={"chosen": [entry_id]}).status_code == 409
    assert client.get(f"{base}/return/{entry_id}").status_code == 409
    assert client.get(f"/rounds/calls/{office.numbers[0]}").status_code == 404
    client.post(f"{base}/nudge")
    with empty_app.app_context():
        told = db.session.scalars(select(Message).where(Message.kind == "reports_owed"))
        assert {message.person.name for message in told} == {"孙浩", "何军"}


@pytest.mark.parametrize(
    "who", ["liaison", "head", "handler", "other_liaison", "leader", "viewer", "stranger", "other_handler"]
)
def test_nobody_but_the_office_gets_any_count(empty_app: Flask, office: ReportingOffice, who: str) -> None:
    entry_id = given(empty_app, office)
    client, base = browser_of(empty_app, office, getattr(office, who)), address(empty_app, office)
    for page in ("/rounds", base, f"{base}/export.xlsx", f"{base}/return/{entry_id}", "/rounds/rhythm/1"):
        assert client.get(page).status_code == 403, page
    for page in (f"{base}/nudge", f"{base}/accept", f"{base}/return/{entry_id}", f"/rounds/calls/{office.numbers[0]}"):
        assert client.post(page, data={"chosen": [entry_id], "reason": "x"}).status_code == 403, page
    assert "填报情况" not in client.get("/").text


def test_the_rhythm_is_set_changed_and_dropped_on_its_page(
    empty_app: Flask, office: ReportingOffice, clerk: FlaskClient
) -> None:
    with empty_app.app_context():
        source_id = db.session.scalars(select(Rhythm.source_id)).one()
    form = f"/rounds/rhythm/{source_id}"
    assert 'value="25"' in clerk.get(form).text
    typed = {"kind": "weekly", "day": "5", "shift": "after", "starts_on": "2026-04-27", "version": "1"}
    assert clerk.post(form, data=typed | {"day": "9"}).status_code == 422
    assert clerk.post(form, data=typed).status_code == 303
    assert clerk.post(form, data=typed | {"day": "4"}).status_code == 409
    entry_id = given_free(empty_app, office)
    assert clerk.post(f"{form}/drop").status_code == 303
    assert clerk.post(f"{form}/drop").status_code == 404
    assert entry_id
    assert "填报周期" in clerk.get(f"/sources/{source_id}").text


def given_free(app: Flask, office: ReportingOffice) -> int:
    """A text written while no round runs."""
    with app.app_context(), writing():
        return progress.write_entry(office.item(2, lock=True), "等批复", actor=office.acts(office.liaison)).id


def test_a_page_asks_the_same_number_of_questions_however_many_rows(
    empty_app: Flask, office: ReportingOffice, clerk: FlaskClient
) -> None:
    base = address(empty_app, office)

    def questions(client: FlaskClient, page: str) -> int:
        asked: list[str] = []
        with empty_app.app_context():
            engine = db.engine

        def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
            asked.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        try:
            assert client.get(page).status_code == 200
        finally:
            event.remove(engine, "before_cursor_execute", note)
        return len([each for each in asked if each.lstrip().upper().startswith(("SELECT", "WITH"))])

    liaison = browser_of(empty_app, office, office.liaison)
    few = questions(clerk, f"{base}?show=unreported"), questions(liaison, "/rounds/report")
    with empty_app.app_context(), writing():
        handler = office.item(1).handler
        assert handler is not None
        for _each in range(12):
            a_working_item(handler, source=office.source(), lead_unit=office.unit("组织部"))
        operations.open_rounds(clock.instant_at(date(2026, 4, 24)))
    many = questions(clerk, f"{base}?show=unreported"), questions(liaison, "/rounds/report")
    assert all(after <= before for before, after in zip(few, many, strict=True)), (few, many)
    assert max(many) <= 14
