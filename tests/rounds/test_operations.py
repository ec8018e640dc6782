"""Texts that answer rounds, reviews, reminders that come once, and what counts elsewhere."""

import io
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from factories import a_source, a_telling, a_working_item
from flask import Flask
from rounds.reporting_office import DUE_ON, ReportingOffice, on, sweep
from sqlalchemy import func, select

from tracker.access.rules import SYSTEM, Actor, reach
from tracker.audit.queries import select_entries
from tracker.closure import operations as closure
from tracker.closure.models import Application
from tracker.core import clock, files
from tracker.core.db import db, writing
from tracker.core.errors import AlreadyThere, Conflict, Forbidden
from tracker.items import operations as items
from tracker.jobs.delivery import deliver
from tracker.jobs.registry import open_due_rounds
from tracker.org.models import Person
from tracker.outbox.models import Message
from tracker.outbox.rules import Channel, MessageState
from tracker.progress import operations as progress
from tracker.progress import queries as work
from tracker.progress.models import Entry
from tracker.rounds import operations, queries
from tracker.rounds.models import PhoneCall
from tracker.rounds.operations import Told
from tracker.rounds.rules import RhythmKind, Shift


@pytest.fixture
def office(app: Flask) -> Iterator[ReportingOffice]:
    with on(4, 1), writing():
        made = ReportingOffice()
    with on(4, 20):
        yield made


def write(office: ReportingOffice, place: int, text: str, person: Person, *, unit: str | None = None) -> Entry:
    with writing():
        unit_id = office.unit(unit).id if unit else None
        return progress.write_entry(office.item(place, lock=True), text, actor=office.acts(person), unit_id=unit_id)


def counted(place: int, office: ReportingOffice) -> list[str]:
    item = office.item(place)
    return [entry.text for entry in work.entries_of(db.session(), [item.id], newest=2).get(item.id, ())]


def test_only_accepted_texts_count_in_lists_and_exports(office: ReportingOffice) -> None:
    write(office, 1, "已部署", office.liaison)
    assert counted(1, office) == []
    with writing():
        operations.accept_reports([office.report(1)], actor=office.acts(office.clerk))
    write(office, 1, "已印发", office.handler)
    assert counted(1, office) == ["已部署"]
    assert office.states()[1, "组织部"] == "given"


def test_what_the_office_enters_for_a_unit_is_accepted_by_that(office: ReportingOffice) -> None:
    write(office, 1, "电话了解：已部署", office.clerk, unit="组织部")
    write(office, 1, "电话了解：已配合", office.clerk, unit="办公室")
    assert (office.states()[1, "组织部"], office.states()[1, "办公室"]) == ("accepted", "accepted")
    assert counted(1, office) == ["电话了解：已部署"]


def test_a_cooperating_unit_answers_its_own_line_alone(office: ReportingOffice) -> None:
    write(office, 1, "已配合", office.other_liaison)
    assert office.states()[1, "办公室"] == "given"
    assert office.states()[1, "组织部"] == "owed"
    lines = queries.list_lines(db.session(), [office.report(1)])
    assert [line.entry.text for (line,) in lines.values() if line.entry] == ["已配合"]


def test_the_same_text_answers_two_rounds_that_both_still_take_texts(office: ReportingOffice) -> None:
    with on(4, 28):
        sweep()
        actor = office.acts(office.liaison)
        with writing():
            reports = queries.list_reports(db.session(), queries.select_own(actor, clock.today()))
            told = [
                Told(each, "按季度检查", is_unchanged=True) for each in reports if each.item.id == office.item(1).id
            ]
            assert operations.give(told, actor=actor) == len(told) == 2


def test_when_a_later_text_is_returned_the_accepted_one_stands_again(office: ReportingOffice) -> None:
    clerk = office.acts(office.clerk)
    write(office, 1, "已部署", office.liaison)
    with writing():
        operations.accept_reports([office.report(1)], actor=clerk)
    with on(4, 21):
        write(office, 1, "推进中", office.liaison)
        with writing():
            operations.return_report(office.report(1), "写得不清楚", actor=clerk)
    assert office.states()[1, "组织部"] == "accepted"
    assert counted(1, office) == ["已部署"]


