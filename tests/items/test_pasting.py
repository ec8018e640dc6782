"""A block copied out of a spreadsheet."""

import pytest

from tracker.core.errors import DomainError
from tracker.items.headings import SETTABLE, Field, field_of
from tracker.items.pasting import Block, match_rows, read_block, read_cells

NUMBERS = ["巡察2026-1-001", "巡察2026-1-002", "巡察2026-1-003"]


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("甲\t乙\n丙\t丁\n", [["甲", "乙"], ["丙", "丁"]]),
        ("甲\r\n\r\n乙\r\n", [["甲"], [""], ["乙"]]),
        ('"一行\n两行"\t乙\n丙\t', [["一行\n两行", "乙"], ["丙", ""]]),
        ('"说""好""的"\t乙', [['说"好"的', "乙"]]),
        ('"一岗双责"不到位\t乙\n丙\t丁', [['"一岗双责"不到位', "乙"], ["丙", "丁"]]),
        ('"没有关上\t乙\n丙', [['"没有关上', "乙"], ["丙"]]),
        ('"甲"\n乙', [['"甲"'], ["乙"]]),
        ("", [[""]]),
        ("\t", [["", ""]]),
    ],
)
def test_cells_are_read_as_spreadsheets_copy_them(text: str, cells: list[list[str]]) -> None:
    assert read_cells(text) == cells


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("牵头单位", Field.LEAD_UNIT),
        ("责 任 单 位", Field.LEAD_UNIT),
        ("整改牵头部门", Field.LEAD_UNIT),
        ("完成时限：", Field.DEADLINE),
        ("计划完成时间", Field.DEADLINE),
        ("存在问题", Field.FINDING),
        ("问题编号", Field.NUMBER),
        ("整改责任人", Field.OWNER),
        ("完成情况", Field.OWN_WORD),
        ("是否销号", Field.CLOSURE),
        ("", None),
    ],
)
def test_headings_are_known_by_their_synonyms(heading: str, field: Field | None) -> None:
    assert field_of(heading) == field


def rows_of(
    text: str, *, column: Field | None = None, numbers: list[str] = NUMBERS
) -> list[tuple[str, dict[str, str]]]:
    rows, errors = match_rows(read_block(text, column=column, numbers=numbers), numbers, source_number="巡察2026-1")
    assert errors == []
    return [(row.number[-3:], dict(row.cells)) for row in rows]


def test_a_single_column_goes_down_the_list_and_an_empty_cell_leaves_its_item_alone() -> None:
    assert rows_of("组织部\n\n宣传部", column=Field.LEAD_UNIT) == [
        ("001", {"lead_unit": "组织部"}),
        ("002", {}),
        ("003", {"lead_unit": "宣传部"}),
    ]


def test_a_first_column_of_numbers_names_the_rows() -> None:
    text = "巡察2026-1-003\t组织部\n\n巡察2026-1-001\t宣传部"
    assert rows_of(text, column=Field.LEAD_UNIT) == [("003", {"lead_unit": "组织部"}), ("001", {"lead_unit": "宣传部"})]


def test_headings_tell_the_columns_and_unknown_ones_are_named() -> None:
    text = "序号\t具体问题\t责任单位\t整改时限\t完成情况\n1\t甲\t组织部\t6月底前\t已完成\n2\t乙\t\t立行立改\t"
    block = read_block(text, column=None, numbers=NUMBERS)
    assert block.unknown == ["完成情况"]
    assert rows_of(text) == [
        ("001", {"lead_unit": "组织部", "deadline": "6月底前"}),
        ("002", {"deadline": "立行立改"}),
    ]


@pytest.mark.parametrize("number", ["巡察2026-1-002", "002", "2"])
def test_a_column_of_numbers_may_be_short(number: str) -> None:
    assert rows_of(f"编号\t责任人\n{number}\t王敏") == [("002", {"owner": "王敏"})]


@pytest.mark.parametrize(
    ("text", "column"),
    [
        ("", Field.OWNER),
        (" \n\t\n", Field.OWNER),
        ("组织部\n宣传部", None),
        ("组织部\t王敏", Field.LEAD_UNIT),
        ("责任单位\t牵头单位\n组织部\t宣传部", None),
        ("甲\n" * 2001, Field.OWNER),
    ],
)
def test_a_block_that_can_not_be_understood_is_refused(text: str, column: Field | None) -> None:
    with pytest.raises(DomainError):
        read_block(text, column=column, numbers=NUMBERS)


def errors_of(block: Block) -> list[tuple[int, Field | None, str]]:
    _rows, errors = match_rows(block, NUMBERS, source_number="巡察2026-1")
    return [(error.place, error.field, str(error.message)) for error in errors]


def test_rows_that_belong_to_no_item_are_named_by_their_place() -> None:
    block = read_block("甲\n乙\n丙\n丁", column=Field.OWNER, numbers=NUMBERS)
    assert [error[:2] for error in errors_of(block)] == [(4, None)]
    block = read_block("编号\t责任人\n2\t王敏\n9\t王敏\n\t王敏\n002\t李磊", column=None, numbers=NUMBERS)
    assert [error[:2] for error in errors_of(block)] == [(3, Field.NUMBER), (4, Field.NUMBER), (5, Field.NUMBER)]


def test_every_settable_field_has_a_heading_of_its_own_name() -> None:
    from tracker.items.headings import FIELD_LABELS

    assert {field_of(str(FIELD_LABELS[field])) for field in SETTABLE} == set(SETTABLE)
