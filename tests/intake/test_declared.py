import pytest

from tests.intake.texts import reading_of
from tracker.intake.rules import Counts, compare
from tracker.intake.rules.declared import declared_by_heading, declared_in


@pytest.mark.parametrize(
    ("text", "declared"),
    [
        ("共3个方面9大类27个问题", Counts(3, 9, 27)),
        ("三个方面九大类二十七个问题", Counts(3, 9, 27)),
        ("3个方面、9个大类、27个具体问题", Counts(3, 9, 27)),
        ("涉及3个方面9类，共27项问题", Counts(3, 9, 27)),
        ("３个方面９大类２７个问题", Counts(3, 9, 27)),
        ("3个方面9大类XX个问题整改", Counts(3, 9, None)),
        ("×个方面9大类27个问题", Counts(None, 9, 27)),
        ("4大类16个方面56个问题", Counts(4, 16, 56)),
        ("5个方面12个问题", Counts(5, None, 12)),
        ("9大类27个问题", Counts(None, 9, 27)),
        ("4个方面、29项", Counts(4, None, 29)),
        ("巡察发现问题27个", Counts(None, None, 27)),
        ("共发现189个问题", Counts(None, None, 189)),
        ("反馈了27条具体问题", Counts(None, None, 27)),
        ("共查摆出十二个突出问题", Counts(None, None, 12)),
        ("审计发现XX个问题", Counts(None, None, None)),
    ],
)
def test_a_declared_count_is_read(text: str, declared: Counts) -> None:
    assert declared_in(text) == declared


@pytest.mark.parametrize(
    "text",
    [
        "帮助解决实际问题XX个",
        "已整改问题25个",
        "部署安排X个方面23项重点任务",
        "持续做优“10个3”工作机制",
        "完成整改存在的12个问题",
        "学习不深入",
    ],
)
def test_other_counts_declare_nothing(text: str) -> None:
    assert declared_in(text) is None


@pytest.mark.parametrize(
    ("heading", "stated"),
    [
        ("一、政治建设方面（共9个问题）", 9),
        ("一、政治建设方面（9个）", 9),
        ("一、政治建设方面（3类9个问题）", 9),
        ("第一个方面，政治建设方面，共九个问题", 9),
        ("一、学习研讨方面(6条)", 6),
        ("3个支部缺少党课讲稿", None),
        ("一、政治建设方面", None),
    ],
)
def test_a_heading_declares_its_own_problems(heading: str, stated: int | None) -> None:
    assert declared_by_heading(heading) == stated


def test_every_level_that_differs_is_named_with_both_numbers() -> None:
    warnings = compare(Counts(3, 9, 27), Counts(3, 8, 25))

    assert warnings == (
        "原文写明9个类别，实际读到8个类别，请对照原文核对。",
        "原文写明27个问题，实际读到25个问题，请对照原文核对。",
    )


def test_an_unknown_count_is_not_compared() -> None:
    assert compare(Counts(3, 9, None), Counts(3, 9, 27)) == ()


def test_a_declared_count_decides_which_level_the_problems_are() -> None:
    outline = """
一、学习不深入
1.计划不实。
（1）没有年度计划。
（2）没有月度安排。
2.记录不全。
（1）缺会议记录。
二、制度不健全
1.财务制度缺失。
（1）报销无制度。
"""
    assert reading_of(outline).counted == Counts(2, 3, 4)
    assert reading_of("共发现2类3个问题：" + outline).counted == Counts(0, 2, 3)


def test_points_are_the_problems_when_the_text_counts_them() -> None:
    text = (
        "督查发现4个问题。\n1.学习不深入。一是计划不实；二是记录不全。\n2.制度不健全。一是报销无制度；二是派车无审批。"
    )

    assert reading_of(text).counted == Counts(0, 2, 4)
    assert reading_of(text.partition("\n")[2]).counted == Counts(0, 0, 2)
