"""Every form of feedback text: ``data/feedback`` holds one text per form, ``expected.json`` what must be read of it."""

import json
from collections import Counter
from typing import Any

import pytest

from tests.intake.texts import DATA, reading_of_file, rows_of
from tracker.intake.rules import as_json

FORMS: dict[str, dict[str, Any]] = json.loads((DATA / "feedback" / "expected.json").read_text())


def test_every_text_has_its_expectation() -> None:
    assert {path.name for path in (DATA / "feedback").glob("*.txt")} == set(FORMS)


@pytest.mark.parametrize("name", FORMS)
def test_a_form_is_read_with_paths_numbers_and_words(name: str) -> None:
    reading = reading_of_file(f"feedback/{name}")
    as_printed = as_json(reading)

    assert rows_of(reading) == FORMS[name]["problems"]
    assert list(as_printed["declared"].values()) == FORMS[name]["declared"]
    assert list(as_printed["counted"].values()) == FORMS[name]["counted"]
    assert len(reading.warnings) == FORMS[name]["warnings"], reading.warnings


@pytest.mark.parametrize("name", FORMS)
def test_nothing_of_a_text_gets_lost(name: str) -> None:
    """Only labels, counts behind headings and the 等 that closes a list are left out of every line."""
    kept = Counter(sign for line in reading_of_file(f"feedback/{name}").lines for sign in f"{line.number}{line.text}")
    text = Counter((DATA / "feedback" / name).read_text())

    lost = {sign for sign in text - kept if "\u4e00" <= sign <= "\u9fff"}
    assert lost <= set("存在问题表现等共个条类二三六")


@pytest.mark.parametrize("name", FORMS)
def test_every_ignored_line_says_why(name: str) -> None:
    assert all(entry["why"].startswith("这") for entry in as_json(reading_of_file(f"feedback/{name}"))["ignored"])
