"""Two people decide the same step at the same moment, over two connections: one wins, the other is told who did."""

import threading
import time

import pytest
from flask import Flask

from tests.closure.closing_office import DEMAND, ClosingOffice
from tracker.access.rules import reach
from tracker.closure import operations, queries
from tracker.closure.rules import Decision
from tracker.core.db import db, writing
from tracker.core.errors import Conflict
from tracker.items.rules import State
from tracker.org.models import Person


def decide_slowly(app: Flask, office: ClosingOffice, review_id: int, has_begun: threading.Event) -> None:
    with app.app_context(), writing():
        actor = office.acts(office.clerk)
        review = queries.get_review(db.session(), review_id, reach(actor), lock=True)
        has_begun.set()
        time.sleep(0.5)
        operations.decide(review, Decision.RETURN, DEMAND, actor=actor)


def decide_meanwhile(app: Flask, office: ClosingOffice, review_id: int, refusals: list[str]) -> None:
    with app.app_context():
        actor = office.acts(office.clerk2)
        # The page of the second person was drawn while the step still waited.
        assert queries.get_review(db.session(), review_id, reach(actor)).decision is None
        try:
            with writing():
                review = queries.get_review(db.session(), review_id, reach(actor), lock=True)
                operations.decide(review, Decision.PASS, "佐证齐全", actor=actor)
        except Conflict as refusal:
            refusals.append(str(refusal))


def test_of_two_who_decide_at_once_one_wins_and_the_other_is_told(app: Flask) -> None:
    with writing():
        office = ClosingOffice()
    office.proved_and_applied()
    office.decide(office.head, 1, Decision.PASS)
    review_id = office.review(2).id
    db.session.remove()
    has_begun, refusals = threading.Event(), list[str]()
    first = threading.Thread(target=decide_slowly, args=(app, office, review_id, has_begun))
    first.start()
    assert has_begun.wait(10)
    second = threading.Thread(target=decide_meanwhile, args=(app, office, review_id, refusals))
    second.start()
    for thread in (first, second):
        thread.join(30)
    assert len(refusals) == 1
    assert "陈静" in refusals[0]
    assert "退回补充整改" in refusals[0]
    review = office.review(2)
    assert (review.decision, review.decider_id) == (Decision.RETURN, office.clerk.id)
    assert office.item().state is State.WORKING


@pytest.mark.parametrize("times", [6])
def test_applications_filed_at_once_make_one(app: Flask, times: int) -> None:
    with writing():
        office = ClosingOffice()
    office.prove()
    person = office.liaison.id
    db.session.remove()
    outcomes: list[str] = []

    def file() -> None:
        with app.app_context():
            try:
                office.apply(db.session.get_one(Person, person))
                outcomes.append("filed")
            except Conflict:
                outcomes.append("refused")

    threads = [threading.Thread(target=file) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(outcomes) == ["filed"] + ["refused"] * (times - 1)
