"""Kill -9 at any moment of an upload or a decision: all of it stands or nothing. PROOF=1 kills ten times as often."""

import hashlib
import io
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.closure.closing_office import DEMAND, ClosingOffice, browser_of
from tests.core.test_filetypes import PDF
from tests.killing import KILLS, killed_after, moments
from tracker.audit.models import AuditEntry
from tracker.audit.operations import verify_trail
from tracker.closure.models import Review
from tracker.core import clock, files, tidying
from tracker.core.db import db, writing
from tracker.core.queries import list_hashes
from tracker.items.models import ItemChange
from tracker.items.rules import State
from tracker.progress.models import Evidence

pytestmark = [pytest.mark.proof]
MIB = 1 << 20


@pytest.fixture
def office(empty_app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ClosingOffice:
    monkeypatch.setitem(empty_app.config, "TRACKER_DATA_DIR", str(tmp_path))
    with empty_app.app_context(), writing():
        return ClosingOffice()


def count_acts(action: str) -> int:
    query = select(func.count()).select_from(AuditEntry).where(AuditEntry.action == action)
    return db.session().scalar(query) or 0


def check_trail() -> None:
    assert verify_trail(db.session())[2] == []


def test_an_upload_killed_at_any_moment_stands_whole_or_not_at_all(empty_app: Flask, office: ClosingOffice) -> None:
    client = browser_of(empty_app, office, office.liaison)

    def upload(number: int) -> None:
        content = PDF + bytes([number % 256]) * (3 * MIB)
        sent = {"file": (io.BytesIO(content), f"办法{number}.pdf")}
        assert client.post(f"/items/{office.number}/evidence/upload", data=sent).status_code == 201

    whole = killed_after(empty_app, None, lambda: upload(0))
    for number, moment in enumerate(moments(whole), 1):
        killed_after(empty_app, moment, lambda number=number: upload(number))  # type: ignore[misc]
    with empty_app.app_context():
        rows = db.session.scalars(select(Evidence)).all()
        assert 1 < len(rows) <= KILLS + 1
        assert count_acts("evidence.add") == len(rows)
        assert sorted(row.serial for row in rows) == list(range(1, len(rows) + 1))
        for row in rows:
            content = files.path_of(row.sha256).read_bytes()
            assert (hashlib.sha256(content).hexdigest(), len(content)) == (row.sha256, row.size_bytes)
        check_trail()
        named = list_hashes(db.session())
        found = tidying.look(named, before=clock.now() + timedelta(days=1))
        assert (found.kept, found.missing) == (len(rows), [])
        there = {path for path in files.folder().rglob("*") if path.is_file()}
        assert {each.path for each in found.leftovers} == {path for path in there if path.name not in named}
        for each in found.leftovers:
            if not each.is_part:
                assert hashlib.sha256(each.path.read_bytes()).hexdigest() == each.path.name


def test_a_decision_killed_at_any_moment_is_taken_whole_or_not_at_all(empty_app: Flask, office: ClosingOffice) -> None:
    client = browser_of(empty_app, office, office.head)
    with empty_app.app_context():
        office.proved_and_applied()

    def decide(review_id: int) -> None:
        answer = client.post(f"/reviews/{review_id}", data={"decision": "return", "opinion": DEMAND, "version": "1"})
        assert answer.status_code == 303, answer.text

    def waiting_id() -> int:
        with empty_app.app_context():
            if office.item().state is State.WORKING:
                office.apply()
            return office.review(1).id

    first = waiting_id()
    whole = killed_after(empty_app, None, lambda: decide(first))
    outcomes = [check_decision(empty_app, office, first)]
    for moment in moments(whole):
        review_id = waiting_id()
        killed_after(empty_app, moment, lambda review_id=review_id: decide(review_id))  # type: ignore[misc]
        outcomes.append(check_decision(empty_app, office, review_id))
    assert set(outcomes) == {True, False}


def check_decision(app: Flask, office: ClosingOffice, review_id: int) -> bool:
    """Whether it was taken; item, review, change and trail must agree on it."""
    with app.app_context():
        is_taken = db.session.get_one(Review, review_id).decision is not None
        item = office.item()
        assert item.state is (State.WORKING if is_taken else State.APPLIED)
        last = select(ItemChange.state).where(ItemChange.item_id == item.id).order_by(ItemChange.serial.desc()).limit(1)
        assert db.session.scalar(last) is item.state
        decided = select(func.count()).select_from(Review).where(Review.decision.isnot(None))
        assert count_acts("review.decide") == db.session.scalar(decided)
        check_trail()
        return is_taken
