"""Counting items in the database: by whom, within whose reach, and the published sets of others."""

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from factories import a_person, a_source, a_unit, a_working_item, actor_of, an_account, an_issued_item, an_item
from figures.crowds import a_crowd
from flask import Flask

from tracker.access.rules import SYSTEM, Action, Actor, Role, reach
from tracker.core import clock
from tracker.core.db import db, writing
from tracker.figures.queries import TallyRow, list_item_numbers, tally
from tracker.figures.questions import Group, Question
from tracker.figures.rules import Breakdown, FigureName, Rate, Tally
from tracker.items import operations as items
from tracker.items.rules import Event, ItemKind, OwnWord, State
from tracker.sources import operations as sources
from tracker.sources.queries import find_counting
from tracker.sources.rules import Counting

PUBLISHED_SETS: list[dict[str, Any]] = json.loads(
    (Path(__file__).parent.parent / "data/published-sets.json").read_text()
)
TODAY = date(2026, 6, 30)


@pytest.fixture(autouse=True)
def _today() -> Any:
    with time_machine.travel("2026-06-30T10:00:00+08:00", tick=False):
        yield


def rows(by: Breakdown = Breakdown.ALL, *, actor: Actor = SYSTEM, **asked: Any) -> list[TallyRow]:
    question = Question(**({"as_of": TODAY} | asked))
    return tally(db.session(), question, reach(actor, Action.READ_FIGURES), by)


def totals(by: Breakdown, **asked: Any) -> dict[str, int]:
    return {row.key: row.tally.total for row in rows(by, **asked)}


def numbers(figure: FigureName, group: Group | None = None, *, actor: Actor = SYSTEM, **asked: Any) -> list[str]:
    question = Question(**({"as_of": TODAY} | asked))
    return list(list_item_numbers(db.session(), question, reach(actor, Action.READ_FIGURES), figure, group))


@pytest.mark.parametrize("published", PUBLISHED_SETS, ids=lambda row: f"{row['closed']} of {row['total']}")
def test_a_published_set_of_items_gives_the_published_rate(app: Flask, published: dict[str, Any]) -> None:
    decimals = published.get("decimals", 2)
    parts = published.get("parts", [published])
    with writing():
        for number, part in enumerate(parts):
            source = a_source(f"第{number}批反馈")
            working = part.get("working", part["total"] - part["closed"] - part.get("basically_completed", 0))
            a_crowd(source, {State.CLOSED: part["closed"], State.WORKING: working}, on=TODAY)
            basically = {State.WORKING: part.get("basically_completed", 0)}
            if basically[State.WORKING]:
                a_crowd(source, basically, on=TODAY, own_word=OwnWord.BASICALLY_COMPLETED)
    (whole,) = rows()
    assert (whole.tally.total, whole.tally.closed) == (published["total"], published["closed"])
    assert whole.tally.basically_completed == published.get("basically_completed", 0)
    assert whole.tally.closure_rate.printed(decimals) == published["printed"]
    by_source = {row.label: row.tally for row in rows(Breakdown.SOURCE)}
    assert sum(by_source.values(), Tally()) == whole.tally
    for number, part in enumerate(parts):
        if "printed" in part:
            assert by_source[f"第{number}批反馈"].closure_rate.printed(decimals) == part["printed"]


def test_sustained_items_leave_the_denominators_of_the_sources_that_say_so_and_only_of_these(app: Flask) -> None:
    with writing():
        stays, leaves = a_source("甲"), a_source("乙", leaves_out_sustained=True)
        for source in (stays, leaves):
            a_crowd(source, {State.CLOSED: 3, State.SUSTAINED: 1}, on=TODAY, own_word=OwnWord.COMPLETED)
    rates = {row.label: (row.tally.closure_rate, row.tally.completion_rate) for row in rows(Breakdown.SOURCE)}
    assert rates == {"甲": (Rate(3, 4), Rate(4, 4)), "乙": (Rate(3, 3), Rate(3, 3))}
    (whole,) = rows()
    assert (whole.tally.total, whole.tally.left_out, whole.tally.closure_rate) == (8, 1, Rate(6, 7))
    assert len(numbers(FigureName.CLOSURE_RATE)) == 7
    assert numbers(FigureName.LEFT_OUT) == ["巡察2026-2-004"]


def test_nothing_recorded_gives_no_rows_at_all(app: Flask) -> None:
    assert [rows(by) for by in Breakdown] == [[]] * len(Breakdown)


