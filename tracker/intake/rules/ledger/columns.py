"""The columns of a ledger, and what two of them mean that seem to hold the same."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from tracker.intake.rules.ledger.cells import words_of
from tracker.items.headings import Field
from tracker.office.sheets import Sheet

_TASK = re.compile("任务|事项|工作|整改内容")
_LEAD = re.compile("牵头|主责|主办")


@dataclass(frozen=True)
class Column:
    """One column: its number from 1, what its heading says, and the field; None for one that is not understood."""

    number: int
    words: str
    field: Field | None


@dataclass(frozen=True)
class Heading:
    """The heading of a sheet. ``last_row`` is the row after which the data begin; ``texts`` are the cells of its rows.

    ``doubled`` are columns left unread since an earlier one holds the same field.
    """

    sheet: str
    last_row: int
    columns: Sequence[Column]
    doubled: Sequence[Column] = ()
    texts: Sequence[tuple[str, ...]] = field(default=(), repr=False)

    @property
    def unknown(self) -> list[Column]:
        """The columns whose heading is not understood."""
        return [column for column in self.columns if column.field is None and column.words]

    def columns_of(self, wanted: Field) -> list[int]:
        """The numbers of the columns that hold a field."""
        return [column.number for column in self.columns if column.field is wanted]


def parted(sheet: Sheet, heading: Heading) -> Heading:
    """The heading with fields of their own for two columns that seem to hold the same, where such a field is free.

    反馈问题 over several rows beside 具体表现 is a category; 整改任务 beside 问题, row by row, are the measures;
    责任单位 beside 牵头单位 are those who support it.
    """
    for wanted in (Field.FINDING, Field.LEAD_UNIT):
        kept = [each for each in heading.columns if each.field is wanted]
        doubled = [each for each in heading.doubled if each.field is wanted]
        if len(kept) != 1 or len(doubled) != 1:
            continue
        meant = _meant(sheet, heading, kept[0], doubled[0])
        taken = {each.field for each in heading.columns} - {wanted}
        if meant is not None and not taken & set(meant.values()):
            heading = _with(heading, meant, doubled[0])
    return heading


def _meant(sheet: Sheet, heading: Heading, first: Column, second: Column) -> dict[int, Field] | None:
    """What two columns hold, by number; None when they hold the same as far as can be told."""
    if first.field is Field.LEAD_UNIT:
        leads = [each for each in (first, second) if _LEAD.search(each.words)]
        others = [each for each in (first, second) if each not in leads]
        if len(leads) != 1:
            return None
        return {leads[0].number: Field.LEAD_UNIT, others[0].number: Field.SUPPORTING_UNITS}
    if len(_told(sheet, heading, first)) < len(_told(sheet, heading, second)):
        return {first.number: Field.CATEGORY, second.number: Field.FINDING}
    if _TASK.search(second.words) and not _TASK.search(first.words):
        return {first.number: Field.FINDING, second.number: Field.MEASURES}
    return None


def _told(sheet: Sheet, heading: Heading, column: Column) -> set[str]:
    """The different words of a column."""
    below = (row for row in sheet.rows if row.number > heading.last_row)
    return {words_of(row.value(column.number)) for row in below} - {""}


def _with(heading: Heading, meant: Mapping[int, Field], added: Column) -> Heading:
    columns = sorted([*heading.columns, added], key=lambda column: column.number)
    return replace(
        heading,
        columns=[replace(each, field=meant.get(each.number, each.field)) for each in columns],
        doubled=[each for each in heading.doubled if each is not added],
    )
