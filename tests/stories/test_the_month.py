"""A month's reporting: the office's Friday 24 April, and a liaison's one page."""

import io
from datetime import date

import openpyxl
from factories import sign_in
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from stories.office import accept, actor, close, commit, held, item, on, person
from stories.test_the_year import AT_ONCE, NUMBERS, feedback_is_issued, unit_of

from tracker.core import clock
from tracker.core.db import db
from tracker.jobs.delivery import deliver
from tracker.jobs.registry import open_due_rounds
from tracker.outbox.models import Message
from tracker.outbox.rules import Channel
from tracker.progress import operations as progress
from tracker.progress import queries as work
from tracker.rounds import operations
from tracker.rounds.models import ReportingRound
from tracker.rounds.rules import RhythmKind, Shift

LATE = [NUMBERS[7], NUMBERS[8]]
VAGUE = NUMBERS[9]


def browser(app: Flask, name: str) -> FlaskClient:
    client = app.test_client()
    sign_in(client, person(name))
    return client


def the_month_begins() -> None:
    """20 March to 1 April: all accepted, the six at-once items closed, reports wanted by the 25th of each month."""
    feedback_is_issued()
    for number in NUMBERS:
        liaison, handler, _head = unit_of(number)
        with on(2026, 3, 23):
            accept(number, liaison, handler)
    with on(2026, 3, 26):
        source = item(NUMBERS[0]).source
        wish = {"day": 25, "shift": Shift.BEFORE, "starts_on": date(2026, 4, 1), "actor": actor("陈静")}
        commit(lambda: operations.set_rhythm(source, RhythmKind.MONTHLY, **wish))
    for number in AT_ONCE:
        liaison, _handler, head = unit_of(number)
        with on(2026, 3, 30):
            close(number, liaison, head)


def figures(page: str) -> list[str]:
    """The figures at the top of the office's page."""
    parts = page.split('class="v">')[1:4]
    return ["".join(filter(str.isdigit, part.split("</span>")[0].split("<small>")[0])) for part in parts]


def test_on_friday_24_april_27_are_owed_25_given_and_the_two_missing_are_named(app: Flask) -> None:
    the_month_begins()
    with on(2026, 4, 21):
        open_due_rounds(clock.now())
    for number in NUMBERS[6:]:
        if number not in LATE:
            liaison, _handler, _head = unit_of(number)
            words = "正在积极推进" if number == VAGUE else f"{number} 已完成阶段任务"
            with on(2026, 4, 22):
                commit(lambda n=number, w=words, who=liaison: progress.write_entry(held(n), w, actor=actor(who)))
    with on(2026, 4, 24):
        open_due_rounds(clock.now())
        round_ = db.session.scalars(select(ReportingRound)).one()
        assert round_.due_on == date(2026, 4, 24), "the 25th is a Saturday"
        office = browser(app, "陈静")
        address = f"/rounds/{round_.id}"
        page = office.get(f"{address}?show=unreported").text
        assert figures(page) == ["27", "25", "2"]
        listed = page.split('id="reports"')[1]
        assert [number for number in NUMBERS if number in listed] == LATE
        assert "孙浩" in page
        assert "李磊" in page
        assert office.post(f"{address}/nudge").status_code == 303
        deliver(clock.now())
        told = select(Message).where(Message.slot.startswith("nudge:"), Message.channel == Channel.INBOX)
        assert {each.person.name for each in db.session.scalars(told)} == {
            "李磊",
            "郑凯",
            "王敏",
            "孙浩",
            "何军",
            "刘洋",
        }
        call = {"whom": "孙浩", "answer": "下班前报"}
        assert office.post(f"/rounds/calls/{LATE[1]}", data=call).status_code == 303
        waiting = office.get(f"{address}?show=waiting").text
        entry_id = waiting.split("正在积极推进")[0].rsplit('name="chosen" value="', 1)[1].split('"')[0]
        reason = {"reason": "请写明做了哪些事"}
        assert office.post(f"{address}/return/{entry_id}", data=reason).status_code == 303
        assert figures(office.get(address).text) == ["27", "24", "3"]
        rows = openpyxl.load_workbook(io.BytesIO(office.get(f"{address}/export.xlsx").data))["未报事项"]
        assert {row[2] for row in rows.iter_rows(min_row=3, values_only=True)} == {*LATE, VAGUE}


def test_a_liaison_reports_all_on_one_page_and_presses_no_change_with_a_reason(app: Flask) -> None:
    the_month_begins()
    mine = [number for number in NUMBERS[6:] if unit_of(number)[0] == "李磊"]
    with on(2026, 4, 10):
        first = mine[0]
        commit(lambda: progress.write_entry(held(first), "三月完成动员", actor=actor("李磊")))
    with on(2026, 5, 20):
        open_due_rounds(clock.now())
        liaison = browser(app, "李磊")
        page = liaison.get("/rounds/report").text
        may = page.split("2026年5月25日截止")[1]
        assert all(number in may for number in mine)
        others = [number for number in NUMBERS if unit_of(number)[0] != "李磊"]
        assert not any(number in page for number in others)
        beside = may.split(f"<strong>{first}</strong>")[1].split("</section>")[0]
        assert "三月完成动员</p>" in beside
        assert "></textarea>" in beside.replace("\r\n", "").replace(">\n<", "><")
        report_id = beside.split('name="unchanged" value="')[1].split('"')[0]
        sent = {"lines-0-report": report_id, "lines-0-version": "1", "lines-0-text": "", "unchanged": report_id}
        assert liaison.post("/rounds/report", data=sent).status_code == 422
        sent["lines-0-text"] = "等上级批复，本月无新进展"
        assert liaison.post("/rounds/report", data=sent).status_code == 303
        db.session.expire_all()
        entry = work.find_last_entry(db.session(), item(first).id, item(first).lead_unit_id)
        assert entry is not None
        assert (entry.text, entry.is_unchanged) == ("无变化：等上级批复，本月无新进展", True)
        assert first not in liaison.get("/rounds/report").text.split("2026年5月25日截止")[1].split('id="given"')[0]