def test_a_breakdown_has_a_row_for_whom_nobody_is_named_and_it_comes_last(app: Flask) -> None:
    with writing():
        leader, unit = a_person("李强"), a_unit("组织部")
        source = a_source()
        aspect = sources.add_section(source, "思想建设", actor=SYSTEM)
        items.draw_up(source, "无人认领的问题", actor=SYSTEM)
        item = items.draw_up(source, "有人认领的问题", section=aspect, actor=SYSTEM)
        items.assign(item, items.Assignment(lead_unit_id=unit.id, leader_id=leader.id), actor=SYSTEM)
    keys = {by: [(row.key, row.label) for row in rows(by)] for by in Breakdown}
    assert keys == {
        Breakdown.ALL: [("all", "all")],
        Breakdown.UNIT: [("市直机关工委/组织部", "组织部"), ("", "")],
        Breakdown.TREE: [("市直机关工委", "市直机关工委"), ("市直机关工委/组织部", "组织部"), ("", "")],
        Breakdown.SOURCE: [("巡察2026-1", "市委第二巡察组反馈")],
        Breakdown.ASPECT: [("思想建设", "思想建设"), ("", "")],
        Breakdown.CATEGORY: [("", "")],
        Breakdown.LEADER: [("李强", "李强"), ("", "")],
        Breakdown.OWNER: [("", "")],
        Breakdown.KIND: [("problem", "")],
        Breakdown.MONTH: [("202603", "")],
    }
    assert numbers(FigureName.TOTAL, Group(Breakdown.UNIT, None)) == ["巡察2026-1-001"]


def test_two_leaders_of_one_name_have_different_keys(app: Flask) -> None:
    with writing():
        units = [a_unit("组织部"), a_unit("宣传部")]
        leaders = [a_person("王敏", unit) for unit in units] + [a_person("王敏", units[0])]
        source = a_source()
        for leader in leaders:
            an_item(source, lead_unit=units[0], leader_id=leader.id)
    keys = [row.key for row in rows(Breakdown.LEADER)]
    assert len(set(keys)) == 3
    assert "王敏（市直机关工委/宣传部）" in keys


def test_a_category_counts_in_the_aspect_above_it(app: Flask) -> None:
    with writing():
        source = a_source()
        aspect = sources.add_section(source, "思想建设", actor=SYSTEM)
        category = sources.add_section(source, "第一议题", parent=aspect, actor=SYSTEM)
        items.draw_up(source, "问题", section=category, actor=SYSTEM)
        items.draw_up(source, "问题", section=aspect, actor=SYSTEM)
    assert totals(Breakdown.ASPECT) == {"思想建设": 2}


def test_a_common_problem_is_one_problem_or_three_parts_never_four(app: Flask) -> None:
    with writing():
        source = a_source()
        common = items.draw_up(source, "共性问题", actor=SYSTEM)
        items.split(common, [a_unit("组织部"), a_unit("宣传部"), a_unit("办公室")], actor=SYSTEM)
    assert [row.tally.total for row in rows()] == [1]
    assert [row.tally.total for row in rows(counting=Counting.PARTS)] == [3]
    assert totals(Breakdown.UNIT, counting=Counting.PARTS)["市直机关工委/组织部"] == 1
    assert numbers(FigureName.TOTAL) == ["巡察2026-1-001"]


@pytest.mark.parametrize(
    ("settled", "counting"),
    [
        ([], Counting.WHOLES),
        ([Counting.WHOLES], Counting.WHOLES),
        ([Counting.PARTS], Counting.PARTS),
        ([Counting.PARTS, Counting.PARTS], Counting.PARTS),
        ([Counting.PARTS, Counting.WHOLES], Counting.WHOLES),
    ],
)
def test_parts_are_counted_only_where_all_sources_that_are_asked_for_say_so(
    app: Flask, settled: list[Counting], counting: Counting
) -> None:
    with writing():
        ids = [a_source(f"第{nth}批反馈", counting=each).id for nth, each in enumerate(settled)]
    assert find_counting(db.session(), ids) is counting


def test_a_question_narrows_to_sources_kinds_and_units_with_all_below(app: Flask) -> None:
    with writing():
        upper = a_unit("组织部")
        lower = a_unit("干部科", parent=upper)
        one, other = a_source("甲"), a_source("乙")
        an_item(one, lead_unit=upper)
        an_item(one, lead_unit=lower)
        items.draw_up(other, "任务", kind=ItemKind.TASK, actor=SYSTEM)
    assert totals(Breakdown.SOURCE, source_ids=[one.id]) == {"巡察2026-1": 2}
    assert totals(Breakdown.SOURCE, kind=ItemKind.TASK) == {"巡察2026-2": 1}
    assert totals(Breakdown.UNIT, unit_id=upper.id) == {"市直机关工委/组织部": 1, "市直机关工委/组织部/干部科": 1}
    assert totals(Breakdown.UNIT, unit_id=lower.id) == {"市直机关工委/组织部/干部科": 1}


