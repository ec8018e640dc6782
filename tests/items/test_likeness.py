"""Which closed findings a new one may be a relapse of."""

import pytest

from tracker.items.likeness import SHOWN, Likenesses

CLOSED = (
    ("党费管理不规范。（1）党费核算有误。（2）党费使用未公示", 1),
    ("组织生活会批评意见雷同", 1),
    ("往来款长期挂账未清理", 2),
    ("双重组织生活落实不到位", 2),
    ("流动党员台账更新不及时，4名党员去向不明", 3),
    ("食堂采购没有公开招标", 3),
)


def likenesses() -> Likenesses[str]:
    return Likenesses((text, text, unit_id) for text, unit_id in CLOSED)


@pytest.mark.parametrize(
    ("again", "place"),
    [
        ("党费管理仍不规范，2022年度党费使用情况未按规定公示", 0),
        ("组织生活会质量不高，相互批评意见雷同", 1),
        ("往来款项长期挂账，清理不及时，涉及金额56万元", 2),
        ("领导干部双重组织生活制度落实不到位", 3),
        ("对流动党员管理不够，台账更新不及时", 4),
    ],
)
def test_a_relapse_in_other_words_is_found_first(again: str, place: int) -> None:
    assert likenesses().like(again)[0].thing == CLOSED[place][0]


@pytest.mark.parametrize("other", ["公务接待无公函", "网评员队伍没有建立起来", "", "。，！", "党"])
def test_what_is_not_alike_is_not_offered(other: str) -> None:
    assert not likenesses().like(other)


def test_signs_blanks_and_the_size_of_letters_do_not_count() -> None:
    (like,) = Likenesses([("old", "窗口AB岗制度，未落实。", None)]).like("“窗口ab岗”制度 未落实")
    assert like.score == 100


def test_of_the_same_unit_a_little_less_is_enough() -> None:
    text = "预算编制不完整。正在整改"
    closed = Likenesses([("other", text, 1), ("same", text, 2)])
    again = "部门预算编制不完整，部分收入未纳入预算"
    assert [like.thing for like in closed.like(again, unit_id=2)] == ["same"]
    assert not closed.like(again)


def test_only_a_handful_is_shown_the_last_closed_first() -> None:
    closed = Likenesses((place, "往来款长期挂账未清理", None) for place in range(20))
    assert [like.thing for like in closed.like("往来款长期挂账未清理")] == list(range(SHOWN))
