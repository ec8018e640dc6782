import json
from typing import Any

import pytest

from tests.intake.texts import DATA, reading_of_file, reasons_of
from tracker.intake.rules import Counts, as_json

EXPECTED: dict[str, Any] = json.loads((DATA / "feedback-expected.json").read_text())


def outline_of(reading: dict[str, Any]) -> dict[str, dict[str, list[str]]]:
    outline: dict[str, dict[str, list[str]]] = {}
    for problem in reading["problems"]:
        aspect, category = problem["path"]
        outline.setdefault(aspect, {}).setdefault(category, []).append(problem["text"])
    return outline


@pytest.mark.parametrize("name", ["feedback-typed.docx", "feedback-autonumbered.docx"])
def test_a_feedback_paper_is_read_with_all_titles_and_findings_in_order(name: str) -> None:
    expected = EXPECTED[name]
    reading = as_json(reading_of_file(name))

    assert reading["declared"] == reading["counted"] == expected["declared"]
    assert outline_of(reading) == {
        aspect["title"]: {category["title"]: category["problems"] for category in aspect["categories"]}
        for aspect in expected["outline"]
    }
    assert reading["warnings"] == []


def test_automatic_numbers_are_read_like_typed_ones() -> None:
    typed, automatic = (as_json(reading_of_file(f"feedback-{kind}.docx")) for kind in ("typed", "autonumbered"))

    assert typed == automatic


def test_an_inline_list_gives_four_problems_and_neither_demands_nor_the_pledge() -> None:
    reading = reading_of_file("feedback-inline.txt")

    assert [(problem["number"], problem["text"]) for problem in as_json(reading)["problems"]] == [
        ("一是", "抓党建责任落实还有差距，书记带头研究党建次数偏少"),
        ("二是", "支部主题党日形式不够丰富"),
        ("三是", "党员干部理论学习不够深入，有的以干代学"),
        ("四是", "制度执行不够严格"),
    ]
    why = reasons_of(reading)
    assert (
        why["会议强调，要抓好整改落实：一要提高认识；二要压实责任；三要务求实效。"] == "这是提出的要求或建议，不是问题"
    )
    assert why["工委主要负责人表示，将照单全收、立行立改，坚决做到问题不解决不放过。"] == "这是表态，不是问题"


def test_of_the_yearly_report_only_the_part_with_the_problems_is_read() -> None:
    reading = reading_of_file("report-2021.txt")

    assert [(problem["number"], problem["text"]) for problem in as_json(reading)["problems"]] == [
        (
            "一是",
            "在抓党建工作责任落实上还有差距。对于全面从严治党的认识离市委的要求和标准还有差距，"
            "在工作中持续抓的“钉钉子”精神还有差距",
        ),
        (
            "二是",
            "党支部主题党日活动形式还不够丰富。党支部主题党日活动形式单一问题解决不够好，活动内容应还不够丰富",
        ),
        ("三是", "党员干部的整体素质还有差距。有的党员理论学习不够深入，理论水平有待提升"),
    ]


def test_a_count_outside_the_part_that_is_read_is_told_but_not_held_against_it() -> None:
    reading = reading_of_file("report-2021.txt")

    assert reading.declared == Counts(3, 9, None)
    assert len(reading.warnings) == 1
    assert "3个方面9大类XX个问题" in reading.warnings[0]
