"""基本完成 counts once the office accepts it; 已完成 is the unit's own word."""

from datetime import date

import pytest
from flask import Flask

from tests.closure.closing_office import ClosingOffice
from tests.nudges.pressing import on
from tracker.access.rules import reach
from tracker.closure import operations, queries
from tracker.closure.models import Declaration
from tracker.core.db import db, writing
from tracker.core.errors import Conflict, DomainError, Forbidden
from tracker.desk.queries.waits import Wait, list_waits
from tracker.items.queries import list_changes
from tracker.items.rules import Event, OwnWord
from tracker.org.models import Person

BEGUN, DECLARED, ANSWERED = date(2026, 5, 4), date(2026, 6, 10), date(2026, 6, 15)
STATEMENT = "三条措施已落实两条，第三条长期坚持。"


@pytest.fixture
def office(app: Flask) -> ClosingOffice:
    with on(BEGUN), writing():
        return ClosingOffice()


def declare(office: ClosingOffice, statement: str = STATEMENT, person: Person | None = None) -> int:
    with writing():
        actor = office.acts(person or office.liaison)
        return operations.declare_basically(office.item(lock=True), statement, on=DECLARED, actor=actor).id


def answer(
    office: ClosingOffice, declaration_id: int, words: str = "", *, person: Person, accepted: bool
) -> Declaration:
    with writing():
        actor = office.acts(person)
        found = queries.get_declaration(db.session(), declaration_id, reach(actor), lock=True)
        act = operations.accept if accepted else operations.return_declaration
        act(found, words, actor=actor)
        return found


def test_a_declaration_counts_from_its_day_once_the_office_accepts_it(office: ClosingOffice) -> None:
    with on(DECLARED):
        declaration = declare(office)
        assert office.item().own_word is OwnWord.NONE
    with on(ANSWERED):
        answer(office, declaration, "认可", person=office.clerk, accepted=True)
        item = office.item()
    change = list_changes(db.session(), item.id)[-1]
    assert (item.own_word, item.own_word_on) == (OwnWord.BASICALLY_COMPLETED, DECLARED)
    assert (change.event, change.effective_on, change.own_word) == (
        Event.DECLARE,
        DECLARED,
        OwnWord.BASICALLY_COMPLETED,
    )


def test_a_returned_declaration_says_why_and_leaves_the_word_alone(office: ClosingOffice) -> None:
    with on(ANSWERED):
        declaration = declare(office)
        with pytest.raises(DomainError, match="理由"):
            answer(office, declaration, person=office.clerk, accepted=False)
        returned = answer(office, declaration, "第二条没有结果", person=office.clerk, accepted=False)
        assert (returned.is_accepted, office.item().own_word) == (False, OwnWord.NONE)
        with pytest.raises(Conflict, match="陈静"):
            answer(office, declaration, person=office.clerk2, accepted=True)
        assert declare(office) != declaration, "and the unit may declare again"


def test_it_waits_on_the_offices_desk_and_is_not_made_twice(office: ClosingOffice) -> None:
    with on(ANSWERED):
        with pytest.raises(DomainError):
            declare(office, "  ")
        declare(office)
        with pytest.raises(Conflict):
            declare(office)
        waits = {
            person.name: [(each.what, each.flag) for each in list_waits(db.session(), office.acts(person))]
            for person in (office.clerk, office.liaison, office.head, office.stranger)
        }
    kind = Wait.DECLARATION
    assert waits == {"陈静": [(kind, True)], "王敏": [(kind, False)], "刘洋": [], "周强": []}


def test_only_the_unit_declares_and_nobody_accepts_their_own_word(office: ClosingOffice) -> None:
    with on(ANSWERED):
        for person in (office.clerk, office.leader):
            with pytest.raises(Forbidden):
                declare(office, person=person)
        with writing():
            office.item(lock=True).handler_id = office.id_of(office.clerk)
        declaration = declare(office, person=office.clerk)
        with pytest.raises(Forbidden):
            answer(office, declaration, person=office.clerk, accepted=True)
        with pytest.raises(Forbidden):
            answer(office, declaration, person=office.liaison, accepted=True)


def test_completed_stays_the_units_own_word(office: ClosingOffice) -> None:
    with on(ANSWERED), writing():
        operations.declare_completed(office.item(lock=True), on=DECLARED, actor=office.acts(office.liaison))
    assert (office.item().own_word, office.item().own_word_on) == (OwnWord.COMPLETED, DECLARED)
