"""Whatever is sent, as whomever: the answer is a page or a refusal, never a fault of ours."""

import logging
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from io import BytesIO
from urllib.parse import quote

import pytest
from factories import a_telling, a_unit, a_working_item, actor_of, an_account, an_issued_item, an_item, by_date, sign_in
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import IntegerConverter, Rule

from tracker.access.rules import SYSTEM, Role
from tracker.closure import operations as closure
from tracker.core.db import writing
from tracker.core.files import store
from tracker.items.operations import Assignment, assign
from tracker.org.models import Person
from tracker.progress import operations as progress

TOLD = FINDING, MEASURE, STATEMENT, FILE = "第一议题没有落实", "修订学习制度", "已全部整改到位", "会议纪要.txt"
Office = tuple[Flask, dict[str, Person], str]

BIG = "9" * 5000
IDS = ("0", "2147483648", BIG)
WORDS = ("%00", "a%0d%0aX:%20y", "%ED%A0%80", "..%2f" + "a" * 2000)
# What each page reads from its address.
CONDITIONS = "list view source aspect unit state due text sort page"
DAY = "as_of known_at since since_known_at by source unit kind counting days figure of page"
PARAMETERS = {
    "/items": CONDITIONS,
    "/items/print": "list due",
    "/items/new": "source list",
    "/items/paste": "source",
    "/items/issue": "source chosen all_matching",
    "/items/assign-many": "chosen",
    "/search": "q",
    "/figures": f"{DAY} due_on",
    "/figures/items": "figure of also also_of due_on page",
    "/figures/boxes/aspects": DAY,
    "/figures/boxes/deadlines": f"{DAY} due_on",
    "/figures/boxes/slowest.xlsx": DAY,
    "/figures/charts/breakdown.json": f"{DAY} by",
    "/figures/saved": "conditions",
    "/figures/others": DAY,
    "/figures/others/items": "figure of page",
    "/figures/difference": f"{DAY} movement fed_by",
    "/reports/section": "year as_of known_at source decimals",
    "/reports/section/items": "figure",
    "/reviews": "page",
    "/reviews/1": "place skip",
    "/messages": "page",
    "/sources": "page",
    "/sources/1/milestones/new": "kind",
    "/reminder-rules": "set",
    "/reminder-rules/new": "set",
    "/reminder-rules/choose": "source",
    "/people": "q unit page",
    "/units/new": "below",
    "/workdays": "since days",
    "/operations": "state channel kind person page",
    "/outlets/new": "kind",
    "/trail": "person act subject since until page",
    "/trail/export.csv": "person since",
    "/sign-in": "next",
}
# What ``url_for`` takes for instructions of its own.
INSTRUCTIONS = (
    "?_scheme=javascript&_external=1&_anchor=x&_method=POST&endpoint=x&endpoint=y&_scheme=y&_anchor=y&self=1&values=1"
)
VALUES = ("-1", BIG, "2147483648", "²", "a\x00%", "\ud800", "0001-01-01", "9999-12-31", "9999-12-31T23:00:00+00:00")
TYPED = (BIG, "a\x00b", "²", "=1+1", "0001-01-01", "9999-12-31", "x\r\nBcc: y@z", "中" * 3_000)
ENTRIES = ("lines-²-number", f"lines-{BIG}-number", "lines-7-number", "title-²", "line-²-text")


@pytest.fixture
def office(empty_app: Flask) -> Office:
    """An office with somebody in each role, in the organ and in a unit, and one application on its way."""
    with empty_app.app_context(), writing():
        root, unit, foreign = a_unit("市直机关工委"), a_unit("组织部"), a_unit("宣传部")
        people = {
            f"{role} {where.name}": an_account(f"{role}{where.id}", role, where)
            for role in Role
            for where in (root, foreign)
        }
        people["liaison 组织部"] = an_account("联络员", Role.LIAISON, unit)
        people["nothing"] = an_account("无角色", None, foreign)
        liaison = people["liaison 组织部"]
        item = a_working_item(liaison, lead_unit=unit, due_on=date(2026, 6, 30), finding=FINDING)
        measure = progress.add_measures(item, [MEASURE], actor=actor_of(liaison), owner_id=None, due_on=None)[0]
        progress.tick(measure, actor=actor_of(liaison))
        progress.add_evidence(item, store(BytesIO(b"minutes"), limit_bytes=100), FILE, actor=actor_of(liaison))
        closure.apply(item, a_telling(item, STATEMENT), actor=actor_of(liaison))
        an_issued_item(source=item.source, lead_unit=unit)
        assign(
            an_item(source=item.source),
            Assignment(lead_unit_id=unit.id, deadline=by_date(date(2026, 6, 30))),
            actor=SYSTEM,
        )
        number = item.number
    return empty_app, people, number


@pytest.fixture
def faults(empty_app: Flask) -> Iterator[list[str]]:
    """The faults that the program logged."""
    found: list[str] = []

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            found.append(f"{record.getMessage()[:160]}: {record.exc_info[1] if record.exc_info else ''}"[:300])

    listener = Listener(logging.ERROR)
    empty_app.logger.addHandler(listener)
    yield found
    empty_app.logger.removeHandler(listener)


def browser(app: Flask, person: Person | None) -> FlaskClient:
    client = app.test_client()
    if person is not None:
        sign_in(client, person)
    return client


def rules_of(app: Flask, method: str) -> list[Rule]:
    rules = [rule for rule in app.url_map.iter_rules() if method in (rule.methods or ())]
    return [rule for rule in rules if rule.endpoint not in {"org.sign_out", "bootstrap.static", "shell.static"}]


