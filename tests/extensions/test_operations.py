"""Asking for extensions and deciding them, on real databases."""

import io
from collections.abc import Iterator
from datetime import date
from zipfile import ZipFile

import pytest
import time_machine
from factories import a_unit, an_account
from flask import Flask
from sqlalchemy import select

from tests.closure.closing_office import ClosingOffice
from tests.extensions.extending import ASKED_ON, DUE, GRANT, REFUSE, UNTIL, WISH, ExtendingOffice
from tracker.access.rules import Role
from tracker.audit.queries import select_entries
from tracker.core import clock
from tracker.core.db import db, writing
from tracker.core.errors import AlreadyThere, Conflict, DomainError, Forbidden, NotFound, Stale
from tracker.desk.queries.waits import Wait, list_waits
from tracker.exports.columns import extension as extension_column
from tracker.extensions import queries
from tracker.extensions.operations import Wish
from tracker.extensions.queries import ExtensionFilter
from tracker.extensions.rules import ExtensionState
from tracker.extensions.writing import write_docx
from tracker.items.models import ItemChange
from tracker.items.rules import Event, State, is_overdue
from tracker.items.wording import deadline_note
from tracker.org.models import Grant, Person
from tracker.outbox.models import Message


@pytest.fixture
def travel() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(ASKED_ON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def office(app: Flask, travel: time_machine.Traveller) -> ExtendingOffice:
    with writing():
        return ExtendingOffice()


def waiting_for(office: ExtendingOffice, *people: Person) -> list[int]:
    chosen = ExtensionFilter(waits_on_me=True)
    return [len(db.session.scalars(queries.select_extensions(office.acts(each), chosen)).all()) for each in people]


def test_two_levels_grant_and_the_deadline_moves_with_both_dates_kept(office: ExtendingOffice) -> None:
    extension_id = office.ask()
    assert office.item().due_on == DUE, "the present deadline runs on"
    office.rule(extension_id, office.clerk, GRANT, date(2026, 9, 15))
    assert office.item().due_on == DUE
    office.rule(extension_id, office.leader, GRANT, UNTIL, "下不为例")
    item, extension = office.item(), office.extension(extension_id)
    assert (item.state, item.due_on, item.first_due_on, item.extensions) == (State.WORKING, UNTIL, DUE, 1)
    assert (item.deadline_moved_on, extension.state, extension.granted_until) == (clock.today(), "granted", UNTIL)
    assert [step.until for step in extension.steps] == [date(2026, 9, 15), UNTIL]
    change = db.session.scalars(select(ItemChange).order_by(ItemChange.serial.desc())).first()
    assert change is not None
    assert (change.event, change.due_on, change.first_due_on) == (Event.EXTEND, UNTIL, DUE)
    assert deadline_note(item, clock.today()) == "原定 6月30日，第1次延期"
    assert extension_column(item) == "原定2026年6月30日、现2026年8月31日、第1次"


def test_the_second_extension_says_that_it_is_the_second(office: ExtendingOffice) -> None:
    first = office.ask()
    for person in (office.clerk, office.leader):
        office.rule(first, person, GRANT)
    second = office.ask(wish=Wish(date(2026, 9, 30), "又一个理由", "完成九成", "每日调度"))
    assert (office.extension(second).nth, office.extension(second).due_on) == (2, UNTIL)
    for person in (office.clerk, office.leader):
        office.rule(second, person, GRANT, date(2026, 9, 30))
    assert (office.item().extensions, office.item().first_due_on) == (2, DUE)


def test_it_is_asked_before_the_date_passes_and_not_after(
    office: ExtendingOffice, travel: time_machine.Traveller
) -> None:
    travel.move_to("2026-06-30T23:00:00+08:00")
    office.retract(office.ask())
    travel.move_to("2026-07-01T00:30:00+08:00")
    with pytest.raises(Conflict, match="届满前申请"):
        office.ask()


def test_refused_after_the_old_date_the_item_is_overdue_at_once(
    office: ExtendingOffice, travel: time_machine.Traveller
) -> None:
    extension_id = office.ask()
    travel.move_to("2026-07-02T09:00:00+08:00")
    office.rule(extension_id, office.clerk, REFUSE, None, "进度可控，不需延期")
    item = office.item()
    assert (office.extension(extension_id).state, item.due_on, item.extensions) == (ExtensionState.REFUSED, DUE, 0)
    assert is_overdue(item.state, item.due_on, clock.today())
    with pytest.raises(Conflict):
        office.rule(extension_id, office.leader, GRANT)


def test_only_the_unit_asks_once_at_a_time_and_not_twice_by_a_double_click(office: ExtendingOffice) -> None:
    for person in (office.clerk, office.leader, office.handler):
        with pytest.raises(Forbidden):
            office.ask(person)
    office.ask()
    with pytest.raises(AlreadyThere):
        office.ask()
    with pytest.raises(Conflict, match="已有延期申请"):
        office.ask(office.head, Wish(date(2026, 7, 31), "另一个理由", "完成一半", "加班"))


@pytest.mark.parametrize("field", ["reason", "progress", "safeguards"])
def test_a_request_tells_why_how_far_and_how_it_is_kept(office: ExtendingOffice, field: str) -> None:
    told = {"until": UNTIL, "reason": "理由", "progress": "程度", "safeguards": "措施", field: " "}
    with pytest.raises(DomainError) as refusal:
        office.ask(wish=Wish(**told))  # type: ignore[arg-type]
    assert refusal.value.field == field


def test_the_levels_decide_in_their_order_each_by_somebody_else(office: ExtendingOffice) -> None:
    with writing():
        db.session.add(Grant(person_id=office.clerk.id, role=Role.LEADER, unit_id=a_unit("市直机关工委").id))
    extension_id = office.ask()
    with pytest.raises(Forbidden):
        office.rule(extension_id, office.leader, GRANT)
    office.rule(extension_id, office.clerk, GRANT)
    with pytest.raises(Forbidden, match="两个环节"):
        office.rule(extension_id, office.clerk, GRANT)


def test_a_clerk_of_the_lead_unit_decides_nothing(office: ExtendingOffice) -> None:
    with writing():
        insider = an_account("内部", Role.OFFICE, a_unit("市直机关工委"))
        insider.unit_id = office.lead_id
    extension_id = office.ask()
    assert waiting_for(office, insider, office.clerk) == [0, 1]
    with pytest.raises(Forbidden, match="回避"):
        office.rule(extension_id, insider, GRANT)


def test_two_who_decide_at_once_are_told_of_each_other(office: ExtendingOffice) -> None:
    extension_id = office.ask()
    seen = office.extension(extension_id).version
    office.rule(extension_id, office.clerk, GRANT, version=seen)
    with pytest.raises(Stale) as refusal:
        office.rule(extension_id, office.clerk2, REFUSE, None, "不需延期", version=seen)
    assert "不需延期" in str(refusal.value.typed)
    assert "陈静" in str(refusal.value.stored)


def test_whoever_asked_takes_it_back_before_the_first_decision(office: ExtendingOffice) -> None:
    extension_id = office.ask()
    with pytest.raises(Forbidden):
        office.retract(extension_id, office.head)
    office.retract(extension_id)
    assert office.extension(extension_id).state is ExtensionState.RETRACTED
    again = office.ask()
    office.rule(again, office.clerk, GRANT)
    with pytest.raises(Conflict):
        office.retract(again)


def test_a_decision_on_paper_is_marked_and_counts_from_the_day_on_it(
    office: ExtendingOffice, travel: time_machine.Traveller
) -> None:
    extension_id = office.ask()
    office.rule(extension_id, office.clerk, GRANT)
    travel.move_to("2026-06-28T09:00:00+08:00")
    office.enter(extension_id, "李强", on=date(2026, 6, 26), opinion="同意")
    step = office.extension(extension_id).steps[1]
    assert (step.is_on_paper, step.signature, step.scan_name) == (True, "李强", "签批件.jpg")
    assert step.entered_by is not None
    assert step.entered_by.name == "陈静"
    change = db.session.scalars(select(ItemChange).order_by(ItemChange.serial.desc())).first()
    assert change is not None
    assert (change.event, change.effective_on) == (Event.EXTEND, date(2026, 6, 26))
    entry = db.session.scalars(select_entries(subject=office.number, action="extension.decide")).first()
    assert entry is not None
    assert "is_for_others" in entry.details


def test_a_meeting_decides_on_paper_too(office: ExtendingOffice) -> None:
    extension_id = office.ask()
    office.enter(extension_id, body="6月24日工委会议", on=date(2026, 6, 24))
    assert office.extension(extension_id).steps[0].signature == "6月24日工委会议"


def test_four_eyes_count_whoever_signed_the_paper(office: ExtendingOffice) -> None:
    extension_id = office.ask()
    for name, words in (("王敏", "申请人"), ("刘洋", "回避"), ("孙浩", "回避")):
        with pytest.raises(Forbidden, match=words):
            office.enter(extension_id, name, on=date(2026, 6, 24))
    with pytest.raises(DomainError, match="人员名册"):
        office.enter(extension_id, "查无此人", on=date(2026, 6, 24))
    office.rule(extension_id, office.clerk2, GRANT)
    with pytest.raises(Forbidden, match="两个环节"):
        office.enter(extension_id, "何芳", on=date(2026, 6, 24))


def test_a_deadline_moved_meanwhile_is_not_moved_again(office: ExtendingOffice) -> None:
    from factories import by_date

    from tracker.items import operations as items

    extension_id = office.ask()
    with writing():
        wish = items.Assignment(deadline=by_date(date(2026, 7, 15)))
        items.amend(office.item(lock=True), wish, reason="经批准", actor=office.acts(office.clerk))
    office.rule(extension_id, office.clerk, GRANT)
    with pytest.raises(Conflict, match="已经变动"):
        office.rule(extension_id, office.leader, GRANT)
    office.rule(extension_id, office.leader, REFUSE, None, "时限已调整")


def test_whose_turn_it_is_is_told_and_whoever_asked_hears_the_end(office: ExtendingOffice) -> None:
    extension_id = office.ask()
    told = lambda kind: {each.person.name for each in db.session.scalars(select(Message).where(Message.kind == kind))}  # noqa: E731
    assert told("extension_waits") == {"陈静", "何芳"}
    assert waiting_for(office, office.clerk, office.clerk2, office.leader, office.liaison) == [1, 1, 0, 0]
    office.rule(extension_id, office.clerk, GRANT)
    assert told("extension_waits") == {"陈静", "何芳", "李强"}
    assert waiting_for(office, office.clerk, office.clerk2, office.leader) == [0, 0, 1]
    office.rule(extension_id, office.leader, GRANT)
    assert told("extension_decided") == {"王敏", "孙浩"}
    assert waiting_for(office, office.clerk, office.leader) == [0, 0]


def test_the_desk_tells_who_decides_and_who_waits(office: ExtendingOffice) -> None:
    office.ask()

    def flags(person: Person) -> list[bool | None]:
        waits = list_waits(db.session(), office.acts(person))
        return [each.flag for each in waits if each.what == Wait.EXTENSION]

    people = (office.clerk, office.liaison, office.leader, office.stranger)
    assert [flags(person) for person in people] == [[True], [False], [], []]


def test_an_extension_is_out_of_sight_for_strangers(office: ExtendingOffice) -> None:
    extension_id = office.ask()
    with pytest.raises(NotFound):
        office.extension(extension_id, office.stranger)
    assert db.session.scalars(queries.select_extensions(office.acts(office.stranger), ExtensionFilter())).all() == []


def test_the_form_carries_all_opinions_and_room_for_those_to_come(office: ExtendingOffice) -> None:
    extension_id = office.ask()
    office.enter(extension_id, body="6月24日整改办会议", on=date(2026, 6, 24), opinion="情况属实")
    content = write_docx(office.extension(extension_id), taken_at=clock.local(clock.now()))
    text = ZipFile(io.BytesIO(content)).read("word/document.xml").decode()
    for words in (
        WISH.reason,
        WISH.progress,
        WISH.safeguards,
        "第1次",
        "情况属实",
        "代录：陈静",
        "签名：",
        "2026年8月31日",
    ):
        assert words in text, words


def test_parents_are_extended_by_their_children(office: ExtendingOffice) -> None:
    assert isinstance(office, ClosingOffice)
    from factories import an_item

    from tracker.access.rules import SYSTEM
    from tracker.extensions import operations
    from tracker.items import operations as items

    with writing():
        parent = an_item(office.item().source, lead_unit=db.session.merge(office.lead))
        children = items.split(parent, [db.session.merge(office.lead), db.session.merge(office.other)], actor=SYSTEM)
        items.issue(children, actor=SYSTEM)
        with pytest.raises(Conflict, match="总项"):
            operations.ask(parent, WISH, actor=office.acts(office.liaison))
