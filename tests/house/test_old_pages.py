"""Pages opened before an upgrade, by the program as it was then: what they send afterwards is done, or told in words.

An earlier state of the program is taken from the history; it makes the demo office, shows its pages and is stopped.
Then the present program upgrades the data and answers at the same address. With PROOF=1 on both databases.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urljoin

import pytest
import requests
from conftest import DATABASES, ROOT, config_for
from flask import Flask
from lxml import html
from sqlalchemy import String, select

from tests.deploy.hosts import kill_all, wait_for
from tests.jobs.trials import a_place, command
from tests.outbox.sinks import free_port
from tracker import create_app
from tracker.audit.models import AuditEntry
from tracker.core import clock
from tracker.core.db import Base, db
from tracker.demo.people import PASSWORD

pytestmark = [pytest.mark.proof]
# The last commit whose schema ends with revision 0022.
BEFORE = "55a3c94d289ab426e089f28f29aa397256b4773e"
# Who opens pages, and where they begin. The administrator comes last: what they send ends the others' sessions.
PEOPLE = {"office": "/", "zuzhi": "/", "jijian": "/items?list=rectification&state=working", "admin": "/"}
*UNITS, ADMINISTRATOR = PEOPLE
# What each person opens for themselves, and how often: there stands what they can do.
OWN = {"/": 1, "/items": 1, "/reviews": 1, "/items/N": 8}
# Pages that only show.
SHOWS = "/figures/"
MARK, AGAIN = "旧页面填写", "又"
DATES = ("_on", "day", "until", "since")
# What must be among the forms that are found open, and accepted.
MAIN = {"/items/N/entries/new", "/items/N/measures/new", "/items/N/evidence/new", "/reviews/0", "/sources/0/edit"}
# A day that is left as it is takes no reason.
CHANGES_NOTHING = {"/workdays/days/0-0-0"}
# Where the same words stand once more on purpose: in the trail, in what changed, in what people are told.
COPIES = ("audit_entry", "item_change", "message")


@dataclass(frozen=True)
class Sheet:
    """A form of a page that lies open in somebody's browser, filled in."""

    login: str
    page: str
    action: str
    fields: list[tuple[str, str]]
    files: dict[str, tuple[str, bytes]]

    @property
    def typed(self) -> list[str]:
        """What a person typed."""
        return [text for _name, text in self.fields if MARK in text]

    @property
    def is_versioned(self) -> bool:
        """Whether it says which version of a row it was filled in against."""
        return any(name == "version" and text.isdigit() for name, text in self.fields)

    def retyped(self) -> "Sheet":
        """The same page with other words."""
        fields = [(name, text.replace(MARK, AGAIN + MARK)) for name, text in self.fields]
        return Sheet(self.login, self.page, self.action, fields, self.files)


class Part(NamedTuple):
    """What an open page asks for by script."""

    login: str
    method: str
    address: str
    headers: dict[str, str]
    fields: list[tuple[str, str]]


