"""What a form says around its rows, what its columns print, and how two issues differ."""

from datetime import date

import pytest

from tracker.office.filling import changed
from tracker.office.sheets import Row, Sheet
from tracker.submissions.columns import proposed
from tracker.submissions.rules import Difference, Facts, blanks_of, differences
from tracker.submissions.spaces import propose

FACTS = Facts("市直机关工委", date(2026, 4, 24), 1, 27, 6, "22.2%")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("填报单位：", "填报单位：市直机关工委"),
        ("填报单位（盖章）：", "填报单位（盖章）："),
        ("填报单位：______　填报日期：    年  月  日", "填报单位：市直机关工委　　填报日期：2026年4月24日"),
        ("填报单位:             填表人:", "填报单位:市直机关工委　　填表人:"),
        ("（截至   年  月  日）", "（截至2026年4月24日）"),
        ("填报时间：", "填报时间：2026年4月24日"),
        ("填报单位：市住建局", "填报单位：市住建局"),
        ("共{{总数}}个，已销号{{ 已销号 }}个，销号率{{销号率}}", "共27个，已销号6个，销号率22.2%"),
        ("{{不认识}}", "{{不认识}}"),
        ("截至目前进展", "截至目前进展"),
        ("截止日期前完成", "截止日期前完成"),
    ],
)
def test_blanks_are_filled_and_what_is_printed_stays(text: str, told: str) -> None:
    assert changed(text, blanks_of(text, FACTS)) == told


@pytest.mark.parametrize(
    ("words", "prints"),
    [
        ("序号", "序号"),
        ("反馈问题", "具体问题"),
        ("责任单位", "牵头单位"),
        ("整改完成时限", "整改时限"),
        ("目前进展情况", "本次进展"),
        ("是否销号", "销号状态"),
        ("整改成效", "整改成效"),
        ("联系电话", "联系电话"),
        ("责任领导", "责任领导"),
        ("密级", ""),
        ("填表说明", ""),
    ],
)
def test_a_heading_of_a_superior_prints_the_column_of_ours_that_it_means(words: str, prints: str) -> None:
    assert proposed(words) == prints


def test_rows_go_below_the_heading_as_far_as_nothing_is_printed() -> None:
    sheet = Sheet(
        "月报",
        [
            Row(1, ("整改进展情况月报表",)),
            Row(2, ("填报单位：", None, None, "2026年  月")),
            Row(3, ("序号", "反馈问题", "责任单位", "整改时限", "整改进展")),
            Row(4, (1,)),
            Row(5, (2,)),
            Row(8, ("填表人：", None, "审核人：")),
        ],
    )
    proposal = propose([Sheet("说明", [Row(1, ("填表说明",))]), sheet])
    assert proposal is not None
    assert (proposal.sheet, proposal.first, proposal.last) == ("月报", 4, 7)
    assert [place.prints for place in proposal.places] == ["序号", "具体问题", "牵头单位", "整改时限", "本次进展"]


def test_a_form_without_a_heading_wants_nothing() -> None:
    assert propose([Sheet("空", [Row(1, ("通知",))])]) is None


def test_two_issues_differ_by_items_that_came_went_or_say_something_else() -> None:
    before = {"甲": {"序号": "1", "进展": "学习"}, "乙": {"序号": "2", "进展": ""}, "丙": {"序号": "3", "进展": "完成"}}
    after = {"乙": {"序号": "1", "进展": "整改"}, "丙": {"序号": "2", "进展": "完成"}, "丁": {"序号": "3", "进展": ""}}
    assert differences(before, after) == [
        Difference("乙", "changed", [("进展", "", "整改")]),
        Difference("丁", "added"),
        Difference("甲", "dropped"),
    ]
