"""The pages of progress as a browser without script meets them."""

from datetime import date

import pytest
from factories import a_person, an_account
from flask import Flask
from flask.testing import FlaskClient

from tests.closure.closing_office import ClosingOffice, browser_of
from tracker.access.rules import Role
from tracker.core.db import db, writing
from tracker.items import operations as items
from tracker.progress import operations, queries
from tracker.progress.models import Measure


@pytest.fixture
def office(empty_app: Flask) -> ClosingOffice:
    with empty_app.app_context(), writing():
        return ClosingOffice()


@pytest.fixture
def liaison(empty_app: Flask, office: ClosingOffice) -> FlaskClient:
    return browser_of(empty_app, office, office.liaison)


def test_pasted_measures_stand_line_by_line_with_owner_and_date(
    empty_app: Flask, office: ClosingOffice, liaison: FlaskClient
) -> None:
    address = f"/items/{office.number}/measures/new"
    assert '<option value="孙浩">' in liaison.get(address).text
    typed = {"text": "1. 印发办法\r\n2、开展检查\r\n", "owner": "孙浩", "due_on": "20260420"}
    answer = liaison.post(address, data=typed)
    assert answer.status_code == 303
    with empty_app.app_context():
        measures = queries.list_measures(db.session(), office.item().id)
        told = [(each.text, each.owner.name if each.owner else None, each.due_on) for each in measures]
        assert measures[0].owner_id == office.id_of(office.handler)
    assert told == [(text, "孙浩", date(2026, 4, 20)) for text in ("印发办法", "开展检查")]
    assert "印发办法" in liaison.get(answer.location).text


def test_a_refused_measure_keeps_what_was_typed(office: ClosingOffice, liaison: FlaskClient) -> None:
    typed = {"text": "印发办法", "owner": "孙浩", "due_on": "2026-03-01"}
    answer = liaison.post(f"/items/{office.number}/measures/new", data=typed)
    assert answer.status_code == 422
    assert "早于反馈日期" in answer.text
    assert "印发办法</textarea>" in answer.text
    assert 'value="2026-03-01"' in answer.text


@pytest.fixture
def measure_id(empty_app: Flask, office: ClosingOffice) -> int:
    with empty_app.app_context(), writing():
        (measure,) = operations.add_measures(office.item(), ["印发办法"], actor=office.acts(office.liaison))
        return measure.id


def test_a_measure_is_ticked_and_given_to_somebody_and_its_words_stay(
    empty_app: Flask, office: ClosingOffice, liaison: FlaskClient, measure_id: int
) -> None:
    address = f"/items/{office.number}/measures/{measure_id}"
    assert liaison.post(f"{address}/tick").status_code == 303
    assert "完成 1 / 1" in liaison.get(f"/items/{office.number}").text
    assert liaison.post(f"{address}/untick").status_code == 303
    form = liaison.get(address)
    version = form.text.split('name="version" type="hidden" value="')[1].split('"')[0]
    assert "申请变更" in form.text
    assert 'name="text"' not in form.text, "the words were issued"
    answer = liaison.post(address, data={"text": "修订办法", "owner": "新来的", "version": version})
    assert answer.status_code == 303
    stale = liaison.post(address, data={"due_on": "2026-05-01", "version": version})
    assert stale.status_code == 409
    assert "2026" in stale.text
    assert liaison.post(f"{address}/remove").status_code == 409
    assert "印发办法" in liaison.get(address).text


def test_a_measure_keeps_its_owner_although_somebody_else_has_the_same_name(
    empty_app: Flask, office: ClosingOffice, liaison: FlaskClient, measure_id: int
) -> None:
    with empty_app.app_context(), writing():
        unit = office.other
        owner = a_person("张伟", unit)
        a_person("张伟", unit)
        db.session.get_one(Measure, measure_id).owner_id = owner.id
        owner_id = owner.id
    address = f"/items/{office.number}/measures/{measure_id}"
    version = liaison.get(address).text.split('name="version" type="hidden" value="')[1].split('"')[0]
    assert liaison.post(address, data={"text": "修订办法", "owner": "张伟", "version": version}).status_code == 303
    with empty_app.app_context():
        assert db.session.get_one(Measure, measure_id).owner_id == owner_id


def test_progress_is_written_beside_what_was_said_last(office: ClosingOffice, liaison: FlaskClient) -> None:
    address = f"/items/{office.number}/entries/new"
    assert liaison.post(address, data={"text": "已召开部署会"}).status_code == 303
    form = liaison.get(address).text
    assert "已召开部署会</p>" in form
    assert "已召开部署会</textarea>" not in form


