"""Many processes of the program decide, close and extend the same items at once: nothing is lost, nothing done twice.

PROOF=1 races 20 processes on PostgreSQL and 8 on SQLite over 50 items, else 4 over 6; SEED=n repeats the choices.
"""

import multiprocessing
import os
import random
import traceback
from collections import Counter
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from factories import sign_in
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.life import plain
from tests.life.plain import Thing, Wish
from tests.life.program import Program, person
from tracker.audit.models import AuditEntry
from tracker.audit.operations import verify_trail
from tracker.closure.models import Application, Review
from tracker.closure.queries.deciders import is_present_step
from tracker.closure.rules import ApplicationState
from tracker.core.db import db
from tracker.extensions.models import Extension, ExtensionStep
from tracker.extensions.rules import ExtensionState
from tracker.items.models import Item, ItemChange
from tracker.items.rules import TRANSITIONS, Event, State
from tracker.sources.rules import StepKind

pytestmark = [pytest.mark.proof]
IS_FULL = bool(os.environ.get("PROOF"))
PROCESSES = {"sqlite": 8, "postgresql": 20} if IS_FULL else {"sqlite": 4, "postgresql": 4}
ITEMS, DEEDS = (50, 150) if IS_FULL else (6, 40)
DECIDERS = sorted(plain.OFFICE | plain.LEADERS | plain.HEADS["组织部"])
FIT = {
    StepKind.UNIT_HEAD: sorted(plain.HEADS["组织部"]),
    StepKind.OFFICE: sorted(plain.OFFICE),
    StepKind.LEADER: sorted(plain.LEADERS),
}
APPLICANTS = sorted(plain.UNIT_PEOPLE["组织部"])


def a_full_ledger() -> None:
    """Items at work that anybody may apply for."""
    program, wish = Program(), Wish("组织部", 60, "pass", True)
    for _item in range(ITEMS):
        number = program.draws_up()
        for name, who in (("assign", "陈静"), ("issue", "陈静"), ("accept", "王敏")):
            assert program.does(name, who, Thing(number), wish)
        program.prove(number)


class Racer:
    """One process of the program: it reads as a page would, and posts what a person then sends."""

    def __init__(self, app: Flask, seed: int) -> None:
        self.app, self.chance = app, random.Random(seed)
        self.answers: Counter[int] = Counter()
        self.done: list[tuple[str, str]] = []

    def runs(self) -> None:
        for _deed in range(DEEDS):
            self.chance.choice([self.applies, self.decides, self.decides, self.decides, self.asks, self.rules])()

    def sees(self, query: Any) -> Any:
        """One of the rows that a page would show at this moment; None when there is none."""
        with self.app.app_context():
            rows = db.session().execute(query).all()
        return self.chance.choice(rows) if rows else None

    def browser(self, name: str) -> FlaskClient:
        client = self.app.test_client()
        with self.app.app_context():
            sign_in(client, person(name))
        return client

    def post(self, who: str, address: str, sent: dict[str, Any], what: str) -> None:
        """Send it; what was acknowledged is noted under the words that came with it."""
        answer = self.browser(who).post(address, data=sent)
        self.answers[answer.status_code] += 1
        if answer.status_code == 303:
            self.done.append((what, sent["token"]))

    def applies(self) -> None:
        found = self.sees(select(Item.number).where(Item.state == State.WORKING))
        if found:
            token = uuid4().hex
            told = {
                "similar_checked": "排查各支部",
                "similar_found": "未发现",
                "mechanism": "每季度检查",
                "is_pledged": "y",
            }
            sent = {"statement": f"措施均已完成，佐证齐全 {token}", "version": "0", "token": token, **told}
            self.post(self.chance.choice(APPLICANTS), f"/items/{found.number}/application", sent, "apply")

    def decides(self) -> None:
        waiting = select(Review.id, Review.kind, Application.version).join(Review.application)
        found = self.sees(waiting.where(Application.state == ApplicationState.PENDING, is_present_step()))
        if found:
            token, decision = uuid4().hex, self.chance.choice(["pass", "pass", "pass", "pass", "return"])
            sent = {"decision": decision, "opinion": f"材料已核对 {token}", "version": found.version, "token": token}
            fit = FIT[found.kind] if self.chance.random() < 0.8 else DECIDERS
            self.post(self.chance.choice(fit), f"/reviews/{found.id}", sent, "decide")

    def asks(self) -> None:
        found = self.sees(select(Item.number, Item.due_on).where(Item.state == State.WORKING))
        if found:
            token, until = uuid4().hex, (found.due_on + timedelta(days=10)).isoformat()
            sent = {
                "until": until,
                "reason": f"制度在征求意见 {token}",
                "progress": "完成两项",
                "safeguards": "每周调度",
            }
            address = f"/items/{found.number}/ask-extension"
            self.post(self.chance.choice(APPLICANTS), address, {**sent, "token": token}, "ask")

    def rules(self) -> None:
        pending = select(Extension.id, Extension.version, Extension.asked_until)
        found = self.sees(pending.where(Extension.state == ExtensionState.PENDING))
        if found:
            token = uuid4().hex
            sent = {"verdict": "grant", "until": found.asked_until.isoformat(), "version": found.version}
            sent |= {"opinion": f"同意 {token}", "token": token}
            self.post(self.chance.choice(DECIDERS), f"/extensions/{found.id}", sent, "rule")