def test_a_returned_text_cannot_be_accepted_any_more(office: ReportingOffice) -> None:
    write(office, 1, "推进中", office.liaison)
    with writing():
        operations.return_report(office.report(1), "写得不清楚", actor=SYSTEM)
    with pytest.raises(Conflict), writing():
        operations.accept_reports([office.report(1)], actor=SYSTEM)


@pytest.mark.parametrize("who", ["liaison", "head", "handler", "leader", "viewer", "other_liaison", "own_clerk"])
def test_only_the_office_in_reach_reviews(office: ReportingOffice, who: str) -> None:
    write(office, 1, "已部署", office.liaison)
    actor: Actor = office.acts(getattr(office, who))
    for act in (
        lambda: operations.accept_reports([office.report(1)], actor=actor),
        lambda: operations.return_report(office.report(1), "不清楚", actor=actor),
        lambda: operations.log_call(office.item(1), whom="李磊", answer="报", called_at=None, actor=actor),
    ):
        with pytest.raises(Forbidden), writing():
            act()


def test_nobody_gives_another_units_report(office: ReportingOffice) -> None:
    for place, person in ((1, office.other_liaison), (4, office.liaison), (1, office.clerk), (1, office.stranger)):
        with pytest.raises(Forbidden), writing():
            operations.give([Told(office.report(place), "已办")], actor=office.acts(person))


def test_soon_after_its_day_a_text_makes_up_the_overdue_round(office: ReportingOffice) -> None:
    april = office.round().id
    with on(4, 27):
        sweep()
        write(office, 1, "补报四月", office.liaison)
        assert office.states(round_id=april)[1, "组织部"] == "given"
        assert office.states()[1, "组织部"] == "owed"
        write(office, 1, "五月的", office.liaison)
        assert office.states()[1, "组织部"] == "given"


def test_without_a_rhythm_every_text_counts_at_once(office: ReportingOffice) -> None:
    write(office, 1, "等审核", office.liaison)
    with writing():
        rhythm = queries.find_rhythm(db.session(), office.source_id)
        assert rhythm is not None
        operations.drop_rhythm(rhythm, actor=SYSTEM)
    assert counted(1, office) == ["等审核"]
    with on(4, 21):
        write(office, 1, "马上算数", office.liaison)
    assert counted(1, office) == ["马上算数", "等审核"]


def test_an_application_for_closure_settles_the_report_and_its_return_brings_it_back(office: ReportingOffice) -> None:
    stored = files.store(io.BytesIO(b"proof"), limit_bytes=1 << 20)
    with writing():
        item = office.item(2, lock=True)
        progress.add_evidence(item, stored, "签到表.jpg", actor=office.acts(office.liaison))
        application = closure.apply(
            item, a_telling(item, "没有登记措施，已按要求完成整改。"), actor=office.acts(office.liaison)
        )
        application_id = application.id
    sweep()
    assert office.states()[2, "组织部"] == "settled"
    with on(4, 21):
        with writing():
            closure.retract(db.session.get_one(Application, application_id), actor=office.acts(office.liaison))
        sweep()
        assert office.states()[2, "组织部"] == "owed"


def messages(kind: str = "reports_owed", channel: Channel = Channel.INBOX) -> list[tuple[str, str, str]]:
    db.session.expire_all()
    query = select(Message).where(Message.kind == kind, Message.channel == channel).order_by(Message.id)
    return [(each.person.name, each.slot, each.state.value) for each in db.session.scalars(query)]


def run(month: int, day: int, hour: int = 9) -> None:
    """The scheduler's jobs on a day."""
    with on(month, day, hour):
        open_due_rounds(clock.now())
        deliver(clock.now())


def test_reminders_come_three_days_before_on_the_day_and_after_it_each_once(office: ReportingOffice) -> None:
    write(office, 4, "已报", office.other_liaison)
    write(office, 1, "已配合", office.other_liaison)
    for day in (20, 21, 21, 22, 24, 24, 25, 27):
        run(4, day)
    slots = [slot for name, slot, state in messages() if name == "李磊" and state == "sent"]
    assert slots == [f"{DUE_ON}:soon", f"{DUE_ON}:today", f"{DUE_ON}:late"]
    assert {name for name, _slot, _state in messages()} == {"王敏", "李磊", "郑凯"}


