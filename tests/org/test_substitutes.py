"""A substitute does what the absent person may, is marked, counts as the same person, and ends by itself."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from factories import a_telling, an_account
from flask import Flask
from sqlalchemy import select

from tests.closure.closing_office import ClosingOffice
from tests.nudges.pressing import MONDAY, deliver_now, on
from tracker.access.rules import SYSTEM, Actor, Role, reach
from tracker.audit.models import AuditEntry
from tracker.closure import operations as closure
from tracker.closure import queries as applications
from tracker.closure.rules import Decision
from tracker.core.db import db, writing
from tracker.core.errors import Conflict, DomainError, Forbidden
from tracker.desk.queries.pieces import list_pieces
from tracker.items import queries as ledger
from tracker.org import operations as org
from tracker.org import queries as people
from tracker.org.models import Person, Unit
from tracker.outbox import operations as outbox
from tracker.outbox.models import Message
from tracker.outbox.rules import Channel

FRIDAY = MONDAY + timedelta(days=4)


@pytest.fixture
def office(app: Flask) -> ClosingOffice:
    with on(date(2026, 5, 4)), writing():
        return ClosingOffice()


def name(
    office: ClosingOffice,
    absent: Person,
    substitute: Person,
    since: date = MONDAY,
    until: date = FRIDAY,
    *,
    by: Person | Actor | None = None,
    reason: str = "休假",
) -> int:
    with writing():
        found = [db.session.get_one(Person, office.id_of(each)) for each in (absent, substitute)]
        actor = by if isinstance(by, Actor) else office.acts(by or absent)
        return org.name_substitute(*found, since=since, until=until, reason=reason, actor=actor).id


def acting(office: ClosingOffice, person: Person, absent: Person) -> Actor:
    session = db.session()
    found = [session.get_one(Person, office.id_of(each)) for each in (person, absent)]
    return people.load_substitute(session, *found)


def decide(office: ClosingOffice, actor: Actor, position: int, decision: Decision = Decision.PASS) -> None:
    review_id = office.review(position).id
    with writing():
        review = applications.get_review(db.session(), review_id, reach(actor), lock=True)
        closure.decide(review, decision, "同意" if decision is Decision.PASS else "请补充签到表和会议记录", actor=actor)


def inbox(person_id: int, kind: str) -> Sequence[Message]:
    db.session().rollback()
    query = select(Message).where(
        Message.person_id == person_id, Message.kind == kind, Message.channel == Channel.INBOX, Message.state == "sent"
    )
    return db.session().scalars(query.order_by(Message.id)).all()


@pytest.mark.parametrize(
    ("since", "until", "words"),
    [
        (FRIDAY, MONDAY, "早于开始"),
        (MONDAY - timedelta(days=9), MONDAY - timedelta(days=1), "已过"),
        (MONDAY, MONDAY + timedelta(days=366), "最长一年"),
    ],
)
def test_days_that_make_no_sense_are_refused(office: ClosingOffice, since: date, until: date, words: str) -> None:
    with on(MONDAY), pytest.raises(DomainError, match=words):
        name(office, office.head, office.clerk2, since, until)


def test_one_day_is_enough_and_a_year_is_the_most(office: ClosingOffice) -> None:
    with on(MONDAY):
        name(office, office.head, office.clerk2, MONDAY, MONDAY)
        name(office, office.leader, office.clerk2, MONDAY, MONDAY + timedelta(days=365))


def test_a_reason_is_asked_for(office: ClosingOffice) -> None:
    with on(MONDAY), pytest.raises(DomainError, match="事由"):
        name(office, office.head, office.clerk2, reason=" ")


@pytest.mark.parametrize(
    ("since", "until"), [(FRIDAY, FRIDAY), (MONDAY, MONDAY), (MONDAY - timedelta(days=3), FRIDAY + timedelta(days=3))]
)
def test_two_substitutes_of_one_person_do_not_overlap(office: ClosingOffice, since: date, until: date) -> None:
    with on(MONDAY - timedelta(days=5)):
        name(office, office.head, office.clerk2)
        with pytest.raises(Conflict, match="何芳代理"):
            name(office, office.head, office.liaison, since, until)


def test_the_day_after_another_may_begin(office: ClosingOffice) -> None:
    with on(MONDAY):
        name(office, office.head, office.clerk2)
        name(office, office.head, office.liaison, FRIDAY + timedelta(days=1), FRIDAY + timedelta(days=2))


def test_nobody_stands_in_along_a_chain_in_either_order(office: ClosingOffice) -> None:
    with on(MONDAY):
        name(office, office.head, office.liaison)
        with pytest.raises(Conflict, match="层层转托"):
            name(office, office.liaison, office.handler, FRIDAY, FRIDAY)
        with pytest.raises(Conflict, match="层层转托"):
            name(office, office.clerk, office.head, FRIDAY, FRIDAY)
        name(office, office.liaison, office.handler, FRIDAY + timedelta(days=1), FRIDAY + timedelta(days=2))


def test_nobody_names_a_substitute_for_others_and_nobody_names_themselves(office: ClosingOffice) -> None:
    with on(MONDAY):
        with pytest.raises(Forbidden):
            name(office, office.head, office.liaison, by=office.clerk)
        with pytest.raises(DomainError):
            name(office, office.head, office.head)


def test_an_administrator_names_one_for_others_but_never_themselves(office: ClosingOffice) -> None:
    with writing():
        root = people.find_units(db.session(), ["市直机关工委"])["市直机关工委"]
        admin = an_account("钱进", Role.ADMINISTRATOR, root)
    with on(MONDAY):
        with pytest.raises(Forbidden, match="自己"):
            name(office, office.leader, admin, by=admin)
        with pytest.raises(DomainError, match="系统管理员"):
            name(office, office.leader, admin)
        name(office, office.leader, office.clerk2, by=admin)


def test_an_administrators_keeping_of_the_system_is_not_passed_on(office: ClosingOffice) -> None:
    with writing():
        unit = db.session.get_one(Unit, office.lead_id)
        both = an_account("钱进", Role.ADMINISTRATOR, unit)
        org.grant(both, Role.UNIT_HEAD, unit, actor=SYSTEM)
        org.grant(both, Role.AUDITOR, unit, actor=SYSTEM)
    assert set(acting(office, office.liaison, both).grants) == {Role.UNIT_HEAD}


def test_a_substitute_without_an_account_is_refused(office: ClosingOffice) -> None:
    with writing():
        plain = Person(name="无账号", pinyin="")
        db.session.add(plain)
    with on(MONDAY), pytest.raises(DomainError, match="账号"):
        name(office, office.head, plain)


def test_what_a_substitute_does_is_marked_in_trail_and_timeline(office: ClosingOffice) -> None:
    office.proved_and_applied()
    decide(office, acting(office, office.clerk2, office.head), 1)
    entry = db.session().scalars(select(AuditEntry).where(AuditEntry.action == "review.decide")).one()
    assert (entry.actor_name, entry.actor_id) == ("何芳（代 刘洋）", office.id_of(office.clerk2))
    pieces = list_pieces(db.session(), office.item())
    assert [(each.by, each.for_name) for each in pieces if each.what == "review" and each.state] == [("何芳", "刘洋")]


def test_a_substitute_sees_and_does_what_the_absent_handler_may(office: ClosingOffice) -> None:
    office.prove()
    stranger = acting(office, office.stranger, office.handler)
    assert ledger.get_item(db.session(), office.number, reach(stranger)).number == office.number
    with writing():
        application = closure.apply(office.item(lock=True), a_telling(office.item()), actor=stranger)
        assert application.applicants == {office.id_of(office.stranger), office.id_of(office.handler)}
    pieces = list_pieces(db.session(), office.item())
    assert {(each.by, each.for_name) for each in pieces if each.what == "application"} == {("周强", "孙浩")}


def test_nobody_decides_by_substitution_on_an_application_of_their_own(office: ClosingOffice) -> None:
    office.proved_and_applied()
    with pytest.raises(Forbidden, match="申请人"):
        decide(office, acting(office, office.liaison, office.head), 1)


def test_the_absent_person_does_not_decide_on_what_the_substitute_filed_for_them(office: ClosingOffice) -> None:
    office.prove()
    with writing():
        second = an_account("马超", Role.UNIT_HEAD, db.session.get_one(Unit, office.lead_id))
    with writing():
        item = office.item(lock=True)
        closure.apply(item, a_telling(item), actor=acting(office, office.liaison, office.head))
    for actor in (office.acts(office.head), office.acts(office.liaison), acting(office, office.clerk2, office.head)):
        with pytest.raises(Forbidden):
            decide(office, actor, 1)
        assert db.session().scalars(applications.select_waiting(actor)).all() == []
    decide(office, office.acts(second), 1)


def test_nobody_decides_twice_in_one_chain_by_way_of_substitution(office: ClosingOffice) -> None:
    office.proved_and_applied()
    decide(office, acting(office, office.clerk2, office.head), 1)
    for actor in (office.acts(office.clerk2), acting(office, office.head, office.clerk)):
        with pytest.raises(Forbidden, match="前一环节"):
            decide(office, actor, 2)
    decide(office, office.acts(office.clerk), 2)
    with pytest.raises(Forbidden, match="前一环节"):
        decide(office, acting(office, office.clerk2, office.leader), 3)
    decide(office, office.acts(office.leader), 3)


def test_waiting_decisions_of_the_absent_person_wait_for_the_substitute(office: ClosingOffice) -> None:
    office.proved_and_applied()
    waiting = db.session().scalars(applications.select_waiting(acting(office, office.clerk2, office.head))).all()
    assert [review.position for review in waiting] == [1]


def test_messages_to_the_absent_person_reach_the_substitute_once_while_it_runs(office: ClosingOffice) -> None:
    with on(MONDAY):
        name(office, office.head, office.clerk2)
        deliver_now()
        assert len(inbox(office.id_of(office.clerk2), "substitute_named")) == 1
        office.proved_and_applied()
        for _ in range(3):
            deliver_now()
        (message,) = inbox(office.id_of(office.clerk2), "forwarded")
        assert "代收刘洋" in message.subject
        assert "申请销号，等待您审核" in message.subject
        assert office.number in message.item_numbers
        assert inbox(office.id_of(office.liaison), "forwarded") == []


def test_after_the_last_day_nothing_is_forwarded_any_more(office: ClosingOffice) -> None:
    with on(MONDAY):
        name(office, office.head, office.clerk2)
    with on(FRIDAY + timedelta(days=1)):
        with writing():
            person = db.session.get_one(Person, office.id_of(office.head))
            outbox.queue("test", person, slot="late", channels=(Channel.INBOX,))
        deliver_now()
        assert inbox(office.id_of(office.clerk2), "forwarded") == []


@pytest.mark.parametrize("who", ["head", "clerk2"])
def test_the_absent_person_or_the_substitute_ends_it_early(office: ClosingOffice, who: str) -> None:
    with on(MONDAY):
        named = name(office, office.head, office.clerk2)
        with pytest.raises(Forbidden), writing():
            found = people.get_substitute(db.session(), named)
            org.end_substitute(found, actor=office.acts(office.liaison))
        with writing():
            org.end_substitute(people.get_substitute(db.session(), named), actor=office.acts(getattr(office, who)))
        assert people.list_absent(db.session(), office.id_of(office.clerk2), MONDAY) == []
        name(office, office.head, office.liaison)


def test_whoever_acts_for_somebody_names_no_substitute_for_them(office: ClosingOffice) -> None:
    with on(MONDAY), pytest.raises(Forbidden, match="代理期间"):
        name(office, office.head, office.handler, by=acting(office, office.clerk2, office.head))
