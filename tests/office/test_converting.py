"""Old office files, converted by a real LibreOffice."""

import io
import subprocess
from pathlib import Path

import pytest
from libreoffice import converted, needs_office

from tests.intake.pages import DATA
from tracker.intake.operations import ledger, read_stream
from tracker.office import converting
from tracker.office.converting import convert
from tracker.office.unreadable import DOCX, Unreadable, UnreadableFile


def an_old_file(folder: Path, name: str, ending: str) -> Path:
    """A sample as the old programs keep it."""
    return converted(DATA / name, ending, folder)


@needs_office
def test_an_old_document_is_read_like_the_new_one(tmp_path: Path) -> None:
    old = an_old_file(tmp_path, "feedback-typed.docx", "doc")
    reading = read_stream(io.BytesIO(old.read_bytes())).reading

    assert (reading.counted.aspects, reading.counted.categories, reading.counted.problems) == (3, 9, 27)


@needs_office
def test_an_old_workbook_is_read_like_the_new_one(tmp_path: Path) -> None:
    old = io.BytesIO(an_old_file(tmp_path, "ledger.xlsx", "xls").read_bytes())
    with (DATA / "ledger.xlsx").open("rb") as new:
        there = ledger.read_sheets(new)[0]
    found = ledger.read_sheets(old)[0]

    assert ledger.is_table(old, "台账.xls")
    assert [row.cells for row in found.rows] == [row.cells for row in there.rows]
    assert set(found.merged) == set(there.merged)


def test_without_the_program_the_message_says_how_to_save_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(converting, "PROGRAM", "no-such-office")
    old = io.BytesIO(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "WordDocument".encode("utf-16-le"))

    with pytest.raises(UnreadableFile, match=r"另存为 \.docx") as refusal:
        read_stream(old)
    assert refusal.value.code is Unreadable.old_word


@needs_office
def test_what_only_looks_like_an_old_file_is_not_handed_to_the_program() -> None:
    assert convert(io.BytesIO(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"WordDocument" * 500), DOCX) is None


def test_a_program_that_hangs_is_ended_with_all_it_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    program = tmp_path / "hangs"
    program.write_text("#!/bin/sh\nsleep 61.7 &\nsleep 61.7\n")
    program.chmod(0o755)
    monkeypatch.setattr(converting, "PROGRAM", str(program))
    monkeypatch.setattr(converting, "SECONDS", 0.5)
    monkeypatch.setattr(converting, "_is_old_office", lambda _stream: True)

    assert convert(io.BytesIO(b"old"), DOCX) is None
    left = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    assert "sleep 61.7" not in left
