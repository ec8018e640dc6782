from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

import pytest
from openpyxl import Workbook

from tests.office.workbooks import a_workbook
from tracker.intake.rules.ledger import LedgerReading, read_ledger
from tracker.items.headings import Field
from tracker.items.rules import DeadlineKind, OwnWord
from tracker.office.xlsx_reading import read_workbook

RECEIVED = date(2026, 3, 1)
HEAD = [
    "序号",
    "方面",
    "类别",
    "反馈问题",
    "整改措施",
    "责任领导",
    "责任单位",
    "配合单位",
    "责任人",
    "整改时限",
    "完成情况",
]


def read(
    *sheets: Sequence[Sequence[Any]],
    dress: Callable[[Workbook], None] | None = None,
    received_on: date | None = RECEIVED,
    mapped: dict[str, Field | None] | None = None,
) -> LedgerReading:
    return read_ledger(read_workbook(a_workbook(*sheets, dress=dress)), received_on=received_on, mapped=mapped)


def merging(*areas: str, sheet: int = 0) -> Callable[[Workbook], None]:
    def dress(book: Workbook) -> None:
        for area in areas:
            book.worksheets[sheet].merge_cells(area)

    return dress


def findings(reading: LedgerReading) -> list[str]:
    return [item.finding for item in reading.items]


def faults(reading: LedgerReading) -> list[tuple[int, str]]:
    return [(fault.row, fault.column) for fault in reading.faults]


def test_a_usual_ledger_is_read_below_its_titles() -> None:
    reading = read(
        [
            ["巡察整改台账"],
            ["填报单位：办公室", None, None, "2026年3月31日"],
            HEAD,
            [1, "一、学习方面", "（一）学习不够", "学习少", "1.学；2.查", "张敏", "组织部", "宣传部、办公室", "李强",
             datetime(2026, 6, 30), "基本完成"],
            [2, None, None, "记录不全", None, None, "宣传部", None, None, "立行立改", "已完成"],
            [3, None, "（二）转化不够", "转化少", "加强", None, "宣传部", None, None, "2026年底前，并长期坚持", None],
            [4, "二、作风方面", None, "文风不实", "加强", None, "宣传部", None, None, "长期坚持", None],
            ["合计", None, None, "4个问题"],
            ["注：本表一式两份"],
        ]
    )  # fmt: skip

    assert reading.faults == []
    assert reading.warnings == []
    assert [item.path for item in reading.items] == [
        ("学习方面", "学习不够"),
        ("学习方面", "学习不够"),
        ("学习方面", "转化不够"),
        ("作风方面",),
    ]
    first = reading.items[0]
    assert (first.number, first.row, first.measures, first.own_word) == (
        "1",
        4,
        ["学", "查"],
        OwnWord.BASICALLY_COMPLETED,
    )
    assert first.titles[0].number == "一、"
    assert first.supporting_units == ["宣传部", "办公室"]
    deadlines = [item.deadline for item in reading.items if item.deadline]
    assert [(each.kind, each.due_on, each.then_sustained) for each in deadlines] == [
        (DeadlineKind.BY_DATE, date(2026, 6, 30), False),
        (DeadlineKind.AT_ONCE, None, False),
        (DeadlineKind.BY_DATE, date(2026, 12, 31), True),
        (DeadlineKind.LONG_TERM, None, False),
    ]  # fmt: skip
    assert [(row.row, str(row.why)) for row in reading.skipped] == [(8, "合计行"), (9, "表外说明")]


def test_columns_may_stand_in_any_order_under_other_names() -> None:
    reading = read([["完成时限", "主责单位", "问题表述", "备注"], ["2026.6.30", "组织部", "学习少", "急"]])

    item = reading.items[0]
    assert (item.finding, item.words(Field.LEAD_UNIT), item.words(Field.REMARK)) == ("学习少", "组织部", "急")


def test_a_heading_of_two_rows_is_read_by_its_lower_words() -> None:
    reading = read(
        [
            ["整改台账"],
            ["序号", "问题", "责任落实", None, None, "时限"],
            [None, None, "领导", "牵头单位", "责任人", None],
            [1, "学习少", "张敏", "组织部", "李强", "2026年6月底前"],
        ],
        dress=merging("A1:F1", "A2:A3", "B2:B3", "C2:E2", "F2:F3"),
    )

    item = reading.items[0]
    assert item.row == 4
    told = [item.words(each) for each in (Field.LEADER, Field.LEAD_UNIT, Field.OWNER, Field.DEADLINE)]
    assert told == ["张敏", "组织部", "李强", "2026年6月底前"]


def test_an_item_with_a_row_for_each_measure_is_one_item() -> None:
    rows = [
        ["序号", "存在问题", "整改措施", "责任单位", "完成时限"],
        [1, "学习少", "制定计划", "组织部", "2026年6月底前"],
        [None, None, "检查落实", None, None],
        [2, "记录少", "补记录", "宣传部", "2026年6月底前"],
    ]

    for dress in (merging("A2:A3", "B2:B3", "D2:D3"), None):
        reading = read(rows, dress=dress)

        assert [(item.finding, item.measures) for item in reading.items] == [
            ("学习少", ["制定计划", "检查落实"]),
            ("记录少", ["补记录"]),
        ]


