from datetime import date, datetime, timedelta

import pytest

from tracker.intake.rules.ledger.cells import (
    closed_of,
    is_note,
    is_sum,
    measures_of,
    names_in,
    own_word_of,
    words_of,
)
from tracker.items.rules import OwnWord
from tracker.office.sheets import Value


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, ""),
        (1.0, "1"),
        (13_800_001_111.0, "13800001111"),
        (66.57, "66.57"),
        (True, "是"),
        (datetime(2026, 6, 30), "2026-06-30"),
        (date(2026, 6, 30), "2026-06-30"),
        (datetime(2026, 6, 30, 9, 5), "2026-06-30 09:05"),
        (timedelta(hours=1), "1:00:00"),
        ("\u3000张 敏\xa0\n", "张 敏"),
        ("一\r\n二_x000D_", "一\n二"),
        ("一\x0b二\ufffe", "一二"),
    ],
)
def test_a_cell_is_read_as_a_person_sees_it(value: Value, words: str) -> None:
    assert words_of(value) == words


@pytest.mark.parametrize(
    ("cell", "measures"),
    [
        ("", []),
        ("加强学习", ["加强学习"]),
        ("1.制定措施；2.明确专人；3.纳入检查。", ["制定措施", "明确专人", "纳入检查。"]),
        ("1、制定措施。2、明确专人。", ["制定措施。", "明确专人。"]),
        ("（1）制定措施；（2）明确专人", ["制定措施", "明确专人"]),
        ("一是制定措施；二是明确专人。", ["制定措施", "明确专人。"]),
        ("①制定措施\n②明确专人", ["制定措施", "明确专人"]),
        ("制定措施\n明确专人\n\n", ["制定措施", "明确专人"]),
        ("1. 制定措施，\n明确2.5万元；\n2. 明确专人", ["制定措施，明确2.5万元", "明确专人"]),
        ("落实1.5万元；2.另有安排", ["落实1.5万元；2.另有安排"]),
        ("1.只有一条", ["只有一条"]),
        ("1.制定；3.跳号", ["制定；3.跳号"]),
        ("1．一；2．二；3．三；4．四；5．五；6．六；7．七；8．八；9．九；10．十", list("一二三四五六七八九十")),
    ],
)
def test_measures_of_one_cell_are_parted_by_numbers_that_count_on(cell: str, measures: list[str]) -> None:
    assert measures_of(cell) == measures


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", OwnWord.NONE),
        ("正在推进", OwnWord.NONE),
        ("未启动", OwnWord.NONE),
        ("未完成", OwnWord.NONE),
        ("基本完成", OwnWord.BASICALLY_COMPLETED),
        ("基本完成，取得阶段性成果并持续整改", OwnWord.BASICALLY_COMPLETED),
        ("已完成", OwnWord.COMPLETED),
        ("已 完 成。", OwnWord.COMPLETED),
        ("已完成整改", OwnWord.COMPLETED),
        ("整改完成", OwnWord.COMPLETED),
        ("已完成，措施完成3/3条", OwnWord.COMPLETED),
        ("措施完成1/3条", OwnWord.NONE),
        ("已召开专题会，完成清单一份", None),
    ],
)
def test_the_units_own_word_is_read_and_other_words_are_not_guessed(text: str, word: OwnWord | None) -> None:
    assert own_word_of(text) is word


@pytest.mark.parametrize(
    ("text", "closed"),
    [
        ("", False),
        ("是", True),
        ("√", True),
        ("已销号", True),
        ("逾期销号", True),
        ("逾期10天销号", True),
        ("已销号（按原定时限逾期12天）", True),
        ("逾期10天", None),
        ("否", False),
        ("整改中", False),
        ("待定", None),
    ],
)
def test_closed_is_only_what_says_so(text: str, closed: bool | None) -> None:
    assert closed_of(text) is closed


def test_names_are_parted_and_each_stands_once() -> None:
    assert names_in("组织部、宣传部，组织部;办公室\n机关纪委") == ["组织部", "宣传部", "办公室", "机关纪委"]


def test_sums_and_notes_are_told_from_items() -> None:
    assert is_sum(["", "合 计", "27个问题"])
    assert is_sum(["小计"])
    assert not is_sum(["总计划落实不力"])
    assert is_note(["注：本表每月25日前报送"])
    assert is_note(["", "填表人：张敏", "审核人：李强"])
    assert not is_note(["1", "注意力不集中，学习不够"])
    assert not is_note(["1", "审核把关不严"])


def test_circled_numbers_part_measures_without_any_sign_between() -> None:
    assert measures_of("①多研讨②勤通报") == ["多研讨", "勤通报"]


def test_names_keep_their_brackets_and_lose_the_word_that_closes_a_list() -> None:
    assert names_in("组织部（机关党委、人事处）、宣传部、办公室等部门") == [
        "组织部（机关党委、人事处）",
        "宣传部",
        "办公室",
    ]
