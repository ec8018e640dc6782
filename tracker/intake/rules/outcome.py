"""What a corrected outline becomes: checked line by line, each problem with its headings and its printed number."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tracker.intake.rules.lines import Counts, Line, LineKind

TEXT_LIMITS: Mapping[LineKind, int] = {LineKind.aspect: 500, LineKind.category: 500, LineKind.problem: 4000}
NUMBER_LIMIT = 20
ORIGINAL_LIMIT = 40
CHINESE = "〇零一二三四五六七八九十百"


class Fault(StrEnum):
    """Why a line cannot become a heading or an item."""

    EMPTY = "empty"
    TEXT_TOO_LONG = "text_too_long"
    NUMBER_TOO_LONG = "number_too_long"


def faults(lines: Sequence[Line]) -> dict[int, Fault]:
    """The first fault of every line that has one, by its place."""
    found = {at: _fault(line) for at, line in enumerate(lines) if line.kind is not LineKind.ignored}
    return {at: fault for at, fault in found.items() if fault is not None}


def _fault(line: Line) -> Fault | None:
    if not line.text.strip():
        return Fault.EMPTY
    if len(line.text) > TEXT_LIMITS[line.kind]:
        return Fault.TEXT_TOO_LONG
    return Fault.NUMBER_TOO_LONG if len(line.number) > NUMBER_LIMIT else None


@dataclass(frozen=True)
class Difference:
    """A level whose declared and counted numbers differ; ``name`` is an attribute of Counts."""

    name: str
    declared: int
    counted: int


def differences(declared: Counts, counted: Counts) -> list[Difference]:
    """The levels that the text counts otherwise than they were read; what it does not declare cannot differ."""
    pairs = ((name, getattr(declared, name), getattr(counted, name)) for name in ("aspects", "categories", "problems"))
    return [Difference(*pair) for pair in pairs if pair[1] is not None and pair[1] != pair[2]]


@dataclass(frozen=True)
class Placed:
    """A problem at its place (from 0) among the lines, with the headings above it."""

    at: int
    line: Line
    aspect: Line | None
    category: Line | None

    @property
    def path(self) -> tuple[str, ...]:
        """The titles above, a missing level left out."""
        return tuple(title_of(line) for line in (self.aspect, self.category) if line is not None)

    @property
    def original_number(self) -> str:
        """The number of the original text, e.g. （一）2 or （一）2③."""
        numbers = [line.number for line in (self.aspect, self.category) if line is not None]
        return original_number([*numbers, self.line.number])


def title_of(line: Line) -> str:
    """A heading's words on one line."""
    return " ".join(line.text.split())


def placed(lines: Sequence[Line]) -> Iterator[Placed]:
    """Every problem in the order of the lines, below the headings that stand above it."""
    aspect = category = None
    for at, line in enumerate(lines):
        if line.kind is LineKind.aspect:
            aspect, category = line, None
        elif line.kind is LineKind.category:
            category = line
        elif line.kind is LineKind.problem:
            yield Placed(at, line, aspect, category)


def original_number(numbers: Sequence[str]) -> str:
    """The printed numbers of a path as people cite them: 一、（一）2. is （一）2, for every text has its 一、.

    Equal kinds of figures that would run together are parted by a point: 1. and 2. give 1.2.
    """
    printed = [number.strip() for number in numbers if number.strip()]
    if len(printed) > 2 and re.fullmatch(f"[{CHINESE}]+、", printed[0]):
        del printed[0]
    cited = ""
    for number in printed:
        bare = number.rstrip(" 、.．:：,，") or number
        cited += ("." if cited and _runs_together(cited[-1], bare[0]) else "") + bare
    return cited[:ORIGINAL_LIMIT]


def _runs_together(left: str, right: str) -> bool:
    return (left.isdecimal() and right.isdecimal()) or (left in CHINESE and right in CHINESE)
