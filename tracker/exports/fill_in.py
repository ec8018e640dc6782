"""The workbook that a unit without accounts fills in: only its rows, only the cells it may fill unlocked."""

from collections.abc import Sequence

from tracker.exports.columns import DEADLINE, FINDING, MEASURES, NUMBER, OWN_WORDS, OWNER, PLACE, Column, note
from tracker.exports.files import FROZEN, Handing, base_of, cell_of
from tracker.exports.rows import PrintRow
from tracker.items.headings import Field
from tracker.items.rules import OwnWord, State
from tracker.office.xlsx_writing import Grid, write_workbook

TITLE = "整改进展填报表"
# Of these a unit may report.
STATES = frozenset({State.WORKING, State.SUSTAINED})
UNFINISHED = "未完成"
HELP = "只填写黄色单元格：措施一行一条，“本次进展”写这一期的新进展，“完成情况”从下拉框选择。填好后交整改办或自行导入。"

_COLUMNS: tuple[Column, ...] = (
    PLACE,
    NUMBER,
    FINDING,
    OWNER,
    DEADLINE,
    MEASURES,
    Column("上次进展", lambda row: row.this_entry.text if row.this_entry else "", 4),
    # Empty, so that whatever stands here afterwards is new.
    Column("本次进展", lambda _row: "", 5),
    Column("完成情况", lambda row: OWN_WORDS[row.item.own_word] or UNFINISHED),
)
FREE = frozenset({Field.MEASURES, Field.PROGRESS, Field.OWN_WORD})


def to_fill_in(rows: Sequence[PrintRow], handing: Handing) -> bytes:
    """The rows to be filled in; what was handed out is kept in a hidden sheet, as in every list."""
    units = {row.item.lead_unit.name for row in rows if row.item.lead_unit}
    place = {column.field: at for at, column in enumerate(_COLUMNS)}
    grid = Grid(
        name=TITLE,
        title=f"{units.pop()}{TITLE}" if len(units) == 1 else f"{handing.organ}{TITLE}",
        note=f"{note(handing.organ, handing.on)}　　{HELP}",
        headings=[column.heading for column in _COLUMNS],
        rows=[[cell_of(column, row) for column in _COLUMNS] for row in rows],
        widths=[column.width for column in _COLUMNS],
        frozen=FROZEN,
        free=[place[each] for each in FREE],
        choices={place[Field.OWN_WORD]: [UNFINISHED, *filter(None, (OWN_WORDS[word] for word in OwnWord))]},
    )
    return write_workbook([grid, base_of(_COLUMNS, rows)], made_at=handing.taken_at, footer=handing.footer)
