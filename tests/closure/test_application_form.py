"""The application form as a Word file: every column, every opinion, room to sign, on time or late."""

from datetime import date
from io import BytesIO
from urllib.parse import quote

import docx
import pytest
import time_machine
from factories import a_telling
from flask import Flask

from tests.closure.closing_office import ClosingOffice, browser_of
from tracker.audit.queries import select_entries
from tracker.closure import operations
from tracker.closure.rules import Decision
from tracker.core.db import db, writing
from tracker.progress import operations as progress
from tracker.progress import queries as work
from tracker.progress.rules import OutcomeKind

LATE = "2026-07-10T09:00:00+08:00"


@pytest.fixture
def office(empty_app: Flask) -> ClosingOffice:
    """An office whose item was due on 30 June and is applied for on 10 July."""
    with time_machine.travel(LATE, tick=False), empty_app.app_context():
        with writing():
            office = ClosingOffice()
        with writing():
            item, actor = office.item(lock=True), office.acts(office.liaison)
            item.cause = "重视不够"
            first, _second = progress.add_measures(item, ["印发学习制度。", "按月检查。"], actor=actor)
            progress.tick(work.get_measure(db.session(), item.id, first.id), actor=actor)
            progress.add_outcome(item, OutcomeKind.RECOVERED, "66.50", note="退款", actor=actor)
        office.prove()
        office.apply()
        office.decide(office.head, 1, Decision.PASS, "情况属实")
    return office


def form_of(app: Flask, office: ClosingOffice, *, round_: int = 1) -> dict[str, str]:
    """What the form holds, by label."""
    address = f"/items/{office.number}/applications/{round_}/application.docx"
    answer = browser_of(app, office, office.liaison).get(address, headers={"Accept-Language": "en"})
    assert answer.status_code == 200
    assert quote("销号申请表") in answer.headers["Content-Disposition"]
    (table,) = docx.Document(BytesIO(answer.data)).tables
    filled = {}
    for row in table.rows:
        cells = list(dict.fromkeys(row.cells))
        filled |= {cells[n].text: cells[n + 1].text for n in range(0, len(cells), 2)}
    return filled


def test_the_form_holds_what_was_filed_and_room_to_sign(empty_app: Flask, office: ClosingOffice) -> None:
    form = form_of(empty_app, office)
    assert list(form) == [
        *("编号", "申请单位", "申请日期", "整改时限", "问题来源", "问题", "产生原因", "整改措施", "完成情况（逐条）"),
        *("完成时间", "整改成效", "举一反三", "长效机制", "佐证目录", "真实性承诺"),
        *("单位负责人\n审核", "整改办\n初审", "责任领导\n审批", "结论"),
    ]
    assert (form["编号"], form["申请单位"], form["产生原因"]) == (office.number, "组织部", "重视不够")
    assert form["整改措施"] == "1. 印发学习制度。\n2. 按月检查。"
    assert form["完成情况（逐条）"].startswith("1. 印发学习制度。，已落实。\n2. ")
    assert "未完成的原因：其余措施待明年预算批复后落实。" in form["完成情况（逐条）"]
    assert form["完成时间"] == "2026年7月10日申请（逾期10天）"
    assert form["整改成效"] == "追回资金66.5万元（退款）"
    assert form["佐证目录"] == "1. 签到表.jpg"
    assert "真实、准确、完整" in form["真实性承诺"]
    assert "申请人：王敏" in form["真实性承诺"]
    assert form["单位负责人\n审核"] == "情况属实\n刘洋　2026年7月10日"
    assert "签字：" in form["责任领导\n审批"]
    assert form["结论"] == ""


def test_the_form_of_a_closed_item_tells_the_conclusion_against_both_deadlines(
    empty_app: Flask, office: ClosingOffice
) -> None:
    with time_machine.travel("2026-07-12T09:00:00+08:00", tick=False), empty_app.app_context():
        with writing():
            office.item(lock=True).due_on = date(2026, 7, 31)
        office.decide(office.clerk, 2, Decision.PASS)
        office.decide(office.leader, 3, Decision.PASS, "同意销号。")
    form = form_of(empty_app, office)
    assert form["完成时间"] == "2026年7月12日销号（按期；按原定时限逾期12天）"
    assert form["整改时限"] == "2026年7月31日（原定2026年6月30日）"
    assert form["整改办\n初审"] == "同意\n陈静　2026年7月12日"
    assert form["结论"] == "2026年7月12日销号"


def test_the_form_of_an_earlier_round_stays_as_it_was(empty_app: Flask, office: ClosingOffice) -> None:
    with time_machine.travel("2026-07-13T09:00:00+08:00", tick=False), empty_app.app_context():
        office.decide(office.clerk, 2, Decision.RETURN, "缺4月、5月学习记录，请补签到表。")
        with writing():
            item = office.item(lock=True)
            telling = a_telling(item, "第二轮的完成情况，已补齐记录。")
            operations.apply(item, telling, actor=office.acts(office.liaison))
    assert form_of(empty_app, office)["整改办\n初审"].startswith("退回补充整改：缺4月")
    assert form_of(empty_app, office)["结论"] == "退回补充整改"
    assert "第二轮的完成情况" in form_of(empty_app, office, round_=2)["完成情况（逐条）"]
    assert form_of(empty_app, office, round_=2)["申请日期"] == "2026年7月13日（第2轮）"


def test_taking_the_form_is_noted_and_strangers_take_none(empty_app: Flask, office: ClosingOffice) -> None:
    page = browser_of(empty_app, office, office.liaison).get(f"/items/{office.number}?tab=closure").text
    assert "销号申请表" in page
    whole = browser_of(empty_app, office, office.clerk).get(f"/items/{office.number}/applications/1").text
    for words in ("印发学习制度。，已落实。", "情况属实", "未发现同类问题"):
        assert words in whole
    form_of(empty_app, office)
    address = f"/items/{office.number}/applications/1"
    for path in (address, f"{address}/application.docx"):
        assert browser_of(empty_app, office, office.stranger).get(path).status_code == 404
    assert (
        browser_of(empty_app, office, office.liaison).get(f"/items/{office.number}/applications/7").status_code == 404
    )
    with empty_app.app_context():
        (entry,) = db.session.scalars(select_entries(subject=office.number, action="application.download")).all()
        assert "销号申请表" in entry.details
