"""The wordings that are shipped, beside that of the section: they hold for any facts, and say what they must."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from tests.reports.worlds import F, a_source, an_item, facts_of, three_of_27_open, worlds
from tracker.office.text_templates import check
from tracker.reports.checks import Judge
from tracker.reports.kinds import SHIPPED, SHIPPED_LABELS
from tracker.reports.naming import SHAPE, catalogue, values
from tracker.reports.rules import Facts, TypicalItem
from tracker.reports.texts import fragments, names, printed, refilled
from tracker.reports.wording import draft, level_of, shipped, write

NAMES = [name for names_ in SHIPPED.values() for name in names_]


def test_every_shipped_wording_has_a_label() -> None:
    assert sorted(NAMES) == sorted(SHIPPED_LABELS)


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_wording_has_no_fault(name: str) -> None:
    assert check(shipped(name), SHAPE) == []


@settings(deadline=None)
@given(worlds())
def test_all_that_may_be_named_has_a_value_in_any_world(facts: Facts) -> None:
    assert set(values(facts, catalogue(facts, 1))) == set(SHAPE)


@pytest.mark.parametrize("name", NAMES)
@settings(deadline=None, max_examples=40)
@given(facts=worlds())
def test_figures_read_back_out_of_a_draft_are_those_of_the_facts(name: str, facts: Facts) -> None:
    passage = write(shipped(name), facts, 1)
    text, figures = draft(passage), {each: named.figure for each, named in catalogue(facts, 1).items()}
    assert set(names(text)) <= set(figures)
    assert printed(text) == printed(text, figures)
    assert refilled(text, figures) == text
    assert printed(text) == "\n".join(filter(None, (passage.heading, *passage.lines)))


@pytest.mark.parametrize("name", NAMES)
@settings(deadline=None, max_examples=40)
@given(facts=worlds())
def test_what_is_written_passes_the_checks_that_come_before_issuing(name: str, facts: Facts) -> None:
    judge = Judge(facts)
    for paragraph in write(shipped(name), facts, 1).paragraphs:
        assert [judge.why_not(sentence) for sentence in paragraph] == [None] * len(paragraph)


def test_a_progress_report_goes_from_the_whole_to_what_is_left() -> None:
    passage = write(shipped("progress"), facts_of(three_of_27_open(), measures_total=54, measures_done=50), 1)
    assert passage.heading == "一、整改工作总体情况"
    assert [line for line in passage.lines if level_of(line)] == [
        "二、各来源整改情况",
        "三、主要做法和成效",
        "四、未完成事项和下一步打算",
    ]
    assert "27个问题整改，已完成24个，尚有3个未销号，销号率88.9%。" in passage.text
    assert "整改事项分解落实到1个牵头单位，制定整改措施54条，已落实50条。" in passage.lines


def test_a_text_for_the_public_counts_what_is_withheld_and_does_not_tell_of_it() -> None:
    items = [an_item(1, F.CLOSED, is_withheld=True), an_item(2, F.CLOSED), an_item(3, F.WORKING, is_withheld=True)]
    typical = tuple(TypicalItem(item.number, item.text, "已补齐") for item in items[:2])
    facts = replace(facts_of(a_source(items), typical=typical), is_public=True)
    text = write(shipped("public"), facts, 1).text
    assert "列入台账的问题共3个，已完成整改并销号2个，销号率66.7%，尚有1个未销号。" in text
    assert "有2个按规定不予公开，只计入总数，不逐项列出。" in text
    assert "第2个" in text
    assert "第1个" not in text
    assert "第3个" not in write(shipped("progress"), facts, 1).text


def test_a_process_only_wording_has_no_figure() -> None:
    assert write(shipped("annual-process"), facts_of(three_of_27_open()), 1).figures == ()


def test_a_heading_is_told_by_its_number() -> None:
    assert [level_of(line) for line in ("一、总体情况", "（六）狠抓整改落实", "一是抓好整改。", "截至今天")] == [
        1,
        2,
        0,
        0,
    ]


def test_figures_of_a_name_that_is_gone_keep_what_they_were_written_with() -> None:
    assert printed("共⟦27|gone⟧个") == "共27个"
    assert [str(each) for each in fragments("共⟧27⟦个", {})] == ["共27个"]
