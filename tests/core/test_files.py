"""Files are stored whole or not at all, once per content, and never outside the store."""

import hashlib
import io
import os
from typing import Any

import pytest
from flask import Flask

from tracker.core import files
from tracker.core.errors import DomainError, NotFound, TooLarge


class Broken(io.BytesIO):
    """A connection that breaks after the first bytes."""

    def read(self, size: int | None = -1) -> bytes:
        if self.tell():
            raise ConnectionError("gone")
        return super().read(10)


def leftovers() -> list[str]:
    return [path.name for path in files.folder().iterdir() if path.name.startswith(".incoming")]


def test_equal_bytes_are_kept_once_under_their_hash(app: Flask) -> None:
    first = files.store(io.BytesIO(b"minutes"), limit_bytes=100)
    assert files.store(io.BytesIO(b"minutes"), limit_bytes=100) == first
    assert first.sha256 == hashlib.sha256(b"minutes").hexdigest()
    assert files.path_of(first.sha256).read_bytes() == b"minutes"


def test_a_file_over_the_limit_is_refused_and_leaves_nothing(app: Flask) -> None:
    before = sum(1 for _ in files.folder().rglob("*"))
    with pytest.raises(TooLarge, match="上限"):
        files.store(io.BytesIO(b"x" * 101), limit_bytes=100)
    assert sum(1 for _ in files.folder().rglob("*")) == before


def test_an_empty_file_is_refused(app: Flask) -> None:
    with pytest.raises(DomainError, match="0 字节"):
        files.store(io.BytesIO(b""), limit_bytes=100)


def test_a_file_is_stored_where_no_folder_can_be_opened_as_on_windows(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.open

    def refusing_folders(path: Any, flags: int, *rest: Any, **named: Any) -> int:
        if os.path.isdir(path):
            raise PermissionError(path)
        return real(path, flags, *rest, **named)

    monkeypatch.setattr(os, "open", refusing_folders)
    monkeypatch.delattr(os, "O_DIRECTORY")
    stored = files.store(io.BytesIO(b"photo"), limit_bytes=100)
    assert files.path_of(stored.sha256).read_bytes() == b"photo"


def test_a_broken_upload_leaves_nothing(app: Flask) -> None:
    with pytest.raises(ConnectionError):
        files.store(Broken(b"0123456789 and more"), limit_bytes=100)
    assert leftovers() == []


@pytest.mark.parametrize("name", ["0" * 64, "../../etc/passwd", ""])
def test_what_is_not_in_the_store_is_not_found(app: Flask, name: str) -> None:
    with pytest.raises(NotFound):
        files.path_of(name)


@pytest.mark.parametrize(
    ("uploaded", "kept"),
    [
        ("问题清单.xlsx", "问题清单.xlsx"),
        ("../../etc/passwd", "passwd"),
        (r"C:\Users\wang\桌面\签到表.jpg", "签到表.jpg"),
        ("a\x00b\r\nX-Evil: 1.pdf", "abX-Evil: 1.pdf"),
        ("报告\u202egpj.exe", "报告gpj.exe"),
        ("  两张 皮.docx ", "两张 皮.docx"),
        (".gitignore", ".gitignore"),
        ("..", "文件"),
        ("", "文件"),
        (None, "文件"),
        ("///", "文件"),
    ],
)
def test_a_file_keeps_its_name_without_path_and_invisible_characters(uploaded: str | None, kept: str) -> None:
    assert files.bare_name(uploaded) == kept


def test_a_long_name_is_cut_before_its_ending() -> None:
    name = files.bare_name("长" * 400 + ".docx")
    assert len(name) == files.NAME_LIMIT
    assert name.endswith("长.docx")
    assert len(files.bare_name("长" * 400)) == files.NAME_LIMIT
