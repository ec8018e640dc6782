"""Blanks and years of a report: of what kind they are, and what figures make of them."""

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from own_files.papers import LINES

from tests.reports.worlds import F, a_source, an_item, facts_of, three_of_27_open
from tracker.items.rules import ItemKind
from tracker.office.passages import Passage, Span, new_words
from tracker.own_files.rules.answers import answered, as_edits, refusals
from tracker.own_files.rules.blanks import BlankKind, waiting
from tracker.own_files.rules.marks import Answer, Marks, Way
from tracker.own_files.rules.proposals import Proposal, propose, why_not
from tracker.own_files.rules.sections import Stretch
from tracker.own_files.rules.years import wrong_years
from tracker.reports.rules import Facts, SourceFacts
from tracker.reports.statements import check_claims

ROUND = "市纪委市监委内部督查反馈的"
SENTENCE = f"协助指导市直纪检监察工委完成{ROUND}3个方面9大类XX个问题整改。"
REPORT = [Passage(line) for line in LINES]


def kinds(text: str, *gaps: Span) -> list[tuple[str, BlankKind]]:
    return [(each.words, each.kind) for one in waiting([Passage(text, gaps=gaps)]) for each in one.blanks]


def proposed(text: str, facts: Facts | None = None) -> Proposal | None:
    (sentence,) = waiting([Passage(text)])
    return propose(sentence, facts or facts_of(three_of_27_open()), decimals=1)


def a_round(closed: int, still_open: int, withdrawn: int = 0, **about: Any) -> SourceFacts:
    states = [F.CLOSED] * closed + [F.WORKING] * still_open + [F.WITHDRAWN] * withdrawn
    items = (an_item(serial, state) for serial, state in enumerate(states, 1))
    return a_source(items, **{"aspects": 3, "categories": 9, **about})


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("召开XX次会议", BlankKind.COUNT),
        ("发展党员X名", BlankKind.COUNT),
        ("资金XXX余万元", BlankKind.COUNT),
        ("XX余人次深入基层", BlankKind.COUNT),
        ("销号率XX.X%", BlankKind.COUNT),
        ("完成＿＿个问题", BlankKind.COUNT),
        ("完成____项任务", BlankKind.COUNT),
        ("共××件", BlankKind.COUNT),
        ("为期X年", BlankKind.COUNT),
        ("“X个3”工作机制", BlankKind.NAME),
        ("《XX日报》", BlankKind.NAME),
        ("《XX组工信息》", BlankKind.NAME),
        ("赴XX市考察", BlankKind.NAME),
        ("深入XX社区", BlankKind.NAME),
        ("平安XX建设", BlankKind.NAME),
        ("XX人民群众", BlankKind.NAME),
        ("20XX年度组织生活会", BlankKind.YEAR),
        ("XXXX年底前", BlankKind.YEAR),
        ("于X月召开", BlankKind.YEAR),
    ],
)
def test_a_blank_is_told_by_what_stands_around_it(text: str, kind: BlankKind) -> None:
    assert [kind for _words, kind in kinds(text + "。")][:1] == [kind]


@pytest.mark.parametrize("text", ["X光检查。", "XML文件。", "3×4米。", "二〇〇八年。", "MAX值。", "A_B。"])
def test_not_every_cross_is_a_blank(text: str) -> None:
    assert kinds(text) == []


def test_underlined_blanks_are_blanks_also_where_nothing_else_stands() -> None:
    assert kinds("召开　　　次会议。", Span(2, 5)) == [("　　　", BlankKind.COUNT)]
    assert kinds("签发人：　　", Span(4, 6)) == [("　　", BlankKind.NAME)]
    assert kinds("　　", Span(0, 2)) == [("　　", BlankKind.NAME)]


def test_the_blanks_of_the_report_of_2021_are_78_counts_15_names_and_a_year() -> None:
    told = Counter(blank.kind for sentence in waiting(REPORT) for blank in sentence.blanks)
    assert told == {BlankKind.COUNT: 78, BlankKind.NAME: 15, BlankKind.YEAR: 1}


def test_with_24_of_27_closed_27_is_refused_and_a_true_wording_with_the_same_subject_offered() -> None:
    told = proposed(SENTENCE)
    assert told
    assert told.as_it_would_read == SENTENCE.replace("XX", "27")
    assert told.why == "已销号24个，不是27个。"
    assert told.instead == (
        "协助指导市直纪检监察工委抓好市纪委市监委内部督查反馈的3个方面9大类27个问题整改，已完成24个。"
    )


def test_with_all_closed_27_is_offered_as_it_stands() -> None:
    told = proposed(SENTENCE, facts_of(a_round(27, 0)))
    assert told
    assert (told.why, told.instead, told.as_it_would_read) == (None, "", SENTENCE.replace("XX", "27"))


