"""Finding where a blank form takes its rows: below which heading, from which row to which, in which columns."""

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.intake.rules.ledger.cells import words_of
from tracker.intake.rules.ledger.headings import find_heading
from tracker.office.sheets import Row, Sheet
from tracker.submissions.columns import proposed

# A row of a heading has at least so many words, where no column of it is understood.
HEADING_WORDS = 3


@dataclass(frozen=True)
class Place:
    """A column of a form: its number from 1, its heading, and the heading of ours that is printed there, or empty."""

    column: int
    words: str
    prints: str


@dataclass(frozen=True)
class Proposal:
    """Where the rows of a form seem to go; ``first`` to ``last`` are rows that are there to be filled."""

    sheet: str
    first: int
    last: int
    places: Sequence[Place]


def propose(sheets: Sequence[Sheet]) -> Proposal | None:
    """What a blank seems to want: the sheet most of whose columns are understood; None when none has a heading."""
    shown = [sheet for sheet in sheets if sheet.rows and not sheet.is_hidden]
    found = [proposal for sheet in shown if (proposal := _proposal(sheet))]
    return max(found, key=lambda each: sum(bool(place.prints) for place in each.places), default=None)


def _proposal(sheet: Sheet) -> Proposal | None:
    heading = find_heading(sheet, {})
    if heading is not None:
        columns = sorted([*heading.columns, *heading.doubled], key=lambda column: column.number)
        told = [(column.number, column.words) for column in columns if column.words]
        last_row = heading.last_row
    else:
        row = next((row for row in sheet.rows if len(_words(row)) >= HEADING_WORDS), None)
        if row is None:
            return None
        told, last_row = _words(row), row.number
    first, last = _room(sheet, last_row)
    return Proposal(sheet.name, first, last, _places(told))


def _words(row: Row) -> list[tuple[int, str]]:
    return [(column, words) for column, cell in enumerate(row.cells, start=1) if (words := words_of(cell))]


def _places(told: Sequence[tuple[int, str]]) -> list[Place]:
    """Each column with what it prints; of ours, none is proposed twice."""
    places: list[Place] = []
    for column, words in told:
        prints = proposed(words)
        is_new = prints and prints not in {place.prints for place in places}
        places.append(Place(column, words, prints if is_new else ""))
    return places


def _room(sheet: Sheet, heading: int) -> tuple[int, int]:
    """The rows below a heading that hold nothing but numbers, as far as the next words; at least the first one."""
    first = heading + 1
    below = [row for row in sheet.rows if row.number >= first]
    stop = next((row.number for row in below if not _is_blank(row)), None)
    last = stop - 1 if stop is not None else max((row.number for row in below), default=first)
    return first, max(last, first)


def _is_blank(row: Row) -> bool:
    """Whether a row waits to be filled: at most it bears its number."""
    return all(words.isdigit() for _column, words in _words(row))
