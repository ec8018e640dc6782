"""The auditor reads the trail in words, takes it away, and checks it."""

import ast
import csv
import io
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import time_machine
from factories import a_source, a_unit, an_account, an_issued_item, sign_in
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy import text

from tracker.access.rules import SYSTEM, Actor, Role
from tracker.audit.acts import ACTS
from tracker.audit.models import AuditEntry
from tracker.audit.operations import record
from tracker.audit.rules import safe_cell
from tracker.audit.wording import LABELS, sentences
from tracker.core.db import db, writing
from tracker.items.operations import place
from tracker.items.rules import Event
from tracker.org.models import Person
from tracker.reminders import operations as reminders
from tracker.reminders.queries import get_set
from tracker.reminders.rules import DEFAULT_SET, Counts, Recipient, Speech, Trigger
from tracker.rounds import operations as rounds
from tracker.rounds.rules import RhythmKind, Shift
from tracker.sources.operations import add_section

ROOT = Path(__file__).parents[2]


@pytest.fixture
def browser(client: FlaskClient) -> FlaskClient:
    """A browser in which the auditor is signed in."""
    with client.application.app_context(), writing():
        auditor = an_account("周正", Role.AUDITOR, a_unit("市直机关工委"))
    sign_in(client, auditor)
    return client


def note(app: Flask, actor: str, action: str, subject: str, at: datetime | None = None, **details: object) -> None:
    with app.app_context(), time_machine.travel(at or datetime.now(UTC)), writing():
        record(Actor(None, actor), action, subject, **details)


def rows(page: str) -> list[list[str]]:
    """The cells of the table's body as plain text."""
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    cells = [re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL) for row in body.split("<tr>")[1:]]
    return [[re.sub(r"<[^>]+>|\s+", "", cell) for cell in row] for row in cells]


def test_acts_are_told_in_words_with_what_was_and_what_is(browser: FlaskClient) -> None:
    note(browser.application, "李强", "change_setting", "rules.at_once_days", before=15, after=20)
    newest = rows(browser.get("/trail").text)[0]
    assert newest[2:6] == ["李强", "修改设置", "立行立改的期限（天）", "15→20"]


def test_codes_are_told_by_their_words(browser: FlaskClient) -> None:
    with browser.application.app_context(), writing():
        an_issued_item(lead_unit=a_unit("组织部"))
    note(browser.application, "李强", "grant.add", "王敏", role="unit_head")
    page = browser.get("/trail").text
    assert "状态：待下发 → 已下发" in page
    assert "角色：单位负责人" in page


def test_the_count_over_the_list_is_the_number_of_entries(browser: FlaskClient) -> None:
    for subject in ("甲", "乙", "丙"):
        note(browser.application, "李强", "grant.add", subject)
    with browser.application.app_context():
        total = db.session.query(AuditEntry).count()
    assert f"共 <b>{total}</b> 条" in browser.get("/trail").text
    assert "共 <b>3</b> 条" in browser.get("/trail?act=grant.add").text


def test_the_page_without_a_query_tells_no_error(browser: FlaskClient) -> None:
    assert "has-error" not in browser.get("/trail").text


def test_ids_are_told_by_the_names_they_stand_for(browser: FlaskClient) -> None:
    app = browser.application
    with app.app_context(), writing():
        unit, owner = a_unit("组织部"), an_account("王敏", None, a_unit("宣传部"))
        an_issued_item(lead_unit=unit, owner_id=owner.id)
    page = browser.get("/trail?act=item.assign").text
    assert "牵头单位：空 → 组织部" in page
    assert "责任人：空 → 王敏" in page


def test_an_import_is_told_with_how_many_rows_changed(browser: FlaskClient) -> None:
    note(browser.application, "陈静", "ledger.carry_out", "巡察2026-1", new=2, changed=3, files=1)
    cells = rows(browser.get("/trail").text)[0]
    assert cells[3:5] == ["导入台账", "巡察2026-1"]
    assert "修改：3" in cells[5]
    assert browser.get("/trail/export.csv").status_code == 200


