"""The pages of reports: from ordering one to the file that was issued, and who may not."""

import re
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from typing import Any

import docx
import pytest
import time_machine
from factories import a_source, a_unit, an_account, an_issued_item, sign_in
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from tracker.access.rules import SYSTEM, Role
from tracker.audit.models import AuditEntry
from tracker.core.db import db, writing
from tracker.items import operations as items
from tracker.items.models import Item
from tracker.items.rules import Event
from tracker.org.models import Person
from tracker.reports.models import Report

ORDER = {"kind": "progress", "title": "整改进展情况报告", "edition": "above", "decimals": "1", "as_of": "2026-12-20"}
ORDER |= {"unit": "", "wording": ""}


@pytest.fixture(autouse=True)
def _december() -> Iterator[None]:
    with time_machine.travel("2026-12-20T10:00:00+08:00", tick=False):
        yield


@pytest.fixture
def office(empty_app: Flask) -> FlaskClient:
    with empty_app.app_context(), writing():
        root, unit = a_unit("市直机关工委"), a_unit("组织部")
        person = an_account("陈静", Role.OFFICE, root)
        an_account("高原", Role.LEADER, root)
        an_account("赵兰", Role.LIAISON, unit)
        an_account("何芳", Role.VIEWER, unit)
        source = a_source("市纪委市监委内部督查反馈", received_on=date(2026, 3, 16))
        for serial in range(3):
            an_issued_item(source=source, lead_unit=unit, finding=f"第{serial + 1}个问题")
        close_one()
    return signed_in(empty_app, person)


def close_one() -> None:
    item = db.session.scalars(select(Item).where(Item.state == "issued").order_by(Item.number)).first()
    assert item is not None
    for move in (Event.ACCEPT, Event.APPLY):
        items.move_on(item, move, actor=SYSTEM)
    items.move_on(item, Event.CLOSE, actor=SYSTEM, closed_on=date(2026, 12, 20))


def signed_in(app: Flask, person: Person) -> FlaskClient:
    client = app.test_client()
    with app.app_context():
        sign_in(client, db.session.get_one(Person, person.id))
    return client


def named(app: Flask, name: str) -> FlaskClient:
    with app.app_context():
        return signed_in(app, db.session.query(Person).filter_by(name=name).one())


def draft(client: FlaskClient, **changes: Any) -> str:
    answer = client.post("/reports/new", data=ORDER | changes)
    assert answer.status_code == 303, answer.text
    return answer.location


