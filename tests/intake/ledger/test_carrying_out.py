"""Ledgers carried out, again and again, on both databases."""

from datetime import date
from typing import Any

import pytest
import time_machine
from factories import a_person, a_unit, actor_of, an_account
from flask import Flask
from sqlalchemy import func, select

from tests.intake.ledger.tables import SAMPLE, a_row, a_table, carried_out, counts, planned, texts, the_sample
from tracker.access.rules import SYSTEM, Role
from tracker.core.db import db, writing
from tracker.core.errors import Conflict, DomainError, Forbidden
from tracker.intake.operations.ledger import Table
from tracker.items.headings import BASE_SHEET, Field
from tracker.items.models import Item, ItemChange
from tracker.items.operations import Assignment, assign, issue
from tracker.items.rules import DeadlineKind, Event, OwnWord, State
from tracker.office.sheets import Row, Sheet
from tracker.org.models import Person, Unit
from tracker.progress.models import Entry, Measure

pytestmark = pytest.mark.usefixtures("today")


@pytest.fixture
def today() -> Any:
    with time_machine.travel("2026-05-20T10:00:00+08:00", tick=True):
        yield


def an_item(number: str) -> Item:
    return db.session().scalars(select(Item).where(Item.number.endswith(number))).one()


def test_the_sample_becomes_27_items_and_again_changes_nothing(app: Flask) -> None:
    done = carried_out(the_sample(), received_on=SAMPLE)

    assert len(done.added) == 27
    assert db.session().scalar(select(func.count()).select_from(Measure)) == 27 * 3
    item = an_item("-005")
    assert item.original_number == "5"
    assert (item.due_on, item.then_sustained, item.deadline_kind) == (date(2022, 6, 30), True, DeadlineKind.BY_DATE)
    assert item.section is not None
    assert item.section.parent is not None
    assert item.section.title == "服务中心大局作用发挥不充分"
    for again in (the_sample(), the_sample("ledger-gb18030.csv")):
        assert counts(planned(again, received_on=SAMPLE)) == {"same": 27}
        assert not carried_out(again, received_on=SAMPLE).added


def test_a_ledger_that_tells_of_work_begins_at_work_and_tells_the_units_own_word(app: Flask) -> None:
    carried_out(the_sample(), received_on=SAMPLE)

    item = an_item("-002")
    assert (item.state, item.own_word) == (State.WORKING, OwnWord.BASICALLY_COMPLETED)
    assert db.session().scalars(select(Entry.text).where(Entry.item_id == item.id)).all() == ["已召开专题会研究"]
    events = db.session().scalars(
        select(ItemChange.event).where(ItemChange.item_id == item.id).order_by(ItemChange.serial)
    )
    assert events.all() == [Event.DRAW_UP, Event.TAKE_OVER, Event.DECLARE]


def test_a_ledger_without_any_work_becomes_drafts(app: Flask) -> None:
    carried_out(a_table(a_row()))

    assert an_item("-001").state is State.DRAFT


def test_what_is_closed_on_paper_is_closed_as_of_that_day_and_nothing_else_closes(app: Flask) -> None:
    rows = [
        a_row("甲", 是否销号="是", 销号时间="2026年4月20日"),
        a_row("乙", 是否销号="是"),
        a_row("丙", 完成情况="已完成"),
    ]
    carried_out(a_table(*rows), closed_on=date(2026, 4, 30))

    assert [(item.state, item.closed_on) for item in (an_item("-001"), an_item("-002"), an_item("-003"))] == [
        (State.CLOSED, date(2026, 4, 20)),
        (State.CLOSED, date(2026, 4, 30)),
        (State.WORKING, None),
    ]


def test_new_names_are_added_only_when_somebody_says_so(app: Flask) -> None:
    with writing():
        a_unit("组织部门")
    table = a_table(a_row(责任人="张敏"), a_row("乙", 牵头单位="组织部门"))
    plan = planned(table)

    assert plan.new_units == {"组织部": ["组织部门"]}
    assert plan.new_people == ["张敏"]
    with pytest.raises(DomainError, match="组织部、张敏"):
        carried_out(table, creates_missing=False)
    assert db.session().scalar(select(func.count()).select_from(Item)) == 0
    carried_out(table, names={"组织部": "组织部门"})
    assert [item.lead_unit.name for item in (an_item("-001"), an_item("-002")) if item.lead_unit] == ["组织部门"] * 2
    assert db.session().scalars(select(Unit.name).where(Unit.name == "组织部")).all() == []
    assert db.session().scalars(select(Person.name)).all() == ["张敏"]


