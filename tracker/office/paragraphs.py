"""What every reader of texts gives back."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Cell:
    """The place of a paragraph in a table: the table's own count in the file, row and column from 0.

    A merged cell stands once, at its upper left place.
    """

    table: int
    row: int
    column: int


@dataclass(frozen=True)
class Paragraph:
    """One paragraph with words in it, in document order.

    ``number`` is what automatic numbering prints in front ("（一）", "1."), empty when the number is typed in the text.
    ``heading_level`` runs from 1 for the highest.
    """

    index: int
    text: str
    number: str = ""
    heading_level: int | None = None
    in_table: bool = False
    cell: Cell | None = None