def test_several_things_changed_at_once_are_told_one_by_one(browser: FlaskClient) -> None:
    before, after = {"is_active": True, "days": 3}, {"is_active": True, "days": 5}
    note(browser.application, "李强", "reminder_rule.change", "before-3", before=before, after=after)
    assert rows(browser.get("/trail").text)[0][5] == "天数：3→5"


def test_a_rule_is_told_without_codes(browser: FlaskClient) -> None:
    app = browser.application
    with app.app_context(), writing():
        person = an_account("王敏", None, a_unit())
        recipients = {Recipient.LIAISON: 0, Recipient.LEADER: 2, Recipient.PERSON: 0}
        speech = Speech(Trigger.OVERDUE_EVERY, 4, recipients, Counts.WORKING, person_ids=frozenset({person.id}))
        reminders.ensure_default_rules()
        reminders.add_rule(get_set(db.session(), DEFAULT_SET), is_active=True, speech=speech, actor=SYSTEM)
    told = rows(browser.get("/trail?act=reminder_rule.add").text)[0][5]
    for words in (
        "何时提醒：空→逾期第1天起，每N天",
        "天数：空→4",
        "按什么日计算：空→工作日",
        "联络员、责任领导（第3次起）",
        "指定人员：空→王敏",
    ):
        assert words in told
    assert re.findall("[a-z_]{4,}", told) == []


def test_the_first_rhythm_of_a_source_is_told_without_codes(browser: FlaskClient) -> None:
    with browser.application.app_context(), writing():
        rounds.set_rhythm(
            a_source(), RhythmKind.MONTHLY, day=25, shift=Shift.BEFORE, starts_on=date(2026, 4, 1), actor=SYSTEM
        )
    told = rows(browser.get("/trail?act=rhythm.set").text)[0][5]
    assert "每期的日子：空→25" in told
    assert re.findall("[a-z_]{4,}", told) == []


def test_an_item_moved_to_another_heading_is_told_by_the_headings(browser: FlaskClient) -> None:
    app = browser.application
    with app.app_context(), writing():
        item = an_issued_item(lead_unit=a_unit("组织部"))
        section = add_section(item.source, "党的领导弱化", actor=SYSTEM)
        # A person whose id is that of the heading is not meant.
        if db.session.get(Person, section.id) is None:
            db.session.add(Person(id=section.id, name="同号人", unit_id=item.lead_unit_id))
        place(item, section, actor=SYSTEM)
    assert "方面、类别：空 → 党的领导弱化" in browser.get("/trail?act=item.assign").text


def test_everything_that_an_act_carries_has_its_words() -> None:
    """Whatever is given to ``record`` or ``move_on`` by name anywhere in the house; an auditor reads no code."""
    told: dict[str, str] = {}
    for path in sorted((ROOT / "tracker").rglob("*.py")):
        for call in (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call)):
            name = getattr(call.func, "id", getattr(call.func, "attr", ""))
            if name in {"record", "move_on"} and path.name != "serve.py":
                told |= {keyword.arg: f"{path}:{call.lineno}" for keyword in call.keywords if keyword.arg}
    words = {*LABELS, *(key.partition(".")[2] for key in LABELS), "actor", "before", "after"}
    assert {key: where for key, where in told.items() if key not in words} == {}