def addresses(rule: Rule, number: str) -> Iterator[str]:
    """The address with a hostile value in each of its places in turn, and in all others what is really there."""
    usual = {
        name: "1" if isinstance(rule._converters[name], IntegerConverter) else quote(number) for name in rule.arguments
    }
    yield filled(rule, usual)
    for name in rule.arguments:
        for value in IDS if isinstance(rule._converters[name], IntegerConverter) else WORDS:
            yield filled(rule, usual | {name: value})


def filled(rule: Rule, values: dict[str, str]) -> str:
    return "".join(values[part] if is_dynamic else part for is_dynamic, part in rule._trace if part != "|")


def test_no_address_is_a_fault_for_anybody_or_tells_another_unit_of_an_item(office: Office, faults: list[str]) -> None:
    app, people, number = office
    browsers = {name: browser(app, person) for name, person in people.items()} | {"stranger": browser(app, None)}
    for rule in rules_of(app, "GET"):
        usual, *wrong = addresses(rule, number)
        able = browsers["office 市直机关工委"]
        for name, client in browsers.items():
            answer = client.get(usual)
            assert answer.status_code < 500, (usual, name, faults)
            if not name.endswith(("市直机关工委", "组织部")):
                assert not any(text.encode() in answer.data for text in TOLD), (usual, name)
                assert "<number>" not in rule.rule or answer.status_code in {303, 403, 404}, (usual, name)
            able = client if answer.status_code == 200 else able
            answer.close()
        for address in wrong:
            answer = able.get(address)
            assert answer.status_code < 500, (address[:200], faults)
            answer.close()
    assert faults == []
    assert FINDING in browsers["liaison 组织部"].get(f"/items/{number}").text


def test_an_id_that_no_row_can_have_is_nowhere_whatever_is_asked(office: Office) -> None:
    app, people, _number = office
    client = browser(app, people["office 市直机关工委"])
    for rule in (*rules_of(app, "GET"), *rules_of(app, "POST")):
        for name in rule.arguments:
            is_id = isinstance(rule._converters[name], IntegerConverter)
            usual = dict.fromkeys(rule.arguments, "1")
            for value in IDS[1:] if is_id else WORDS[:1]:
                address = filled(rule, usual | {name: value})
                for method in ("GET", "POST"):
                    answer = client.open(address, method=method)
                    assert answer.status_code == 404, (method, address[:200])


@pytest.mark.parametrize("address", PARAMETERS)
def test_no_parameter_however_wrong_is_a_fault(office: Office, faults: list[str], address: str) -> None:
    app, people, _number = office
    managed = ("/people", "/units", "/operations", "/reminder-rules")
    role = "auditor" if address.startswith("/trail") else "administrator" if address.startswith(managed) else "office"
    client = browser(app, people[f"{role} 市直机关工委"])
    assert client.get(address + INSTRUCTIONS).status_code < 500, faults
    for name in PARAMETERS[address].split():
        for value in VALUES:
            answer = client.get(f"{address}?{name}={quote(value.encode('utf-8', 'surrogatepass'))}&{name}=1")
            assert answer.status_code < 500, (name, value[:50], faults)
            answer.close()


def test_no_link_of_a_page_follows_instructions_hidden_in_its_address(office: Office) -> None:
    app, people, _number = office
    page = (
        browser(app, people["auditor 市直机关工委"]).get("/trail?_scheme=javascript&_external=1&_anchor=planted").text
    )
    assert "javascript:" not in page
    assert "#planted" not in page


class Fields(HTMLParser):
    """The fields of a page's own form, and what stands in them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self.needed: set[str] = set()
        self.choosing = ""
        self.feed(page.partition("<main")[2])

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        name = told.get("name")
        if tag == "option" and ("selected" in told or not self.found.get(self.choosing, "-")):
            self.found[self.choosing] = told.get("value") or ""
        if tag in {"input", "textarea", "select"} and name and told.get("type") not in {"checkbox", "radio"}:
            self.found[name] = told.get("value") or ""
            self.choosing = name if tag == "select" else self.choosing
            self.needed |= {name} if "required" in told or told.get("aria-required") == "true" else set()


def test_no_form_however_wrongly_filled_in_is_a_fault(office: Office, faults: list[str]) -> None:
    app, people, number = office
    clients = [
        browser(app, people[name]) for name in ("office 市直机关工委", "liaison 组织部", "administrator 市直机关工委")
    ]
    for rule in rules_of(app, "POST"):
        address = next(addresses(rule, number))
        client = clients[0]
        fields: dict[str, str] = {}
        needed: set[str] = set()
        for each in clients:
            page = each.get(address)
            if page.status_code == 200:
                seen = Fields(page.text)
                client, fields, needed = each, seen.found, seen.needed
                break
        for place, name in enumerate(fields):
            # Two of the wrong values for each field, so that every value meets every kind of field.
            for value in (TYPED[(place + step) % len(TYPED)] for step in (0, 3)):
                answer = client.post(address, data=fields | {name: value})
                assert answer.status_code < 500, (address, name, value[:50], faults)
        for name in sorted(needed):
            answer = client.post(address, data=fields | {name: "\u3000"})
            assert answer.status_code < 500, (address, name, "blank", faults)
        uploads = {name: (BytesIO(b"x"), "a\r\nb\x00.html") for name in fields}
        assert client.post(address, data=uploads).status_code < 500, (address, faults)
        for wrong in addresses(rule, number):
            answer = client.post(wrong, data=dict.fromkeys(ENTRIES, "1"))
            assert answer.status_code < 500, (wrong[:200], faults)
    assert faults == []
