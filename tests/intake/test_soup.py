"""Whatever stands in a text, it is read without an error and without losing a word."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.intake.texts import reading_of
from tracker.intake.rules import LineKind, as_json, count_lines, read_outline
from tracker.office.paragraphs import Cell, Paragraph

MARKS = [
    "",
    "一、",
    "二、",
    "（一）",
    "（三）",
    "1.",
    "2、",
    "（1）",
    "①",
    "一是",
    "二是",
    "一要",
    "有的",
    "第一，",
    "问题：",
    "整改：",
    "●",
    "1.1 ",
]
WORDS = [
    "学习不深入",
    "政治建设方面",
    "存在的问题",
    "整改要求",
    "下一步打算",
    "要提高认识",
    "组织学习12次",
    "关于“学习不深”的问题",
    "共3个问题",
    "主要表现在",
]
ENDS = ["", "。", "；", "：", "，", "等。"]

lines = st.builds("".join, st.tuples(st.sampled_from(MARKS), st.sampled_from(WORDS), st.sampled_from(ENDS)))
soups = st.lists(st.lists(lines, min_size=1, max_size=4).map("".join), min_size=1, max_size=12)


@settings(max_examples=200, deadline=None, print_blob=True)
@given(soups)
def test_any_mixture_of_lines_is_read_and_kept(soup: list[str]) -> None:
    text = "\n".join(soup)
    reading = reading_of(text)

    assert reading.counted == count_lines(reading.lines)
    assert all((line.why != "") == (line.kind is LineKind.ignored) for line in reading.lines)
    assert all(line.text for line in reading.lines)
    kept = Counter(sign for line in reading.lines for sign in f"{line.number}{line.text}")
    lost = {sign for sign in Counter(text) - kept if "\u4e00" <= sign <= "\u9fff"}
    assert lost <= set("存在的问题等共一二三个")


@settings(max_examples=200, deadline=None, print_blob=True)
@given(st.text(max_size=200))
def test_any_characters_are_read(text: str) -> None:
    as_json(read_outline([Paragraph(0, text)]))


@settings(max_examples=100, deadline=None, print_blob=True)
@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 3), lines), max_size=12))
def test_any_table_is_read(cells: list[tuple[int, int, str]]) -> None:
    paragraphs = [
        Paragraph(index, text, in_table=True, cell=Cell(0, row, column))
        for index, (row, column, text) in enumerate(sorted(cells))
    ]

    assert as_json(read_outline(paragraphs))["counted"]["problems"] >= 0
