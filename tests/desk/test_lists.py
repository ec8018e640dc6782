"""The lists: the same rows in each, within reach, counted, sorted, paged, narrowed by the address."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from desk.reading import a_reader, counted_queries, numbers, text_of
from factories import (
    a_person,
    a_source,
    a_unit,
    a_working_item,
    actor_of,
    an_account,
    an_issued_item,
    an_item,
)
from figures.crowds import a_crowd
from flask import Flask

from tracker.access.rules import SYSTEM, Role
from tracker.core import clock
from tracker.core.db import db, writing
from tracker.items import operations as items
from tracker.items.rules import Event, ItemKind, State
from tracker.progress import operations as progress
from tracker.sources import operations as sources

PROBLEM_LISTS = ("problems", "responsibility", "rectification")
NOW = "2026-04-07 09:12"


@pytest.fixture(autouse=True)
def _in_april() -> Iterator[None]:
    with time_machine.travel(f"{NOW}+08:00", tick=False):
        yield


@pytest.mark.parametrize("name", PROBLEM_LISTS)
def test_the_three_lists_show_the_same_rows_and_tasks_stand_apart(empty_app: Flask, name: str) -> None:
    with empty_app.app_context(), writing():
        source, unit = a_source(), a_unit()
        an_issued_item(source=source, lead_unit=unit)
        an_item(source, lead_unit=unit)
        items.draw_up(source, "起草年度计划", actor=SYSTEM, kind=ItemKind.TASK)
    office = a_reader(empty_app, "陈静", Role.OFFICE)
    assert numbers(office, f"/items?list={name}") == ["巡察2026-1-001", "巡察2026-1-002"]
    assert numbers(office, "/items?list=tasks") == ["巡察2026-1-003"]


def test_the_count_the_closed_and_the_rate_agree_with_the_rows(empty_app: Flask) -> None:
    with empty_app.app_context(), writing():
        counts = {State.CLOSED: 6, State.WORKING: 20, State.DRAFT: 1, State.WITHDRAWN: 2, State.VOID: 1}
        a_crowd(a_source(), counts, lead_unit=a_unit(), on=date(2026, 3, 16))
    office = a_reader(empty_app, "陈静", Role.OFFICE)
    assert "共 27 条 销号 6 条，销号率 22.2%" in text_of(office, "/items?list=problems")
    assert "共 2 条 销号 0 条，销号率 —" in text_of(office, "/items?list=problems&state=withdrawn")


def test_a_person_sees_what_lies_within_reach_and_counts_only_that(empty_app: Flask) -> None:
    with empty_app.app_context(), writing():
        source = a_source()
        an_issued_item(source=source, lead_unit=a_unit("组织部"))
        an_issued_item(source=source, lead_unit=a_unit("宣传部"), finding="宣传部的问题")
    liaison = a_reader(empty_app, "王敏", Role.LIAISON, "组织部")
    page = text_of(liaison, "/items?list=problems")
    assert "共 1 条" in page
    assert "宣传部的问题" not in page
    assert "全部 1 我的 1 待签收 1" in page


@pytest.mark.parametrize("name", [*PROBLEM_LISTS, "tasks"])
def test_a_list_asks_the_database_at_most_eight_times_whatever_the_number_of_rows(empty_app: Flask, name: str) -> None:
    with empty_app.app_context(), writing():
        source, unit = a_source(), a_unit()
        section = sources.add_section(source, "一、党的建设方面", actor=SYSTEM)
        kind = ItemKind.TASK if name == "tasks" else ItemKind.PROBLEM
        a_crowd(source, {State.WORKING: 120}, lead_unit=unit, on=date(2026, 3, 16), section_id=section.id, kind=kind)
        source_id = source.id
    office = a_reader(empty_app, "陈静", Role.OFFICE)
    office.get("/items")
    with counted_queries(empty_app) as found:
        assert len(numbers(office, f"/items?list={name}&source={source_id}")) == 50
    assert len(found) <= 8, "\n\n".join(found)


def test_the_hundredth_row_stands_at_the_end_of_the_second_page(empty_app: Flask) -> None:
    with empty_app.app_context(), writing():
        a_crowd(a_source(), {State.WORKING: 101}, lead_unit=a_unit(), on=date(2026, 3, 16))
    office = a_reader(empty_app, "陈静", Role.OFFICE)
    assert numbers(office, "/items?list=problems&page=2")[-1] == "巡察2026-1-100"
    assert numbers(office, "/items?list=problems&page=3") == ["巡察2026-1-101"]
    assert numbers(office, "/items?list=problems&page=99") == ["巡察2026-1-101"]
    assert len(numbers(office, "/items?list=problems&page=x")) == 50


def test_tabs_narrow_by_what_is_due_late_or_not_accepted(empty_app: Flask) -> None:
    today = date(2026, 4, 7)
    with empty_app.app_context(), writing():
        source, unit = a_source(), a_unit()
        for due_on in (today - timedelta(days=1), today, date(2026, 4, 12), date(2026, 4, 13)):
            an_issued_item(source=source, lead_unit=unit, due_on=due_on)
        an_item(source, lead_unit=unit, due_on=today - timedelta(days=1))
    office = a_reader(empty_app, "陈静", Role.OFFICE)
    assert numbers(office, "/items?view=overdue") == ["巡察2026-1-001"]
    assert numbers(office, "/items?view=due_this_week") == ["巡察2026-1-002", "巡察2026-1-003"]
    assert len(numbers(office, "/items?view=not_accepted")) == 4
    assert numbers(office, "/items?view=draft") == ["巡察2026-1-005"]
    assert "全部 5 待下发 1 待签收 4 本周到期 2 逾期 1" in text_of(office, "/items?list=problems")


def test_the_conditions_of_the_address_narrow_and_each_has_a_chip(empty_app: Flask) -> None:
    with empty_app.app_context(), writing():
        source = a_source()
        aspect = sources.add_section(source, "一、党的建设方面", actor=SYSTEM)
        found = items.draw_up(source, "发展党员100%符合_程序", actor=SYSTEM, section=aspect)
        items.assign(found, items.Assignment(lead_unit_id=a_unit("组织部").id), actor=SYSTEM)
        an_issued_item(source=source, lead_unit=a_unit("宣传部"), due_on=date(2026, 6, 30))
        an_item(a_source("另一轮"))
        source_id, aspect_id = source.id, aspect.id
    office = a_reader(empty_app, "陈静", Role.OFFICE)
    first, second, third = "巡察2026-1-001", "巡察2026-1-002", "巡察2026-2-001"
    assert numbers(office, f"/items?source={source_id}") == [second, first]
    assert numbers(office, f"/items?source={source_id}&aspect={aspect_id}") == [first]
    assert numbers(office, "/items?unit=组织") == numbers(office, "/items?unit=zzb") == [first]
    assert numbers(office, "/items?state=issued") == [second]
    assert numbers(office, "/items?due=2026-06-30") == numbers(office, "/items?due=20260630以前") == [second]
    assert numbers(office, "/items?due=2026-06-29") == []
    assert numbers(office, "/items?text=100%25符合_") == [first]
    assert numbers(office, "/items?text=2026-2") == [third]
    page = office.get(f"/items?source={source_id}&unit=组织&state=draft&text=党员").text
    assert page.count('class="chip"') == 4
    assert 'href="/items?list=problems&amp;source=' in page


@pytest.mark.parametrize(
    "address", ["?due=昨天", "?source=x&aspect=y&state=z&view=w&sort=v", "?unit=%00", "?text=" + "字" * 999]
)
def test_wrong_conditions_are_said_or_ignored_never_a_fault(empty_app: Flask, address: str) -> None:
    with empty_app.app_context(), writing():
        an_item()
    office = a_reader(empty_app, "陈静", Role.OFFICE)
    page = text_of(office, f"/items{address}")
    assert ("认不出这个日期" in page) == ("due" in address)


def test_a_list_that_does_not_exist_is_not_found(empty_app: Flask) -> None:
    assert a_reader(empty_app, "陈静", Role.OFFICE).get("/items?list=secrets").status_code == 404


def test_headings_sort_both_ways_and_rows_without_a_date_come_last(empty_app: Flask) -> None:
    with empty_app.app_context(), writing():
        source, unit = a_source(), a_unit()
        for due_on in (date(2026, 8, 1), None, date(2026, 7, 1)):
            an_item(source, lead_unit=unit, due_on=due_on)
    office = a_reader(empty_app, "陈静", Role.OFFICE)
    last = [number[-1] for number in numbers(office, "/items?list=rectification&sort=due")]
    first = [number[-1] for number in numbers(office, "/items?list=rectification&sort=-due")]
    assert (last, first) == (["3", "1", "2"], ["1", "3", "2"])
    for key in ("unit", "leader", "state", "number"):
        assert len(numbers(office, f"/items?list=rectification&sort={key}")) == 3


def test_rows_stand_below_their_aspect_with_its_counts_in_the_order_of_the_outline(empty_app: Flask) -> None:
    with empty_app.app_context(), writing():
        source = a_source()
        first = sources.add_section(source, "党的建设方面", number="一、", actor=SYSTEM)
        category = sources.add_section(source, "学习不够", parent=first, actor=SYSTEM)
        second = sources.add_section(source, "作风方面", number="二、", actor=SYSTEM)
        for section in (second, category, first):
            items.draw_up(source, f"{section.title}的问题", actor=SYSTEM, section=section)
        source_id = source.id
    office = a_reader(empty_app, "陈静", Role.OFFICE)
    assert [number[-1] for number in numbers(office, f"/items?source={source_id}")] == ["3", "2", "1"]
    page = text_of(office, f"/items?source={source_id}")
    assert page.index("一、党的建设方面（2个事项，销号0个）") < page.index("二、作风方面（1个事项，销号0个）")


def test_a_row_shows_measures_and_the_last_two_reports(empty_app: Flask) -> None:
    with empty_app.app_context():
        with writing():
            unit = a_unit()
            handler = an_account("郑凯", None, unit)
            item = a_working_item(handler, lead_unit=unit)
            actor = actor_of(handler)
            first, _second = progress.add_measures(item, ["建章立制", "专题学习"], actor=actor)
            progress.tick(first, actor=actor)
            progress.write_entry(item, "三月已部署", unit_id=unit.id, actor=actor)
        with time_machine.travel("2026-04-07 10:12+08:00"), writing():
            progress.write_entry(db.session.get_one(type(item), item.id), "四月已见效", unit_id=unit.id, actor=actor)
    page = text_of(a_reader(empty_app, "陈静", Role.OFFICE), "/items?list=rectification")
    assert "1/2 三月已部署 四月已见效" in page


def test_what_was_given_to_many_units_is_counted_apart_from_its_parts(empty_app: Flask) -> None:
    with empty_app.app_context(), writing():
        parent = an_item(lead_unit=a_unit())
        children = items.split(parent, [a_unit("宣传部"), a_unit("办公室")], actor=SYSTEM)
        items.issue(children, actor=SYSTEM)
        items.accept(children[0], handler_id=a_person().id, actor=SYSTEM)
        items.move_on(children[0], Event.APPLY, actor=SYSTEM)
        items.move_on(children[0], Event.CLOSE, actor=SYSTEM, closed_on=clock.today())
    office = a_reader(empty_app, "陈静", Role.OFFICE)
    page = text_of(office, "/items?list=problems")
    assert "共 3 条 其中总项 1 个，销号 0 个，销号率 0%；分项 2 个，销号 1 个" in page
    liaison = a_reader(empty_app, "赵倩", Role.LIAISON, "宣传部")
    assert "共 1 条 分项 1 个，销号 1 个" in text_of(liaison, "/items?list=problems")


def test_an_empty_list_says_what_belongs_there_to_each(empty_app: Flask) -> None:
    with empty_app.app_context(), writing():
        a_unit("组织部")
    assert "录入反馈意见" in text_of(a_reader(empty_app, "陈静", Role.OFFICE), "/items")
    assert "这里还没有您的事项" in text_of(a_reader(empty_app, "王敏", Role.LIAISON, "组织部"), "/items")


def test_the_list_speaks_english(empty_app: Flask) -> None:
    with empty_app.app_context(), writing():
        an_item()
    office = a_reader(empty_app, "陈静", Role.OFFICE)
    office.post("/language", data={"language": "en", "next": "/items"})
    page = text_of(office, "/items?list=rectification")
    assert "Rectification list" in page
    assert "具体问题" not in page
