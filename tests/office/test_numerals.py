import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.office.numerals import chinese, circled, digital, read_number, roman


@given(st.integers(min_value=1, max_value=9999))
def test_a_chinese_number_is_read_back(number: int) -> None:
    assert read_number(chinese(number)) == number


@given(st.integers(min_value=1, max_value=50))
def test_a_circled_number_is_read_back(number: int) -> None:
    assert read_number(circled(number)) == number


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ("十", 10),
        ("两", 2),
        ("二十七", 27),
        ("一百零五", 105),
        ("１２", 12),
        ("二七", 27),
        ("⒊", 3),
        ("⑷", 4),
        ("㈤", 5),
        ("壹拾", 10),
    ],
)
def test_a_number_is_read_in_every_writing(words: str, number: int) -> None:
    assert read_number(words) == number


@pytest.mark.parametrize("words", ["", "XX", "若干", "十个", "abc"])
def test_what_is_no_number_is_none(words: str) -> None:
    assert read_number(words) is None


def test_figures_one_by_one_and_in_roman() -> None:
    assert (digital(2026), roman(2026)) == ("二〇二六", "MMXXVI")
