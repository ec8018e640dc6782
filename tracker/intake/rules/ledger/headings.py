"""Finding the heading of a table: below titles, in one row or two, columns in any order."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from tracker.intake.rules.ledger.cells import words_of
from tracker.intake.rules.ledger.columns import Column, Heading, parted
from tracker.items.headings import Field, field_like, field_of, heading_key
from tracker.office.sheets import Area, Row, Sheet

# How far down a heading is looked for, and how many columns must be understood.
SEARCHED_ROWS, KNOWN_COLUMNS = 40, 2
HEADING_LENGTH = 30
# Of these, cells of several columns under one heading are read as one.
JOINED = frozenset({Field.FINDING, Field.MEASURES, Field.PROGRESS, Field.CAUSE, Field.GOAL, Field.REMARK})

# A heading, without space and width of letters, and the field a person said it stands for; None means: not read.
Mapped = Mapping[str, Field | None]


def find_heading(sheet: Sheet, mapped: Mapped) -> Heading | None:
    """The heading that most columns of are understood; None for a sheet that has none of a ledger.

    Two rows are taken together only when more is understood than of the lower one alone.
    """
    rows = sheet.rows[:SEARCHED_ROWS]
    pairs = [
        [upper, lower]
        for upper, lower in pairwise(rows)
        if lower.number == upper.number + 1 and sum(bool(words_of(cell)) for cell in upper.cells) > 1
    ]
    best: Heading | None = None
    most = KNOWN_COLUMNS - 1
    for together in [*([row] for row in rows), *pairs]:
        heading = _heading(sheet, together, mapped)
        known = _known(heading)
        if known > most and _names_items(heading):
            best, most = heading, known
    return parted(sheet, best) if best is not None else None


def continued(sheet: Sheet, before: Sheet, heading: Heading) -> Heading | None:
    """The heading of the table right before for one without any, that is as wide and has no line between them.

    Where the last cells are all empty, as remarks are, a table seems narrower by one.
    """
    is_next = sheet.above is not None and not sheet.above
    if not is_next or abs(_width(sheet) - _width(before)) > 1:
        return None
    return replace(heading, sheet=sheet.name, last_row=0)


def _width(sheet: Sheet) -> int:
    return max(len(row.cells) for row in sheet.rows)


def _known(heading: Heading) -> int:
    return len({column.field for column in heading.columns if column.field is not None})


def _names_items(heading: Heading) -> bool:
    """A ledger says what the item is, in words or by number."""
    return bool(heading.columns_of(Field.FINDING) or heading.columns_of(Field.NUMBER))


def _heading(sheet: Sheet, rows: Sequence[Row], mapped: Mapped) -> Heading:
    columns = list(_columns(sheet, rows, mapped))
    seen: Counter[Field] = Counter()
    kept: list[Column] = []
    doubled: list[Column] = []
    for column in columns:
        is_doubled = column.field is not None and column.field is not Field.PRINTED and bool(seen[column.field])
        (doubled if is_doubled else kept).append(column)
        if column.field is not None:
            seen[column.field] += 1
    wide = [column for column in doubled if _is_part_of_wide(column, kept, sheet, rows)]
    doubled = [column for column in doubled if column not in wide]
    texts = tuple(tuple(words_of(cell) for cell in row.cells) for row in rows)
    in_order = sorted([*kept, *wide], key=lambda column: column.number)
    return Heading(sheet.name, rows[-1].number, in_order, doubled, texts)


def _is_part_of_wide(column: Column, kept: Sequence[Column], sheet: Sheet, rows: Sequence[Row]) -> bool:
    """Whether the column lies under the same merged heading as an earlier one of its field, and may be joined."""
    first = next(each for each in kept if each.field is column.field)
    return column.field in JOINED and any(
        area.left <= first.number and column.number <= area.right
        for area in sheet.merged
        if area.top <= rows[-1].number and area.bottom >= rows[0].number
    )


def _columns(sheet: Sheet, rows: Sequence[Row], mapped: Mapped) -> Iterator[Column]:
    numbers = {row.number for row in rows}
    across = [area for area in sheet.merged if area.top in numbers and area.bottom - area.top < len(rows) + 1]
    for number in range(1, max(len(row.cells) for row in rows) + 1):
        words = [_words_above(row, number, across) for row in rows]
        yield _column(number, words, mapped)


def _words_above(row: Row, column: int, across: Sequence[Area]) -> str:
    own = words_of(row.value(column))
    if own:
        return own
    wide = next((each for each in across if each.top == row.number and each.left < column <= each.right), None)
    return words_of(row.value(wide.left)) if wide else ""


def _column(number: int, words: Sequence[str], mapped: Mapped) -> Column:
    """By the lowest words that are understood, else by all of them together."""
    told = [each for each in words if each]
    together = "".join(told)
    if not told or len(together) > 2 * HEADING_LENGTH:
        return Column(number, "", None)
    candidates = list(dict.fromkeys([told[-1], together, *reversed(told)]))
    for each in candidates:
        key = heading_key(each)
        if key in mapped:
            return Column(number, each, mapped[key] or Field.PRINTED)
        if len(each) <= HEADING_LENGTH and (found := field_of(each)) is not None:
            return Column(number, each, found)
    alike = next(((each, found) for each in candidates if (found := field_like(each)) is not None), None)
    return Column(number, *alike) if alike else Column(number, together, None)
