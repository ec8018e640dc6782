"""Printed lists: the columns people expect, merged cells, and the sum."""

from datetime import date
from types import SimpleNamespace as Thing
from typing import Any

import pytest

from tracker.exports.columns import CLOSURE, COLUMNS, OUTCOME_WORDS, STATE_WORDS, deadline, listed
from tracker.exports.rows import PrintRow
from tracker.exports.tables import sum_of, table_of
from tracker.intake.rules.ledger.cells import closed_of
from tracker.items.lists import ListName
from tracker.items.rules import DeadlineKind, State
from tracker.progress.rules import OutcomeKind

EXPECTED = {
    ListName.PROBLEMS: "序号｜问题编号｜问题来源｜反馈单位｜反馈日期｜方面｜类别｜具体问题｜产生原因｜整改类别｜备注",
    ListName.RESPONSIBILITY: (
        "序号｜问题编号｜具体问题｜责任领导｜分管领导｜牵头单位｜配合单位｜责任人｜联系电话｜签收人｜签收时间｜备注"
    ),
    ListName.RECTIFICATION: (
        "序号｜问题编号｜具体问题｜整改目标｜整改措施（逐条）｜责任人｜整改时限｜延期情况｜上次进展｜本次进展"
        "｜完成情况｜整改成效｜佐证材料｜销号状态｜销号时间｜备注"
    ),
}


@pytest.mark.parametrize("name", EXPECTED)
def test_each_list_has_the_columns_people_expect_in_their_order(name: ListName) -> None:
    assert "｜".join(column.heading for column in COLUMNS[name]) == EXPECTED[name]


def test_every_code_has_its_printed_word() -> None:
    assert set(STATE_WORDS) == set(State)
    assert set(OUTCOME_WORDS) == set(OutcomeKind)


def a_row(place: int, aspect: str, category: str, **values: Any) -> PrintRow:
    above = Thing(number="", title=aspect, parent=None)
    section = Thing(number="", title=category, parent=above)
    source = Thing(title="一轮巡察", issuing_body="巡察组", received_on=None)
    given = {"number": f"巡察2026-1-{place:03d}", "finding": "问题", "cause": "", "remark": "", "deadline_kind": None}
    item: Any = Thing(source=source, section=section, **{**given, "parent_id": None, "state": State.DRAFT, **values})
    return PrintRow(place, item)


def heights(rows: list[PrintRow], heading: str) -> list[tuple[str, int]]:
    table = table_of(ListName.PROBLEMS, rows)
    place = table.headings.index(heading)
    texts = [[column.value(row) for column in table.columns] for row in rows]
    words = {row[place] for row in texts}
    return [(cell.text, cell.rows) for row in table.rows for cell in row if cell.text in words]


def test_equal_neighbours_become_one_cell_and_a_category_ends_with_its_aspect() -> None:
    rows = [a_row(1, "甲方面", "子"), a_row(2, "甲方面", "子"), a_row(3, "乙方面", "子"), a_row(4, "甲方面", "丑")]
    assert heights(rows, "方面") == [("甲方面", 2), ("乙方面", 1), ("甲方面", 1)]
    assert heights(rows, "类别") == [("子", 2), ("子", 1), ("丑", 1)]
    assert heights(rows, "问题来源") == [("一轮巡察", 4)]


def test_empty_cells_are_never_merged() -> None:
    table = table_of(ListName.PROBLEMS, [a_row(1, "", ""), a_row(2, "", "")])
    assert [len(row) for row in table.rows] == [11, 9]


def test_the_sum_counts_problems_and_parts_apart() -> None:
    rows = [a_row(1, "甲", "子", state=State.CLOSED), a_row(2, "甲", "子"), a_row(3, "甲", "子", parent_id=1)]
    assert sum_of(ListName.PROBLEMS, rows) == "2个问题，已销号1个；1个分项，已销号0个"
    assert sum_of(ListName.TASKS, []) == "0项任务"


@pytest.mark.parametrize(
    ("item", "printed"),
    [
        ({"due_text": "2025年底前，并长期坚持"}, "2025年底前，并长期坚持"),
        ({"deadline_kind": DeadlineKind.LONG_TERM}, "长期坚持"),
        ({"deadline_kind": DeadlineKind.BY_DATE, "due": (2026, 6, 30)}, "2026年6月30日"),
        ({"deadline_kind": DeadlineKind.AT_ONCE, "due": (2026, 3, 31)}, "立行立改（2026年3月31日前）"),
        (
            {"deadline_kind": DeadlineKind.BY_DATE, "due": (2026, 6, 30), "then_sustained": True},
            "2026年6月30日，并长期坚持",
        ),
        ({}, ""),
    ],
)
def test_a_deadline_is_printed_as_it_was_given(item: dict[str, Any], printed: str) -> None:
    year, month, day = item.pop("due", (None, None, None))
    due_on = year and Thing(year=year, month=month, day=day)
    given = {"due_text": "", "deadline_kind": None, "then_sustained": False, "due_on": due_on, **item}
    assert deadline(Thing(**given)) == printed  # type: ignore[arg-type]


def test_one_measure_has_no_number_several_have() -> None:
    assert (listed(["甲"]), listed(["甲", "乙"]), listed([])) == ("甲", "1. 甲\n2. 乙", "")


@pytest.mark.parametrize(
    ("closed_on", "due_on", "printed"),
    [
        (date(2026, 6, 30), date(2026, 6, 30), "已销号"),
        (date(2026, 7, 10), date(2026, 6, 30), "逾期10天销号"),
        (date(2026, 7, 10), date(2026, 7, 31), "已销号（按原定时限逾期10天）"),
        (None, date(2026, 6, 30), "整改中"),
    ],
)
def test_a_closed_item_prints_how_late_it_was_and_reads_back_as_closed(
    closed_on: date | None, due_on: date, printed: str
) -> None:
    state = State.CLOSED if closed_on else State.WORKING
    row = a_row(1, "甲", "子", state=state, closed_on=closed_on, due_on=due_on, first_due_on=date(2026, 6, 30))
    assert CLOSURE.value(row) == printed
    assert closed_of(printed) is (closed_on is not None)
