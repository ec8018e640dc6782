"""My desk shows what waits on the person who opens it, and nothing of others."""

from datetime import date
from typing import Any
from urllib.parse import unquote

import pytest
from desk.reading import counted_queries
from factories import a_person, a_unit, a_working_item, actor_of, an_account, an_issued_item, an_item, sign_in
from flask import Flask
from flask.testing import FlaskClient

from tracker.access.rules import SYSTEM, Role
from tracker.core import clock
from tracker.core.db import db, writing
from tracker.items import operations as items
from tracker.items.models import Item
from tracker.org.models import Person, Unit
from tracker.sources.models import Source


@pytest.fixture
def office(empty_app: Flask) -> dict[str, Any]:
    """Two units with work of every kind; people by what they are, items by what waits."""
    with empty_app.app_context(), writing():
        root, own, other = a_unit("市直机关工委"), a_unit("组织部"), a_unit("宣传部")
        people = {
            "office": an_account("陈静", Role.OFFICE, root),
            "liaison": an_account("李磊", Role.LIAISON, own),
            "stranger": an_account("赵倩", Role.LIAISON, other),
            "auditor": an_account("冯岩", Role.AUDITOR, root),
        }
        draft = an_item(finding="还是草稿的问题")
        source = draft.source
        issued = an_issued_item(source=source, lead_unit=own, finding="等着签收的问题")
        working = a_working_item(a_person("郑凯", own), source=source, lead_unit=own, finding="正在整改的问题")
        disputed = an_issued_item(source=source, lead_unit=own, finding="不属于本单位的问题")
        items.ask_reassignment(disputed, reason="应由宣传部承担", unit_id=other.id, actor=actor_of(people["liaison"]))
        numbers = {"issued": issued.number, "working": working.number, "disputed": disputed.number}
        return {"people": {name: person.id for name, person in people.items()}, "numbers": numbers}


def desk_of(app: Flask, office: dict[str, Any], name: str) -> tuple[FlaskClient, str]:
    client = app.test_client()
    with app.app_context():
        sign_in(client, db.session.get_one(Person, office["people"][name]))
    answer = client.get("/")
    assert answer.status_code == 200
    return client, answer.text


def test_a_liaison_finds_what_to_accept_and_what_to_put_right(empty_app: Flask, office: dict[str, Any]) -> None:
    _client, page = desk_of(empty_app, office, "liaison")
    assert "等着签收的问题" in page
    assert "正在整改的问题" in page
    assert "还是草稿的问题" not in page


def test_a_parent_waits_on_nobody_its_parts_do(empty_app: Flask, office: dict[str, Any]) -> None:
    with empty_app.app_context(), writing():
        own, other = (db.session.query(Unit).filter_by(name=name).one() for name in ("组织部", "宣传部"))
        source = db.session.query(Source).one()
        for _each in range(2):
            parent = an_item(source, lead_unit=own, finding="共性的问题")
            children = items.split(parent, [own, other], actor=SYSTEM)
        items.issue(children, actor=SYSTEM)
        number = parent.number
    client, page = desk_of(empty_app, office, "liaison")
    assert f'value="{number}-01"' in page
    assert f'value="{number}"' not in page
    together = client.get(f"/items/accept-many?chosen={number}&chosen={number}-01").text
    assert f'value="{number}-01"' in together
    assert f'value="{number}"' not in together
    # One draft of old and two parts; the parent goes out as these.
    _client, page = desk_of(empty_app, office, "office")
    assert "3 个事项尚未下发" in page


def test_each_deadline_tells_its_working_days_left_in_one_query_for_all(
    empty_app: Flask, office: dict[str, Any]
) -> None:
    with clock.moved_to(clock.instant_at(date(2026, 6, 18), 9)), counted_queries(empty_app) as asked:
        _client, page = desk_of(empty_app, office, "liaison")
    assert page.count("还剩7个工作日") == 2
    assert sum("calendar_day" in each for each in asked) == 1


def test_an_item_asked_to_be_reassigned_is_not_offered_for_acceptance(empty_app: Flask, office: dict[str, Any]) -> None:
    _client, page = desk_of(empty_app, office, "liaison")
    assert "我申请的改派" in page
    assert f'value="{office["numbers"]["disputed"]}"' not in page
    assert f'value="{office["numbers"]["issued"]}"' in page


def test_the_office_finds_drafts_to_issue_and_requests_to_decide(empty_app: Flask, office: dict[str, Any]) -> None:
    _client, page = desk_of(empty_app, office, "office")
    assert "1 个事项尚未下发" in page
    assert f"/items/{office['numbers']['disputed']}/reassign" in unquote(page)
    assert "等着签收的问题" not in page


def test_a_request_about_an_item_withdrawn_meanwhile_waits_on_nobody(empty_app: Flask, office: dict[str, Any]) -> None:
    number = office["numbers"]["disputed"]
    with empty_app.app_context(), writing():
        items.withdraw(db.session.query(Item).filter_by(number=number).one(), reason="上级同意核减", actor=SYSTEM)
    for name in ("office", "liaison"):
        _client, page = desk_of(empty_app, office, name)
        assert "不属于本单位的问题" not in page


@pytest.mark.parametrize("name", ["stranger", "auditor"])
def test_others_find_an_empty_desk_that_says_what_belongs_here(
    empty_app: Flask, office: dict[str, Any], name: str
) -> None:
    _client, page = desk_of(empty_app, office, name)
    assert "现在没有等您办理的事" in page
    assert "等着签收的问题" not in page


@pytest.mark.parametrize("name", ["liaison", "office"])
def test_the_desk_asks_the_database_at_most_eight_times(empty_app: Flask, office: dict[str, Any], name: str) -> None:
    client, _page = desk_of(empty_app, office, name)
    with counted_queries(empty_app) as asked:
        client.get("/")
    assert len(asked) <= 8, asked


def test_search_finds_by_number_text_and_unit_within_reach_only(empty_app: Flask, office: dict[str, Any]) -> None:
    client, _page = desk_of(empty_app, office, "liaison")
    for words in ("正在整改", "组织部", "zuzhibu", office["numbers"]["working"][:-1]):
        assert "正在整改的问题" in client.get("/search", query_string={"q": words}).text, words
    straight = client.get("/search", query_string={"q": office["numbers"]["working"]})
    assert straight.status_code == 303
    stranger, _page = desk_of(empty_app, office, "stranger")
    assert "正在整改的问题" not in stranger.get("/search?q=正在整改").text


@pytest.mark.parametrize("words", ["", "   ", "%", "_", "\x00", "a" * 5000, "没有这样的词"])
def test_search_takes_whatever_is_typed(empty_app: Flask, office: dict[str, Any], words: str) -> None:
    client, _page = desk_of(empty_app, office, "liaison")
    answer = client.get("/search", query_string={"q": words})
    assert answer.status_code == 200
    assert "正在整改的问题" not in answer.text