@pytest.mark.parametrize(
    ("round_", "end"),
    [
        (a_round(0, 27), "27个问题整改，27个正在整改。"),
        (a_round(24, 2, 1), "27个问题整改，核减1个，已完成24个。"),
    ],
)
def test_what_was_withdrawn_and_what_is_only_at_work_is_told_as_such(round_: SourceFacts, end: str) -> None:
    told = proposed(SENTENCE, facts_of(round_))
    assert told
    assert told.instead.endswith(end)


@pytest.mark.parametrize(
    ("about", "why"),
    [
        ({"aspects": 4}, "台账登记的是4个方面，不是3个"),
        ({"categories": 8}, "台账登记的是8个大类，不是9个"),
        ({"aspects": 0}, "台账没有登记方面，不是3个"),
        ({"declared_problems": 28}, "原文称有28个问题，台账登记27个"),
    ],
)
def test_an_outline_that_the_ledger_does_not_have_is_refused_without_another_wording(about: Any, why: str) -> None:
    told = proposed(SENTENCE, facts_of(a_round(27, 0, **about)))
    assert told
    assert told.why is not None
    assert why in told.why
    assert told.instead == ""


@pytest.mark.parametrize(
    ("text", "reads", "why"),
    [
        (f"{ROUND}X个方面X大类XX个问题，已完成XX个，尚有X个。", "3个方面9大类27个问题，已完成24个，尚有3个。", False),
        (f"{ROUND}三个方面九大类XX个问题销号率XX%。", "27个问题销号率88.9%。", False),
        (f"{ROUND}XX个问题已全部完成整改。", "27个问题已全部完成整改。", True),
        (f"开会X次，完成{ROUND}XX个问题整改，成效明显。", "开会X次，完成", True),
    ],
)
def test_other_sentences_are_filled_by_the_words_around_their_blanks(text: str, reads: str, why: bool) -> None:
    told = proposed(text)
    assert told
    assert reads in told.as_it_would_read
    assert (told.why is not None) is why
    if why:
        assert "27个问题" in told.instead
        assert "已完成24个" in told.instead
        assert check_claims(told.instead, three_of_27_open().tally) is None


@pytest.mark.parametrize(
    "text",
    [
        "全年整改问题XX个。",
        f"{ROUND}问题由X名领导包保。",
        "市委第九巡察组反馈的XX个问题已完成。",
        "赴XX市学习督查做法。",
    ],
)
def test_what_no_figure_is_known_for_is_not_proposed(text: str) -> None:
    assert proposed(text) is None


def test_a_source_is_known_by_a_title_that_is_a_little_different_only_if_the_outline_is_the_same() -> None:
    other = replace(three_of_27_open(), title="2026年市纪委监委内部督查反馈意见")
    assert proposed(SENTENCE, facts_of(other))
    assert proposed(SENTENCE, facts_of(replace(other, categories=8))) is None
    dated = replace(three_of_27_open(), title="2026年市纪委市监委内部督查反馈")
    assert proposed(f"完成{ROUND}XX个问题整改。", facts_of(dated))


def test_of_problems_and_tasks_under_one_title_the_sentence_says_which() -> None:
    tasks = a_source([an_item(40, F.CLOSED)], item_kind=ItemKind.TASK)
    facts = facts_of(three_of_27_open(), tasks)
    told = proposed(f"{ROUND}X项任务已完成。", facts)
    assert told
    assert told.as_it_would_read.endswith("1项任务已完成。")


def test_what_somebody_types_is_held_against_the_ledger_too() -> None:
    facts = facts_of(three_of_27_open())
    assert why_not(SENTENCE.replace("XX", "27"), facts) == "已销号24个，不是27个。"
    assert why_not(SENTENCE.replace("XX", "25"), facts) == "台账登记反馈27个，不是25个。"
    assert why_not("开展警示教育12次。", facts) is None


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("全年整改问题共完成30个问题。", "已销号24个，不是30个。"),
        ("各类反馈问题已全部完成。", "尚有3个未销号，不能表述为全部完成。"),
        ("整改完成率100%。", "整改完成率应为"),
        ("全年整改问题共完成24个问题。", None),
        ("完成3个调研课题，办结信访问题12个。", None),
        ("督查检查12次，完成督查任务3项。", None),
    ],
)
def test_a_typed_sentence_about_rectification_that_names_no_source_is_held_against_all_of_them(
    statement: str, why: str | None
) -> None:
    told = why_not(statement, facts_of(three_of_27_open()))
    assert told is None if why is None else told is not None and told.startswith(why)


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        (f"抓好{ROUND}3个方面9大类24个问题整改。", "台账登记反馈27个，不是24个。"),
        (f"抓好{ROUND}3个问题整改。", "台账登记反馈27个，不是3个。"),
        (f"抓好{ROUND}27个问题整改，24个问题已完成。", None),
        (f"{ROUND}问题整改，已完成24个问题。", None),
        (f"{ROUND}问题中尚有3个问题未完成。", None),
    ],
)
def test_a_number_right_behind_what_was_fed_back_is_that_of_all_and_not_of_those_closed_or_open(
    statement: str, why: str | None
) -> None:
    assert why_not(statement, facts_of(three_of_27_open())) == why


