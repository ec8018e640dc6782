"""Named readers (知悉范围): whoever is not named finds nothing of an item, wherever they look."""

from dataclasses import dataclass
from io import BytesIO
from zipfile import ZipFile

import pytest
from factories import RECEIVED_ON, a_source, a_telling, a_unit, a_working_item, actor_of, an_account, by_date, sign_in
from flask import Flask
from flask.testing import FlaskClient

from tracker.access.rules import SYSTEM, Role, reach
from tracker.closure import operations as closure
from tracker.closure.rules import Telling
from tracker.core.db import db, writing
from tracker.core.files import store
from tracker.items import operations as items
from tracker.items.models import Item
from tracker.items.queries import get_item
from tracker.org.models import Person
from tracker.progress import operations as progress
from tracker.sources.models import Source

WORDS, TITLE = "不宜公开的问题", "不宜公开的来源"


@dataclass
class Office:
    """An item of 组织部 that only 组织部's head may know of, beside an open one, and who looks for it."""

    app: Flask
    number: str
    source_id: int
    people: dict[str, int]

    def person(self, name: str) -> Person:
        return db.session.get_one(Person, self.people[name])

    def item(self) -> Item:
        return get_item(db.session(), self.number, reach(SYSTEM), lock=True)


STRANGERS = ("观察员", "领导", "联络员", "配合单位联络员")


@pytest.fixture
def office(empty_app: Flask) -> Office:
    with empty_app.app_context(), writing():
        root, lead, other = a_unit("市直机关工委"), a_unit("组织部"), a_unit("宣传部")
        people = {
            "整改办": an_account("何平", Role.OFFICE, root),
            "观察员": an_account("赵云", Role.VIEWER, root),
            "领导": an_account("刘备", Role.LEADER, root),
            "联络员": an_account("王敏", Role.LIAISON, lead),
            "负责人": an_account("孙权", Role.UNIT_HEAD, lead),
            "配合单位联络员": an_account("陈静", Role.LIAISON, other),
            "经办人": an_account("吴用", None, lead),
        }
        source = a_source(TITLE)
        item = a_working_item(
            people["经办人"],
            source=source,
            lead_unit=lead,
            finding=WORDS,
            supporting_unit_ids=[other.id],
        )
        progress.add_measures(item, [f"{WORDS}的措施"], actor=SYSTEM)
        progress.write_entry(item, f"{WORDS}的进展", actor=actor_of(people["经办人"]))
        progress.add_evidence(
            item, store(BytesIO(b"x" * 9), limit_bytes=99), f"{WORDS}.txt", actor=actor_of(people["经办人"])
        )
        return Office(empty_app, item.number, source.id, {name: person.id for name, person in people.items()})


def narrow(office: Office, *names: str, whole_source: bool = True) -> None:
    with office.app.app_context(), writing():
        people = [office.person(name) for name in names]
        actor = actor_of(office.person("整改办"))
        if whole_source:
            items.name_source_readers(db.session.get_one(Source, office.source_id), people, actor=actor)
        else:
            items.name_item_readers(office.item(), people, actor=actor)


def as_(client: FlaskClient, office: Office, name: str) -> FlaskClient:
    with office.app.app_context():
        sign_in(client, office.person(name))
    return client


def pages_of(app: Flask) -> list[str]:
    """Every page that asks for nothing: lists, counts, figures, feeds, forms."""
    rules = [rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) and not rule.arguments]
    return sorted(rule.rule for rule in rules if "sign-out" not in rule.rule)


SEARCHES = (
    "/search?q=不宜公开",
    "/items?list=rectification&q=不宜公开",
    "/items?list=problems",
    "/items?list=responsibility&view=all",
    "/items/print?list=problems",
    "/figures?by=source",
    "/figures?by=unit",
)


@pytest.mark.parametrize("name", STRANGERS)
@pytest.mark.parametrize("whole_source", [True, False])
def test_whoever_is_not_named_finds_nothing_on_any_page(
    client: FlaskClient, office: Office, name: str, whole_source: bool
) -> None:
    narrow(office, "负责人", whole_source=whole_source)
    told = (office.number, WORDS, TITLE) if whole_source else (office.number, WORDS)
    browser, leaks, opened = as_(client, office, name), [], 0
    for address in (*pages_of(office.app), *SEARCHES):
        answer = browser.get(address)
        opened += answer.status_code == 200
        text = answer.get_data(as_text=True) if "html" in answer.mimetype or "json" in answer.mimetype else ""
        leaks += [(address, word) for word in told if word in text]
    assert leaks == []
    assert opened > 10


@pytest.mark.parametrize("name", STRANGERS)
def test_whoever_is_not_named_is_told_that_there_is_no_such_item(
    client: FlaskClient, office: Office, name: str
) -> None:
    narrow(office, "负责人")
    browser = as_(client, office, name)
    addresses = [f"/items/{office.number}{rest}" for rest in ("", "?tab=source", "/evidence.zip", "/evidence/1")]
    addresses += [f"/sources/{office.source_id}{rest}" for rest in ("", "/file", "/plan.docx", "/evidence.zip")]
    for address in addresses:
        assert browser.get(address).status_code in (403, 404), address


