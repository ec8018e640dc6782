"""The pages of reminder rules, their sets, and of which set speaks of a source."""

import re
from datetime import date
from typing import Any

import pytest
from factories import a_unit, an_account, sign_in
from flask import Flask
from flask.testing import FlaskClient

from tests.reminders.offices import Office, a_working, an_office, on
from tracker.access.rules import Role
from tracker.core.db import db, writing
from tracker.org.models import Person
from tracker.reminders import operations, queries
from tracker.reminders.rules import PLAIN, PRESETS, Recipient

WELL = {
    "trigger": "before_due",
    "days": "15",
    "counts": "natural",
    "recipients": ["owner"],
    "light": "yellow",
    "channels": ["mail"],
}


@pytest.fixture
def administrator(empty_app: Flask, client: FlaskClient) -> Person:
    with empty_app.app_context():
        with writing():
            person = an_account("管理员", Role.ADMINISTRATOR, a_unit("市直机关工委"))
            operations.ensure_default_rules()
        sign_in(client, person)
    return person


def stored(app: Flask, key: str) -> tuple[bool, int, int]:
    with app.app_context():
        rule = queries.get_rule(db.session(), key)
        return rule.is_active, rule.days, rule.version


def save(client: FlaskClient, key: str, **typed: Any) -> Any:
    return client.post(f"/reminder-rules/{key}", data=WELL | {"version": "1"} | typed)


@pytest.mark.usefixtures("administrator")
def test_the_rules_are_told_in_words(client: FlaskClient) -> None:
    page = client.get("/reminder-rules").text
    for words in (
        "到期前 20 天",
        "到期当日",
        "逾期第 1 天起，每 7 天",
        "下发 3 天未签收",
        "销号申请待审核满 5 天",
        "每 90 天没有进展",
        "责任人、经办人、联络员、单位负责人",
        "当前审核人",
        "拟督办单",
    ):
        assert words in page


@pytest.mark.usefixtures("administrator")
@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("three-colours", ("江津三色", "绿灯", "责任人、分管领导", "红灯")),
        ("three-days", ("西安三日", "到期前 3 天")),
        ("five-slips", ("临颍五书", "通知书", "指导书", "提醒书", "告诫书", "问责书", "上级单位负责人")),
    ],
)
def test_each_shipped_set_is_shown_and_cannot_be_changed_in_place(
    client: FlaskClient, key: str, words: tuple[str, ...]
) -> None:
    page = client.get(f"/reminder-rules?set={key}").text
    assert all(word in page for word in words)
    assert "系统自带，不能直接修改" in page
    assert "/reminder-rules/new" not in page
    assert client.post(f"/reminder-rules/new?set={key}", data=WELL).status_code == 409


@pytest.mark.usefixtures("administrator")
def test_a_rule_is_switched_off_and_its_days_changed(empty_app: Flask, client: FlaskClient) -> None:
    page = client.get("/reminder-rules/before-20").text
    assert 'value="20"' in page
    assert save(client, "before-20", counts="working").status_code == 303
    assert stored(empty_app, "before-20")[:2] == (False, 15)
    assert "到期前 15 个工作日" in client.get("/reminder-rules").text
    assert "到期前 15 个工作日" in client.get("/reminder-rules").text


@pytest.mark.usefixtures("administrator")
def test_everything_a_rule_says_is_saved_and_shown_again(empty_app: Flask, client: FlaskClient) -> None:
    typed = {
        "trigger": "overdue_every",
        "days": "5",
        "recipients": ["unit_head", "supporting"],
        "upper_head_from": "2",
        "leader_from": "4",
        "people": "管理员",
        "light": "red",
        "label": "红牌",
        "slip": "告诫书",
        "counts": "working",
        "channels": ["sms"],
        "drafts_notice": "y",
        "is_active": "y",
    }
    assert client.post("/reminder-rules/new?set=plain", data=WELL | typed).status_code == 303
    with empty_app.app_context():
        rule = queries.list_rules(db.session())[-1]
        assert rule.tells == {
            Recipient.UNIT_HEAD: 0,
            Recipient.SUPPORTING: 0,
            Recipient.UPPER_HEAD: 1,
            Recipient.LEADER: 3,
            Recipient.PERSON: 0,
        }
        key = rule.key
    page = client.get("/reminder-rules").text
    assert "单位负责人、配合单位、上级单位负责人（第 2 次起）、责任领导（第 4 次起）、管理员" in page
    assert "红牌" in page
    form = client.get(f"/reminder-rules/{key}").text
    assert 'value="告诫书"' in form
    for name, value in (("counts", "working"), ("channels", "sms")):
        assert re.search(f'checked[^>]*name="{name}"[^>]*value="{value}"', form)
    assert 'value="管理员"' in form
    assert save(client, key, **typed).status_code == 303
    assert stored(empty_app, key) == (True, 5, 1), "nothing was changed"