@pytest.mark.parametrize(
    ("query", "subjects"),
    [
        ("person=李", ["甲", "乙"]),
        ("act=grant.add", ["乙"]),
        ("subject=丙", ["丙"]),
        ("since=2026-03-17&until=20260317", ["乙"]),
        ("since=20260318", ["丙"]),
        ("until=20260316&person=李强", ["甲"]),
        ("person=%25&subject=_", []),
    ],
)
def test_the_trail_is_narrowed_by_who_what_about_what_and_when(
    client: FlaskClient, query: str, subjects: list[str]
) -> None:
    app = client.application
    with time_machine.travel(datetime(2026, 3, 1, tzinfo=UTC)), app.app_context(), writing():
        auditor = an_account("周正", Role.AUDITOR, a_unit("市直机关工委"))
    # 16 March 23:30, 17 March 00:00 and 18 March 00:00 on the office's clocks.
    note(app, "李强", "unit.add", "甲", datetime(2026, 3, 16, 15, 30, tzinfo=UTC))
    note(app, "李梅", "grant.add", "乙", datetime(2026, 3, 16, 16, 0, tzinfo=UTC))
    note(app, "王敏", "unit.add", "丙", datetime(2026, 3, 17, 16, 0, tzinfo=UTC))
    sign_in(client, auditor)
    found = [row[4] for row in rows(client.get(f"/trail?{query}").text)]
    assert sorted(each for each in found if each in "甲乙丙") == sorted(subjects)


def test_a_date_that_cannot_be_read_is_told_and_breaks_nothing(browser: FlaskClient) -> None:
    answer = browser.get("/trail?since=昨天&act=nonsense&page=99")
    assert answer.status_code == 200
    assert "认不出这个日期" in answer.text


def test_an_export_carries_the_same_rows_is_noted_and_holds_no_formula(browser: FlaskClient) -> None:
    app = browser.application
    for subject in ("=1+1", "+86", "-1", "@cmd"):
        note(app, "=HYPERLINK()", "unit.add", subject)
    answer = browser.get("/trail/export.csv?act=unit.add&person=HYPERLINK")
    assert answer.mimetype == "text/csv"
    assert "filename*=UTF-8''" in answer.headers["Content-Disposition"]
    assert answer.text.startswith("\ufeff序号")
    lines = list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [line[4] for line in lines[1:]] == ["'@cmd", "'-1", "'+86", "'=1+1"]
    assert {line[2] for line in lines[1:]} == {"'=HYPERLINK()"}
    with app.app_context():
        last = db.session.query(AuditEntry).order_by(AuditEntry.id.desc()).first()
        assert last is not None
        assert (last.action, last.actor_name) == ("trail.export", "周正")
        assert "unit.add" in last.details


@pytest.mark.parametrize("cell", ["=a", "+a", "-a", "@a", "\ta", "\ra"])
def test_a_cell_never_begins_like_a_formula(cell: str) -> None:
    assert safe_cell(cell) == f"'{cell}"
    assert safe_cell(f" {cell}") == f" {cell}"
    assert safe_cell("") == ""


def test_the_page_says_whether_the_chain_holds(browser: FlaskClient) -> None:
    app = browser.application
    note(app, "李强", "unit.add", "甲")
    page = browser.get("/trail/verification").text
    assert "核验通过" in page
    with app.app_context(), db.engine.connect().execution_options(writes=True, postgresql_readonly=False) as connection:
        connection.execute(text("UPDATE audit_head SET count = count + 1"))
        connection.commit()
    page = browser.get("/trail/verification").text
    assert "末尾被截断" in page
    assert "核验通过" not in page


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.AUDITOR])
def test_nobody_but_the_auditor_reads_the_trail(client: FlaskClient, role: Role) -> None:
    with client.application.app_context(), writing():
        person = an_account("王敏", role, a_unit("市直机关工委"))
    sign_in(client, person)
    for address in ("/trail", "/trail/export.csv", "/trail/verification"):
        assert client.get(address).status_code == 403


def test_a_refused_page_stands_in_the_trail_with_where_it_was_asked_from(client: FlaskClient) -> None:
    app = client.application
    with app.app_context(), writing():
        person = an_account("王敏", Role.LIAISON, a_unit())
    sign_in(client, person)
    client.get("/trail", environ_base={"REMOTE_ADDR": "10.1.2.3"})
    with app.app_context():
        last = db.session.query(AuditEntry).order_by(AuditEntry.id.desc()).first()
        assert last is not None
        assert (last.action, last.subject, last.origin, last.actor_name) == ("refused", "/trail", "10.1.2.3", "王敏")