def test_a_name_that_two_people_bear_is_a_fault_of_its_cell(app: Flask) -> None:
    with writing():
        a_person("张敏", a_unit("办公室"))
        a_person("张敏", a_unit("宣传部"))
    plan = planned(a_table(a_row(责任领导="张敏")))

    assert [(fault.row, fault.column) for fault in plan.faults] == [(2, "F")]
    assert "张敏（办公室）、张敏（宣传部）" in str(plan.faults[0].message)


def test_all_or_nothing_unless_only_the_good_rows_are_wanted(app: Flask) -> None:
    table = a_table(a_row("甲"), a_row("乙", 整改时限="尽快"), a_row("丙", 整改时限="2026年1月1日"))

    assert counts(planned(table)) == {"new": 1, "faulty": 2}
    with pytest.raises(DomainError, match="有 2 行不能导入"):
        carried_out(table)
    assert db.session().scalar(select(func.count()).select_from(Item)) == 0
    assert db.session().scalar(select(func.count()).select_from(Unit)) == 0
    assert texts(carried_out(table, only_good=True).added) == ["甲"]


def test_an_edited_cell_changes_just_that(app: Flask) -> None:
    carried_out(a_table(a_row("甲", 整改措施="1.学；2.查"), a_row("乙")))
    with writing():
        db.session().scalars(select(Measure).order_by(Measure.id)).first().done_on = date(2026, 5, 1)  # type: ignore[union-attr]
    table = a_table(
        a_row("甲", 编号=an_item("-001").number, 整改措施="1.学；2.改；3.查", 责任人="李强", 整改时限="2026年9月底前"),
        a_row("乙"),
    )
    plan = planned(table)

    assert counts(plan) == {"changed": 1, "same": 1}
    assert {field: (change.before, change.after) for field, change in plan.rows[0].changes.items()} == {
        Field.MEASURES: ("学\n查", "1.学；2.改；3.查"),
        Field.OWNER: ("", "李强"),
        Field.DEADLINE: ("2026年6月30日", "2026年9月底前"),
    }
    done = carried_out(table)
    assert (done.added, texts(done.changed)) == ([], ["甲"])
    item = an_item("-001")
    assert (item.due_on, item.owner and item.owner.name) == (date(2026, 9, 30), "李强")
    measures = db.session().scalars(select(Measure).where(Measure.item_id == item.id).order_by(Measure.position))
    assert [(measure.text, measure.done_on) for measure in measures] == [
        ("学", date(2026, 5, 1)),
        ("改", None),
        ("查", None),
    ]
    assert counts(planned(table)) == {"same": 2}


def test_an_empty_cell_says_nothing(app: Flask) -> None:
    carried_out(a_table(a_row("甲", 备注="急", 责任人="李强")))

    assert counts(planned(a_table(a_row("甲", 整改时限=None, 牵头单位=None)))) == {"same": 1}


@pytest.mark.parametrize(
    ("heading", "words"),
    [("具体问题", "改过的问题"), ("是否销号", "是"), ("方面", "别的方面"), ("销号时间", "2026年5月1日")],
)
def test_what_the_feedback_or_the_approval_settles_is_not_changed_by_an_import(
    app: Flask, heading: str, words: str
) -> None:
    carried_out(a_table(a_row("甲")))
    plan = planned(a_table(a_row(编号=an_item("-001").number, **{"具体问题": "甲", heading: words})))

    assert counts(plan) == {"faulty": 1}
    assert an_item("-001").state is State.DRAFT


def handed_out(*items: Item) -> Sheet:
    """The hidden sheet that keeps the words of a list as it was handed out."""
    fields = [Field.NUMBER, Field.FINDING, Field.LEAD_UNIT, Field.DEADLINE, Field.REMARK, Field.OWNER]
    rows = [
        [each.number, each.finding, each.lead_unit.name if each.lead_unit else "", each.due_text, each.remark, ""]
        for each in items
    ]
    return Sheet(BASE_SHEET, [Row(1, fields), *(Row(place, row) for place, row in enumerate(rows, 2))], is_hidden=True)


def test_only_cells_edited_since_the_list_was_handed_out_are_changes(app: Flask) -> None:
    carried_out(a_table(a_row("甲", 备注="旧"), a_row("乙", 备注="旧")))
    first, second = an_item("-001"), an_item("-002")
    kept = handed_out(first, second)
    with writing():
        assign(an_item("-001"), Assignment(remark="别人改的"), actor=SYSTEM)
    table = a_table(
        a_row("甲", 编号=first.number, 备注="旧", 整改时限="2026年9月1日"), a_row("乙", 编号=second.number, 备注=None)
    )
    plan = planned(Table([*table.sheets, kept]), by_number=True)

    assert [set(row.changes) for row in plan.rows] == [{Field.DEADLINE}, {Field.REMARK}]
    carried_out(Table([*table.sheets, kept]), by_number=True)
    assert (an_item("-001").remark, an_item("-002").remark) == ("别人改的", "")
    assert an_item("-001").due_on == date(2026, 9, 1)


