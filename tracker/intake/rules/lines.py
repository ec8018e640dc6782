"""What the reading of a feedback text yields: lines, counts and warnings."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class LineKind(StrEnum):
    """What a line of the text is."""

    aspect = "aspect"
    category = "category"
    problem = "problem"
    ignored = "ignored"


@dataclass(frozen=True)
class Line:
    """One line that was read, ``number`` as printed.

    ``paragraph`` is the index of the paragraph it begins in; ``why`` says in words why an ignored line is no problem.
    """

    kind: LineKind
    number: str
    text: str
    paragraph: int | None
    why: str = ""


@dataclass(frozen=True)
class Counts:
    """How many sections of each level and how many problems; None means unknown."""

    aspects: int | None = None
    categories: int | None = None
    problems: int | None = None


@dataclass(frozen=True)
class Reading:
    """A feedback text as it was understood; ``lines`` stand in document order, ignored ones too."""

    lines: tuple[Line, ...]
    declared: Counts
    counted: Counts
    warnings: tuple[str, ...]


def count_lines(lines: Sequence[Line]) -> Counts:
    """Count sections and problems; levels that do not occur count 0."""
    kinds = [line.kind for line in lines]
    return Counts(kinds.count(LineKind.aspect), kinds.count(LineKind.category), kinds.count(LineKind.problem))


def problems_with_paths(lines: Sequence[Line]) -> Iterator[tuple[Line, tuple[str, ...]]]:
    """Yield every problem with the titles of the aspect and the category above it; a missing level is left out."""
    aspect = category = ""
    for line in lines:
        if line.kind is LineKind.aspect:
            aspect, category = line.text, ""
        elif line.kind is LineKind.category:
            category = line.text
        elif line.kind is LineKind.problem:
            yield line, tuple(title for title in (aspect, category) if title)


def as_json(reading: Reading) -> dict[str, Any]:
    """Give the reading in the shape that ``intake read --json`` prints."""
    return {
        "declared": _counts(reading.declared),
        "counted": _counts(reading.counted),
        "problems": [
            {"number": line.number, "path": list(path), "text": line.text}
            for line, path in problems_with_paths(reading.lines)
        ],
        "ignored": [{"text": line.text, "why": line.why} for line in reading.lines if line.kind is LineKind.ignored],
        "warnings": list(reading.warnings),
    }


def _counts(counts: Counts) -> dict[str, int | None]:
    return {"aspects": counts.aspects, "categories": counts.categories, "problems": counts.problems}
