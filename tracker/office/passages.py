"""What an opened text tells of its paragraphs, and how it is told what to put in their place."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from tracker.core.errors import DomainError


class Span(NamedTuple):
    """The signs from ``start`` up to ``end`` of a paragraph."""

    start: int
    end: int


@dataclass(frozen=True)
class Passage:
    """One paragraph as it stands, margins and empty ones included.

    ``number`` is what automatic numbering prints in front, ``level`` that of a heading from 1 for the highest.
    ``gaps`` are stretches of nothing but underlined blanks.
    """

    text: str
    number: str = ""
    level: int | None = None
    in_table: bool = False
    gaps: tuple[Span, ...] = ()


class Edit(NamedTuple):
    """The signs from ``start`` up to ``end`` of a paragraph (counted from 0), and the lines that stand there instead.

    Every line after the first becomes a paragraph of its own, which only what reaches to the paragraph's end may ask
    for. No lines for all of a paragraph take the paragraph away.
    """

    paragraph: int
    start: int
    end: int
    lines: tuple[str, ...]


class Text(Protocol):
    """An opened file whose words can be replaced while all else stays."""

    suffix: str

    @property
    def passages(self) -> Sequence[Passage]:
        """Its paragraphs in the order of the file."""
        ...

    def replaced(self, edits: Sequence[Edit]) -> bytes:
        """The file with these edits, which lie apart. Raises Unreplaceable."""
        ...


class Unreplaceable(DomainError):
    """What is to be replaced holds something that would break; the message says what it is and what to do about it."""


def new_words(text: str, edits: Sequence[Edit]) -> list[str]:
    """The lines of a paragraph after its edits, which lie apart."""
    lines: list[str] = []
    for edit in sorted(edits, reverse=True):
        first, *others = edit.lines or ("",)
        lines = [*others, *lines]
        text = text[: edit.start] + first + text[edit.end :]
    return [text, *lines]
