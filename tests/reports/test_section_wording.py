"""The section （六）: what it says, in which order, and what it refuses to say."""

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings

from tests.reports.worlds import F, a_source, an_item, facts_of, three_of_27_open, worlds
from tracker.figures.rules import FigureName, Rate, Tally, print_rate
from tracker.items.rules import ItemKind
from tracker.reports.rules import (
    COUNTS,
    Facts,
    Outcomes,
    Passage,
    SourceFacts,
    TypicalItem,
    is_listed,
    undeclared,
)
from tracker.reports.statements import check_statement, phrase_of
from tracker.reports.vocabulary import NAMED_IN_TEXT
from tracker.reports.wording import write_section
from tracker.sources.rules import SourceKind

HEADING = "（六）狠抓整改落实，提升党建工作质量水平"
STATE_LABELS = {
    "待下发": F.DRAFT,
    "待签收": F.ISSUED,
    "整改中": F.WORKING,
    "已申请销号待审批": F.APPLIED,
    "持续整改": F.SUSTAINED,
}


def test_a_supervision_round_with_open_items_counts_what_is_closed_and_claims_no_more() -> None:
    text = write_section(facts_of(three_of_27_open())).text
    assert "市纪委市监委内部督查反馈的3个方面9大类27个问题整改，已完成24个，尚有3个未销号。" in text
    assert (
        "列入台账的问题共27个，已完成整改并销号24个，销号率88.9%；尚有3个未销号，其中整改中2个、持续整改1个。" in text
    )
    assert "全部完成" not in text


def test_a_round_whose_last_item_is_closed_is_said_to_be_completed() -> None:
    source = a_source([an_item(1, F.CLOSED), an_item(2, F.CLOSED)], aspects=1)
    text = write_section(facts_of(source)).text
    assert "市纪委市监委内部督查反馈的1个方面2个问题整改已全部完成。" in text
    assert "销号率100%。" in text
    assert "未销号" not in text


def test_a_round_of_which_nothing_is_closed_yet_says_only_that() -> None:
    text = write_section(facts_of(a_source([an_item(1, F.ISSUED)]))).text
    assert "市纪委市监委内部督查反馈的1个问题整改正在推进，尚有1个未销号。" in text


def test_what_was_withdrawn_is_told_and_not_said_to_be_completed() -> None:
    source = a_source([an_item(1, F.CLOSED), an_item(2, F.WITHDRAWN)], declared_problems=2)
    assert "反馈的2个问题，核减1个，其余1个整改已全部完成。" in write_section(facts_of(source)).text


def test_a_round_that_another_body_answers_for_says_that_we_helped() -> None:
    source = replace(three_of_27_open(), accountable_body="市直纪检监察工委")
    assert "协助指导市直纪检监察工委抓好整改，市纪委市监委内部督查反馈的" in write_section(facts_of(source)).text


def test_the_section_goes_from_stance_to_what_is_unfinished() -> None:
    facts = facts_of(
        three_of_27_open(),
        measures_total=54,
        measures_done=50,
        outcomes=Outcomes(regulations_new=3),
        typical=(TypicalItem("督查2026-1-001", "账实不符", "完成盘点"),),
    )
    passage = write_section(facts)
    assert passage.heading == HEADING
    assert [line.split("，")[0] for line in passage.lines] == [
        "一是强化政治担当",
        "二是建立三张清单",
        "三是紧盯整改任务",
        "四是注重整改实效",
        "五是抓好典型问题",
        "六是正视未完成事项",
    ]
    assert passage.text.split("\n") == [HEADING, *passage.lines]


def test_paragraphs_that_have_nothing_to_say_leave_no_gap_in_the_numbering() -> None:
    lines = write_section(facts_of(three_of_27_open())).lines
    assert [line[:2] for line in lines] == ["一是", "二是", "三是", "四是"]


def test_results_of_zero_are_left_out_but_people_of_zero_are_printed() -> None:
    people = (("批评教育", 3), ("诫勉谈话", 0))
    facts = facts_of(three_of_27_open(), outcomes=Outcomes(0, 2, Decimal("66.50"), 0, people))
    text = write_section(facts).text
    assert "通过整改，修订制度2项、追缴挽回资金66.50万元。人员处理情况：批评教育3人次、诫勉谈话0人次。" in text


def test_a_year_without_sources_tells_the_process_and_no_figure() -> None:
    passage = write_section(facts_of())
    assert passage.figures == passage.refused == ()
    assert len(passage.lines) == 1
    assert not re.search(r"\d", passage.text)


