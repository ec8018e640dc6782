"""A block copied out of a spreadsheet: cells, headings, and which row belongs to which item."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tracker.core.errors import DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.items.headings import HELPING, SETTABLE, Field, field_of

ROWS_MAX = 2_000


@dataclass(frozen=True)
class Block:
    """The cells of a paste. ``fields`` tells what each column holds, None for one that is not known.

    ``lines`` gives each row with its place in the paste, counted from 1, headings included. ``unknown`` are headings
    that were not understood.
    """

    fields: Sequence[Field | None]
    lines: Sequence[tuple[int, Sequence[str]]]
    unknown: Sequence[str]

    @property
    def has_numbers(self) -> bool:
        """Whether the rows name their items."""
        return Field.NUMBER in self.fields


def read_cells(text: str) -> list[list[str]]:
    """The cells of a copied block, row by row; cells in quotes may hold line breaks and tabs, as programs copy them.

    A quote that does not embrace a whole cell is an ordinary sign.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")
    rows: list[list[str]] = [[]]
    at = 0
    while at <= len(text):
        cell, at, end = _next_cell(text, at)
        rows[-1].append(cell.strip(" \u3000"))
        if end == "\n":
            rows.append([])
        elif not end:
            break
    return rows


def _next_cell(text: str, at: int) -> tuple[str, int, str]:
    """The cell that begins here, where the next one begins, and the sign between them (empty at the end)."""
    if text.startswith('"', at):
        closing = at + 1
        while (closing := text.find('"', closing)) >= 0:
            if text.startswith('""', closing):
                closing += 2
                continue
            after = text[closing + 1 : closing + 2]
            inner = text[at + 1 : closing]
            if after in ("\t", "\n", "") and any(sign in inner for sign in '\n\t"'):
                return inner.replace('""', '"'), closing + 2, after
            break
    ends = [place for sign in "\t\n" if (place := text.find(sign, at)) >= 0]
    end = min(ends, default=len(text))
    return text[at:end], end + 1, text[end : end + 1]


def read_block(text: str, *, column: Field | None, numbers: Sequence[str]) -> Block:
    """The pasted block: by its line of headings, else a single column of the chosen field, with or without numbers.

    ``numbers`` are those of the items in question; a first column that holds one of them names the rows. Raises
    DomainError when nothing was pasted, when it can't be told what a column holds, or one field stands twice.
    """
    cells = read_cells(text)
    if not any(any(row) for row in cells):
        raise DomainError(_l("请粘贴从表格中复制的内容。"), field="text")
    if len(cells) > ROWS_MAX:
        raise DomainError(_l("一次最多粘贴 %(max)d 行。", max=ROWS_MAX), field="text")
    heads = [field_of(cell) for cell in cells[0]]
    if any(head in SETTABLE for head in heads):
        read = HELPING.union(SETTABLE)
        unknown = [cell for cell, head in zip(cells[0], heads, strict=True) if head not in read and cell]
        return _block(heads, cells, first=2, unknown=unknown)
    has_numbers = any(row[0] in numbers for row in cells if row)
    width = max(len(row) for row in cells) - has_numbers
    if column is None or width != 1:
        message = _l("看不出各列是什么。请连同表头一起复制，或只复制一列并在上面选择这一列的内容。")
        raise DomainError(message, field="column" if width == 1 else "text")
    return _block([Field.NUMBER, column] if has_numbers else [column], cells, first=1, unknown=())


def _block(
    fields: Sequence[Field | None], cells: Sequence[Sequence[str]], *, first: int, unknown: Sequence[str]
) -> Block:
    known = [field for field in fields if field is not None]
    doubled = next((field for field in known if known.count(field) > 1), None)
    if doubled is not None:
        raise DomainError(_l("有两列都是“%(field)s”，请只保留一列。", field=doubled), field="text")
    lines = [(place, row) for place, row in enumerate(cells[first - 1 :], start=first)]
    # Without numbers an empty line stands for an item that is left as it is.
    return Block(fields, [line for line in lines if any(line[1]) or Field.NUMBER not in known], unknown)


@dataclass(frozen=True)
class PastedRow:
    """What one row says of one item; empty cells are left out."""

    place: int
    number: str
    cells: Mapping[Field, str]


@dataclass(frozen=True)
class CellError:
    """What is wrong with a cell: the row in the paste, the field of its column (None for the whole row), the words."""

    place: int
    field: Field | None
    message: object


def match_rows(block: Block, numbers: Sequence[str], *, source_number: str) -> tuple[list[PastedRow], list[CellError]]:
    """Which row belongs to which item: by number, else one after the other in the order of the list."""
    rows: list[PastedRow] = []
    errors: list[CellError] = []
    taken: dict[str, int] = {}
    for order, (place, cells) in enumerate(block.lines):
        found = {field: cell for field, cell in zip(block.fields, cells, strict=False) if field and cell}
        number = _number_of(found, order, block, numbers, source_number)
        if number is None:
            errors.append(
                CellError(place, Field.NUMBER if block.has_numbers else None, _not_found(found, block, numbers))
            )
        elif number in taken:
            message = _l("编号 %(number)s 在第 %(row)d 行已出现过。", number=number, row=taken[number])
            errors.append(CellError(place, Field.NUMBER, message))
        else:
            taken[number] = place
            rows.append(PastedRow(place, number, {field: cell for field, cell in found.items() if field in SETTABLE}))
    return rows, errors


def _number_of(
    found: Mapping[Field, str], order: int, block: Block, numbers: Sequence[str], source_number: str
) -> str | None:
    if not block.has_numbers:
        return numbers[order] if order < len(numbers) else None
    typed = found.get(Field.NUMBER, "")
    # 17 and 017 are short for 巡察2026-1-017.
    short = f"{source_number}-{typed.zfill(3)}" if typed else ""
    return next((number for number in (typed, short) if number in numbers), None)


def _not_found(found: Mapping[Field, str], block: Block, numbers: Sequence[str]) -> object:
    if not block.has_numbers:
        return _l("这一来源只有 %(n)d 条事项可以指定，这一行多出来了。", n=len(numbers))
    if not found.get(Field.NUMBER):
        return _l("这一行没有编号。")
    return _l("没有编号为 %(number)s 的事项，或它已销号、核减，不能再指定。", number=found[Field.NUMBER])