def test_a_double_click_tells_kindly_that_it_stands_once(
    empty_app: Flask, office: ClosingOffice, liaison: FlaskClient
) -> None:
    address = f"/items/{office.number}/entries/new"
    answers = [liaison.post(address, data={"text": "已召开部署会"}) for _click in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303]
    assert "没有重复记录" in liaison.get(answers[1].location).text
    with empty_app.app_context():
        assert len(queries.list_entries(db.session(), office.item().id)) == 1


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"text": "  "}, "请填写此项"),
        ({"text": "长" * 4001}, "最多 4000"),
        ({"text": "a\x00b"}, "控制字符"),
    ],
)
def test_a_refused_entry_keeps_what_was_typed(
    office: ClosingOffice, liaison: FlaskClient, typed: dict[str, str], words: str
) -> None:
    answer = liaison.post(f"/items/{office.number}/entries/new", data=typed)
    assert answer.status_code == 422
    assert words in answer.text
    assert typed["text"].strip() in answer.text


def test_the_office_chooses_for_which_unit_it_writes_and_is_marked(empty_app: Flask, office: ClosingOffice) -> None:
    with empty_app.app_context(), writing():
        wish = items.Assignment(supporting_unit_ids=[office.other.id])
        items.amend(office.item(lock=True), wish, reason="经批准", actor=office.acts(office.clerk))
        other_id = office.other.id
    clerk = browser_of(empty_app, office, office.clerk)
    address = f"/items/{office.number}/entries/new"
    assert "代录" in clerk.get(address).text
    assert clerk.post(address, data={"text": "电话了解到已完成", "unit": str(other_id)}).status_code == 303
    page = clerk.get(f"/items/{office.number}").text
    assert "配合单位：办公室" in page
    assert "（代录）" in page


def test_results_are_counted_and_impossible_ones_refused(office: ClosingOffice, liaison: FlaskClient) -> None:
    address = f"/items/{office.number}/outcomes/new"
    refused = liaison.post(address, data={"kind": "meeting", "amount": "1.5", "on": "2026-04-01", "note": "专题会"})
    assert refused.status_code == 422
    assert "专题会</textarea>" in refused.text
    assert liaison.post(address, data={"kind": "nonsense", "amount": "1"}).status_code == 422
    assert liaison.post(address, data={"kind": "recovered", "amount": "66.57", "on": "20260401"}).status_code == 303
    assert "追回资金66.57万元" in liaison.get(f"/items/{office.number}").text


GET_PAGES = ("measures/new", "entries/new", "evidence/new", "outcomes/new", "application")


@pytest.mark.parametrize("page", GET_PAGES)
def test_who_may_not_know_of_the_item_gets_404_and_who_may_not_act_403(
    empty_app: Flask, office: ClosingOffice, page: str
) -> None:
    address = f"/items/{office.number}/{page}"
    for person, status in ((office.stranger, 404), (office.leader, 403)):
        client = browser_of(empty_app, office, person)
        assert client.get(address).status_code == status
        assert client.post(address, data={"text": "x", "statement": "x"}).status_code == status


@pytest.mark.parametrize("page", ["entries/new", "evidence/new", "outcomes/new", "application"])
def test_what_the_state_does_not_allow_is_a_conflict_with_the_text_kept(
    empty_app: Flask, office: ClosingOffice, liaison: FlaskClient, page: str
) -> None:
    with empty_app.app_context():
        office.proved_and_applied()
    answer = liaison.post(f"/items/{office.number}/{page}", data={"text": "写了很久的进展"})
    assert answer.status_code == 409
    assert "申请销号" in answer.text
    if page != "application":
        assert "写了很久的进展" in answer.text


def test_a_cooperating_unit_reaches_entries_and_evidence_only(empty_app: Flask, office: ClosingOffice) -> None:
    with empty_app.app_context(), writing():
        wish = items.Assignment(supporting_unit_ids=[office.other.id])
        items.amend(office.item(lock=True), wish, reason="经批准", actor=office.acts(office.clerk))
        an_account("赵倩", Role.LIAISON, office.other)
    supporter = browser_of(empty_app, office, office.stranger)
    statuses = {page: supporter.get(f"/items/{office.number}/{page}").status_code for page in GET_PAGES}
    assert statuses == {
        "measures/new": 403,
        "entries/new": 200,
        "evidence/new": 200,
        "outcomes/new": 403,
        "application": 403,
    }