def race(app: Flask, racers: int, seed: int) -> tuple[Counter[int], list[tuple[str, str]]]:
    """Let them all run at once; what was answered, and what was acknowledged."""
    context = multiprocessing.get_context("fork")
    told: Any = context.Queue()

    def alone(place: int) -> None:
        with app.app_context():
            # The connections belong to the parent.
            db.engine.dispose(close=False)
        racer = Racer(app, seed + place)
        try:
            racer.runs()
        except Exception:
            told.put(traceback.format_exc())
            raise
        told.put((racer.answers, racer.done))

    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    processes = [context.Process(target=alone, args=(place,)) for place in range(racers)]
    for process in processes:
        process.start()
    answers, done = Counter[int](), list[tuple[str, str]]()
    for _process in processes:
        result = told.get(timeout=1800)
        assert not isinstance(result, str), result
        counted, noted = result
        answers += counted
        done += noted
    for process in processes:
        process.join(60)
        assert process.exitcode == 0
    return answers, done


def stored_tokens(column: Any) -> Counter[str]:
    return Counter(text.rpartition(" ")[2] for text in db.session().scalars(select(column)) if " " in text)


def check_lives() -> None:
    """Every item went through its life along the table, one serial after the other, and stands where it ended."""
    for item in db.session().scalars(select(Item)):
        changes = (
            db.session()
            .scalars(select(ItemChange).where(ItemChange.item_id == item.id).order_by(ItemChange.serial))
            .all()
        )
        assert [change.serial for change in changes] == list(range(1, len(changes) + 1))
        for before, after in pairwise(changes):
            assert TRANSITIONS[before.state, after.event] is after.state
        assert (item.state, item.due_on, item.changes) == (changes[-1].state, changes[-1].due_on, len(changes))
        extended = [change for change in changes if change.event is Event.EXTEND]
        assert item.extensions == len(extended)
        assert sum(change.event is Event.CLOSE for change in changes) == (item.state is State.CLOSED)


def test_of_all_that_race_nothing_is_lost_and_nothing_done_twice(
    request: pytest.FixtureRequest, empty_app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(empty_app.config, "TRACKER_DATA_DIR", str(tmp_path))
    seed = int(os.environ.get("SEED") or random.randrange(10**6))
    racers = PROCESSES[request.node.callspec.params["bed"]]
    with empty_app.app_context():
        a_full_ledger()
    answers, done = race(empty_app, racers, seed)
    print(f"SEED={seed}, {racers} processes: {dict(answers)}, {dict(Counter(what for what, _token in done))}")
    with empty_app.app_context():
        assert not {status for status in answers if status >= 500}, answers
        stored = {
            "apply": stored_tokens(Application.statement),
            "decide": stored_tokens(Review.opinion),
            "ask": stored_tokens(Extension.reason),
            "rule": stored_tokens(ExtensionStep.opinion),
        }
        for what, tokens in stored.items():
            assert tokens, f"nobody ever did {what}"
            assert tokens == Counter(token for noted, token in done if noted == what), what
        assert {State.CLOSED} <= set(db.session().scalars(select(Item.state)))
        check_lives()
        assert verify_trail(db.session())[2] == []
        decided = select(AuditEntry.id).where(AuditEntry.action == "review.decide")
        assert len(db.session().scalars(decided).all()) == stored["decide"].total()
