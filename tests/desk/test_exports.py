"""The lists as files, over HTTP."""

import io
from datetime import date

import pytest
from desk.reading import a_reader, text_of
from factories import SYSTEM, a_source, a_unit, a_working_item, an_account, an_issued_item, an_item, by_date
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import select

from tracker.access.rules import Role
from tracker.audit.models import AuditEntry
from tracker.closure.models import Declaration
from tracker.core.db import db, writing
from tracker.desk.views import exports
from tracker.items import operations as items
from tracker.items.models import Item
from tracker.items.rules import OwnWord
from tracker.office.docx_reading import read_docx
from tracker.progress.models import Entry
from tracker.progress.operations import add_measures
from tracker.sources import operations as sources


def cells(content: bytes) -> set[object]:
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    return {cell.value for row in sheet.iter_rows() for cell in row}


def test_exactly_what_the_list_shows_is_exported_and_the_export_is_in_the_trail(empty_app: Flask) -> None:
    with empty_app.app_context(), writing():
        an_issued_item(lead_unit=a_unit(), finding="已下发的问题")
        an_item(a_source("另一轮"), finding="还没有下发的问题")
    office = a_reader(empty_app, "陈静", Role.OFFICE)

    answer = office.get("/items/export.xlsx?list=rectification&state=issued")
    assert answer.mimetype.endswith("spreadsheetml.sheet")
    assert "filename*=UTF-8''" in answer.headers["Content-Disposition"]
    assert "已下发的问题" in cells(answer.data)
    assert "还没有下发的问题" not in cells(answer.data)
    words = [each.text for each in read_docx(io.BytesIO(office.get("/items/export.docx?list=problems").data))]
    assert {"已下发的问题", "还没有下发的问题"} <= set(words)
    with empty_app.app_context():
        told = select(AuditEntry.subject).where(AuditEntry.action == "list.export").order_by(AuditEntry.id)
        assert db.session.scalars(told).all() == ["rectification.xlsx", "problems.docx"]


def test_the_whole_ledger_has_the_columns_of_all_lists(empty_app: Flask) -> None:
    with empty_app.app_context(), writing():
        an_issued_item(lead_unit=a_unit())
    office = a_reader(empty_app, "陈静", Role.OFFICE)
    told = cells(office.get("/items/export.xlsx?list=problems&what=ledger").data)
    assert {"方面", "分管领导", "整改措施（逐条）", "销号时间", "备注"} <= told


def test_an_export_has_only_what_lies_within_reach(empty_app: Flask) -> None:
    with empty_app.app_context(), writing():
        an_issued_item(lead_unit=a_unit("宣传部"), finding="宣传部的问题")
    liaison = a_reader(empty_app, "王敏", Role.LIAISON, "组织部")
    assert "宣传部的问题" not in cells(liaison.get("/items/export.xlsx?list=problems").data)


def test_too_many_rows_are_refused_with_what_to_do(empty_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    with empty_app.app_context(), writing():
        an_item()
        an_item(a_source("另一轮"))
    office = a_reader(empty_app, "陈静", Role.OFFICE)
    monkeypatch.setattr(exports, "XLSX_MAX", 1)
    assert "超过 1 条" in text_of(office, "/items/export.xlsx?list=problems", status=422)


def test_a_unit_fills_its_workbook_in_and_brings_it_back(empty_app: Flask) -> None:
    with empty_app.app_context(), writing():
        unit = a_unit("组织部")
        handler = an_account("郑凯", Role.HANDLER, unit)
        working = a_working_item(handler, lead_unit=unit, finding="组织部的问题")
        an_issued_item(source=working.source, lead_unit=unit, finding="没有签收的问题")
        number = working.number
    liaison = a_reader(empty_app, "王敏", Role.LIAISON, "组织部")
    book = load_workbook(io.BytesIO(liaison.get("/items/fill-in.xlsx?list=rectification").data))
    sheet = book.worksheets[0]
    heads = {cell.value: cell.column for row in sheet.iter_rows(max_row=4) for cell in row if cell.value}
    row = next(row[0].row for row in sheet.iter_rows() if row[1].value == number)
    assert sheet.title == "整改进展填报表"
    assert "没有签收的问题" not in {cell.value for line in sheet.iter_rows() for cell in line}
    locked = {heading for heading, column in heads.items() if sheet.cell(row, column).protection.locked}
    assert sheet.protection.sheet
    assert not {"整改措施（逐条）", "本次进展", "完成情况"} & locked
    assert {"具体问题", "整改时限"} <= locked
    assert sheet.data_validations.dataValidation[0].formula1 == '"未完成,基本完成,已完成"'

    sheet.cell(row, heads["本次进展"]).value = "已修订制度"
    sheet.cell(row, heads["完成情况"]).value = "基本完成"
    stream = io.BytesIO()
    book.save(stream)
    stream.seek(0)
    address = liaison.post("/intake/ledgers", data={"file": (stream, "填报.xlsx")}).headers["Location"]
    assert liaison.post(address, data={"version": 2, "state": "auto", "action": "carry_out"}).status_code == 303
    with empty_app.app_context():
        item = db.session.scalars(select(Item).where(Item.number == number)).one()
        assert item.own_word is OwnWord.NONE, "the unit's 基本完成 counts once the office accepts it"
        assert [each.item_id for each in db.session.scalars(select(Declaration))] == [item.id]
        assert db.session.scalars(select(Entry.text)).all() == ["已修订制度"]


def test_the_plan_tells_each_item_with_goal_measures_people_and_deadline(empty_app: Flask) -> None:
    with empty_app.app_context(), writing():
        source = a_source(issuing_body="市委第二巡察组")
        top = sources.add_section(source, "学习方面", number="一、", actor=SYSTEM)
        below = sources.add_section(source, "学习不够", parent=top, number="（一）", actor=SYSTEM)
        item = items.draw_up(source, "第一议题制度坚持不够经常", section=below, goal="每月学习", actor=SYSTEM)
        deadline = by_date(date(2026, 6, 30))
        items.assign(item, items.Assignment(lead_unit_id=a_unit().id, deadline=deadline), actor=SYSTEM)
        add_measures(item, ["制定计划", "按月检查"], actor=SYSTEM)
        source_id = source.id
    office = a_reader(empty_app, "陈静", Role.OFFICE)
    answer = office.get(f"/sources/{source_id}/plan.docx")
    told = [each.text for each in read_docx(io.BytesIO(answer.data))]

    assert told[0] == "市委第二巡察组反馈整改方案\n（送审稿）"
    opening = "依据“市委第二巡察组反馈”（市委第二巡察组，2026年3月16日），共梳理1个问题。"
    assert f"{opening}现逐条明确目标、措施、责任和时限如下。" in told
    below_opening = told[told.index("一、学习方面") :]
    assert below_opening[:7] == [
        "一、学习方面",
        "（一）学习不够",
        "1. 第一议题制度坚持不够经常",
        "整改目标：每月学习",
        "整改措施：",
        "（1）制定计划",
        "（2）按月检查",
    ]
    assert "牵头单位：组织部；整改时限：2026年6月30日；编号：巡察2026-1-001。" in told
    assert a_reader(empty_app, "王敏", Role.LIAISON, "组织部").get(f"/sources/{source_id}/plan.docx").status_code == 403