@dataclass
class Desk:
    """The browsers of people and what is open in them."""

    address: str
    browsers: dict[str, requests.Session] = field(default_factory=dict)
    sheets: dict[str, Sheet] = field(default_factory=dict)
    pages: set[tuple[str, str]] = field(default_factory=set)
    parts: dict[str, Part] = field(default_factory=dict)
    assets: set[str] = field(default_factory=set)

    def sign_in(self, login: str) -> None:
        browser = self.browsers[login] = requests.Session()
        form = html.fromstring(browser.get(f"{self.address}/sign-in").content).forms[0]
        told = dict(form.form_values()) | {"login": login, "password": PASSWORD}
        assert browser.post(f"{self.address}/sign-in", data=told, allow_redirects=False).status_code == 303

    def walk(self, login: str) -> None:
        """Open what can be reached by links, one page of each kind."""
        times, waiting = Counter[str](), [PEOPLE[login]]
        known = {kind_of(page) for _login, page in self.pages}
        for page in waiting:
            kind = kind_of(page)
            if times[kind] >= OWN.get(kind, kind not in known):
                continue
            times[kind] += 1
            answer = self.browsers[login].get(self.address + page, allow_redirects=False)
            if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
                self.pages.add((login, page))
                waiting += self.lay_open(login, page, html.fromstring(answer.content))

    def lay_open(self, login: str, page: str, root: html.HtmlElement) -> list[str]:
        """Keep what a page could send; where it leads."""
        for form in root.xpath("//main//form[@method='post']"):
            action = urljoin(page, form.get("action") or page)
            sheet = filled_in(form, login, self.address + page, self.address + action, len(self.sheets))
            self.sheets.setdefault(kind_of(action), sheet)
        for each in root.xpath("//*[@hx-get or @hx-post]"):
            method, part = ("GET", each.get("hx-get")) if each.get("hx-get") else ("POST", each.get("hx-post"))
            headers = {"HX-Request": "true"} | json.loads(each.xpath("ancestor::*/@hx-headers")[-1])
            included = root.get_element_by_id(each.get("hx-include", "")[1:], each)
            told = [field for form in included.xpath("ancestor-or-self::form") for field in form.form_values()]
            self.parts.setdefault(kind_of(part), Part(login, method, self.address + urljoin(page, part), headers, told))
        self.assets |= {each for each in root.xpath("//head//@src | //head/link/@href") if each.startswith("/")}
        links = (urljoin(page, each.partition("#")[0]) for each in root.xpath("//a/@href"))
        return [each for each in links if each.startswith("/") and not each.startswith(SHOWS)]

    def send(self, sheet: Sheet) -> requests.Response:
        """Send a form by its button, with a field that nobody knows any more."""
        return self.browsers[sheet.login].post(
            sheet.action,
            data=[*sheet.fields, ("gone_since", "1")],
            files=sheet.files or None,
            headers={"Referer": sheet.page},
            allow_redirects=False,
        )


def kind_of(page: str) -> str:
    """What pages of one kind have in common: their path without numbers."""
    path = re.sub(r"/items/[^/]*\d[^/]*", "/items/N", unquote(page.partition("?")[0]))
    return re.sub(r"\d+", "0", path)


def filled_in(form: html.FormElement, login: str, page: str, action: str, number: int) -> Sheet:
    """The form as somebody fills it in: words into what is empty, the first of what can be chosen, every box ticked."""
    files = {}
    for place, name in enumerate(form.inputs.keys()):
        control, words = form.inputs[name], f"{MARK}{number}-{place}"
        kind = control.type if isinstance(control, html.InputElement) else type(control).__name__
        if kind == "file":
            files[name] = (f"{words}.txt", words.encode())
        elif kind == "checkbox":
            control.checked = True
        elif kind in ("SelectElement", "RadioGroup") and not control.value and any(control.value_options):
            control.value = next(each for each in control.value_options if each)
        elif kind == "TextareaElement" or (kind == "text" and "required" in control.attrib and not control.value):
            control.value = f"{clock.today()}" if name.endswith(DATES) else words
    buttons = [(each.get("name"), each.get("value") or "") for each in form.xpath(".//button[@name]")[:1]]
    return Sheet(login, page, action, [*form.form_values(), *buttons], files)


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program as it was, from the history."""
    folder = tmp_path_factory.mktemp("program")
    if shutil.which("git") is None:
        pytest.skip("no git")
    archive = folder / "program.tar"
    done = subprocess.run(["git", "archive", f"--output={archive}", BEFORE], cwd=ROOT, capture_output=True, check=False)
    if done.returncode:
        pytest.skip(f"the history does not reach back to {BEFORE[:9]}")
    shutil.unpack_archive(archive, folder)
    return folder


@contextmanager
def serving(program: Path, environment: dict[str, str], port: int) -> Iterator[str]:
    """Serve a program; its address."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "run", "--port", str(port)]
    with (Path(environment["TRACKER_DATA_DIR"]) / "log").open("ab") as log:
        process = subprocess.Popen(command, cwd=program, env=environment, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(lambda: answers(f"{address}/readyz") or answers(f"{address}/sign-in"), "the program answers")
        yield address
    finally:
        kill_all([process])


def answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=5).ok
    except requests.RequestException:
        return False


