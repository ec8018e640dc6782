"""The pages of sources: what each reader sees, and what the office may change."""

from collections.abc import Callable

import pytest
import time_machine
from factories import a_source, a_unit, an_account, by_date, sign_in
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from tests.intake.pages import a_draft, fields_of
from tracker.access.rules import SYSTEM, Role
from tracker.audit.models import AuditEntry
from tracker.audit.naming import words_for
from tracker.audit.wording import sentences
from tracker.core.db import db, writing
from tracker.items.models import Item
from tracker.items.operations import Assignment, assign
from tracker.org.models import Person
from tracker.sources.models import Section, Source

Browser = Callable[[str], FlaskClient]
TOLD = {"title": "2026年工作要点", "at_once_days": "15", "check_months": "3"}


@pytest.fixture
def browser(empty_app: Flask) -> Browser:
    """A browser signed in as 陈静 (office), 李强 (leader of all), 赵倩 (viewer of one unit) or 周涛 (liaison)."""
    with time_machine.travel("2026-03-17T02:00:00+00:00"), empty_app.app_context(), writing():
        root, unit = a_unit("市直机关工委"), a_unit("组织部")
        people = (
            an_account("陈静", Role.OFFICE, root),
            an_account("李强", Role.LEADER, root),
            an_account("赵倩", Role.VIEWER, unit),
            an_account("周涛", Role.LIAISON, unit),
        )
        ids = {person.name: person.id for person in people}

    def signed_in(name: str) -> FlaskClient:
        client = empty_app.test_client()
        with empty_app.app_context():
            sign_in(client, db.session.get_one(Person, ids[name]))
        return client

    return signed_in


@pytest.fixture
def taken_in(empty_app: Flask, browser: Browser) -> str:
    """The address of a source of 27 items, the first of them given to 组织部."""
    office = browser("陈静")
    address, fields = a_draft(office)
    answer = office.post(f"{address}/confirm", data=fields)
    with empty_app.app_context(), writing():
        item = db.session.scalars(select(Item).where(Item.number == "巡察2026-1-001")).one()
        unit_id = db.session.scalars(select(Person.unit_id).where(Person.name == "赵倩")).one()
        assign(item, Assignment(lead_unit_id=unit_id, deadline=by_date(item.source.received_on)), actor=SYSTEM)
    return answer.headers["Location"]


def test_the_list_shows_each_source_with_its_counts_and_rate(browser: Browser, taken_in: str) -> None:
    page = browser("李强").get("/sources").text
    assert f'href="{taken_in}"' in page
    assert "市委第二巡察组反馈意见" in page
    assert f'list=rectification&amp;source={taken_in.rpartition("/")[2]}">27</a>' in page
    assert '<td class="num" data-words="销号率">0%</td>' in page


def test_the_list_asks_the_database_the_same_few_times_however_many_sources(empty_app: Flask, browser: Browser) -> None:
    office, asked = browser("陈静"), []
    with empty_app.app_context(), writing():
        for serial in range(30):
            a_source(f"第{serial}轮")
        event.listen(db.engine, "before_cursor_execute", lambda *arguments: asked.append(arguments[2]))
    asked.clear()
    assert office.get("/sources").status_code == 200
    assert len([statement for statement in asked if statement.startswith("SELECT")]) <= 8


def test_the_page_shows_declared_against_present_the_outline_and_the_text(browser: Browser, taken_in: str) -> None:
    page = browser("李强").get(taken_in).text
    for words in ("3", "9", "27", "原文 （一）1", "理论学习不够深入", "共3个方面9大类27个问题", "巡察2026-1-027"):
        assert words in page
    assert "修改大纲" not in page


def test_whose_grant_ends_at_a_unit_sees_its_items_and_their_paragraphs_only(browser: Browser, taken_in: str) -> None:
    viewer = browser("赵倩")
    page = viewer.get(taken_in).text
    assert "第一议题制度坚持不够经常" in page
    assert "中心组专题研讨" not in page
    assert "巡察2026-1-002" not in page
    assert viewer.get(f"{taken_in}/file").status_code == 403
    assert ">1</a></td>" in viewer.get("/sources").text


def test_a_liaison_reads_no_source(browser: Browser, taken_in: str) -> None:
    liaison = browser("周涛")
    assert [liaison.get(address).status_code for address in ("/sources", taken_in, f"{taken_in}/file")] == [403] * 3


def test_the_original_file_comes_back_as_it_came_and_the_trail_knows(
    empty_app: Flask, browser: Browser, taken_in: str
) -> None:
    answer = browser("李强").get(f"{taken_in}/file")
    assert answer.status_code == 200
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.data[:2] == b"PK"
    with empty_app.app_context():
        last = db.session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc())).first()
    assert last is not None
    assert (last.action, last.actor_name) == ("source.download", "李强")


@pytest.mark.parametrize("name", ["李强", "赵倩", "周涛"])
def test_nobody_but_the_office_changes_a_source(browser: Browser, taken_in: str, name: str) -> None:
    reader = browser(name)
    outline = f"/intake{taken_in}/outline"
    for address in ("/sources/new", f"{taken_in}/edit", outline):
        assert reader.get(address).status_code == 403
        assert reader.post(address, data=TOLD).status_code == 403