def hidden(html: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', html)
    assert found, name
    return found[1]


def textarea(html: str) -> str:
    found = re.search(r'<textarea[^>]*name="text"[^>]*>\s*(.*?)</textarea>', html, re.DOTALL)
    assert found
    return found[1].replace("\r\n", "\n")


def test_an_empty_list_says_what_reports_are_for(office: FlaskClient) -> None:
    page = office.get("/reports").text
    assert "还没有报告" in page
    assert "/reports/new" in page


def test_a_report_goes_from_order_over_words_to_the_file_that_was_issued(office: FlaskClient, empty_app: Flask) -> None:
    address = draft(office)
    page = office.get(address).text
    assert "⟦1|closed⟧" in page
    assert "正文用到的" in page
    told = {
        "title": "年度整改进展",
        "text": textarea(page) + "\n特此报告。",
        "template": "",
        "version": hidden(page, "version"),
    }
    assert office.post(address, data=told).status_code == 303
    issuing = office.get(address + "/issue").text
    assert "没有发现与台账不符的地方" in issuing
    form = {"number": "市直工委〔2026〕9号", "issued_on": "2026-12-20", "version": hidden(issuing, "version")}
    assert office.post(address + "/issue", data=form).status_code == 303
    issued = office.get(address + "/file")
    lines = [each.text for each in docx.Document(BytesIO(issued.data)).paragraphs]
    assert lines[:3] == ["年度整改进展", "市直工委〔2026〕9号", "一、整改工作总体情况"]
    assert "特此报告。" in lines
    with empty_app.app_context(), writing():
        close_one()
    assert office.get(address + "/file").data == issued.data
    assert "textarea" not in office.get(address).text
    drift = office.get(address + "/drift").text
    assert "1 → 2" in drift
    assert "全部接受" not in drift
    assert office.post(address, data=told).status_code == 409


def test_what_moved_is_shown_with_its_item_and_accepted_one_by_one_or_all(
    office: FlaskClient, empty_app: Flask
) -> None:
    address = draft(office)
    assert "没有变化" in office.get(address + "/drift").text
    with empty_app.app_context(), writing():
        close_one()
    page = office.get(address + "/drift").text
    assert "1 → 2" in page
    assert "33.3% → 66.7%" in page
    assert "巡察2026-1-002" in page
    assert "销号，2026年12月20日起" in page
    form = {name: hidden(page, name) for name in ("version", "as_of", "known_at")}
    assert office.post(address + "/drift", data=form | {"accepted": ["closed"]}).status_code == 303
    page = office.get(address).text
    assert "⟦2|closed⟧" in page
    assert "⟦33.3%|closure_rate⟧" in page
    assert "现在是 66.7%" in page
    page = office.get(address + "/drift").text
    form = {name: hidden(page, name) for name in ("version", "as_of", "known_at")}
    assert office.post(address + "/drift", data=form | {"all": "1"}).status_code == 303
    assert "⟦66.7%|closure_rate⟧" in office.get(address).text


def test_a_stale_accept_is_refused(office: FlaskClient, empty_app: Flask) -> None:
    address = draft(office)
    with empty_app.app_context(), writing():
        close_one()
    page = office.get(address + "/drift").text
    form = {name: hidden(page, name) for name in ("version", "as_of", "known_at")} | {"all": "1"}
    assert office.post(address + "/drift", data=form).status_code == 303
    assert office.post(address + "/drift", data=form).status_code == 409


@pytest.mark.parametrize(
    "sent",
    [
        {"as_of": "x", "known_at": "x"},
        {"as_of": "2031-01-01", "known_at": "2031-01-01"},
        {"as_of": "2025-12-31", "known_at": "0001-01-01T00:00:00+08:00"},
        {"as_of": "0001-01-01", "known_at": "9999-12-31T23:59:59-12:00"},
    ],
)
def test_a_tampered_accept_does_no_harm(office: FlaskClient, sent: dict[str, str]) -> None:
    address = draft(office)
    answer = office.post(address + "/drift", data=sent | {"version": "1", "all": "1"})
    assert answer.status_code in (303, 422)


def test_an_untrue_sentence_is_named_at_issuing_and_nothing_is_issued(office: FlaskClient, empty_app: Flask) -> None:
    address = draft(office)
    page = office.get(address).text
    told = {"title": "x", "text": textarea(page) + "\n问题已全部完成整改。", "version": hidden(page, "version")}
    told |= {"template": ""}
    office.post(address, data=told)
    issuing = office.get(address + "/issue").text
    assert "“问题已全部完成整改。”" in issuing
    form = {"issued_on": "2026-12-20", "version": hidden(issuing, "version")}
    answer = office.post(address + "/issue", data=form)
    assert answer.status_code == 422
    assert "不能印发" in answer.text
    with empty_app.app_context():
        assert db.session.scalars(select(Report.state)).all() == ["draft"]


def test_every_figure_leads_to_the_items_it_counted_when_it_was_taken(office: FlaskClient, empty_app: Flask) -> None:
    address = draft(office)
    with empty_app.app_context(), writing():
        close_one()
    page = office.get(address + "/items?figure=closed").text
    assert "巡察2026-1-001" in page
    assert "巡察2026-1-002" not in page
    assert office.get(address + "/items?figure=nothing").status_code == 404


def test_another_edition_and_writing_anew_and_giving_up(office: FlaskClient) -> None:
    address = draft(office)
    made = office.post(address + "/editions/new", data={"edition": "public"})
    assert made.status_code == 303
    assert "向社会公开稿" in office.get(address).text
    page = office.get(address + "/rewrite").text
    form = {"wording": "annual-process", "version": hidden(page, "version")}
    assert office.post(address + "/rewrite", data=form).status_code == 303
    assert "列入台账的问题共3个" in office.get(address + "/texts").text
    assert office.post(address + "/drop", data={"version": "0"}).status_code == 409
    seen = hidden(office.get(address).text, "version")
    assert office.post(address + "/drop", data={"version": seen}).status_code == 303
    assert office.get(address).status_code == 404
    assert office.get(made.location).status_code == 200


def test_wordings_are_added_changed_and_dropped_with_every_fault_told(office: FlaskClient) -> None:
    assert "照它改一份" in office.get("/reports/wordings").text
    page = office.get("/reports/wordings/new?of=progress").text
    assert "一、整改工作总体情况" in page
    wrong = {"kind": "progress", "name": "我们的", "text": "共{{ totl }}个\n{{ 9*9 }}"}
    answer = office.post("/reports/wordings/new", data=wrong)
    assert answer.status_code == 422
    assert "第1行：没有“totl”这个名称。；第2行：只能写名称" in answer.text
    assert office.post("/reports/wordings/new", data=wrong | {"text": "共{{ total }}个。"}).status_code == 303
    kept = re.search(r"/reports/wordings/(\d+)\"", office.get("/reports/wordings").text)
    assert kept
    there = f"/reports/wordings/{kept[1]}"
    page = office.get(there).text
    changed = {"kind": "progress", "name": "我们的", "text": "有{{ total }}个。", "version": hidden(page, "version")}
    assert office.post(there, data=changed).status_code == 303
    assert office.post(there, data=changed | {"text": "z"}).status_code == 409
    address = draft(office, wording=kept[1])
    assert "有⟦3|total⟧个。" in office.get(address).text
    assert office.post(f"{there}/drop").status_code == 303
    assert office.get(address).status_code == 200


@pytest.mark.parametrize("who", ["高原", "何芳", "赵兰"])
def test_who_may_not_write_changes_nothing(office: FlaskClient, empty_app: Flask, who: str) -> None:
    address = draft(office)
    client = named(empty_app, who)
    seen = client.get(address).status_code
    assert seen == (200 if who == "高原" else 403 if who == "赵兰" else 404)
    for path in ("/issue", "/drop", "/rewrite", "/editions/new", "/drift"):
        assert client.post(address + path, data={"version": "1"}).status_code in (403, 404)
    assert client.post(address, data={"title": "x", "text": "x", "version": "1"}).status_code in (403, 404)
    assert client.post("/reports/new", data=ORDER).status_code == 403
    assert client.get("/reports/wordings").status_code == 403
    with empty_app.app_context():
        assert db.session.scalar(select(Report.version)) == 1
        assert db.session.scalar(select(func.count()).where(AuditEntry.action == "report.write")) == 0


def test_the_hundredth_report_costs_no_more_queries_than_the_first(office: FlaskClient, empty_app: Flask) -> None:
    for serial in range(3):
        draft(office, title=f"报告{serial}")
    page = office.get("/reports").text
    assert page.count('class="row-link"') == 3


@pytest.mark.parametrize("template", ["plain", "red-head"])
def test_a_report_is_made_with_the_template_that_was_chosen(office: FlaskClient, template: str) -> None:
    address = draft(office)
    page = office.get(address).text
    told = {"title": "整改进展", "text": textarea(page), "template": template, "version": hidden(page, "version")}
    assert office.post(address, data=told).status_code == 303
    lines = [each.text for each in docx.Document(BytesIO(office.get(address + "/file").data)).paragraphs]
    assert "整改进展" in lines
    assert "一、整改工作总体情况" in lines
    assert office.post(address, data=told | {"template": "77"}).status_code == 422


def test_a_report_may_be_written_as_things_were_known_then(office: FlaskClient, empty_app: Flask) -> None:
    with time_machine.travel("2026-12-21T10:00:00+08:00", tick=True), empty_app.app_context(), writing():
        close_one()
    with time_machine.travel("2026-12-22T10:00:00+08:00", tick=True):
        asked = {"as_of": "2026-12-21"}
        assert "⟦2|closed⟧" in office.get(draft(office, **asked)).text
        assert "⟦1|closed⟧" in office.get(draft(office, **asked, known_at="2026-12-21 09:00")).text
        assert office.post("/reports/new", data=ORDER | asked | {"known_at": "gestern"}).status_code == 422