def test_every_act_that_is_recorded_anywhere_has_words() -> None:
    code = "\n".join(path.read_text() for path in (ROOT / "tracker").rglob("*.py"))
    recorded = set(re.findall(r'record\(\s*[\w.()]+,\s*"([^"]+)"', code.replace('record(actor, "issue"', "")))
    recorded |= {f"item.{event}" for event in Event}
    assert recorded - set(ACTS) == set()


def test_a_sentence_tells_only_what_is_there(app: Flask) -> None:
    nobody = lambda _key, _id: None  # noqa: E731
    with app.test_request_context():
        assert sentences("x", '{"reason":"","on":null}', nobody) == []
        assert sentences("x", '{"changed":{"owner_id":[null,3]}}', nobody) == ["责任人：空 → #3"]
        assert sentences("x", '{"is_granted":true}', nobody) == ["is_granted：是"]
        assert sentences("x", '{"changed":{"supports":[[],[1,2]]}}', nobody) == ["配合单位：空 → #1、#2"]
        assert sentences("x", '{"deadline":{"due_on":"2026-06-30","n":1}}', nobody) == [
            "deadline：整改时限 2026-06-30，n 1"
        ]
        assert sentences("person.add", '{"title":"部长"}', nobody) == ["职务：部长"]
        assert sentences("source.edit", '{"title":"反馈"}', nobody) == ["标题：反馈"]


def test_the_system_acts_under_its_own_name(app: Flask) -> None:
    with writing():
        record(SYSTEM, "unit.add", "甲")
    assert db.session.query(AuditEntry).one().actor_name == "系统"


def test_the_trail_is_narrowed_by_the_way_an_act_came(browser: FlaskClient) -> None:
    note(browser.application, "定时任务", "backup.make", "tracker.tar")
    browser.get("/settings")
    assert {row[3] for row in rows(browser.get("/trail?channel=page").text)} == {"越权被拒"}
    assert "越权被拒" not in {row[3] for row in rows(browser.get("/trail?channel=command").text)}
    assert {row[6] for row in rows(browser.get("/trail?origin=127.0.0").text)} == {"127.0.0.1"}
    assert rows(browser.get("/trail?origin=10.9").text) == []


def test_a_workbook_carries_the_same_rows_and_is_noted_with_how_many(browser: FlaskClient) -> None:
    for number in range(3):
        note(browser.application, "李强", "change_setting", "rules.at_once_days", before=number, after="=1+1")
    answer = browser.get("/trail/export.xlsx?person=李强")
    book = load_workbook(io.BytesIO(answer.data))
    told = list(book["操作日志"].values)
    assert [row[2] for row in told] == ["人员", "李强", "李强", "李强"]
    assert "导出人：周正" in str(book["导出信息"]["A1"].value)
    newest = rows(browser.get("/trail").text)[0]
    assert newest[3] == "导出操作日志"
    assert "3" in newest[5]


def test_signing_in_and_out_wrong_tries_and_downloads_stand_in_the_trail(client: FlaskClient) -> None:
    app = client.application
    with app.app_context(), writing():
        office = an_account("何平", Role.OFFICE, a_unit("市直机关工委"))
        login = office.account.login if office.account else ""
        an_issued_item(lead_unit=a_unit("组织部"))
    client.post("/sign-in", data={"login": login, "password": "不对的口令"})
    sign_in(client, office)
    client.get("/items/export.xlsx?list=problems")
    client.get("/settings")
    client.post("/sign-out")
    with app.app_context():
        acts = {entry.action for entry in db.session.query(AuditEntry)}
    assert {"sign_in.wrong", "list.export", "refused", "sign_out"} <= acts