@pytest.mark.parametrize("kind", DATABASES if os.environ.get("PROOF") else DATABASES[:1])
def test_whatever_a_page_from_before_an_upgrade_sends_is_done_once_or_refused_in_words(
    kind: str, program: Path, tmp_path: Path, postgres_uri: str
) -> None:
    url, environment = a_place(kind, tmp_path, postgres_uri)
    environment["TRACKER_ARGON2_COST"] = "cheap"
    command(environment, "db", "upgrade", program=program)
    command(environment, "demo", "load", program=program)
    port = free_port()
    with serving(program, environment, port) as address:
        desk = Desk(address)
        for login in PEOPLE:
            desk.sign_in(login)
            desk.walk(login)
    command(environment, "db", "upgrade")
    app = create_app(config_for(url, tmp_path))
    with serving(ROOT, environment, port), app.app_context():
        accepted = send_all(desk, UNITS)
        check_parts(desk)
        check_addresses(desk, app)
        accepted |= send_all(desk, [ADMINISTRATOR])
        check_what_stands(accepted)
        db.session.remove()
        db.engine.dispose()
    assert set(desk.sheets) >= {*MAIN, "/items/N/application"}
    assert set(accepted) >= MAIN


def check_parts(desk: Desk) -> None:
    """What open pages ask for by script is answered in its place, and their files are files."""
    assert desk.parts
    for login, method, address, headers, fields in desk.parts.values():
        answer = desk.browsers[login].request(method, address, data=fields, headers=headers)
        # What is applied for meanwhile has no draft any more.
        assert answer.status_code in (200, 409), address
        assert "<html" not in answer.text, address
    for asset in desk.assets:
        answer = desk.browsers[ADMINISTRATOR].get(desk.address + asset)
        assert (answer.status_code, "<html" in answer.text) == (200, False), asset


def check_addresses(desk: Desk, app: Flask) -> None:
    """An address that is gone is told in words with a way on, and what was sent there is given back."""
    present = app.url_map.bind("")
    pages = {page for _login, page in desk.pages}
    gone = [page for page in pages if not present.test(unquote(page.partition("?")[0]), "GET")]
    form = next(iter(desk.sheets.values()))
    for page in [*gone, "/gone"]:
        browser = desk.browsers[form.login]
        shown = browser.get(desk.address + page)
        sent = browser.post(desk.address + page, data={"csrf_token": dict(form.fields)["csrf_token"], "text": MARK})
        for answer in (shown, sent):
            assert answer.status_code == 404
            assert html.fromstring(answer.content).xpath("//main//h1 and //main//a[@href='/']")
        assert MARK in sent.text


def send_all(desk: Desk, logins: Sequence[str]) -> dict[str, Sheet]:
    """Send every form of these; those that were accepted. With a version it is sent again, as from a second window."""
    accepted = {}
    for kind, sheet in desk.sheets.items():
        if sheet.login not in logins:
            continue
        answer = desk.send(sheet)
        check_answer(sheet, answer)
        if answer.status_code == 303:
            accepted[kind] = sheet
            if sheet.is_versioned:
                check_answer(sheet.retyped(), desk.send(sheet.retyped()))
    return accepted


def check_answer(sheet: Sheet, answer: requests.Response) -> None:
    """It is done, or refused on a page in words that has all that was typed."""
    assert answer.status_code < 500, (sheet, answer.text)
    # Session and token hold; 400 would be a form that is taken for forged.
    assert answer.status_code not in (400, 401), sheet
    assert "/sign-in" not in answer.headers.get("Location", ""), sheet
    if answer.status_code >= 400:
        page = html.fromstring(answer.content)
        assert page.xpath("//main//h1"), sheet
        shown = page.xpath("string(//main)") + " ".join(page.xpath("//main//input/@value"))
        assert [text for text in sheet.typed if text not in shown] == [], (sheet.action, answer.status_code)


def check_what_stands(accepted: Mapping[str, Sheet]) -> None:
    """What was typed into accepted forms stands once, or the trail tells of it; a second window wrote over nothing."""
    found = Counter[tuple[str, str, str]]()
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            if isinstance(column.type, String) and table.name not in COPIES:
                for text in db.session.scalars(select(column).where(column.contains(MARK))):
                    found[table.name, column.name, text] += 1
    assert [each for each, count in found.items() if count > 1] == []
    assert [each for each in found if AGAIN in each[2]] == []
    told = " ".join([*(text for _table, _column, text in found), *db.session.scalars(select(AuditEntry.details))])
    kept = [sheet for kind, sheet in accepted.items() if kind not in CHANGES_NOTHING]
    assert [(sheet.action, text) for sheet in kept for text in sheet.typed if text not in told] == []
