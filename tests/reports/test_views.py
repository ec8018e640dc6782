"""The page of the section: its text with links, its Word file, and who may see and take it."""

import re
from collections.abc import Iterator
from datetime import date
from io import BytesIO
from typing import Any
from urllib.parse import unquote, urlencode

import docx
import pytest
import time_machine
from factories import a_source, a_unit, an_account, an_issued_item, an_item, sign_in
from flask import Flask
from flask.testing import FlaskClient

from tracker.access.rules import SYSTEM, Role
from tracker.audit.models import AuditEntry
from tracker.core.db import db, writing
from tracker.items import operations as items
from tracker.items.rules import Event
from tracker.org.models import Person
from tracker.sources.rules import SourceKind


@pytest.fixture(autouse=True)
def _new_years_eve() -> Iterator[None]:
    with time_machine.travel("2026-12-31T10:00:00+08:00", tick=False):
        yield


@pytest.fixture
def office(empty_app: Flask) -> FlaskClient:
    """Signed in as the office of an organ with a supervision round of three, one of them closed today."""
    with empty_app.app_context(), writing():
        root, unit = a_unit("市直机关工委"), a_unit("组织部")
        person = an_account("陈静", Role.OFFICE, root)
        an_account("赵兰", Role.LIAISON, unit)
        an_account("何芳", Role.VIEWER, a_unit("宣传部"))
        source = a_source("市纪委市监委内部督查反馈", kind=SourceKind.SUPERVISION)
        closed = an_issued_item(source=source, lead_unit=unit, finding="已经改好的问题")
        for move in (Event.ACCEPT, Event.APPLY):
            items.move_on(closed, move, actor=SYSTEM)
        items.move_on(closed, Event.CLOSE, actor=SYSTEM, closed_on=date(2026, 12, 31))
        an_issued_item(source=source, lead_unit=unit, finding="还没改好的问题")
        an_item(source, lead_unit=unit, finding="还没下发的问题")
        an_item(a_source("机关党支部自查", kind=SourceKind.SELF_CHECK, declared_problems=2), lead_unit=unit)
    return signed_in(empty_app, person)


def signed_in(app: Flask, person: Person) -> FlaskClient:
    client = app.test_client()
    with app.app_context():
        sign_in(client, db.session.get_one(Person, person.id))
    return client


def named(app: Flask, name: str) -> FlaskClient:
    with app.app_context():
        return signed_in(app, db.session.query(Person).filter_by(name=name).one())


def page(client: FlaskClient, address: str = "/reports/section", status: int = 200, **asked: Any) -> str:
    answer = client.get(f"{address}?{urlencode(asked, doseq=True)}")
    assert answer.status_code == status
    return answer.text


def text_of(html: str) -> str:
    return re.sub(r"<[^>]+>", "", html)


def test_the_page_shows_the_section_of_this_year_as_of_today(office: FlaskClient) -> None:
    said = text_of(page(office))
    assert "（六）狠抓整改落实，提升党建工作质量水平" in said
    assert "市纪委市监委内部督查反馈的3个问题整改，已完成1个，尚有2个未销号。" in said
    assert "1. 统计截止日：2026年12月31日。" in said


def test_every_count_of_items_leads_to_exactly_those_items(office: FlaskClient) -> None:
    found = re.findall(r'<a href="(/reports/section/items[^"]+)">([^<]+)</a>', page(office))
    assert len(found) >= 8
    for address, value in found:
        listed = office.get(address.replace("&amp;", "&"))
        assert listed.status_code == 200
        if value.isdigit() and "lead_units" not in address:
            assert len(re.findall(r'class="row-link"', listed.text)) == int(value), unquote(address)