def test_a_void_draft_counts_nowhere_and_a_withdrawn_item_only_as_withdrawn(app: Flask) -> None:
    with writing():
        source, unit = a_source(), a_unit("组织部")
        items.void(an_item(source, lead_unit=unit), reason="重复", actor=SYSTEM)
        items.withdraw(an_issued_item(source=source, lead_unit=unit), reason="上级同意核减", actor=SYSTEM)
    (row,) = rows()
    assert row.tally == Tally(withdrawn=1)
    assert (numbers(FigureName.TOTAL), numbers(FigureName.WITHDRAWN)) == ([], ["巡察2026-1-002"])


def test_a_deadline_is_near_on_its_day_and_overdue_the_day_after(app: Flask) -> None:
    with writing():
        an_issued_item(lead_unit=a_unit("组织部"), due_on=date(2026, 7, 2))
    tomorrow = timedelta(days=1)
    with time_machine.travel("2026-07-10T10:00:00+08:00", tick=False):
        said = [(row.tally.due_soon, row.tally.overdue) for day in (1, 2, 3) for row in rows(as_of=date(2026, 7, day))]
        assert said == [(1, 0), (1, 0), (0, 1)]
        assert numbers(FigureName.OVERDUE, as_of=date(2026, 7, 2) + tomorrow) == ["巡察2026-1-001"]


def test_figures_of_a_past_day_do_not_change_when_items_move_later(app: Flask) -> None:
    with writing():
        unit = a_unit("组织部")
        item = a_working_item(a_person("孙丽", unit), lead_unit=unit)
    then = rows()
    with time_machine.travel("2026-07-31T10:00:00+08:00", tick=False):
        with writing():
            items.move_on(item, Event.APPLY, actor=SYSTEM)
            items.move_on(item, Event.CLOSE, actor=SYSTEM, closed_on=date(2026, 7, 31))
        assert rows() == then
        assert [row.tally.closed for row in rows(as_of=date(2026, 7, 31))] == [1]
        assert numbers(FigureName.WORKING) == [item.number]
        assert numbers(FigureName.CLOSED) == []


def test_a_closing_recorded_late_changes_the_day_as_known_now_and_not_as_known_then(app: Flask) -> None:
    """4 August: a closing that took effect on 29 July is recorded; 31 July keeps what was known on 31 July."""
    with writing():
        unit = a_unit("组织部")
        item = a_working_item(a_person("孙丽", unit), lead_unit=unit)
        items.move_on(item, Event.APPLY, actor=SYSTEM)
    july_31 = date(2026, 7, 31)
    with time_machine.travel("2026-07-31T18:00:00+08:00", tick=False) as traveller:
        known = rows(as_of=july_31)
        meeting = clock.now()
        traveller.move_to("2026-08-04T09:00:00+08:00")
        with writing():
            closed = {"closed_on": date(2026, 7, 29)}
            items.move_on(item, Event.CLOSE, actor=SYSTEM, on=date(2026, 7, 29), reason="补录", **closed)
        assert rows(as_of=july_31, known_at=meeting) == known
        assert [row.tally.closed for row in rows(as_of=july_31)] == [1]
        assert numbers(FigureName.CLOSED, as_of=july_31, known_at=meeting) == []
        assert numbers(FigureName.CLOSED, as_of=july_31) == [item.number]


def test_a_liaison_of_another_unit_gets_nothing_not_even_a_count(app: Flask) -> None:
    with writing():
        unit, other = a_unit("组织部"), a_unit("宣传部")
        an_issued_item(lead_unit=unit)
        stranger = an_account("周宁", Role.LIAISON, other)
        liaison = an_account("赵兰", Role.LIAISON, unit)
    for by in Breakdown:
        assert rows(by, actor=actor_of(stranger)) == []
        assert {row.tally.total for row in rows(by, actor=actor_of(liaison))} == {1}
    assert numbers(FigureName.TOTAL, actor=actor_of(stranger)) == []


def test_the_past_is_read_with_present_grants_in_the_unit_of_that_day(app: Flask) -> None:
    with writing():
        unit, other = a_unit("组织部"), a_unit("宣传部")
        item = an_issued_item(lead_unit=unit)
        before, after = an_account("赵兰", Role.LIAISON, unit), an_account("周宁", Role.LIAISON, other)
    with time_machine.travel("2026-07-10T10:00:00+08:00", tick=False):
        with writing():
            items.reassign(item, unit_id=other.id, reason="改由宣传部牵头", actor=SYSTEM)
        seen = {
            (person.name, day): bool(rows(actor=actor_of(person), as_of=date(2026, *day)))
            for person in (before, after)
            for day in ((6, 30), (7, 10))
        }
    assert seen == {
        ("赵兰", (6, 30)): True,
        ("赵兰", (7, 10)): False,
        ("周宁", (6, 30)): False,
        ("周宁", (7, 10)): True,
    }