def test_a_plain_work_plan_is_drawn_up_by_hand(empty_app: Flask, browser: Browser) -> None:
    office = browser("陈静")
    answer = office.post("/sources/new", data={**TOLD, "kind": "work_plan", "received_on": "2026-01-05"})
    assert answer.status_code == 303
    with empty_app.app_context():
        source = db.session.scalars(select(Source)).one()
        assert (source.number, [step.kind for step in source.steps]) == (
            "要点2026-1",
            ["unit_head", "office", "leader"],
        )
    assert office.get(answer.headers["Location"]).status_code == 200


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ({"title": ""}, 422),
        ({"received_on": "20991231"}, 422),
        ({"at_once_days": "0"}, 422),
        ({"at_once_days": "十五"}, 422),
        ({"title": "已有的"}, 409),
    ],
)
def test_a_source_told_wrongly_is_refused_and_keeps_what_was_typed(
    empty_app: Flask, browser: Browser, typed: dict[str, str], status: int
) -> None:
    office = browser("陈静")
    given = {**TOLD, "kind": "work_plan", "received_on": "2026-01-05", "issuing_body": "工委会议"}
    office.post("/sources/new", data={**given, "title": "已有的"})
    answer = office.post("/sources/new", data={**given, **typed})
    assert answer.status_code == status
    assert "has-error" in answer.text
    assert fields_of(answer.text, "form")["issuing_body"] == ["工委会议"]


def test_a_source_is_edited_and_a_second_editor_sees_both_texts(
    empty_app: Flask, browser: Browser, taken_in: str
) -> None:
    office = browser("陈静")
    fields = fields_of(office.get(f"{taken_in}/edit").text, "form")
    changed = {**fields, "document_number": "市直工委〔2026〕5号"}
    assert office.post(f"{taken_in}/edit", data=changed).status_code == 303
    assert "市直工委〔2026〕5号" in office.get(taken_in).text
    stale = office.post(f"{taken_in}/edit", data={**fields, "document_number": "市直工委〔2026〕6号"})
    assert stale.status_code == 409
    for words in ("文号", "市直工委〔2026〕6号", "市直工委〔2026〕5号"):
        assert words in stale.text


def test_whether_what_is_sustained_counts_in_denominators_is_settled_for_each_source(
    empty_app: Flask, browser: Browser, taken_in: str
) -> None:
    office = browser("陈静")
    assert "持续整改的事项计入" in office.get(taken_in).text
    fields = fields_of(office.get(f"{taken_in}/edit").text, "form")
    assert "leaves_out_sustained" not in fields
    assert office.post(f"{taken_in}/edit", data={**fields, "leaves_out_sustained": "y"}).status_code == 303
    assert "持续整改的事项不计入" in office.get(taken_in).text


def test_whether_figures_count_wholes_or_parts_is_settled_for_each_source_and_told_in_the_trail(
    empty_app: Flask, browser: Browser, taken_in: str
) -> None:
    office = browser("陈静")
    assert "按总项" in office.get(taken_in).text
    fields = fields_of(office.get(f"{taken_in}/edit").text, "form")
    assert fields["counting"] == ["wholes"]
    assert office.post(f"{taken_in}/edit", data={**fields, "counting": "both"}).status_code == 422
    assert office.post(f"{taken_in}/edit", data={**fields, "counting": "parts"}).status_code == 303
    shown = office.get(taken_in).text
    assert "按分项" in shown
    assert "共 0 个" in shown
    with empty_app.app_context():
        told = db.session.query(AuditEntry).filter_by(action="source.edit").one()
        assert "计数：按总项 → 按分项" in sentences(told.action, told.details, words_for)


def test_the_closing_chain_is_laid_down_on_a_page_of_its_own(empty_app: Flask, browser: Browser, taken_in: str) -> None:
    office, address = browser("陈静"), f"{taken_in}/chain"
    assert browser("李强").get(address).status_code == 403
    fields = fields_of(office.get(address).text, "form")
    kinds = ("office", "leader", "collective", "superior", "")
    chain = {f"steps-{place}-kind": kind for place, kind in enumerate(kinds)} | {"steps-1-named": "李强"}
    twice = office.post(address, data={**fields, **chain, "steps-4-kind": "office"})
    assert (twice.status_code, "只能选一次" in twice.text) == (422, True)
    assert office.post(address, data={**fields, **chain}).status_code == 303
    assert "整改办初审 → 责任领导审批（李强） → 集体研究 → 上级认定" in office.get(taken_in).text
    assert office.post(address, data={**fields, **chain, "steps-3-kind": ""}).status_code == 409


def test_the_outline_is_edited_on_one_page(empty_app: Flask, browser: Browser, taken_in: str) -> None:
    office, address = browser("陈静"), f"/intake{taken_in}/outline"
    fields = fields_of(office.get(address).text, "form")
    first, target = fields["section"][0], fields["section"][4]
    typed = {f"title-{first}": "政治建设方面", "place-巡察2026-1-001": target, "added_title": "其他方面"}
    assert office.post(address, data={**fields, **typed}).status_code == 303
    with empty_app.app_context():
        titles = db.session.scalars(select(Section.title).order_by(Section.position)).all()
        item = db.session.scalars(select(Item).where(Item.number == "巡察2026-1-001")).one()
        assert (titles[0], titles[-1], item.section_id) == ("政治建设方面", "其他方面", int(target))
    stale = office.post(address, data={**fields, f"title-{first}": "别的说法"})
    assert stale.status_code == 409
    assert "别的说法" in stale.text
    assert office.post(address, data={"section": first}).status_code == 422


def test_an_unknown_source_is_404(browser: Browser) -> None:
    office = browser("陈静")
    for address in ("/sources/999", "/sources/999/edit", "/sources/999/file", "/intake/sources/999/outline"):
        assert office.get(address).status_code == 404
    assert "还没有反馈来源" in office.get("/sources").text


def test_the_pages_speak_english(browser: Browser, taken_in: str) -> None:
    office, english = browser("陈静"), {"Accept-Language": "en"}
    assert "Feedback sources" in office.get("/sources", headers=english).text
    page = office.get(taken_in, headers=english).text
    assert "Edit outline" in page
    assert "数目核对" not in page