@pytest.mark.usefixtures("administrator")
@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"days": "-3"}, "days", "0 到 365"),
        ({"days": "0"}, "days", "1 到 365"),
        ({"days": "400"}, "days", "0 到 365"),
        ({"days": "x"}, "days", ""),
        ({"trigger": "on_due", "days": "1"}, "days", "0 到 0"),
        ({"days": "10"}, "days", "已有同一天提醒的规则"),
        ({"recipients": []}, "recipients", "至少选择一个"),
        ({"recipients": ["decider"]}, "recipients", "只用于"),
        ({"people": "没有此人"}, "people", "没有叫“没有此人”的人"),
        ({"people": "老张"}, "people", "没有可用的账号"),
        ({"recipients": ["person"]}, "people", "请填写姓名"),
        ({"leader_from": "2"}, "leader_from", "反复提醒"),
        ({"leader_from": "0"}, "leader_from", "1 到 50"),
        ({"trigger": "overdue_every", "days": "3", "recipients": [], "leader_from": "2"}, "recipients", "第一次"),
        ({"label": "长" * 21}, "label", "最多 20 个字"),
        ({"days": "241", "counts": "working"}, "days", "1 到 240"),
        ({"counts": "lunar"}, "counts", ""),
        ({"channels": ["group"]}, "channels", ""),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field(
    empty_app: Flask, client: FlaskClient, typed: dict[str, Any], field: str, words: str
) -> None:
    with empty_app.app_context(), writing():
        db.session.add(Person(name="老张", pinyin="lao zhang"))
    before = stored(empty_app, "before-20")
    for act in ({}, {"foresee": "1"}):
        answer = save(client, "before-20", **typed, **act)
        assert (answer.status_code in {409, 422}, f'id="{field}-error"' in answer.text) == (True, True)
        assert words in answer.text
    assert stored(empty_app, "before-20") == before


@pytest.mark.usefixtures("administrator")
def test_a_save_over_somebody_else_s_is_a_conflict_that_keeps_what_was_typed(client: FlaskClient) -> None:
    assert save(client, "before-20", days="15").status_code == 303
    assert save(client, "before-20", days="15").status_code == 303, "a second click is no second person"
    answer = save(client, "before-20", days="18", trigger="overdue_by", recipients=["leader"])
    assert answer.status_code == 409
    page = answer.text.partition("<main")[2]
    assert re.findall("before_due|natural|owner:|is_active|True", page) == []
    assert "逾期第 N 天，提醒一次" in page
    assert "责任领导" in page
    assert "自然日" not in page, "what is the same on both sides need not be compared"
    assert "18" in answer.text


@pytest.mark.usefixtures("administrator")
def test_the_same_number_of_working_days_is_another_day(empty_app: Flask, client: FlaskClient) -> None:
    answers = [client.post("/reminder-rules/new", data=WELL | {"counts": each}) for each in ("natural", "working")]
    assert [answer.status_code for answer in answers] == [303, 303]
    with empty_app.app_context():
        assert len(queries.list_rules(db.session())) == len(PLAIN.rules) + 2


@pytest.mark.usefixtures("administrator")
def test_a_double_click_on_a_new_rule_makes_one(empty_app: Flask, client: FlaskClient) -> None:
    assert [client.post("/reminder-rules/new", data=WELL).status_code for _ in range(2)] == [303, 409]
    with empty_app.app_context():
        assert len(queries.list_rules(db.session())) == len(PLAIN.rules) + 1


