"""Any outline printed in any numbering is read back the same."""

from collections.abc import Callable
from dataclasses import dataclass

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.intake.texts import reading_of, rows_of
from tracker.intake.rules import Counts
from tracker.office.numerals import chinese, circled

Style = Callable[[int], str]

STYLES: dict[str, list[Style]] = {
    "一、": [lambda n: f"{chinese(n)}、", lambda n: f"{chinese(n)}．"],
    "（一）": [lambda n: f"（{chinese(n)}）", lambda n: f"({chinese(n)})"],
    "1.": [lambda n: f"{n}.", lambda n: f"{n}、", lambda n: f"{n}．"],
    "（1）": [lambda n: f"（{n}）", lambda n: f"({n})"],
    "1）": [lambda n: f"{n}）", lambda n: f"{n})"],
    "①": [circled],
    "第一": [lambda n: f"第{chinese(n)}，"],
}
NOUNS = [
    "理论学习",
    "支部建设",
    "“三会一课”制度",
    "2021年党费收缴",
    "3个支部档案管理",
    "公务用车",
    "意识形态阵地管理",
    "一岗双责",
]
FIELDS = ["政治建设方面", "组织建设方面", "作风建设方面", "纪律建设方面", "制度建设方面"]
FAULTS = ["不够深入", "不到位", "流于形式", "有短板", "宽松软", "未按要求开展", "不规范，记录不全"]

titles = st.builds("".join, st.tuples(st.sampled_from(NOUNS), st.sampled_from(FAULTS)))
problems = st.lists(titles, min_size=1, max_size=6)
categories = st.lists(st.tuples(titles, problems), min_size=1, max_size=4)
aspects = st.lists(st.tuples(st.sampled_from(FIELDS), categories), min_size=1, max_size=4)


@dataclass(frozen=True)
class Printed:
    """A text and the rows that must be read of it: path, number, words."""

    text: str
    rows: list[list[str]]


@st.composite
def numberings(draw: st.DrawFn, levels: int) -> list[Style]:
    """Different families for the levels, in any order, each in one of its ways of writing."""
    families = draw(st.permutations(list(STYLES)))[:levels]
    return [draw(st.sampled_from(STYLES[family])) for family in families]


def shown(style: Style, number: int) -> str:
    return style(number).rstrip("，")


@st.composite
def three_levels(draw: st.DrawFn) -> Printed:
    upper, middle, lower = draw(numberings(3))
    lines, rows = [], []
    for first, (aspect, members) in enumerate(draw(aspects), 1):
        lines.append(f"{upper(first)}{aspect}")
        for second, (category, found) in enumerate(members, 1):
            lines.append(f"{middle(second)}{category}")
            for third, problem in enumerate(found, 1):
                lines.append(f"{lower(third)}{problem}。")
                rows.append([aspect, category, shown(lower, third), problem])
    return Printed("\n".join(lines), rows)


@st.composite
def two_levels(draw: st.DrawFn) -> Printed:
    upper, lower = draw(numberings(2))
    lines, rows = [], []
    members = draw(st.lists(st.tuples(st.sampled_from(FIELDS), problems), min_size=1, max_size=5))
    for first, (aspect, found) in enumerate(members, 1):
        lines.append(f"{upper(first)}{aspect}")
        for second, problem in enumerate(found, 1):
            lines.append(f"{lower(second)}{problem}；")
            rows.append([aspect, shown(lower, second), problem])
    return Printed("\n".join(lines), rows)


@st.composite
def one_level(draw: st.DrawFn) -> Printed:
    (style,) = draw(numberings(1))
    found = draw(problems)
    text = "\n".join(f"{style(number)}{problem}。" for number, problem in enumerate(found, 1))
    return Printed(text, [[shown(style, number), problem] for number, problem in enumerate(found, 1)])


@st.composite
def passages(draw: st.DrawFn) -> Printed:
    """一是…二是… run on in one paragraph under each category."""
    lines, rows = [], []
    for first, (category, found) in enumerate(draw(categories), 1):
        words = "；".join(f"{chinese(number)}是{problem}" for number, problem in enumerate(found, 1))
        lines.append(f"（{chinese(first)}）{category}。{words}。")
        rows.extend([category, f"{chinese(number)}是", problem] for number, problem in enumerate(found, 1))
    return Printed("\n".join(lines), rows)


@settings(max_examples=150, deadline=None, print_blob=True)
@given(three_levels())
def test_three_levels_are_read_back(printed: Printed) -> None:
    assert rows_of(reading_of(printed.text)) == printed.rows


@settings(max_examples=100, deadline=None, print_blob=True)
@given(two_levels())
def test_two_levels_are_read_back(printed: Printed) -> None:
    assert rows_of(reading_of(printed.text)) == printed.rows


@settings(max_examples=60, deadline=None, print_blob=True)
@given(one_level())
def test_one_level_is_read_back(printed: Printed) -> None:
    assert rows_of(reading_of(printed.text)) == printed.rows


@settings(max_examples=60, deadline=None, print_blob=True)
@given(passages())
def test_passages_under_categories_are_read_back(printed: Printed) -> None:
    assert rows_of(reading_of(printed.text)) == printed.rows


@settings(max_examples=60, deadline=None, print_blob=True)
@given(three_levels())
def test_a_report_around_the_outline_changes_nothing_in_it(printed: Printed) -> None:
    report = f"""关于专项督查情况的报告
各支部：
现将有关情况报告如下：
第一部分 主要成效
组织主题党日12次，取得较好成效。
第二部分 存在的主要问题
{printed.text}
第三部分 下一步打算
1.加强学习。
2.压实责任。
"""

    assert rows_of(reading_of(report)) == printed.rows


@settings(max_examples=60, deadline=None, print_blob=True)
@given(three_levels())
def test_counted_is_what_was_printed(printed: Printed) -> None:
    reading = reading_of(printed.text)
    outline = {tuple(row[:2]) for row in printed.rows}

    assert reading.counted.problems == len(printed.rows)
    assert (reading.counted.categories or 0) >= len(outline)
    assert reading.declared == Counts()
