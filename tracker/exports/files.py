"""Lists as files to be handed in and taken back: a workbook with real dates, a Word file in the official form."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO

from tracker.core.taken import taken_by
from tracker.exports.columns import (
    COLUMNS,
    DRAFT_MARK,
    LEDGER,
    SUM,
    TITLES,
    Column,
    note,
    number_of_paper,
    with_changes,
)
from tracker.exports.rows import PrintRow
from tracker.exports.tables import sum_of
from tracker.items.headings import BASE_SHEET, Field
from tracker.items.lists import ListName
from tracker.items.rules import State
from tracker.office.docx_writing import Document
from tracker.office.filling import Cell
from tracker.office.xlsx_writing import Grid, cut, write_workbook

LEDGER_TITLE = "整改台账"
# Columns that stay in view: place and number.
FROZEN = 2


@dataclass(frozen=True)
class Handing:
    """Who hands a list in and when; who took it out of the system, when (local) and from which address."""

    organ: str
    on: date
    taken_by: str
    taken_at: datetime
    taken_from: str = ""

    @property
    def footer(self) -> str:
        """What stands at the foot of every page."""
        return taken_by(self.taken_by, self.taken_at, self.taken_from)


def columns_of(name: ListName, rows: Sequence[PrintRow], *, is_ledger: bool) -> Sequence[Column]:
    """The columns of a list, or all that is known of its items; one more where rows differ from the printed plan."""
    return with_changes(LEDGER if is_ledger else COLUMNS[name], rows)


def title_of(name: ListName, *, is_ledger: bool) -> str:
    """What the list is called."""
    return LEDGER_TITLE if is_ledger and name is not ListName.TASKS else TITLES[name]


def file_name(name: ListName, handing: Handing, suffix: str, *, is_ledger: bool) -> str:
    """The name of the file, in Chinese."""
    return f"{handing.organ}{title_of(name, is_ledger=is_ledger)}（{handing.on:%Y%m%d}）{suffix}"


def to_xlsx(name: ListName, rows: Sequence[PrintRow], handing: Handing, *, is_ledger: bool = False) -> bytes:
    """The list as a workbook. A hidden sheet keeps its words, so that edited cells are known when it comes back."""
    columns = columns_of(name, rows, is_ledger=is_ledger)
    title = title_of(name, is_ledger=is_ledger)
    grid = Grid(
        name=title,
        title=f"{handing.organ}{title}",
        mark=mark_of(rows),
        note=note(handing.organ, handing.on, number_of_paper(rows)),
        headings=[column.heading for column in columns],
        rows=[[cell_of(column, row) for column in columns] for row in rows],
        widths=[column.width for column in columns],
        merged=[place for place, column in enumerate(columns) if column.is_merged],
        sum=(SUM, sum_of(name, rows)),
        frozen=FROZEN,
    )
    return write_workbook([grid, base_of(columns, rows)], made_at=handing.taken_at, footer=handing.footer)


def cell_of(column: Column, row: PrintRow) -> Cell:
    """What a workbook holds in a cell."""
    kept = column.kept(row)
    return column.value(row) if kept is None else kept


def base_of(columns: Sequence[Column], rows: Sequence[PrintRow]) -> Grid:
    """The hidden sheet: a row of field codes, then the words of each item as ``read_base`` gives them back."""
    fields = [column.field for column in columns if column.field is not Field.PRINTED]
    kept = [column for column in columns if column.field is not Field.PRINTED]
    words = [[_base_words(cell_of(column, row)) for column in kept] for row in rows]
    return Grid(BASE_SHEET, [field.value for field in fields], words, [2] * len(fields), is_hidden=True)


def _base_words(value: Cell) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return cut(value) if isinstance(value, str) else str(value if value is not None else "")


def mark_of(rows: Sequence[PrintRow]) -> str:
    """送审稿 while one of the items is a draft."""
    return DRAFT_MARK if any(row.item.state is State.DRAFT for row in rows) else ""


def to_docx(name: ListName, rows: Sequence[PrintRow], handing: Handing, *, is_ledger: bool = False) -> bytes:
    """The list as a Word file on lying paper, equal cells merged, the heading on every page."""
    columns = columns_of(name, rows, is_ledger=is_ledger)
    mark, title = mark_of(rows), f"{handing.organ}{title_of(name, is_ledger=is_ledger)}"
    document = Document(f"{title}（{mark}）" if mark else title, made_at=handing.taken_at, is_lying=True)
    document.line(note(handing.organ, handing.on, number_of_paper(rows)))
    document.table(
        [column.heading for column in columns],
        [[column.value(row) for column in columns] for row in rows],
        merged=[place for place, column in enumerate(columns) if column.is_merged],
    )
    document.line(f"{SUM}：{sum_of(name, rows)}")
    document.line(handing.footer)
    stream = BytesIO()
    document.save(stream)
    return stream.getvalue()