@pytest.mark.usefixtures("administrator")
def test_a_copied_set_can_be_changed_and_its_name_is_taken_once(empty_app: Flask, client: FlaskClient) -> None:
    answer = client.post("/reminder-rules/sets/five-slips/copy", data={"name": "本市五书"})
    assert answer.status_code == 303
    page = client.get(answer.location).text
    assert "通知书" in page
    assert "新增规则" in page
    assert client.post("/reminder-rules/sets/plain/copy", data={"name": "本市五书"}).status_code == 409
    with empty_app.app_context():
        copied = queries.list_rules(db.session(), answer.location.partition("set=")[2])
        assert [rule.speech for rule in copied] == [default.speech for default in PRESETS[3].rules]
        key = copied[0].key
    assert save(client, key, days="25").status_code == 303
    assert stored(empty_app, key)[1] == 25


@pytest.mark.usefixtures("administrator")
@pytest.mark.parametrize("address", ["/never", "?set=never", "/new?set=never", "/sets/never/copy"])
def test_an_unknown_rule_or_set_is_not_found(client: FlaskClient, address: str) -> None:
    assert client.get(f"/reminder-rules{address}").status_code == 404


def test_the_rules_are_the_administrator_s_alone(empty_app: Flask, client: FlaskClient) -> None:
    with empty_app.app_context():
        with writing():
            person = an_account("陈静", Role.OFFICE, a_unit("市直机关工委"))
        sign_in(client, person)
    assert client.get("/reminder-rules").status_code == 403
    assert client.get("/reminder-rules/new").status_code == 403


def test_before_it_is_switched_on_a_rule_shows_whom_it_would_tell_today_and_nothing_is_written(
    empty_app: Flask, client: FlaskClient
) -> None:
    with empty_app.app_context():
        office = an_office()
        numbers = [a_working(office, date(2026, 6, 30)).number for _ in range(2)]
        with writing():
            person = an_account("管理员", Role.ADMINISTRATOR, a_unit("市直机关工委"))
        sign_in(client, person)
    with on(date(2026, 6, 15)):
        told = save(client, "before-20", days="15", recipients=["liaison", "unit_head"], foresee="1").text
        nobody = save(client, "before-20", days="14", recipients=["liaison"], foresee="1").text
    assert "今天会提醒 2 人，共 4 条" in told
    assert all(f"{name}：{number}" in told for name in ("李磊", "王敏") for number in numbers)
    assert "今天不会提醒任何人" in nobody
    assert stored(empty_app, "before-20") == (True, 20, 1)
    with on(date(2026, 6, 10)):
        assert save(client, "before-20", days="20", recipients=["liaison"]).status_code == 303
        assert "今天会提醒 1 人，共 2 条" in client.get("/reminder-rules/before-20").text
        assert "如果今天启用" not in client.get("/reminder-rules/before-10").text


def chosen(app: Flask, office: Office) -> str | None:
    with app.app_context():
        choice = queries.find_choice(db.session(), office.source.id)
        return choice.rule_set.key if choice else None


def test_the_office_chooses_a_set_for_a_source_and_a_second_person_meets_a_conflict(
    empty_app: Flask, client: FlaskClient
) -> None:
    with empty_app.app_context():
        office = an_office()
        sign_in(client, office.office)
    address = f"/reminder-rules/choose?source={office.source.id}"
    assert address.partition("?")[0] in client.get(f"/sources/{office.source.id}").text
    assert "江津三色" in client.get(address).text
    assert client.post(address, data={"rule_set": "three-days", "version": "0"}).status_code == 303
    assert chosen(empty_app, office) == "three-days"
    assert client.post(address, data={"rule_set": "five-slips", "version": "0"}).status_code == 409
    assert client.post(address, data={"rule_set": "never", "version": "1"}).status_code == 422
    assert client.post(address, data={"rule_set": "five-slips", "version": "1"}).status_code == 303
    assert chosen(empty_app, office) == "five-slips"
    for nobody in ("999", "9" * 30, "x", ""):
        assert client.get(f"/reminder-rules/choose?source={nobody}").status_code == 404
