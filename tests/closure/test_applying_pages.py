"""The page on which an application is written: filled in, kept while one types, complete or not."""

from urllib.parse import unquote

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.closure.closing_office import DEMAND, ClosingOffice, browser_of
from tests.closure.test_views import filled_in, review_ids, state_of
from tests.desk.reading import counted_queries
from tracker.closure import operations
from tracker.closure.rules import Decision
from tracker.core.db import db, writing
from tracker.items.rules import DeadlineKind, State
from tracker.progress import operations as progress
from tracker.progress import queries as work
from tracker.progress.rules import OutcomeKind


@pytest.fixture
def office(empty_app: Flask) -> ClosingOffice:
    with empty_app.app_context(), writing():
        office = ClosingOffice()
    with empty_app.app_context(), writing():
        item, actor = office.item(lock=True), office.acts(office.liaison)
        first, _second = progress.add_measures(item, ["印发学习制度。", "按月检查。"], actor=actor)
        progress.tick(first, actor=actor)
        progress.add_outcome(item, OutcomeKind.RECOVERED, "66.50", note="退款", actor=actor)
    return office


@pytest.fixture
def liaison(empty_app: Flask, office: ClosingOffice) -> FlaskClient:
    return browser_of(empty_app, office, office.liaison)


def address(office: ClosingOffice) -> str:
    return f"/items/{office.number}/application"


def keep(browser: FlaskClient, office: ClosingOffice, **typed: object) -> TestResponse:
    return browser.post(f"{address(office)}/draft", data={"version": "0", **typed}, headers={"HX-Request": "true"})


def statement_kept(app: Flask, office: ClosingOffice) -> str:
    with app.app_context():
        return operations.begin(office.item()).telling.statement


def test_most_is_filled_in_and_what_is_missing_is_told(
    empty_app: Flask, office: ClosingOffice, liaison: FlaskClient
) -> None:
    with empty_app.app_context():
        office.prove()
    page = liaison.get(address(office)).text
    for words in ("印发学习制度，已于", "追回资金66.5万元", "退款", "签到表.jpg", "真实、准确、完整"):
        assert words in page
    for missing in ("第 2 条措施", "有 1 条措施未完成", "填写完成情况", "举一反三排查了哪些", "勾选真实性承诺"):
        assert missing in page
    assert "请写明第 1 条措施" not in page
    assert "长效机制" not in page


def test_at_once_asks_for_less_and_what_lasts_for_more(
    empty_app: Flask, office: ClosingOffice, liaison: FlaskClient
) -> None:
    for kind, is_asked in ((DeadlineKind.AT_ONCE, False), (DeadlineKind.LONG_TERM, True)):
        with empty_app.app_context(), writing():
            office.item(lock=True).deadline_kind = kind
        page = liaison.get(address(office)).text
        assert ("请写明举一反三排查" in page) is is_asked
        assert ("请写明长效机制" in page or "长效机制。" in page) is is_asked


def test_an_incomplete_application_names_all_that_is_missing_at_its_field(
    empty_app: Flask, office: ClosingOffice, liaison: FlaskClient
) -> None:
    typed = filled_in(empty_app, office, explanation="", is_pledged=False)
    answer = liaison.post(address(office), data={**typed, "lines-1-told": ""})
    assert answer.status_code == 422
    for anchor in ("#lines-1-told", "#explanation", "#is_pledged"):
        assert f'href="{anchor}"' in answer.text
    assert "还没有佐证材料" in answer.text
    assert "印发学习制度。，已落实。</textarea>" in answer.text
    assert state_of(empty_app, office) is State.WORKING


def test_what_is_typed_is_kept_and_the_answer_tells_what_is_missing(
    empty_app: Flask, office: ClosingOffice, liaison: FlaskClient
) -> None:
    first = keep(liaison, office, statement="写了一半")
    assert first.status_code == 200
    assert "草稿已于" in first.text
    assert 'name="version" type="hidden" value="1"' in first.text
    assert "请填写完成情况" not in first.text
    assert "请勾选真实性承诺" in first.text
    assert keep(liaison, office, statement="又写了一点", version="1").status_code == 200
    page = liaison.get(address(office)).text
    assert "又写了一点</textarea>" in page
    assert "草稿：王敏" in page
    with empty_app.app_context():
        office.prove()
    whole = filled_in(empty_app, office, version=2)
    assert "内容齐全" in liaison.post(f"{address(office)}/draft", data=whole).text


