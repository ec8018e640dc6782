"""The words of a list as it was handed out, kept in a hidden sheet of the workbook itself."""

from collections.abc import Mapping, Sequence

from tracker.intake.rules.ledger.cells import words_of
from tracker.items.headings import BASE_SHEET, Field
from tracker.office.sheets import Sheet

Base = Mapping[str, Mapping[Field, str]]


def read_base(sheets: Sequence[Sheet]) -> Base:
    """The words by item number and field; empty for a workbook that did not come from here."""
    kept = next((sheet for sheet in sheets if sheet.name == BASE_SHEET and sheet.is_hidden and sheet.rows), None)
    if kept is None:
        return {}
    codes = [words_of(cell) for cell in kept.rows[0].cells]
    known = [(place, Field(code)) for place, code in enumerate(codes, start=1) if code in set(Field)]
    rows = [{field: words_of(row.value(place)) for place, field in known} for row in kept.rows[1:]]
    return {row[Field.NUMBER]: row for row in rows if row.get(Field.NUMBER)}