def test_tasks_are_never_counted_among_problems() -> None:
    plan = a_source(
        [an_item(1, F.CLOSED, prefix="要点"), an_item(2, F.WORKING, prefix="要点")],
        title="2026年度工作要点",
        kind=SourceKind.WORK_PLAN,
        item_kind=ItemKind.TASK,
    )
    text = write_section(facts_of(three_of_27_open(), plan)).text
    assert "列入台账的问题共27个" in text
    assert "列入台账的任务共2项，已完成并销号1项，销号率50%" in text
    assert "2026年度工作要点部署的2项任务，已完成1项，尚有1项未销号。" in text
    assert "仍有3个问题、1项任务没有整改到位" in text


def test_the_units_word_is_told_beside_the_closed_ones_and_not_among_them() -> None:
    source = a_source([an_item(1, F.CLOSED, F.CONFIRMED), an_item(2, F.WORKING, F.COMPLETED_BY_UNIT)])
    text = write_section(facts_of(source)).text
    assert "已销号问题中，经上级认定1个。" in text
    assert "未销号问题中，责任单位申报完成1个，均未计入已销号数。" in text


def test_every_unfinished_item_is_named_with_unit_deadline_and_next_step() -> None:
    source = a_source([an_item(1, F.WORKING, text="账实不符。"), an_item(2, F.CLOSED)])
    text = write_section(facts_of(source)).text
    named = "“账实不符”（督查2026-1-001）尚未销号，牵头单位办公室，整改时限2026年6月30日，下一步补齐记录。"
    assert named in text


def test_a_long_list_of_unfinished_items_is_left_to_the_attached_table() -> None:
    source = a_source(an_item(serial, F.WORKING) for serial in range(1, NAMED_IN_TEXT + 2))
    text = write_section(facts_of(source)).text
    assert f"仍有{NAMED_IN_TEXT + 1}个问题没有整改到位，逐项情况见附表。" in text
    assert "督查2026-1-001" not in text


@pytest.mark.parametrize(
    ("source", "sentence", "why"),
    [
        (
            replace(three_of_27_open(), declared_problems=28),
            "27个问题整改，已完成24个",
            "原文称有28个问题，台账登记27个",
        ),
        (replace(three_of_27_open(), declared_aspects=4), "3个方面9大类27个问题", "原文称有4个方面，台账登记3个"),
        (replace(three_of_27_open(), declared_categories=8), "3个方面9大类27个问题", "原文称有8个大类，台账登记9个"),
        (replace(three_of_27_open(), tally=Tally(closed=25, working=2)), "已完成25个", "所列问题与统计数不符"),
        (a_source([an_item(1, F.WITHDRAWN)]), "1个问题，核减1个", "没有可统计的问题"),
        (a_source([]), "0个问题", "没有可统计的问题"),
    ],
)
def test_a_source_that_does_not_add_up_is_not_told(source: SourceFacts, sentence: str, why: str) -> None:
    passage = write_section(facts_of(source))
    refusal = next(refusal for refusal in passage.refused if why in refusal.why)
    assert sentence in refusal.sentence
    assert refusal.sentence not in passage.text


def test_a_rate_of_nothing_is_refused() -> None:
    plan = a_source([an_item(1, F.WORKING)], item_kind=ItemKind.TASK, kind=SourceKind.WORK_PLAN)
    passage = write_section(facts_of(plan, a_source([], title="机关党支部自查")))
    assert "没有可统计的问题，销号率无法计算。" in [refusal.why for refusal in passage.refused]


def test_an_open_item_is_not_told_as_a_typical_success() -> None:
    typical = (TypicalItem("督查2026-1-027", "账实不符", "完成盘点"),)
    passage = write_section(facts_of(three_of_27_open(), typical=typical))
    assert [refusal.why for refusal in passage.refused] == ["该事项尚未销号，不能作为已完成的典型。"]
    assert "完成盘点" not in passage.text


def test_unfinished_items_that_are_not_all_named_are_refused() -> None:
    facts = facts_of(three_of_27_open())
    passage = write_section(replace(facts, unfinished=facts.unfinished[1:]))
    assert [refusal.why for refusal in passage.refused] == ["列出的未完成事项与未销号数不符。"]


def test_a_closed_item_is_not_named_as_unfinished() -> None:
    facts = facts_of(three_of_27_open())
    closed = replace(facts.unfinished[0], number="督查2026-1-001")
    passage = write_section(replace(facts, unfinished=(*facts.unfinished, closed)))
    assert "该事项已销号或不在本报告的来源中。" in [refusal.why for refusal in passage.refused]
    assert "（督查2026-1-001）" not in passage.text


