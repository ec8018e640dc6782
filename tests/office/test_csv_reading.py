import pytest

from tracker.office.csv_reading import read_csv
from tracker.office.unreadable import Unreadable, UnreadableFile

TABLE = '序号,问题,措施\r\n1,学习不够,"一、学习\n二、检查"\r\n,,\r\n2,"说“好”，不做",无\r\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_table_is_read_whatever_program_wrote_it(encoding: str) -> None:
    sheet = read_csv(TABLE.encode(encoding))

    assert [row.cells for row in sheet.rows] == [
        ("序号", "问题", "措施"),
        ("1", "学习不够", "一、学习\n二、检查"),
        ("2", "说“好”，不做", "无"),
    ]
    assert [row.number for row in sheet.rows] == [1, 3, 5]


@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_the_separator_is_found_out(separator: str) -> None:
    sheet = read_csv(f"序号{separator}问题{separator}措施\n1{separator}学习,不够{separator}a\n".encode())

    assert [row.cells for row in sheet.rows] == [("序号", "问题", "措施"), ("1", "学习,不够", "a")]


def test_one_column_is_a_table_too() -> None:
    assert [row.cells for row in read_csv("问题\n学习不够\n".encode()).rows] == [("问题",), ("学习不够",)]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", Unreadable.empty),
        (b"\x00\x01\x02", Unreadable.not_text),
        (b"a,b\n" * 20_001, Unreadable.too_many_rows),
        (b"a," * 300, Unreadable.too_many_columns),
        (b'a,"' + b"x" * (2 << 20), Unreadable.broken),
    ],
)
def test_what_is_no_table_is_refused_with_the_reason(data: bytes, code: Unreadable) -> None:
    with pytest.raises(UnreadableFile) as refusal:
        read_csv(data)

    assert refusal.value.code is code