def test_the_draft_of_another_is_not_overwritten(empty_app: Flask, office: ClosingOffice, liaison: FlaskClient) -> None:
    handler = browser_of(empty_app, office, office.handler)
    assert keep(liaison, office, statement="王敏写的").status_code == 200
    second = keep(handler, office, statement="孙浩写的")
    assert second.status_code == 409
    assert "王敏于" in second.text
    assert "<html" not in second.text
    filed = handler.post(address(office), data=filled_in(empty_app, office, statement="孙浩写的"))
    assert filed.status_code == 409
    assert "孙浩写的" in filed.text
    assert "王敏写的" in filed.text
    assert statement_kept(empty_app, office) == "王敏写的"


def test_a_draft_is_refused_softly_once_the_application_is_filed(empty_app: Flask, office: ClosingOffice) -> None:
    review_ids(empty_app, office)
    answer = keep(browser_of(empty_app, office, office.handler), office, statement="晚了一步")
    assert answer.status_code == 409
    assert "<html" not in answer.text
    assert "没有存进草稿" in answer.text


def test_what_cannot_be_kept_says_so_and_keeps_the_last(
    empty_app: Flask, office: ClosingOffice, liaison: FlaskClient
) -> None:
    assert keep(liaison, office, statement="先写的").status_code == 200
    answer = keep(liaison, office, statement="长" * 4001, version="1")
    assert answer.status_code == 422
    assert "草稿没有保存" in answer.text
    assert statement_kept(empty_app, office) == "先写的"


def test_without_script_a_button_keeps_the_draft(empty_app: Flask, office: ClosingOffice, liaison: FlaskClient) -> None:
    answer = liaison.post(address(office), data={"statement": "写了一半", "version": "0", "keep": "1"})
    assert answer.status_code == 303
    assert unquote(answer.location) == address(office)
    assert "写了一半</textarea>" in liaison.get(answer.location).text


def test_nobody_else_reads_or_writes_the_draft(empty_app: Flask, office: ClosingOffice) -> None:
    for person, status in ((office.clerk, 403), (office.leader, 403), (office.stranger, 404)):
        browser = browser_of(empty_app, office, person)
        assert browser.get(address(office)).status_code == status
        assert keep(browser, office, statement="不该写").status_code == status
    assert statement_kept(empty_app, office) == ""


def test_the_second_round_is_filed_with_one_more_file_and_nothing_typed_again(
    empty_app: Flask, office: ClosingOffice, liaison: FlaskClient
) -> None:
    review_ids(empty_app, office)
    with empty_app.app_context():
        office.decide(office.head, 1, Decision.RETURN, DEMAND)
        office.prove("补签到表.jpg", b"more")
    page = liaison.get(address(office)).text
    for words in (
        "第2轮",
        DEMAND,
        "印发学习制度。，已落实。</textarea>",
        "未发现同类问题。</textarea>",
        "补签到表.jpg",
    ):
        assert words in page
    assert "还缺 1 项" in page, "the pledge alone"
    assert liaison.post(address(office), data=filled_in(empty_app, office)).status_code == 303


def test_deciders_see_the_application_as_it_was_filed(empty_app: Flask, office: ClosingOffice) -> None:
    first, *_rest = review_ids(empty_app, office)
    with empty_app.app_context(), writing():
        measure = work.list_measures(db.session(), office.item(lock=True).id)[0]
        measure.text = "后来改了"
    page = browser_of(empty_app, office, office.head).get(f"/reviews/{first}").text
    for words in (
        "印发学习制度。，已落实。",
        "追回资金66.5万元",
        "未发现同类问题",
        "纳入党组年度学习计划",
        "其余措施待明年",
    ):
        assert words in page
    assert "后来改了" not in page
    assert "真实性承诺" in page


def test_the_page_asks_the_database_as_often_for_many_measures_as_for_few(
    empty_app: Flask, office: ClosingOffice, liaison: FlaskClient
) -> None:
    liaison.get(address(office))
    asked = []
    for is_planned in (False, True):
        if is_planned:
            with empty_app.app_context(), writing():
                texts = [f"第{n}条" for n in range(30)]
                item = office.item(lock=True)
                there = work.list_measures(db.session(), item.id)
                progress.amend_measures(item, there, texts, actor=office.acts(office.clerk))
        with counted_queries(empty_app) as statements:
            liaison.get(address(office))
        asked.append(len(statements))
    assert asked[0] == asked[1]