def test_after_an_outage_only_the_latest_reminder_comes_and_long_after_none(office: ReportingOffice) -> None:
    run(4, 25)
    assert {slot for _name, slot, _state in messages()} == {f"{DUE_ON}:late"}
    count = len(messages())
    run(5, 10)
    assert len(messages()) == count


def test_what_was_reported_before_the_sending_is_not_reminded_of(office: ReportingOffice) -> None:
    with on(4, 21):
        open_due_rounds(clock.now())
        for place in (1, 2, 3):
            write(office, place, "已报", office.liaison)
        deliver(clock.now())
    by_name = {name: state for name, _slot, state in messages()}
    assert by_name["李磊"] == MessageState.SKIPPED
    assert by_name["孙浩"] == MessageState.SENT


def test_a_mail_carries_numbers_and_no_findings(office: ReportingOffice) -> None:
    run(4, 21)
    of_rounds = select(Message).where(Message.kind == "reports_owed", Message.channel == Channel.INBOX)
    inbox = db.session.scalars(of_rounds.where(Message.person_id == office.acts(office.liaison).person_id)).one()
    assert office.numbers[0] in inbox.body_text
    assert "个问题" not in inbox.body_text
    assert "第1个问题" in inbox.body_html


def test_rounds_of_one_day_are_told_in_one_message(office: ReportingOffice) -> None:
    with writing():
        source = a_source("述职评议点评", received_on=date(2026, 3, 17))
        handler = office.item(1).handler
        assert handler is not None
        a_working_item(handler, source=source, lead_unit=office.unit("组织部"))
        wish = {"day": 5, "shift": Shift.BEFORE, "starts_on": date(2026, 4, 18), "actor": SYSTEM}
        operations.set_rhythm(source, RhythmKind.WEEKLY, **wish)
    run(4, 21)
    (mine,) = [slot for name, slot, _state in messages() if name == "李磊"]
    his = (Message.slot == mine, Message.person_id == office.acts(office.liaison).person_id)
    message = db.session.scalars(select(Message).where(*his).limit(1)).one()
    assert mine == f"{DUE_ON}:soon"
    assert message.item_numbers.count("巡察2026") == 4


def test_a_call_sent_twice_is_logged_once_whether_or_not_its_time_was_written(office: ReportingOffice) -> None:
    clerk = office.acts(office.clerk)
    for called_at in (None, clock.now() - timedelta(hours=3)):
        told = {"whom": "李磊", "answer": "今天报", "called_at": called_at, "actor": clerk}
        with writing():
            operations.log_call(office.item(1, lock=True), **told)
        with time_machine.travel(clock.now() + timedelta(seconds=2)), pytest.raises(AlreadyThere), writing():
            operations.log_call(office.item(1, lock=True), **told)
    with time_machine.travel(clock.now() + timedelta(minutes=30)), writing():
        operations.log_call(office.item(1, lock=True), whom="李磊", answer="今天报", called_at=None, actor=clerk)
    assert db.session.scalar(select(func.count()).select_from(PhoneCall)) == 3


def test_the_trail_tells_of_everything(office: ReportingOffice) -> None:
    write(office, 1, "推进中", office.liaison)
    write(office, 2, "已办", office.liaison)
    with writing():
        clerk = office.acts(office.clerk)
        operations.return_report(office.report(1), "不清楚", actor=clerk)
        operations.accept_reports([office.report(2)], actor=clerk)
        found = queries.get_round(db.session(), office.round().id, reach(clerk))
        operations.nudge(found, actor=clerk)
        operations.log_call(office.item(1), whom="李磊", answer="今天报", called_at=None, actor=clerk)
    acts = {entry.action for entry in db.session.scalars(select_entries())}
    assert {"rhythm.set", "entry.write", "entry.return", "entry.accept", "round.nudge", "phone_call.log"} <= acts


def test_items_reassigned_away_are_nobodys_to_report_any_more(office: ReportingOffice) -> None:
    write(office, 2, "推进中", office.liaison)
    with writing():
        operations.return_report(office.report(2), "不清楚", actor=SYSTEM)
        items.reassign(office.item(2, lock=True), unit_id=office.unit("办公室").id, reason="职责", actor=SYSTEM)
    mine = queries.list_reports(db.session(), queries.select_own(office.acts(office.liaison), clock.today()))
    assert {office.numbers.index(each.item.number) + 1 for each in mine} == {1, 3}
