"""Sentences with figures and items in them, held against all that they mean."""

from dataclasses import replace

import pytest

from tests.reports.worlds import F, a_source, an_item, facts_of, three_of_27_open
from tracker.items.rules import ItemKind
from tracker.reports.checks import Judge
from tracker.reports.naming import catalogue
from tracker.reports.rules import Facts, Sentence
from tracker.reports.texts import fragments, names
from tracker.sources.rules import SourceKind

ROUND, CHECK = "市纪委市监委内部督查反馈", "机关党支部自查"
# How the figures of the self-check begin.
CHECK_ID, OWN = 77, "sources/77/"
LONG = "3个支部党员大会记录不完整、不规范，会议次数未完成"


def a_world() -> Facts:
    """A round with 24 of 27 closed, and a self-check whose only problem is closed."""
    items = (*three_of_27_open().items[:-1], an_item(27, F.SUSTAINED, text=LONG))
    finished = a_source(
        [an_item(1, F.CLOSED, prefix="自查", text="领导班子民主生活会对照检查不深入。谈心谈话没有全覆盖。")],
        id=CHECK_ID,
        title=CHECK,
        kind=SourceKind.SELF_CHECK,
    )
    return facts_of(replace(three_of_27_open(), items=items), finished)


def why_not(text: str, facts: Facts | None = None) -> str | None:
    facts = facts or a_world()
    figures = {name: named.figure for name, named in catalogue(facts, 1).items()}
    assert set(names(text)) <= set(figures)
    return Judge(facts).why_not(Sentence(tuple(fragments(text, figures))))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        # A figure of one source, words about another, about both and about all.
        (f"⟦1|{OWN}total⟧个自查问题和市纪委市监委内部督查反馈的问题已全部完成整改。", "尚有3个未销号"),
        (f"市纪委市监委内部督查反馈的问题（另有自查⟦1|{OWN}total⟧个）均已整改到位。", "尚有3个未销号"),
        (f"自查问题⟦1|{OWN}total⟧个，列入台账的问题已全部完成整改。", "尚有3个未销号"),
        ("市纪委市监委内部督查、机关党支部自查的问题已全部完成整改。", "尚有3个未销号"),
        ("机关党支部自查的问题，市纪委市监委内部督查反馈的问题，均已整改到位。", "尚有3个未销号"),
        ("机关党支部自查的问题已完成1个，市纪委市监委内部督查反馈的问题已完成24个，均已整改到位。", "尚有3个未销号"),
        ("市纪委市监委内部督查、机关党支部自查的问题已完成28个。", "不是28个"),
        ("市纪委市监委内部督查、机关党支部自查的问题销号率100%。", "销号率应为88.9%"),
        ("市纪委市监委内部督查反馈的问题100%完成整改。", "尚有3个未销号"),
        ("市纪委市监委内部督查反馈的问题整改完成100%。", "尚有3个未销号"),
        ("列入台账的问题办结率百分之百。", "办结率应为89.3%"),
        # The number of an item takes no other check away.
        ("督查2026-1-001等反馈的27个问题全部完成整改。", "尚有3个未销号"),
        ("如督查2026-1-001，列入台账的问题已全部完成整改。", "尚有3个未销号"),
        ("市纪委市监委内部督查反馈的督查2026-1-001等26个问题已完成整改。", "已销号24个，不是26个"),
        ("针对“账实不符”等问题（督查2026-1-001），已全部整改到位。", "尚有3个未销号"),
        ("领导班子民主生活会对照检查不深入等已改进，全部完成整改。", "尚有3个未销号"),
        # Items that are told by their words alone.
        (f"针对“{LONG}”的问题，已整改到位。", "该事项尚未销号"),
        ("3 个支部党员大会记录不完整，不规范、会议次数未完成的问题已完成整改。", "该事项尚未销号"),
        ("谈心谈话没有全覆盖的问题尚未销号。", "该事项已销号"),
    ],
)
def test_a_sentence_is_held_against_all_that_its_figures_and_words_mean(text: str, why: str) -> None:
    said = why_not(text)
    assert said is not None
    assert why in said


@pytest.mark.parametrize(
    "text",
    [
        "市纪委市监委内部督查、机关党支部自查的问题已完成25个。",
        "市纪委市监委内部督查反馈的问题已完成24个，机关党支部自查的1个问题已全部完成。",
        "市纪委市监委内部督查反馈的27个问题已完成24个；机关党支部自查的问题销号率100%。",
        f"督查和自查的问题已销号⟦25|closed⟧个，其中机关党支部自查⟦1|{OWN}closed⟧个。",
        "针对“账实不符”的问题（督查2026-1-001），开展盘点，已全部整改到位，已销号。",
        "针对“账实不符”的问题（督查2026-1-001），完成整改3项，已销号。",
        "督查2026-1-001等问题，已完成24个。",
        f"针对“{LONG}”的问题，正在整改。",
        f"针对“{LONG}”的问题，制定措施3条，确保年底前完成整改。",
        f"“{LONG}”尚未销号，下一步完成整改并报告。",
        "领导班子民主生活会对照检查不深入的问题已整改到位。",
    ],
)
def test_a_sentence_that_holds_for_each_that_it_means_is_stated(text: str) -> None:
    assert why_not(text) is None


def test_a_source_within_the_name_of_another_is_not_meant_by_it() -> None:
    longer = a_source([an_item(1, F.CLOSED, prefix="巡察")], title="市委第二巡察组反馈意见")
    shorter = a_source([an_item(2, F.WORKING, prefix="巡察")], title="巡察组反馈意见")
    assert why_not("市委第二巡察组反馈的问题已全部完成整改。", facts_of(longer, shorter)) is None
    assert why_not("巡察组反馈的问题已全部完成整改。", facts_of(longer, shorter)) is not None


def test_what_names_no_kind_is_said_of_problems_and_tasks() -> None:
    plan = a_source([an_item(1, F.WORKING, prefix="要点")], title="工作要点", item_kind=ItemKind.TASK)
    facts = facts_of(a_source([an_item(1, F.CLOSED)]), plan)
    assert why_not("已全部完成。", facts) is not None
    assert why_not("问题和任务均已全部完成。", facts) is not None
    assert why_not("任务尚有1项未完成，问题已全部完成。", facts) is None


def test_of_two_items_with_the_same_words_the_one_beside_its_number_or_source_is_meant() -> None:
    at_work, closed = an_item(1, F.WORKING, text=LONG), an_item(1, F.CLOSED, text=LONG, prefix="自查")
    facts = facts_of(a_source([at_work]), a_source([closed], title=CHECK, kind=SourceKind.SELF_CHECK))
    assert why_not(f"“{LONG}”的问题（自查2026-1-001）已整改到位。", facts) is None
    assert why_not(f"机关党支部自查发现的“{LONG}”的问题已整改到位。", facts) is None
    assert (
        why_not(f"市纪委市监委内部督查反馈的“{LONG}”的问题已整改到位。", facts)
        == "该事项尚未销号，不能作为已完成的典型。"
    )


def test_what_was_quoted_does_not_say_whether_an_item_is_finished() -> None:
    assert (
        why_not(f"针对“{LONG}”的问题（督查2026-1-027），已补齐，已销号。") == "该事项尚未销号，不能作为已完成的典型。"
    )
