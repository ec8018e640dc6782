"""Where sentences end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.office.sentences import sentences


def told(text: str) -> list[str]:
    return [text[span.start : span.end] for span in sentences(text)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("一是抓好整改。二是建章立制。", ["一是抓好整改。", "二是建章立制。"]),
        ("一是抓好整改；二是建章立制。", ["一是抓好整改；二是建章立制。"]),
        ("　　抓好整改。 \n落实责任 ", ["抓好整改。", "落实责任"]),
        ("会议指出，“问题要改。责任要落实”，全部落实。", ["会议指出，“问题要改。责任要落实”，全部落实。"]),
        ("他说：“要抓好整改。”会议强调落实。", ["他说：“要抓好整改。”", "会议强调落实。"]),
        ("“抓好整改。”的要求已落实。下一步", ["“抓好整改。”的要求已落实。", "下一步"]),
        ("已完成（详见附件。）。还有3个。", ["已完成（详见附件。）。", "还有3个。"]),
        ("没有合上的“引号。下一句。", ["没有合上的“引号。", "下一句。"]),
        ("真的完成了吗？！没有。", ["真的完成了吗？！", "没有。"]),
        ("销号率87.5%，余3个。完。", ["销号率87.5%，余3个。", "完。"]),
        ("", []),
        ("　 ", []),
    ],
)
def test_a_sentence_ends_at_its_stop_and_not_inside_of_what_somebody_else_says(text: str, wanted: list[str]) -> None:
    assert told(text) == wanted


@given(st.text("整改。；！？“”（）《》 \n　A一", max_size=40))
def test_sentences_lie_in_order_and_nothing_but_blanks_lies_between_them(text: str) -> None:
    at = 0
    for span in sentences(text):
        assert not text[at : span.start].strip(" \n　")
        assert text[span.start : span.end].strip(" \n　") == text[span.start : span.end]
        at = span.end
    assert not text[at:].strip(" \n　")