@pytest.mark.parametrize("name", STRANGERS)
def test_exports_hold_nothing_for_whoever_is_not_named(client: FlaskClient, office: Office, name: str) -> None:
    narrow(office, "负责人")
    browser = as_(client, office, name)
    for kind in ("xlsx", "docx"):
        answer = browser.get(f"/items/export.{kind}?list=problems&what=ledger")
        assert answer.status_code == 200
        with ZipFile(BytesIO(answer.data)) as file:
            assert not any(WORDS in file.read(part).decode("utf-8", "ignore") for part in file.namelist())


@pytest.mark.parametrize("name", ["整改办", "负责人", "经办人"])
def test_who_is_named_who_manages_and_who_answers_read_on(client: FlaskClient, office: Office, name: str) -> None:
    narrow(office, "负责人")
    assert as_(client, office, name).get(f"/items/{office.number}").status_code == 200


def test_the_list_of_an_item_counts_in_place_of_its_sources(client: FlaskClient, office: Office) -> None:
    narrow(office, "负责人")
    narrow(office, "联络员", whole_source=False)
    assert as_(client, office, "联络员").get(f"/items/{office.number}").status_code == 200
    assert as_(client, office, "负责人").get(f"/items/{office.number}").status_code == 404
    narrow(office, whole_source=False)
    assert as_(client, office, "负责人").get(f"/items/{office.number}").status_code == 200


def test_what_is_drawn_up_later_follows_the_list_of_its_source_until_it_is_lifted(
    client: FlaskClient, office: Office
) -> None:
    narrow(office, "负责人")
    with office.app.app_context(), writing():
        source = db.session.get_one(Source, office.source_id)
        number = items.draw_up(source, f"{WORDS}之二", actor=SYSTEM).number
    assert as_(client, office, "观察员").get(f"/items/{number}").status_code == 404
    narrow(office)
    assert as_(client, office, "观察员").get(f"/items/{number}").status_code == 200


def test_nobody_outside_the_circle_decides_or_gets_letters(client: FlaskClient, office: Office) -> None:
    narrow(office, "联络员")
    with office.app.app_context(), writing():
        closure.apply(office.item(), a_telling(office.item()), actor=actor_of(office.person("联络员")))
    messages = as_(client, office, "负责人").get("/messages").get_data(as_text=True)
    assert WORDS not in messages
    assert office.number not in messages
    assert WORDS not in client.get("/").get_data(as_text=True)


def test_the_office_names_readers_on_a_page_and_the_trail_tells_it(client: FlaskClient, office: Office) -> None:
    browser = as_(client, office, "整改办")
    page = browser.get(f"/items/{office.number}/readers")
    assert page.status_code == 200
    with office.app.app_context():
        version = db.session.query(Item.version).scalar()
    wrong = browser.post(f"/items/{office.number}/readers", data={"names": "无此人", "version": version})
    assert wrong.status_code == 422
    right = browser.post(f"/items/{office.number}/readers", data={"names": "孙权、王敏", "version": version})
    assert right.status_code == 303
    stale = browser.post(f"/items/{office.number}/readers", data={"names": "孙权", "version": version})
    assert stale.status_code == 409
    assert browser.get(f"/items/of-source/{office.source_id}/readers").status_code == 200
    assert "王敏、孙权" in browser.get(f"/items/{office.number}?tab=people").get_data(as_text=True)


def test_a_secret_item_is_a_placeholder_that_counts_and_takes_no_text(client: FlaskClient, office: Office) -> None:
    browser = as_(client, office, "整改办")
    told = {"source": office.source_id, "section": 0, "kind": "problem", "new_kind": "work_plan", "paper_number": "7"}
    refused = browser.post("/items/new", data={**told, "finding": "内容"})
    assert refused.status_code == 422
    assert browser.post("/items/new", data=told).status_code == 303
    with office.app.app_context():
        secret = db.session.query(Item).where(Item.paper_number == "7").one()
        assert secret.finding == "涉密事项，详见纸质件第7号"
    assert (
        browser.post(
            f"/items/{secret.number}/assign",
            data={
                "lead_unit": "组织部",
                "deadline_kind": "by_date",
                "due_on": "2026-06-30",
                "cause": "原因",
                "version": 1,
            },
        ).status_code
        == 422
    )
    assert browser.post(f"/items/{secret.number}/measures/new", data={"text": "措施"}).status_code == 422
    listed = browser.get("/items?list=problems").get_data(as_text=True)
    assert "涉密事项，详见纸质件第7号" in listed


def test_a_secret_item_is_closed_by_a_pledge_alone(office: Office) -> None:
    with office.app.app_context(), writing():
        source = db.session.get_one(Source, office.source_id)
        secret = items.draw_up_by_hand(source, "", actor=SYSTEM, paper_number="9")
        wish = items.Assignment(lead_unit_id=office.item().lead_unit_id, deadline=by_date(RECEIVED_ON.replace(month=9)))
        items.assign(secret, wish, actor=SYSTEM)
        items.issue([secret], actor=SYSTEM)
        items.accept(secret, handler_id=office.people["经办人"], actor=SYSTEM)
        filed = closure.apply(secret, Telling(is_pledged=True), actor=actor_of(office.person("联络员")))
    assert filed.statement == "涉密事项，详见纸质件第9号"


def test_exports_tell_who_took_them_when_and_from_where(client: FlaskClient, office: Office) -> None:
    browser = as_(client, office, "整改办")
    answer = browser.get("/items/export.xlsx?list=problems")
    with ZipFile(BytesIO(answer.data)) as file:
        strings = file.read("xl/sharedStrings.xml").decode()
    assert "导出人：何平" in strings
    assert "导出地址：127.0.0.1" in strings