def test_a_unit_merged_over_several_items_is_the_unit_of_each() -> None:
    reading = read(
        [["问题", "责任单位"], ["学习少", "组织部"], ["记录少", None], ["文风", None]], dress=merging("B2:B3")
    )

    assert [item.words(Field.LEAD_UNIT) for item in reading.items] == ["组织部", "组织部", ""]


def test_headings_across_the_table_become_aspects_and_categories() -> None:
    reading = read(
        [
            ["序号", "问题", "措施", "责任单位"],
            ["一、学习方面"],
            ["（一）学习不够"],
            [1, "学习少", "学", "组织部"],
            ["（二）转化不够"],
            [2, "转化少", "学", "组织部"],
            ["二、作风方面"],
            [3, "文风", "改", "宣传部"],
        ],
        dress=merging("A2:D2", "A3:D3", "A5:D5", "A7:D7"),
    )

    assert [(item.finding, item.path) for item in reading.items] == [
        ("学习少", ("学习方面", "学习不够")),
        ("转化少", ("学习方面", "转化不够")),
        ("文风", ("作风方面",)),
    ]


def test_several_sheets_are_read_and_the_others_named() -> None:
    reading = read(
        [["问题", "责任单位"], ["学习少", "组织部"]],
        [["说明"], ["本表由办公室填报"]],
        [["问题", "责任单位"], ["记录少", "组织部"], ["问题", "责任单位"], ["文风", "宣传部"]],
    )

    assert findings(reading) == ["学习少", "记录少", "文风"]
    assert [str(warning) for warning in reading.warnings] == ["工作表“Sheet1”没有台账的表头，没有读取。"]
    assert [str(row.why) for row in reading.skipped] == ["重复的表头"]


def test_hidden_sheets_are_left_alone() -> None:
    def hide(book: Workbook) -> None:
        book.worksheets[1].sheet_state = "hidden"

    reading = read(
        [["问题", "责任单位"], ["学习少", "组织部"]], [["问题", "责任单位"], ["旧问题", "组织部"]], dress=hide
    )

    assert findings(reading) == ["学习少"]


def test_what_is_not_understood_is_said_and_can_be_mapped() -> None:
    rows = [["问题", "责任单位", "牵办方", "截止"], ["学习少", "组织部", "办公室", "2026年6月30日"]]

    reading = read(rows)
    assert [str(warning) for warning in reading.warnings] == [
        "工作表“Sheet” C 列“牵办方”不认识，没有读取。",
        "工作表“Sheet” D 列“截止”不认识，没有读取。",
    ]
    assert [column.words for column in reading.headings[0].unknown] == ["牵办方", "截止"]

    mapped = read(rows, mapped={"牵办方": Field.SUPPORTING_UNITS, "截止": None})
    assert mapped.items[0].supporting_units == ["办公室"]
    assert mapped.warnings == []


def test_of_two_columns_for_the_same_the_first_counts_and_the_other_is_named() -> None:
    reading = read([["问题", "责任单位", "完成时限", "整改时限"], ["学习少", "组织部", "2026年6月", "2026年9月"]])

    assert reading.items[0].words(Field.DEADLINE) == "2026年6月"
    assert [str(warning) for warning in reading.warnings] == [
        "工作表“Sheet” D 列“整改时限”与前面一列同是“整改时限”，没有读取。"
    ]


def test_columns_under_one_merged_heading_are_read_together() -> None:
    reading = read([["问题", "整改措施", None, "责任单位"], ["学习少", "学", "查", "组织部"]], dress=merging("B1:C1"))

    assert reading.items[0].measures == ["学", "查"]


def test_a_merged_heading_that_reaches_into_the_data_says_nothing_of_them() -> None:
    reading = read([["问题", "责任单位"], ["学习少", "组织部"], ["记录少", "宣传部"]], dress=merging("A1:A3"))

    assert [item.words(Field.LEAD_UNIT) for item in reading.items] == ["组织部", "宣传部"]
    assert faults(reading) == [(2, "A"), (3, "A")]


def test_each_fault_names_its_sheet_row_and_column_and_the_row_stays_among_the_items() -> None:
    def odd_cells(book: Workbook) -> None:
        sheet = book.worksheets[0]
        sheet["C4"] = datetime(1900, 1, 5)
        sheet["B7"] = "=VLOOKUP(1,A:B,2)"

    reading = read(
        [
            ["问题", "责任单位", "整改时限", "是否销号", "编号"],
            ["学习少", "组织部", "尽快", "是", "巡察2026-1-001"],
            [None, "组织部", "2026年6月", None, None],
            ["记录少", "组织部", "x", "也许", None],
            ["#REF!", "组织部", None, None, None],
            ["字" * 4001, "组织部", "2026年13月", None, "巡察2026-1-001"],
            ["文风", "x", None, None, None],
        ],
        dress=odd_cells,
    )

    assert faults(reading) == [(2, "C"), (3, "A"), (4, "C"), (4, "D"), (5, "A"), (6, "A"), (6, "C"), (6, ""), (7, "B")]
    assert {fault.sheet for fault in reading.faults} == {"Sheet"}
    assert len(reading.items) == 6
    assert reading.items[0].closed
    assert reading.items[0].deadline is None


