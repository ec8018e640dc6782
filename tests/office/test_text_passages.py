"""Words of a plain text replaced in its own encoding."""

import pytest

from tracker.office.passages import Edit
from tracker.office.text_passages import TextPassages
from tracker.office.unreadable import Unreadable, UnreadableFile

TEXT = "一、履职\r\n完成XX个问题。\r\n\r\n二、打算"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_words_change_and_encoding_and_line_ends_stay(encoding: str) -> None:
    passages = TextPassages(TEXT.encode(encoding))
    assert [passage.text for passage in passages.passages] == ["一、履职", "完成XX个问题。", "", "二、打算"]
    assert passages.replaced([]) == TEXT.encode(encoding)
    made = passages.replaced([Edit(1, 2, 4, ("27",)), Edit(3, 0, 4, ("二、计划", "三、建议"))])
    assert made.decode(encoding) == "一、履职\r\n完成27个问题。\r\n\r\n二、计划\r\n三、建议"


def test_a_line_without_words_left_goes() -> None:
    assert TextPassages("一\n二\n三".encode()).replaced([Edit(1, 0, 1, ())]) == "一\n三".encode()


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"", Unreadable.empty), (b"\x00\x01\xff", Unreadable.not_text), (b"{\\rtf1 x}", Unreadable.rich_text)],
)
def test_what_is_no_text_is_refused(data: bytes, code: Unreadable) -> None:
    with pytest.raises(UnreadableFile) as refused:
        TextPassages(data)
    assert refused.value.code is code
