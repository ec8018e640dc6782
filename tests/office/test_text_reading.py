import pytest

from tracker.office.paragraphs import Cell
from tracker.office.text_reading import read_text
from tracker.office.unreadable import Unreadable, UnreadableFile

TEXT = "一、存在问题\r\n（一）学习不够深入。\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_text_is_read_in_the_encodings_of_office_machines(encoding: str) -> None:
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")

    assert [paragraph.text for paragraph in read_text(mark + TEXT.encode(encoding))] == [
        "一、存在问题",
        "（一）学习不够深入。",
    ]


def test_margins_and_empty_lines_are_left_out_and_the_rest_is_counted() -> None:
    found = read_text("\u3000\u3000问题一\u3000\n\n \t\n\xa0问题二".encode())

    assert [(paragraph.index, paragraph.text) for paragraph in found] == [(0, "问题一"), (1, "问题二")]


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\u2028", "\x0b", "\x0c"])
def test_every_kind_of_line_end_ends_a_paragraph(end: str) -> None:
    assert len(read_text(f"甲{end}乙".encode())) == 2


def test_lines_with_tabs_that_stand_together_are_a_table() -> None:
    found = read_text("标题\n1\t学习\t不深\n2\t\t不严\n尾".encode())

    assert [(paragraph.text, paragraph.cell) for paragraph in found] == [
        ("标题", None),
        ("1", Cell(0, 0, 0)),
        ("学习", Cell(0, 0, 1)),
        ("不深", Cell(0, 0, 2)),
        ("2", Cell(0, 1, 0)),
        ("不严", Cell(0, 1, 2)),
        ("尾", None),
    ]


def test_a_tab_after_a_number_makes_no_table() -> None:
    assert all(not paragraph.in_table for paragraph in read_text("1.\t学习不深\n2.\t制度不严".encode()))


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", Unreadable.empty),
        (bytes(range(256)), Unreadable.not_text),
        (b"\x00\x01\x02", Unreadable.not_text),
        (b"\xff\xfe\x00", Unreadable.not_text),
        (b"{\\rtf1\\ansi}", Unreadable.rich_text),
        (b"<!DOCTYPE html><html></html>", Unreadable.web_page),
        (b"MIME-Version: 1.0\r\n", Unreadable.web_page),
    ],
)
def test_what_is_no_text_is_refused(data: bytes, code: Unreadable) -> None:
    with pytest.raises(UnreadableFile) as refusal:
        read_text(data)
    assert refusal.value.code is code


def test_a_text_of_blanks_has_no_paragraph() -> None:
    assert read_text(b" \n\t\n") == []
