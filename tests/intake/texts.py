"""Texts for the reader, and what was read of them in a short shape."""

from pathlib import Path

from tracker.intake.rules import LineKind, Reading, as_json, read_outline
from tracker.office.docx_reading import read_docx
from tracker.office.text_reading import read_text

DATA = Path(__file__).parent.parent / "data"


def reading_of(text: str) -> Reading:
    """Read a text typed in a test; the margin that the code indents it with does not count."""
    return read_outline(read_text(text.encode()))


def reading_of_file(name: str) -> Reading:
    """Read a file of the test data."""
    path = DATA / name
    if path.suffix == ".docx":
        with path.open("rb") as stream:
            return read_outline(read_docx(stream))
    return read_outline(read_text(path.read_bytes()))


def rows_of(reading: Reading) -> list[list[str]]:
    """Each problem as its path, its number and its words."""
    return [[*problem["path"], problem["number"], problem["text"]] for problem in as_json(reading)["problems"]]


def problems_of(reading: Reading) -> list[str]:
    """The words of each problem."""
    return [line.text for line in reading.lines if line.kind is LineKind.problem]


def reasons_of(reading: Reading) -> dict[str, str]:
    """Why each ignored line is no problem, by its words."""
    return {line.text: line.why for line in reading.lines if line.kind is LineKind.ignored}
