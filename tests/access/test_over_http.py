"""Every route as every person of the made-up office, on items they know and items they don't: nothing leaks.

Who reads what is written down here by hand, from the roles and names of the made-up office. With PROOF=1 on both
databases and as all of them, else on one and as some.
"""

import io
import os
import random
import re
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from factories import sign_in
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Select, func, select
from werkzeug.routing import Rule

from tests.access.test_matrix import BY_RELATION, BY_ROLE
from tests.conftest import DATABASES
from tests.jobs.trials import a_database
from tracker.access.rules import Relation, Role
from tracker.amendments.models import Amendment
from tracker.audit.models import AuditEntry
from tracker.closure.models import Application, Declaration, Recusal, Review
from tracker.core.db import db
from tracker.corrections.models import Correction
from tracker.demo.loading import load
from tracker.extensions.models import Extension, ExtensionStep
from tracker.items.models import Item, ItemChange, Milestone
from tracker.items.rules import State
from tracker.nudges.models import Nudge
from tracker.org.models import Account, Person
from tracker.progress.models import Evidence, Measure, Outcome
from tracker.sources.models import Source

pytestmark = pytest.mark.proof

READ_ALL = {"office", "leader", "leader2", "viewer"}
READ_OF_UNIT = {
    "zuzhi-head": "组织部",
    "zuzhi": "组织部",
    "bangong-head": "办公室",
    "bangong": "办公室",
    "xuanchuan-head": "宣传部",
    "xuanchuan": "宣传部",
    "jijian-head": "纪检监察工委",
    "jijian": "纪检监察工委",
}
READ_THEIR_OWN = {"handler"}
READ_NONE = {"admin", "auditor"}
ROLE_OF = {
    "office": Role.OFFICE,
    "leader": Role.LEADER,
    "leader2": Role.LEADER,
    "viewer": Role.VIEWER,
    "handler": Role.HANDLER,
    "admin": Role.ADMINISTRATOR,
    "auditor": Role.AUDITOR,
    **{login: Role.UNIT_HEAD if login.endswith("-head") else Role.LIAISON for login in READ_OF_UNIT},
}

# One of each kind; the long trial is everybody.
SOME = {"viewer", "zuzhi", "xuanchuan-head", "handler", "admin", "auditor"}

# Whose trail and operations pages name items because that is what they are for.
NAMING = {("auditor", "/trail"), ("auditor", "/trail/export.csv"), ("auditor", "/trail/export.xlsx")}

# The addresses of one thing of an item: what stands in them, and the item each belongs to.
OF_ITEMS: dict[str, Select[Any]] = {
    "number": select(Item.number, Item.number),
    "review_id": select(Review.id, Item.number).join(Review.application).join(Application.item),
    "declaration_id": select(Declaration.id, Item.number).join(Declaration.item),
    "extension_id": select(Extension.id, Item.number).join(Extension.item),
    "nudge_id": select(Nudge.id, Item.number).join(Item, Item.id == Nudge.item_id),
    "recusal_id": select(Recusal.id, Item.number).join(Item, Item.id == Recusal.item_id),
}
# What stands behind an item's number, and beside a request's id.
BEHIND: dict[str, Select[Any]] = {
    "measure_id": select(Item.number, Measure.id).join(Item, Item.id == Measure.item_id),
    "outcome_id": select(Item.number, Outcome.id).join(Item, Item.id == Outcome.item_id),
    "milestone_id": select(Item.number, Milestone.id).join(Item, Item.id == Milestone.item_id),
    "serial": select(Item.number, Evidence.serial).join(Item, Item.id == Evidence.item_id),
    "round_": select(Item.number, Application.round).join(Application.item),
    "position": select(Extension.id, ExtensionStep.position).join(ExtensionStep.extension),
}
REQUESTS = {"amendment": Amendment, "correction": Correction}

