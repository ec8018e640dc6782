"""Correcting rows by hand, and what becomes of them."""

import pytest

from tracker.core.errors import DomainError
from tracker.intake.rules import Counts, Line, LineKind
from tracker.intake.rules.corrections import apply, dump, parse, take_paragraph
from tracker.intake.rules.outcome import differences, faults, original_number, placed

KINDS = {"甲": LineKind.aspect, "子": LineKind.category, "略": LineKind.ignored}


def rows(words: str) -> list[Line]:
    """One line for each word: 甲 an aspect, 子 a category, 略 ignored, all else problems."""
    return [Line(KINDS.get(word[0], LineKind.problem), "", word, at) for at, word in enumerate(words.split())]


def words(lines: list[Line]) -> str:
    return " ".join(line.text for line in lines)


@pytest.mark.parametrize(
    ("act", "at", "then", "focus"),
    [
        ("up", 3, "甲 丁 丙 略 戊", 1),
        ("up", 0, "甲 丙 略 丁 戊", 0),
        ("down", 1, "甲 略 丁 丙 戊", 3),
        ("down", 4, "甲 丙 略 丁 戊", 4),
        ("drop", 4, "甲 丙 略 丁", 3),
        ("merge", 3, "甲 丙，丁 略 戊", 1),
        ("nonsense", 3, "甲 丙 略 丁 戊", 3),
    ],
)
def test_a_row_moves_past_what_is_ignored(act: str, at: int, then: str, focus: int) -> None:
    lines, looked_at = apply(rows("甲 丙 略 丁 戊"), act, at)
    assert (words(lines), looked_at) == (then, focus)


def test_a_text_is_split_at_its_line_breaks_and_only_the_first_part_keeps_the_number() -> None:
    lines, _at = apply([Line(LineKind.problem, "1.", "甲事不实\n\n乙事不严", 4)], "split", 0)
    assert [(line.number, line.text, line.paragraph) for line in lines] == [("1.", "甲事不实", 4), ("", "乙事不严", 4)]


@pytest.mark.parametrize(("act", "at"), [("split", 1), ("merge", 0), ("up", 9), ("drop", -1)])
def test_an_act_without_sense_is_refused(act: str, at: int) -> None:
    with pytest.raises(DomainError):
        apply(rows("甲 丙"), act, at)


def test_a_restored_line_is_a_problem_and_an_added_one_is_like_the_row_above() -> None:
    lines, _at = apply(rows("甲 略"), "restore", 1)
    assert lines[1].kind is LineKind.problem
    lines, at = apply(lines, "add", 0)
    assert (lines[at].kind, lines[at].text, lines[at].paragraph) == (LineKind.aspect, "", None)


def test_a_paragraph_comes_in_at_its_place_in_the_text() -> None:
    lines = [line for line in rows("甲 丙 丁") if line.text != "丙"]
    assert words(take_paragraph(lines, 1, "丙")[0]) == "甲 丙 丁"
    assert words(take_paragraph(lines, 9, "戊")[0]) == "甲 丁 戊"


def test_a_draft_keeps_its_lines_as_they_are() -> None:
    lines = [Line(LineKind.ignored, "一、", "表态\n发言", None, "这是表态，不是问题"), *rows("甲 子 丙")]
    assert parse(dump(lines)) == lines


@pytest.mark.parametrize(
    ("numbers", "cited"),
    [
        (["一、", "（一）", "1."], "（一）1"),
        (["（一）", "2.", "③"], "（一）2③"),
        (["一、", "1."], "一1"),
        (["1.", "2."], "1.2"),
        (["", "", "一是"], "一是"),
        (["三、", "", ""], "三"),
        ([], ""),
        (["第" * 30, "条" * 30], "第" * 30 + "条" * 10),
    ],
)
def test_the_number_of_the_original_is_cited_as_people_cite_it(numbers: list[str], cited: str) -> None:
    assert original_number(numbers) == cited


def test_a_problem_stands_below_the_headings_above_it_and_an_aspect_ends_the_category() -> None:
    paths = [(each.line.text, each.path) for each in placed(rows("丙 甲 丁 子 戊 甲二 己"))]
    assert paths == [("丙", ()), ("丁", ("甲",)), ("戊", ("甲", "子")), ("己", ("甲二",))]


def test_only_declared_levels_can_differ() -> None:
    found = differences(Counts(3, None, 27), Counts(3, 9, 26))
    assert [(each.name, each.declared, each.counted) for each in found] == [("problems", 27, 26)]


def test_ignored_lines_are_never_at_fault() -> None:
    assert faults([Line(LineKind.ignored, "", "", None), Line(LineKind.problem, "", "", None)]) == {1: "empty"}