def test_a_sentence_that_the_ledger_does_not_bear_is_shown_with_its_reason_and_left_out(office: FlaskClient) -> None:
    html = page(office)
    assert "原因：原文称有2个问题，台账登记1个，请先核对。" in text_of(html)
    assert "原文称2个问题，台账登记1个" in text_of(html)
    taken = docx.Document(BytesIO(office.get("/reports/section/file").data))
    assert not any("自查发现的1个问题整改" in paragraph.text for paragraph in taken.paragraphs)


def test_the_word_file_has_the_text_of_the_page_and_a_chinese_name(office: FlaskClient) -> None:
    answer = office.get("/reports/section/file?year=2026&as_of=20261231")
    assert "2026年抓党建述职报告（狠抓整改落实）.docx" in unquote(answer.headers["Content-Disposition"])
    taken = docx.Document(BytesIO(answer.data))
    assert any("已完成1个，尚有2个未销号。" in paragraph.text for paragraph in taken.paragraphs)
    assert len(taken.tables) == 2


def test_taking_the_file_away_is_told_to_the_trail(empty_app: Flask, office: FlaskClient) -> None:
    office.get("/reports/section/file")
    with empty_app.app_context():
        last = db.session.query(AuditEntry).order_by(AuditEntry.id.desc()).first()
        assert last is not None
        assert (last.actor_name, last.action, last.subject) == (
            "陈静",
            "report.download",
            "2026年抓党建述职报告（狠抓整改落实）.docx",
        )
        assert "2026-12-31" in last.details


def test_chosen_sources_alone_are_told(office: FlaskClient) -> None:
    whole = page(office)
    number = re.search(r'<option value="(\d+)">市纪委市监委内部督查反馈</option>', whole)
    assert number
    told = text_of(page(office, source=[number[1]]))
    assert "各来源核对" in told
    assert "原文称有2个问题" not in told


def test_percentages_are_printed_with_as_many_decimals_as_wanted(office: FlaskClient) -> None:
    assert "销号率25%" in text_of(page(office))
    chosen = re.search(r'<option value="(\d+)">市纪委', page(office))
    assert chosen
    printed = [text_of(page(office, source=chosen[1], decimals=places)) for places in (0, 1, 2)]
    assert ["销号率33%" in printed[0], "销号率33.3%" in printed[1], "销号率33.33%" in printed[2]] == [True] * 3


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"as_of": "2027-01-01"}, "还没有到"),
        ({"year": "2027"}, "早于报告年度"),
        ({"year": "99"}, "请填写四位年份"),
        ({"as_of": "岁末"}, "认不出这个日期"),
        ({"known_at": "2027-01-01"}, "取数时间还没有到"),
        ({"source": "777"}, "查询条件有误"),
        ({"decimals": "3"}, "查询条件有误"),
    ],
)
def test_what_cannot_be_reported_is_refused_with_the_reason(office: FlaskClient, asked: Any, why: str) -> None:
    html = page(office, status=422, **asked)
    assert why in html
    assert "下载 Word 文件" not in html
    assert page(office, "/reports/section/file", status=422, **asked)


def test_a_figure_that_the_section_does_not_print_is_not_found(office: FlaskClient) -> None:
    assert page(office, "/reports/section/items", status=404, figure="weather")


@pytest.mark.parametrize("address", ["/reports/section", "/reports/section/file", "/reports/section/items"])
def test_a_liaison_gets_neither_page_nor_file(empty_app: Flask, office: FlaskClient, address: str) -> None:
    assert "已经改好的问题" not in page(named(empty_app, "赵兰"), address, status=403)


def test_a_viewer_of_another_unit_sees_no_foreign_item_not_even_counted(empty_app: Flask, office: FlaskClient) -> None:
    html = page(named(empty_app, "何芳"))
    assert "台账中本年度没有登记需要整改的事项" in html
    assert "市纪委市监委内部督查反馈" not in html


def test_a_year_before_anything_was_fed_back_says_so(office: FlaskClient) -> None:
    assert "台账中本年度没有登记需要整改的事项" in page(office, year=2025)