def test_more_measures_done_than_planned_is_refused() -> None:
    passage = write_section(facts_of(three_of_27_open(), measures_total=1, measures_done=2))
    assert [refusal.why for refusal in passage.refused] == ["已落实的措施多于制定的措施。"]


@settings(deadline=None)
@given(worlds())
def test_the_total_figures_read_out_of_the_text_are_those_of_the_facts(facts: Facts) -> None:
    text = write_section(facts).text
    for scope, measure, word in ((facts.problems, "个", "问题"), (facts.tasks, "项", "任务")):
        said = re.search(
            rf"列入台账的{word}共(\d+){measure}，已完成(?:整改)?并销号(\d+){measure}，销号率([\d.]+%)"
            rf"(?:；尚有(\d+){measure}未销号，其中(.+?))?。",
            text,
        )
        tally = scope.tally
        assert (said is None) == (tally.total == 0)
        if said:
            parts = {
                STATE_LABELS[label]: int(n) for label, n in re.findall(rf"([^、\d]+)(\d+){measure}", said[5] or "")
            }
            assert (int(said[1]), int(said[2]), int(said[4] or 0)) == (tally.total, tally.closed, tally.open)
            assert said[3] == print_rate(tally.closed, tally.total)
            assert parts == {name: getattr(tally, name) for name in STATE_LABELS.values() if getattr(tally, name)}
            assert tally.closed + sum(parts.values()) == tally.total


@settings(deadline=None)
@given(worlds())
def test_a_source_is_told_with_its_own_counts_or_refused(facts: Facts) -> None:
    passage = write_section(facts)
    for source in facts.sources:
        told = re.findall(rf"{re.escape(phrase_of(source))}[^。]*。", passage.text)
        refused = [refusal for refusal in passage.refused if phrase_of(source) in refusal.sentence]
        is_sound = source.tally.total and not list(undeclared(source)) and is_listed(source)
        assert (len(told), len(refused)) == ((1, 0) if is_sound else (0, 1))
        for sentence in told:
            _check_source_sentence(sentence, source.tally)


def _check_source_sentence(sentence: str, tally: Tally) -> None:
    completed = re.findall(r"完成(?!\d)|完成(\d+)", sentence)
    if tally.open:
        assert "全部" not in sentence
        assert completed == ([str(tally.closed)] if tally.closed else [])
        assert re.search(r"尚有(\d+)[个项]未销号", sentence)[1] == str(tally.open)  # type: ignore[index]
    else:
        assert sentence.endswith("已全部完成。")
    withdrawn = re.search(r"(\d+)[个项](?:问题|任务)，核减(\d+)[个项]，其余(\d+)", sentence)
    assert bool(withdrawn) == bool(tally.withdrawn)
    if withdrawn:
        assert [int(n) for n in withdrawn.groups()] == [tally.total + tally.withdrawn, tally.withdrawn, tally.total]


@settings(deadline=None)
@given(worlds())
def test_every_figure_is_printed_and_names_exactly_the_items_it_counts(facts: Facts) -> None:
    passage = write_section(facts)
    scopes = [facts.problems, facts.tasks, *(source.scope for source in facts.sources)]
    expected = {scope.prefix + name: scope.numbers(name) for scope in scopes for name in COUNTS}
    for figure in passage.figures:
        assert figure.value in passage.text
        if figure.name in expected:
            assert int(figure.value) == len(set(figure.item_numbers))
            assert figure.item_numbers == expected[figure.name]
        elif figure.name.endswith("closure_rate"):
            assert figure.value == _rate_of(figure.item_numbers, facts).printed()


def _rate_of(numbers: tuple[str, ...], facts: Facts) -> Rate:
    closed = facts.everything.numbers(FigureName.CLOSED)
    return Rate(sum(number in closed for number in numbers), len(numbers))


@settings(deadline=None)
@given(worlds())
def test_every_open_item_is_named_once_and_no_closed_one_as_unfinished(facts: Facts) -> None:
    passage = write_section(facts)
    named = re.findall(r"（([^（）]+)）尚未销号", passage.text)
    still_open = facts.everything.numbers(FigureName.OPEN)
    assert sorted(named) == (sorted(still_open) if len(still_open) <= NAMED_IN_TEXT else [])


@settings(deadline=None)
@given(worlds())
def test_no_stated_sentence_fails_the_check_that_edited_ones_go_through(facts: Facts) -> None:
    for sentence in _claims(write_section(facts)):
        assert check_statement(sentence, facts) is None


def _claims(passage: Passage) -> list[str]:
    """All sentences but those about single items, which quote what a person wrote."""
    sentences = [sentence.text for paragraph in passage.paragraphs for sentence in paragraph]
    return [sentence for sentence in sentences if "2026-1-" not in sentence]
