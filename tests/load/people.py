"""What people of an organ do in a working day, for locust: reading most of the time, reporting, deciding, uploading.

Run by ``tests.load``; every answer that is a fault of ours (5xx) is a failure, a refusal in words is not. What was
acknowledged is written down, to be held against the database afterwards.
"""

import hashlib
import json
import os
import random
import re
import time
from itertools import count
from typing import Any

from locust import HttpUser, between, task
from locust.clients import ResponseContextManager

from tests.bench.big import PASSWORD

BOOK = open(os.environ["LOAD_BOOK"], "a", buffering=1)  # noqa: SIM115
# Sign-in names by role: who has work there.
PEOPLE: dict[str, list[str]] = json.loads(os.environ["LOAD_PEOPLE"])
LISTS = ("problems", "responsibility", "rectification")
ITEM = re.compile(r'href="/items/([^"/?#]+)"')
REVIEW = re.compile(r'href="/reviews/(\d+)"')
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')
VERSION = re.compile(r'name="version"[^>]*value="(\d+)"')
REFUSED = frozenset({403, 404, 409, 413, 422})


def note(**told: Any) -> None:
    """Write down what was acknowledged."""
    BOOK.write(json.dumps(told, ensure_ascii=False) + "\n")


class Person(HttpUser):
    """Anybody: signs in and reads."""

    abstract = True
    wait_time = between(*map(float, os.environ.get("LOAD_WAIT", "8,25").split(",")))
    turn = count()

    def on_start(self) -> None:
        """Sign in by the page, as everybody does."""
        able = PEOPLE[type(self).__name__]
        self.login = able[next(self.turn) % len(able)]
        self.chance = random.Random(f"{os.environ.get('LOAD_SEED', '')}{self.login}")
        data = {"csrf_token": self.token_of(self.get("/sign-in")), "login": self.login, "password": PASSWORD}
        self.post("/sign-in", data)
        self.numbers: list[str] = []
        self.working: list[str] = []

    def get(self, address: str, name: str = "") -> str:
        """A page; its text."""
        with self.client.get(address, name=name or address, catch_response=True) as answer:
            self.judge(answer)
            return str(answer.text or "")

    def post(self, address: str, data: dict[str, Any], *, name: str = "", **sent: Any) -> bool:
        """Send a form; whether it was acknowledged."""
        options = {"data": data, "name": f"POST {name or address}", "allow_redirects": False}
        with self.client.post(address, catch_response=True, **options, **sent) as answer:
            self.judge(answer)
            return answer.status_code in (201, 303)

    def judge(self, answer: ResponseContextManager) -> None:
        """A refusal in words is an answer; a fault of ours is not."""
        if answer.status_code in REFUSED:
            answer.success()

    def token_of(self, page: str) -> str:
        """The token of the form on a page."""
        found = TOKEN.search(page)
        return found[1] if found else ""

    def an_item(self) -> str:
        """The number of an item that this person sees."""
        if not self.numbers:
            self.numbers = ITEM.findall(self.get(f"/items?list={self.chance.choice(LISTS)}", "/items"))
        return self.chance.choice(self.numbers) if self.numbers else ""

    def a_working_item(self) -> str:
        """The number of an item on which something can be reported."""
        if not self.working:
            self.working = ITEM.findall(self.get("/items?list=rectification&state=working", "/items"))
        return self.chance.choice(self.working) if self.working else ""

    @task(6)
    def look_at_the_desk(self) -> None:
        """What waits."""
        self.get("/")

    @task(6)
    def look_at_a_list(self) -> None:
        """One of the three lists, now and then narrowed."""
        narrowed = self.chance.choice(("", "&view=overdue", "&q=制度", "&page=2"))
        page = self.get(f"/items?list={self.chance.choice(LISTS)}{narrowed}", "/items")
        self.numbers = ITEM.findall(page) or self.numbers

    @task(8)
    def look_at_an_item(self) -> None:
        """An item of the list that was looked at last."""
        if number := self.an_item():
            self.get(f"/items/{number}", "/items/…")

    @task(2)
    def search(self) -> None:
        """Words that people remember."""
        self.get(f"/search?q={self.chance.choice(('制度', '巡察', '第03部', '落实'))}", "/search")

    @task(2)
    def look_at_figures(self) -> None:
        """The overview."""
        self.get("/figures")


class Handler(Person):
    """Reports and uploads."""

    weight = 12

    @task(5)
    def write_an_entry(self) -> None:
        """How the work goes on."""
        if number := self.a_working_item():
            address = f"/items/{number}/entries/new"
            page = self.get(address, "/items/…/entries/new")
            text = f"{self.login} {time.time()} 已召开专题会研究，完成阶段任务。"
            data = {"csrf_token": self.token_of(page), "text": text}
            if self.token_of(page) and self.post(address, data, name="/items/…/entries/new"):
                note(entry=text)

    @task(3)
    def upload(self) -> None:
        """A file of some hundred kilobytes."""
        if number := self.a_working_item():
            page = self.get(f"/items/{number}/evidence/new", "/items/…/evidence/new")
            content = f"{self.login} {time.time()}".encode() + self.chance.randbytes(200_000)
            data, files = {"csrf_token": self.token_of(page)}, {"file": ("签到表.bin", content)}
            address = f"/items/{number}/evidence/upload"
            if self.token_of(page) and self.post(address, data, name="/items/…/evidence/upload", files=files):
                note(evidence=hashlib.sha256(content).hexdigest())


class Decider(Person):
    """Decides what waits."""

    abstract = True

    @task(5)
    def decide(self) -> None:
        """The first of what waits; now and then it is sent back."""
        found = REVIEW.findall(self.get("/reviews"))
        if not found:
            return
        address = f"/reviews/{self.chance.choice(found)}"
        page = self.get(address, "/reviews/…")
        version = VERSION.search(page)
        opinion = f"{self.login} {time.time()} 请补充落实情况。"
        decision = "return" if self.chance.random() < 0.2 else "pass"
        data = {"csrf_token": self.token_of(page), "decision": decision, "opinion": opinion}
        if version and self.post(address, data | {"version": version[1]}, name="/reviews/…"):
            note(decision=opinion)


class Head(Decider):
    """Of an office or a team."""

    weight = 4


class Liaison(Handler):
    """Of an office."""

    weight = 2


class Clerk(Decider):
    """Of the office of the whole organ: also takes lists out."""

    weight = 1

    @task(1)
    def take_a_list_out(self) -> None:
        """The list of one source as a workbook."""
        sources = re.findall(r'<option value="(\d+)"', self.get("/items?list=problems", "/items"))
        if sources:
            self.get(f"/items/export.xlsx?list=problems&source={self.chance.choice(sources)}", "/items/export.xlsx")


class Leader(Person):
    """Reads."""

    weight = 1
