"""Finding the section on rectification, and which sentences of it go."""

import pytest
from own_files.papers import ABOUT, HEADING, LINES, REST, SECTION

from tracker.office.passages import Edit, Passage, new_words
from tracker.own_files.rules.headings import about_rectification, headings
from tracker.own_files.rules.sections import OldSection, Stretch, new_text, section_at

NEW = ("一是甲。", "二是乙。", "三是丙。")


def passages(*lines: str, **about: object) -> list[Passage]:
    return [Passage(line, **about) for line in lines]  # type: ignore[arg-type]


def found(every: list[Passage]) -> OldSection:
    (heading,) = about_rectification(every)
    return section_at(every, heading.paragraph)


def written(every: list[Passage], stretch: Stretch | None = None) -> list[str]:
    section = found(every)
    proposed = stretch or section.proposed
    assert proposed
    edits = new_text(every, section, proposed, NEW)
    return [
        line
        for place, passage in enumerate(every)
        for line in _after(passage.text, [edit for edit in edits if edit.paragraph == place])
    ]


def _after(text: str, edits: list[Edit]) -> list[str]:
    is_gone = any(not edit.lines and (edit.start, edit.end) == (0, len(text)) for edit in edits)
    return [] if is_gone else new_words(text, edits)


def test_of_478_signs_the_first_131_are_about_rectification_heading_included_and_347_are_other_work() -> None:
    section = found(passages(*LINES))
    assert section.heading == HEADING
    stretch = section.proposed
    assert stretch == Stretch(0, 1)
    assert (len(SECTION), *section.size(stretch)) == (478, 131, 347)
    assert section.heading + "".join(told.text for told in section.sentences[:2]) == ABOUT
    assert "".join(told.text for told in section.sentences[2:]) == REST
    assert section.overlooked(stretch) == []


def test_the_heading_and_the_other_work_stay_and_the_new_lines_follow_each_other_in_their_paragraph() -> None:
    assert written(passages(*LINES))[7].rstrip() == HEADING + "".join(NEW) + REST


BODY = "坚持把整改抓在手上。逐项整改到位。"
OTHER = "开展文明创建活动。"


@pytest.mark.parametrize(
    "number", ["（六）", "(六)", "六、", "六．", "6.", "6．", "6、", "(6)", "（6）", "⑥", "", "　　（六）"]
)
@pytest.mark.parametrize("words", ["狠抓整改落实，提升党建工作质量水平", "抓好问题整改"])
@pytest.mark.parametrize("is_alone", [True, False])
def test_the_section_is_found_whatever_its_number_and_wherever_its_heading_ends(
    number: str, words: str, is_alone: bool
) -> None:
    section = [f"{number}{words}", BODY] if is_alone else [f"{number}{words}。{BODY}"]
    every = passages("一、履行职责情况", "（五）加强作风建设。开展警示教育XX次。", *section, "二、存在问题", OTHER)
    told = found(every)
    assert [each.text for each in told.sentences] == ["坚持把整改抓在手上。", "逐项整改到位。"]
    assert told.heading == f"{number}{words}{'' if is_alone else '。'}".strip("　")


@pytest.mark.parametrize("printed", ["（六）", "六、", "6.", "(6)"])
def test_an_automatic_number_makes_a_heading_of_its_paragraph(printed: str) -> None:
    every = [
        Passage("作风建设", number=printed.replace("六", "五").replace("6", "5")),
        Passage("问题整改情况", number=printed),
        *passages(BODY, OTHER),
        Passage("存在问题", number=printed.replace("六", "七").replace("6", "7")),
    ]
    assert [each.text for each in found(every).sentences] == ["坚持把整改抓在手上。", "逐项整改到位。", OTHER]


def test_a_style_makes_a_heading_too_and_numbered_points_beneath_it_do_not_end_it() -> None:
    every = [
        Passage("整改落实情况", level=1),
        *passages("（一）健全机制。逐项整改。", OTHER),
        Passage("存在问题", level=1),
    ]
    assert [each.text for each in found(every).sentences] == ["（一）健全机制。", "逐项整改。", OTHER]


def test_several_headings_are_a_persons_choice_unless_one_stands_above_the_others() -> None:
    two = passages("一、巡察整改落实情况", BODY, "二、督查整改落实情况", BODY)
    assert [each.paragraph for each in about_rectification(two)] == [0, 2]
    above = passages("一、整改落实情况", "（一）整改工作开展情况", BODY, "（二）整改工作成效", BODY, "二、下步打算")
    assert [each.paragraph for each in about_rectification(above)] == [0]


@pytest.mark.parametrize(
    "lines",
    [
        ("一、履行职责情况", OTHER),
        ("（四）注重作风建设，保持风清气正。强化“四风”问题整改，坚持不懈。", OTHER),
        ("六、整改落实情况\t12", OTHER),
        ("抓好整改落实工作，确保各项任务按照时限要求不折不扣落实到位并长期坚持下去的有关情况", OTHER),
    ],
)
def test_what_is_no_heading_about_it_is_none(lines: tuple[str, ...]) -> None:
    assert about_rectification(passages(*lines)) == []


def test_any_paragraph_can_be_taken_for_the_heading() -> None:
    every = passages("整改的事。逐项整改到位。" + "很长" * 40, OTHER)
    section = section_at(every, 0)
    assert (section.heading, section.sentences[0].text) == ("整改的事。", "逐项整改到位。")


def test_a_name_in_quotation_marks_makes_no_sentence_one_about_rectification() -> None:
    section = found(passages("六、整改落实", "深化“抓整改”专项行动。印发《整改办法》。"))
    assert section.proposed is None


def test_one_sentence_in_between_goes_with_the_others_and_what_is_left_over_is_told() -> None:
    section = found(passages("六、整改落实", "抓整改。开会。再抓整改。", OTHER, OTHER, "还有整改。"))
    stretch = section.proposed
    assert stretch == Stretch(0, 2)
    assert [each.text for each in section.overlooked(stretch)] == ["还有整改。"]


def test_paragraphs_are_replaced_by_paragraphs() -> None:
    long = passages("六、整改落实", "一是整改。", "二是整改。", "三是整改。", "四是整改。", OTHER, "七、其他")
    assert written(long) == ["六、整改落实", *NEW, OTHER, "七、其他"]
    short = passages("六、整改落实", "一是整改。", OTHER, "七、其他")
    assert written(short) == ["六、整改落实", *NEW, OTHER, "七、其他"]


def test_what_shares_a_paragraph_with_the_end_stays_in_it() -> None:
    every = passages("六、整改落实。一是整改。", "二是整改。" + OTHER, "七、其他")
    assert written(every) == ["六、整改落实。一是甲。", "二是乙。", "三是丙。", OTHER, "七、其他"]


def test_levels_are_told_by_numbers() -> None:
    ranks = [each.rank for each in headings(passages("第一部分 总则", "一、甲", "（二）乙", "3.丙", "（4）丁", "⑤戊"))]
    assert ranks == [0, 1, 2, 3, 4, 5]
    assert headings(passages("2021.5万元用于整改。", "3.5个百分点。")) == []