def test_relative_deadlines_count_from_the_feedback() -> None:
    rows = [["问题", "时限"], ["学习少", "90天"], ["记录少", "半年内"], ["文风", "6月底前"], ["会风", "2026年6月"]]

    assert [item.deadline and item.deadline.due_on for item in read(rows).items] == [
        date(2026, 5, 30),
        date(2026, 9, 1),
        date(2026, 6, 30),
        date(2026, 6, 30),
    ]
    undated = read(rows, received_on=None)
    assert [item.deadline and item.deadline.due_on for item in undated.items] == [None, None, None, date(2026, 6, 30)]
    assert undated.faults == []
    assert "3 个从反馈之日算起" in str(undated.warnings[0])


def test_words_in_the_column_of_completion_are_kept_as_progress() -> None:
    reading = read(
        [["问题", "责任单位", "进展情况", "完成情况"], ["学习少", "组织部", "已开会", "完成清单一份，正在修订制度"]]
    )

    assert reading.items[0].own_word is OwnWord.NONE
    assert reading.items[0].progress == "已开会\n完成清单一份，正在修订制度"


def test_a_closed_row_tells_its_day() -> None:
    reading = read([["问题", "责任单位", "销号状态", "销号时间"], ["学习少", "组织部", "已销号", "2026年5月20日"]])

    assert (reading.items[0].closed, reading.items[0].closed_on) == (True, date(2026, 5, 20))


@pytest.mark.parametrize("rows", [[], [["学习少"], ["记录少"]], [["姓名", "年龄"], ["张敏", 30]]])
def test_a_table_that_is_no_ledger_says_what_a_heading_needs(rows: list[list[Any]]) -> None:
    reading = read(rows)

    assert reading.items == []
    assert "没有认出表头" in str(reading.warnings[0])


def test_a_heading_alone_says_that_nothing_stands_below_it() -> None:
    assert "没有一行事项" in str(read([HEAD]).warnings[0])


OTHER_HEADINGS = (
    "反馈意见 问题清单 查摆问题 巡察反馈问题 存在的主要问题 突出问题 问题及表现 督查发现问题 整改内容 重点工作"
)


@pytest.mark.parametrize("heading", OTHER_HEADINGS.split())
def test_a_heading_that_no_synonym_lists_is_known_by_its_words(heading: str) -> None:
    rows = [
        ["序号", heading, "具体举措", "责任部门（单位）", "整改责任领导", "完成期限"],
        [1, "学习少", "学", "组织部", "张敏", "2022年6月"],
    ]
    item = read(rows).items[0]

    assert item.finding == "学习少"
    told = [item.words(each) for each in (Field.MEASURES, Field.LEAD_UNIT, Field.LEADER, Field.DEADLINE)]
    assert told == ["学", "组织部", "张敏", "2022年6月"]


def test_a_title_over_the_table_is_no_part_of_its_heading() -> None:
    rows = [
        ["2022年度重点工作任务清单"],
        ["序号", "工作类别", "重点任务", "牵头部门"],
        ["一", "党建工作"],
        [1, None, "主题党日", "组织部"],
    ]
    reading = read([*rows, ["二", "宣传工作"], [2, None, "宣讲", "宣传部"]], dress=merging("A1:D1"))

    assert reading.warnings == []
    assert [(item.finding, item.path, item.titles[0].number) for item in reading.items] == [
        ("主题党日", ("党建工作",), "一、"),
        ("宣讲", ("宣传工作",), "二、"),
    ]


def test_signatures_and_sums_of_a_page_are_no_items() -> None:
    reading = read(
        [
            ["序号", "问题", "责任单位"],
            [1, "学习少", "组织部"],
            ["本页小计", 1],
            ["填表说明：每月25日前报送"],
            ["单位负责人（签字）：", None, "填表人：张敏"],
        ]
    )

    assert findings(reading) == ["学习少"]
    assert reading.faults == []


def test_a_day_whose_cell_lost_its_format_is_read_and_shown_as_a_day() -> None:
    item = read([["问题", "时限"], ["学习少", 46203]]).items[0]

    assert item.deadline is not None
    assert (item.deadline.due_on, item.deadline.text) == (date(2026, 6, 30), "2026-06-30")


def test_full_width_figures_of_a_place_are_figures() -> None:
    assert read([["序号", "问题", "责任单位"], ["１", "学习少", "组织部"]]).items[0].number == "1"