# What each act on an item needs, by hand; DESIGN's table says who has it.
ACTS = """
items.accept                accept            items.assign                edit_item
items.ask_reassignment      ask_reassignment  items.reassign              reassign
items.refuse_reassignment   reassign          items.void                  withdraw
items.withdraw              withdraw          items.restore               withdraw
items.split                 edit_item         closure.apply               apply
closure.keep_draft          apply             closure.retract             apply
closure.declare             apply             closure.confirmation        enter_decision
closure.answer_declaration  decide_as_office  closure.enter_decision      enter_decision
closure.of_item             edit_item         extensions.ask              ask_extension
extensions.paper            enter_decision    amendments.ask              ask_amendment
corrections.ask             decide_as_office  progress.write_entry        report_own_line
progress.add_evidence       report_own_line   progress.upload_evidence    report_own_line
progress.add_outcome        report            requests.paper              enter_decision
"""
PERSONAL = (Relation.LEADER, Relation.SUPERVISOR, Relation.OWNER, Relation.HANDLER)


class People:
    """The made-up office, loaded, with a browser for each of its people."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with app.app_context():
            load()
            found = db.session.execute(select(Account.login, Person).join(Account.person)).all()
            found = [(login, person) for login, person in found if os.environ.get("PROOF") or login in SOME]
            self.browsers = {login: self._browser(person) for login, person in found}
            items = db.session.scalars(select(Item)).all()
            self.findings = {item.number: item.finding for item in items}
            self.numbers = {item.number for item in items}
            self.readable = {
                login: {item.number for item in items if reads(login, person, item)} for login, person in found
            }
            self.allowed = {
                login: {item.number: allowed(login, person, item) for item in items} for login, person in found
            }
            self.counted = {
                login: sum(item.state not in {State.VOID, State.WITHDRAWN} for item in items if item.number in known)
                for login, known in self.readable.items()
            }

    def _browser(self, person: Person) -> FlaskClient:
        client = self.app.test_client()
        sign_in(client, person)
        return client

    def rows(self, query: Select[Any]) -> list[tuple[Any, Any]]:
        with self.app.app_context():
            return [(one, other) for one, other in db.session.execute(query)]

    def count(self, table: Any) -> int:
        with self.app.app_context():
            return db.session.scalar(select(func.count()).select_from(table)) or 0


def reads(login: str, person: Person, item: Item) -> bool:
    """By hand: the office, leaders and the viewer read all, a unit its own and what it supports, else by name."""
    if login in READ_ALL:
        return True
    by_name = person.id in {item.leader_id, item.supervisor_id, item.owner_id, item.handler_id}
    unit = READ_OF_UNIT.get(login)
    units = {item.lead_unit.name if item.lead_unit else ""} | {support.unit.name for support in item.supports}
    return by_name or unit in units


def allowed(login: str, person: Person, item: Item) -> set[str]:
    """What somebody may do to an item, by the table that ``test_matrix`` writes out by hand."""
    lead = item.lead_unit.name if item.lead_unit else ""
    has_role = login in READ_ALL or (lead != "" and READ_OF_UNIT.get(login) == lead)
    relations = {each for each in PERSONAL if getattr(item, f"{each}_id") == person.id}
    if READ_OF_UNIT.get(login) in {support.unit.name for support in item.supports}:
        relations.add(Relation.SUPPORTING)
    by_role = {action for action, roles in BY_ROLE.items() if has_role and ROLE_OF[login] in roles}
    return by_role | {action for action, those in BY_RELATION.items() if relations & those}


@pytest.fixture(scope="module", params=DATABASES if os.environ.get("PROOF") else DATABASES[:1])
def people(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, demo_folder: Path) -> People:
    """Loaded once: nobody changes anything here. What tells who reads what in SQL is tried on both elsewhere."""
    folder = tmp_path_factory.mktemp("crowd")
    if request.param == "postgresql":
        server_uri = request.getfixturevalue("postgres_uri")
    else:
        server_uri = ""
        shutil.copytree(demo_folder, folder, dirs_exist_ok=True)
    app, _environment = a_database(request.param, folder, server_uri)
    return People(app)


def test_everybody_of_the_made_up_office_is_written_down_here(people: People) -> None:
    everybody = READ_ALL | set(READ_OF_UNIT) | READ_THEIR_OWN | READ_NONE
    assert {login for login, _same in people.rows(select(Account.login, Account.login))} == everybody
    for login, known in people.readable.items():
        assert bool(known) == (login not in READ_NONE), login
        assert known < people.numbers or login in READ_ALL


def texts_of(content: bytes) -> Iterator[bytes]:
    """A file, and all that is packed in it."""
    yield content
    if zipfile.is_zipfile(io.BytesIO(content)):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            for name in packed.namelist():
                yield name.encode()
                yield from texts_of(packed.read(name))


def named_in(content: bytes, numbers: set[str]) -> set[str]:
    """The items whose numbers stand in an answer."""
    said = "\n".join(text.decode("utf-8", "replace") for text in texts_of(content))
    return {number for number in numbers if re.search(re.escape(number) + r"(?![-\d])", said)}


def filled(rule: Rule, values: dict[str, Any]) -> str:
    return "".join(quote(str(values[part])) if is_dynamic else part for is_dynamic, part in rule._trace if part != "|")


def addresses_of_items(people: People, method: str) -> Iterator[tuple[Rule, str, str]]:
    """Every address of every item and of all that hangs on it: its rule, the item, the address."""
    for rule in people.app.url_map.iter_rules():
        if method not in (rule.methods or ()):
            continue
        for number, values in values_for(people, rule):
            yield rule, number, filled(rule, values)


def values_for(people: People, rule: Rule) -> Iterator[tuple[str, dict[str, Any]]]:
    wanted = set(rule.arguments)
    if wanted == {"kind", "request_id"}:
        for kind, table in REQUESTS.items():
            for row, number in people.rows(select(table.id, Item.number).join(table.item)):
                yield number, {"kind": kind, "request_id": row}
        return
    first = next((name for name in OF_ITEMS if name in wanted), None)
    if first is None:
        return
    (rest,) = wanted - {first} or {None}
    for value, number in people.rows(OF_ITEMS[first]):
        if rest is None:
            yield number, {first: value}
        elif rest in BEHIND:
            for of, behind in people.rows(BEHIND[rest]):
                if of == value:
                    yield number, {first: value, rest: behind}


def few(found: list[tuple[Rule, str, str]], chance: random.Random) -> list[tuple[Rule, str, str]]:
    """At most two addresses of a rule."""
    chance.shuffle(found)
    kept: dict[str, list[tuple[Rule, str, str]]] = {}
    for each in found:
        kept.setdefault(each[0].endpoint, []).append(each)
    return [each for all_of_one in kept.values() for each in all_of_one[:2]]


def a_chance() -> random.Random:
    seed = random.randrange(10**6)
    print(f"SEED={seed}")
    return random.Random(seed)


def test_no_address_of_an_item_opens_for_who_does_not_read_it(people: People) -> None:
    chance, found = a_chance(), list(addresses_of_items(people, "GET"))
    assert len({rule.endpoint for rule, _number, _address in found}) > 40
    for login, browser in people.browsers.items():
        foreign = [each for each in found if each[1] not in people.readable[login]]
        for _rule, number, address in few(foreign, chance):
            answer = browser.get(address)
            assert answer.status_code in {403, 404}, (login, address, answer.status_code)
            assert people.findings[number] not in answer.text, (login, address)
        own = [each for each in found if each[1] in people.readable[login] and each[0].endpoint == "desk.item"]
        for _rule, _number, address in own:
            assert browser.get(address).status_code == 200, (login, address)


def test_no_act_on_an_item_is_open_to_who_does_not_read_it_and_nothing_changes(people: People) -> None:
    chance, found = a_chance(), list(addresses_of_items(people, "POST"))
    before = people.count(ItemChange)
    for login, browser in people.browsers.items():
        foreign = [each for each in found if each[1] not in people.readable[login]]
        for _rule, _number, address in few(foreign, chance):
            answer = browser.post(address, data={"reason": "试一试", "version": "1"})
            assert answer.status_code in {403, 404}, (login, address, answer.status_code)
    assert people.count(ItemChange) == before


def collections(people: People) -> Iterator[str]:
    """Every address that is of no one item: lists, searches, exports, feeds, figures, sources."""
    source_ids = [row for row, _same in people.rows(select(Source.id, Source.id))]
    for rule in people.app.url_map.iter_rules():
        if "GET" in (rule.methods or ()) and not rule.endpoint.endswith("static"):
            if not rule.arguments:
                yield rule.rule
            elif rule.arguments in ({"source_id"}, {"source"}):
                yield from (filled(rule, {next(iter(rule.arguments)): row}) for row in source_ids)
    yield from (
        f"/items?list={kind}&page={page}" for kind in ("problems", "responsibility", "rectification") for page in (1, 2)
    )
    yield from (f"/items/{name}?list=problems" for name in ("export.xlsx", "export.docx", "print"))
    yield from (f"/search?q={quote(text)}" for text in ("2026", "学习", "巡察", "制度"))
    yield from (f"/figures?by={by}" for by in ("unit", "source", "aspect", "leader"))
    yield from ("/figures?since=2026-01-01", "/figures/difference?since=2026-01-01")
    yield from (f"/figures/items?figure={name}" for name in ("total", "open", "closed", "overdue"))


def test_no_list_search_export_feed_or_source_names_an_item_to_who_does_not_read_it(people: People) -> None:
    opened = 0
    for login, browser in people.browsers.items():
        for address in collections(people):
            answer = browser.get(address)
            assert answer.status_code < 500, (login, address)
            opened += answer.status_code == 200
            if (login, address) not in NAMING:
                leaked = named_in(answer.data, people.numbers) - people.readable[login]
                assert not leaked, (login, address, sorted(leaked)[:5])
            answer.close()
    assert opened > 40 * len(people.browsers)


def test_every_figure_counts_what_its_reader_reads(people: People) -> None:
    for login, browser in people.browsers.items():
        names = set[str]()
        for page in range(1, 5):
            names |= named_in(browser.get(f"/figures/items?figure=total&page={page}").data, people.numbers)
        assert len(names) == people.counted[login], login


def test_who_reads_an_item_without_leave_for_an_act_is_refused_it(people: People) -> None:
    needed = dict(zip(ACTS.split()[::2], ACTS.split()[1::2], strict=True))
    chance, found = a_chance(), [each for each in addresses_of_items(people, "POST") if each[0].endpoint in needed]
    assert {rule.endpoint for rule, _number, _address in found} == set(needed)
    before = people.count(ItemChange)
    refused = 0
    for login, browser in people.browsers.items():
        known = [
            each
            for each in found
            if each[1] in people.readable[login] and needed[each[0].endpoint] not in people.allowed[login][each[1]]
        ]
        for rule, _number, address in few(known, chance):
            answer = browser.post(address, data={"version": "1"})
            # There is nothing to take back; that is told first, to who can read so on the page anyway.
            expected = {403, 409} if rule.endpoint == "closure.retract" else {403}
            assert answer.status_code in expected, (login, rule.endpoint, address, answer.status_code)
            refused += 1
    assert refused > 20 * len(people.browsers)
    assert people.count(ItemChange) == before


def test_a_refusal_stands_in_the_trail(people: People) -> None:
    before = people.count(AuditEntry)
    assert people.browsers["viewer"].post(f"/items/{quote(min(people.numbers))}/withdraw").status_code == 403
    assert people.count(AuditEntry) == before + 1
