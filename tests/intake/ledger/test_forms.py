"""Forms of ledgers met in offices, each with what a careful clerk reads of it."""

import pytest

from tests.intake.ledger.test_reading import findings, merging, read
from tracker.intake.rules.ledger import as_json
from tracker.items.headings import Field


def test_of_several_units_in_one_cell_the_first_leads_and_the_others_support() -> None:
    reading = read(
        [
            ["序号", "问题", "责任单位", "配合单位", "整改时限"],
            [1, "学习少", "组织部\n宣传部", "办公室", "6月底前"],
            [2, "研讨少", "组织部（机关党委、人事处）", "", "6月底前"],
        ]
    )

    units = [(item.words(Field.LEAD_UNIT), list(item.supporting_units)) for item in reading.items]
    assert units == [("组织部", ["宣传部", "办公室"]), ("组织部（机关党委、人事处）", [])]
    assert [str(warning) for warning in reading.warnings] == [
        "1 行的责任单位写了几个：第一个作为牵头单位，其余作为配合单位，请核对。"
    ]


def test_a_task_over_several_rows_is_the_category_of_what_is_told_of_it() -> None:
    reading = read(
        [
            ["序号", "重点任务", "工作内容", "牵头处室", "责任处室", "完成时间"],
            [1, "深化理论武装", "举办轮训班2期", "宣传部", "机关党校", "10月"],
            [2, None, "中心组学习12次", "宣传部", "办公室", "全年"],
            [3, "夯实基层基础", "标准化验收", "组织部", "各支部", "11月底前"],
        ],
        dress=merging("B2:B3"),
    )

    assert [(item.path, item.finding) for item in reading.items] == [
        (("深化理论武装",), "举办轮训班2期"),
        (("深化理论武装",), "中心组学习12次"),
        (("夯实基层基础",), "标准化验收"),
    ]
    assert [list(item.supporting_units) for item in reading.items] == [["机关党校"], ["办公室"], ["各支部"]]
    assert as_json(reading)["counted"] == {"aspects": 0, "categories": 2, "problems": 3}
    assert reading.warnings == []


def test_a_list_of_tasks_beside_the_list_of_problems_holds_the_measures() -> None:
    reading = read(
        [
            ["序号", "问题清单", "任务清单", "责任清单", None, "时限清单"],
            [None, None, None, "责任领导", "牵头单位", None],
            [1, "学习少", "①多研讨②勤通报", "张三", "组织部", "6月底前"],
        ],
        dress=merging("D1:E1", "A1:A2", "B1:B2", "C1:C2", "F1:F2"),
    )

    (item,) = reading.items
    assert (item.finding, list(item.measures), item.words(Field.LEADER)) == ("学习少", ["多研讨", "勤通报"], "张三")


def test_a_row_that_names_a_section_in_its_own_column_is_no_item() -> None:
    reading = read(
        [
            ["序号", "方面", "问题", "责任单位", "整改时限"],
            ["一", "政治建设（2个）", None, None, None],
            [1, None, "学习少", "组织部", "6月底前"],
            [2, None, "研讨少", "组织部", "—"],
            ["二", "组织建设（1个）", None, None, None],
            [3, None, "换届迟", "组织部", "无"],
        ]
    )

    assert [(item.path, item.finding) for item in reading.items] == [
        (("政治建设",), "学习少"),
        (("政治建设",), "研讨少"),
        (("组织建设",), "换届迟"),
    ]
    assert reading.faults == []
    assert as_json(reading)["counted"] == {"aspects": 2, "categories": 0, "problems": 3}


@pytest.mark.parametrize(
    ("heading", "wanted"),
    [("编码", Field.NUMBER), ("整改进度", Field.PROGRESS), ("是否办结", Field.OWN_WORD), ("完成标志", Field.GOAL)],
)
def test_more_names_of_columns_are_understood(heading: str, wanted: Field) -> None:
    reading = read([["问题", "责任单位", heading], ["学习少", "组织部", "是"]])

    assert findings(reading) == ["学习少"]
    assert [column.field for column in reading.headings[0].columns][-1] is wanted
