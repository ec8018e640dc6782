"""Changing what was issued by request, on real databases."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import select

from tests.amendments.amending import MEASURES, REFUSE, AmendingOffice
from tests.closure.closing_office import STATEMENT
from tests.factories import an_item
from tracker.amendments.models import Amendment
from tracker.amendments.rules import AMENDABLE, Amended, differences
from tracker.core import clock, files
from tracker.core.db import db, writing
from tracker.core.errors import AlreadyThere, Conflict, DomainError, Forbidden, Stale
from tracker.desk.queries.waits import Wait, list_waits
from tracker.items import operations as items
from tracker.items import queries as ledger
from tracker.items.models import Item
from tracker.items.operations import Approval, Names, Paper, Typed, UnknownPeople
from tracker.items.rules import Event, State
from tracker.org.models import Person
from tracker.outbox.models import Message
from tracker.progress import queries as progress
from tracker.requests.rules import RequestState


@pytest.fixture
def office(app: Flask) -> AmendingOffice:
    with writing():
        return AmendingOffice()


def test_what_a_unit_asks_for_is_changed_once_the_office_approves(office: AmendingOffice) -> None:
    office.plan()
    amendment_id = office.ask(measures="召开部署会\n修订办法\n开展督查", owner="刘洋", goal="建章立制")
    assert office.item().owner is None, "asking changes nothing"
    office.rule(amendment_id, office.clerk)
    item = office.item()
    assert item.owner is not None
    assert (item.owner.name, item.goal, item.amendments, item.state) == ("刘洋", "建章立制", 1, State.WORKING)
    measures = progress.list_measures(db.session(), item.id)
    assert [(each.text, each.done_on is not None) for each in measures] == [
        ("召开部署会", True),
        ("修订办法", False),
        ("开展督查", False),
    ]
    lines = {line.field: (line.before, line.after) for line in office.amendment(amendment_id).lines}
    assert lines[Amended.MEASURES][0] == "\n".join(MEASURES), "what was printed stays on the request"
    assert lines[Amended.OWNER] == ("", "刘洋")
    change = ledger.list_changes(db.session(), item.id)[-1]
    assert (change.event, change.by_id) == (Event.ASSIGN, office.clerk.id)


def test_only_what_differs_is_asked_for() -> None:
    old = dict.fromkeys(Amended, "甲")
    assert differences(old, old | {Amended.GOAL: "乙 "}) == {Amended.GOAL: ("甲", "乙")}
    with pytest.raises(DomainError, match="没有任何改动"):
        differences(old, old)


def test_drafts_and_what_is_applied_for_or_over_is_not_changed_by_request(office: AmendingOffice) -> None:
    assert {State.ISSUED, State.WORKING, State.SUSTAINED} == AMENDABLE
    office.prove()
    office.apply(statement=STATEMENT)
    with pytest.raises(Conflict):
        office.ask(goal="建章立制")


def test_a_units_request_is_decided_by_the_office_and_never_by_whoever_asked(office: AmendingOffice) -> None:
    amendment_id = office.ask(goal="建章立制")
    for person in (office.liaison, office.head, office.leader):
        with pytest.raises(Forbidden):
            office.rule(amendment_id, person)
    with pytest.raises(DomainError):
        office.rule(amendment_id, office.clerk, REFUSE)
    office.rule(amendment_id, office.clerk, REFUSE, "目标已印发，不作调整")
    assert (office.item().goal, office.amendment(amendment_id).state) == ("", RequestState.REFUSED)


def test_what_the_office_itself_asks_names_the_leader_who_approved(office: AmendingOffice) -> None:
    amendment_id = office.ask(office.clerk, supporting_units="办公室")
    with pytest.raises(Forbidden):
        office.rule(amendment_id, office.clerk2)
    with pytest.raises(Forbidden, match="申请人"):
        office.enter(amendment_id, "陈静", clock.today(), office.clerk)
    office.enter(amendment_id, "李强", clock.today(), office.clerk)
    assert [each.unit.name for each in office.item().supports] == ["办公室"]
    assert (office.amendment(amendment_id).signature, office.amendment(amendment_id).is_on_paper) == ("李强", True)


def test_names_that_nobody_bears_and_units_that_are_not_there_are_told_at_once(office: AmendingOffice) -> None:
    with pytest.raises(UnknownPeople):
        office.ask(owner="查无此人")
    with pytest.raises(DomainError):
        office.ask(supporting_units="没有这个单位")


def test_one_request_at_a_time_and_not_twice_by_a_double_click(office: AmendingOffice) -> None:
    office.ask(goal="建章立制")
    with pytest.raises(AlreadyThere):
        office.ask(goal="建章立制")
    with pytest.raises(Conflict, match="等待审批"):
        office.ask(office.head, "另一个理由", goal="另一个目标")


def test_what_moved_meanwhile_is_not_overwritten(office: AmendingOffice) -> None:
    amendment_id = office.ask(goal="建章立制")
    with writing():
        items.amend(
            office.item(lock=True), items.Assignment(goal="新的目标"), reason="经批准", actor=office.acts(office.clerk)
        )
    with pytest.raises(Conflict, match="又有变动"):
        office.rule(amendment_id, office.clerk)
    assert office.item().goal == "新的目标"


def test_two_who_decide_at_once_are_told_of_each_other(office: AmendingOffice) -> None:
    amendment_id = office.ask(goal="建章立制")
    office.rule(amendment_id, office.clerk)
    with pytest.raises(Stale) as refusal:
        office.rule(amendment_id, office.clerk2, REFUSE, "不作调整")
    assert "陈静" in str(refusal.value.stored)


def test_who_decides_is_told_and_finds_it_on_the_desk(office: AmendingOffice) -> None:
    amendment_id = office.ask(goal="建章立制")

    def told(kind: str) -> set[str]:
        return {each.person.name for each in db.session.scalars(select(Message).where(Message.kind == kind))}

    assert told("amendment_waits") == {"陈静", "何芳"}
    flags = [
        [each.flag for each in list_waits(db.session(), office.acts(person)) if each.what == Wait.AMENDMENT]
        for person in (office.clerk, office.liaison, office.leader)
    ]
    assert flags == [[True], [False], []]
    office.rule(amendment_id, office.clerk)
    assert told("amendment_decided") == {"王敏", "孙浩"}


def test_the_office_moves_a_deadline_by_a_request_and_a_unit_by_an_extension(office: AmendingOffice) -> None:
    first = office.item().due_on
    with pytest.raises(Conflict, match="申请延期"):
        office.ask(deadline="2026年12月31日")
    amendment_id = office.ask(office.clerk, deadline="2026年12月31日")
    assert office.item().due_on == first
    office.rule(amendment_id, office.leader)
    item = office.item()
    assert (item.due_on, item.first_due_on, item.deadline_moved_on) == (date(2026, 12, 31), first, clock.today())
    assert (item.extensions, item.amendments) == (0, 1)
    change = ledger.list_changes(db.session(), item.id)[-1]
    assert (change.reason, change.by_id) == ("机构改革，职责调整", office.leader.id)


def many(office: AmendingOffice, why: str, person: Person, *, on: date | None = None, **typed: str) -> None:
    """The item together with a draft, as a bulk act names them."""
    paper = None if on is None else Paper("李强", "", on, files.store(BytesIO(b"signed"), limit_bytes=99), "批件.jpg")
    with writing():
        item = office.item(lock=True)
        draft = an_item(item.source, lead_unit=item.lead_unit)
        rows, names = [(each, Typed(**typed)) for each in (draft, item)], Names(db.session(), [Typed(**typed)])
        approval = Approval(why, paper)
        items.assign_many(rows, names, actor=office.acts(person), adds_people=False, approval=approval)


def test_many_are_changed_in_one_act_drafts_at_once_and_what_was_issued_by_requests(office: AmendingOffice) -> None:
    with pytest.raises(DomainError, match="理由") as refusal:
        many(office, " ", office.clerk, goal="建章立制")
    assert refusal.value.field == "why"
    assert list_of(office) == [], "all or none"
    many(office, "分工调整", office.clerk, goal="建章立制", remark="重点")
    (asked,) = list_of(office)
    assert (asked.reason, asked.is_by_office, asked.state) == ("分工调整", True, RequestState.PENDING)
    assert (office.item().goal, office.item().remark) == ("", "重点")
    assert {each.goal for each in drafts()} == {"建章立制"}
    with pytest.raises(Conflict, match=office.number):
        many(office, "再调整", office.clerk, goal="另一个目标")


def test_one_paper_approves_all_that_is_changed_in_one_act(office: AmendingOffice) -> None:
    yesterday = clock.today() - timedelta(days=1)
    with pytest.raises(DomainError, match="反馈日期"):
        many(office, "分工调整", office.clerk, on=date(2020, 1, 1), owner="刘洋")
    many(office, "分工调整", office.clerk, on=yesterday, owner="刘洋", deadline="2026年12月31日")
    (asked,) = list_of(office)
    assert (asked.state, asked.signature, asked.paper_on) == (RequestState.APPROVED, "李强", yesterday)
    item = office.item()
    assert item.owner is not None
    assert (item.owner.name, item.due_on, item.amendments) == ("刘洋", date(2026, 12, 31), 1)
    many(office, "", office.clerk, owner="刘洋")
    assert len(list_of(office)) == 1, "what stands already asks nothing"


def list_of(office: AmendingOffice) -> list[Amendment]:
    return list(db.session.scalars(select(Amendment).where(Amendment.item_id == office.item().id)))


def drafts() -> list[Item]:
    return list(db.session.scalars(select(Item).where(Item.state == State.DRAFT)))