def test_a_cell_that_somebody_else_changed_meanwhile_is_a_conflict_and_not_overwritten(app: Flask) -> None:
    carried_out(a_table(a_row("甲", 备注="旧")))
    item = an_item("-001")
    kept = handed_out(item)
    with writing():
        assign(an_item("-001"), Assignment(remark="别人改的"), actor=SYSTEM)
    table = Table([*a_table(a_row("甲", 编号=item.number, 备注="我改的")).sheets, kept])
    plan = planned(table, by_number=True)

    assert counts(plan) == {"conflict": 1}
    assert "别人改的" in str(plan.faults[0].message)
    with pytest.raises(Conflict):
        carried_out(table, by_number=True)
    assert an_item("-001").remark == "别人改的"


def test_a_list_of_changes_must_name_items_that_are_there(app: Flask) -> None:
    plan = planned(a_table(a_row("甲", 编号="巡察2026-9-001"), a_row("乙")), by_number=True)

    assert counts(plan) == {"faulty": 2}
    assert ["没有编号为" in str(fault.message) or "没有编号，" in str(fault.message) for fault in plan.faults] == [
        True,
        True,
    ]


def test_a_unit_reports_of_its_own_items_only(app: Flask) -> None:
    carried_out(a_table(a_row("甲"), a_row("乙", 牵头单位="宣传部")), state=State.WORKING)
    with writing():
        unit = db.session().scalars(select(Unit).where(Unit.name == "组织部")).one()
        liaison = actor_of(an_account("刘洋", Role.LIAISON, unit))
    rows = [
        a_row("甲", 编号=an_item("-001").number, 整改措施="学", 完成情况="已完成"),
        a_row("乙", 编号=an_item("-002").number, 牵头单位="宣传部", 完成情况="已完成"),
        a_row("甲", 编号=an_item("-001").number + "x"),
    ]
    plan = planned(a_table(*rows), actor=liaison, by_number=True)

    assert counts(plan) == {"changed": 1, "faulty": 2}
    assert "没有编号为" in str(plan.faults[0].message)
    carried_out(a_table(rows[0]), actor=liaison, by_number=True)
    assert an_item("-001").own_word is OwnWord.COMPLETED
    foreign = planned(a_table(a_row("甲", 编号=an_item("-001").number, 备注="我写的")), actor=liaison, by_number=True)
    assert "只有整改办" in str(foreign.faults[0].message)


def test_no_unit_and_nobody_is_added_for_a_row_that_is_not_written(app: Flask) -> None:
    carried_out(a_table(a_row("甲"), a_row("乙")), state=State.WORKING)
    with writing():
        unit = db.session().scalars(select(Unit).where(Unit.name == "组织部")).one()
        liaison = actor_of(an_account("刘洋", Role.LIAISON, unit))
    table = a_table(
        a_row("甲", 编号=an_item("-001").number, 完成情况="已完成"),
        a_row("乙", 编号=an_item("-002").number, 牵头单位="空想部", 责任人="吴有"),
    )
    plan = planned(table, actor=liaison, by_number=True)

    assert counts(plan) == {"changed": 1, "faulty": 1}
    assert (plan.new_units, plan.new_people) == ({}, [])
    carried_out(table, actor=liaison, by_number=True, only_good=True)
    assert an_item("-001").own_word is OwnWord.COMPLETED
    assert db.session().scalars(select(Unit).where(Unit.name == "空想部")).all() == []


def test_only_the_office_of_the_organ_adds_units_by_an_import(app: Flask) -> None:
    carried_out(a_table(a_row("甲")))
    with writing():
        unit = db.session().scalars(select(Unit).where(Unit.name == "组织部")).one()
        clerk = actor_of(an_account("陈静", Role.OFFICE, unit))
    table = a_table(a_row("甲", 编号=an_item("-001").number, 牵头单位="空想部"))

    with pytest.raises(Forbidden):
        carried_out(table, actor=clerk, by_number=True)
    assert db.session().scalars(select(Unit).where(Unit.name == "空想部")).all() == []


def test_another_lead_unit_of_an_issued_item_is_refused(app: Flask) -> None:
    carried_out(a_table(a_row("甲")))
    with writing():
        issue([an_item("-001")], actor=SYSTEM)
    table = a_table(a_row("甲", 编号=an_item("-001").number, 牵头单位="宣传部"))

    with pytest.raises(DomainError, match="改派"):
        carried_out(table, by_number=True)
    assert an_item("-001").lead_unit is not None
    assert db.session().scalars(select(Unit).where(Unit.name == "宣传部")).all() == []