def test_of_what_was_fed_back_all_or_those_not_withdrawn_since_may_be_told() -> None:
    facts = facts_of(a_round(24, 2, 1))
    told = {number: why_not(f"抓好{ROUND}{number}个问题整改。", facts) for number in (24, 26, 27)}
    assert told == {24: "台账登记反馈27个，不是24个。", 26: None, 27: None}


def test_what_is_typed_beside_a_figure_of_the_ledger_is_held_against_it_too() -> None:
    (sentence,) = waiting([Passage(f"{ROUND}XX个问题，第XX批完成整改。")])
    facts = facts_of(three_of_27_open())
    second = sentence.blanks[1].key

    def reads(typed: str) -> tuple[str, str | None]:
        (each,) = answered([sentence], {sentence.key: Answer(Way.FIGURE, {second: typed})}, facts, decimals=1)
        return each.reads, each.why

    assert reads("2") == (f"{ROUND}27个问题，第2批完成整改。", None)
    assert reads("3批30个问题已完成，第3") == (sentence.text, "台账登记反馈27个，不是30个。")


def test_an_answer_changes_its_sentence_only_while_the_ledger_bears_it() -> None:
    (sentence,) = waiting([Passage("前文。" + SENTENCE)])
    passages = [Passage("前文。" + SENTENCE)]
    three_open, all_closed = facts_of(three_of_27_open()), facts_of(a_round(27, 0))

    def reads(way: Way, facts: Facts, typed: str = "") -> tuple[str, int]:
        answer = Answer(way, {sentence.blanks[0].key: typed} if typed else {})
        every = answered([sentence], {sentence.key: answer}, facts, decimals=1)
        return new_words(passages[0].text, as_edits(every, [], {}))[0][3:], every[0].open_blanks

    assert reads(Way.FIGURE, three_open) == (SENTENCE, 1)
    assert reads(Way.FIGURE, all_closed) == (SENTENCE.replace("XX", "27"), 0)
    assert reads(Way.INSTEAD, three_open)[0].endswith("27个问题整改，已完成24个。")
    assert reads(Way.INSTEAD, all_closed) == (SENTENCE.replace("XX", "27"), 0)
    assert reads(Way.INSTEAD, facts_of(a_round(24, 3, aspects=4))) == (SENTENCE, 1)
    assert reads(Way.INSTEAD, facts_of()) == (SENTENCE, 1)
    assert reads(Way.OWN, three_open, "27") == (SENTENCE, 1)
    assert reads(Way.OWN, all_closed, "27") == (SENTENCE.replace("XX", "27"), 0)
    assert reads(Way.LEFT, three_open) == (SENTENCE, 0)


def test_a_refused_sentence_is_told_with_what_stands_there_instead() -> None:
    sentences = waiting([Passage(SENTENCE)])
    facts = facts_of(three_of_27_open())
    (alone,) = refusals(answered(sentences, {}, facts, decimals=1))
    assert (alone.sentence, alone.why) == (
        SENTENCE.replace("XX", "27"),
        "已销号24个，不是27个。空白保留，未填写。",
    )
    (reworded,) = refusals(answered(sentences, {"0-0": Answer(Way.INSTEAD)}, facts, decimals=1))
    assert "文件中写为“协助指导市直纪检监察工委抓好" in reworded.why


@pytest.mark.parametrize(
    ("year", "found"),
    [
        (2021, [("2021", 2022, True)]),
        (
            2022,
            [
                ("2021", 2022, False),
                ("2021", None, False),
                ("2021", 2022, False),
                ("2021", 2022, False),
                ("2021", 2023, True),
            ],
        ),
    ],
)
def test_years_that_contradict_the_year_of_the_report_are_flagged(
    year: int, found: list[tuple[str, int | None, bool]]
) -> None:
    told = wrong_years(REPORT, year)
    assert [(each.words, each.suggested, each.is_plan) for each in told] == found
    assert told[-1].sentence.startswith("2021年，市直机关工委党支部将")


@pytest.mark.parametrize(
    "text",
    [
        "贯彻《2021年工作要点》。",
        "开展“2021年度”行动。",
        "市直发〔2021〕5号。",
        "2019年以来持续推进。",
        "自2020年起实行。",
        "2019—2021年规划。",
        "2022年召开会议。",
        "展望2035年。",
    ],
)
def test_years_of_names_and_of_what_lasts_are_left_alone(text: str) -> None:
    assert wrong_years([Passage(text)], 2022) == []


def test_an_older_year_moves_by_as_many_as_the_report_does() -> None:
    report = [Passage("2021年召开会议。2021年开展检查。评议2020年度工作。")]
    assert [each.suggested for each in wrong_years(report, 2026)] == [2026, 2026, 2025]


def test_marks_come_back_from_the_database_as_they_were() -> None:
    marks = Marks(7, Stretch(0, 1), {"6-158": Answer(Way.OWN, {"6-188": "27"})}, {"11-0": 2022, "0-8": 0})
    assert Marks.read(marks.as_text()) == marks
    assert Marks.read(Marks().as_text()) == Marks()
