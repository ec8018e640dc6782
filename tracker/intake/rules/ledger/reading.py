"""Reading a ledger: from the sheets of a workbook to items, with every fault named by sheet, row and column."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from tracker.core.errors import DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.taken import TAKEN_SHEET
from tracker.intake.rules.ledger.body import Body, Group
from tracker.intake.rules.ledger.cells import (
    closed_of,
    is_blank,
    measures_of,
    names_in,
    on_one_line,
    own_word_of,
)
from tracker.intake.rules.ledger.columns import Column, Heading
from tracker.intake.rules.ledger.headings import Mapped
from tracker.intake.rules.ledger.rows import Fault, LedgerItem, LedgerReading, Skipped, Title
from tracker.intake.rules.ledger.tables import captions, headed
from tracker.items.deadlines import EXCEL_DAYS, EXCEL_EPOCH, YEARS, read_deadline
from tracker.items.headings import FIELD_LABELS, Field
from tracker.items.rules import Deadline, OwnWord
from tracker.office.sheets import Sheet, Value, letters

# Two days on which a deadline that is told by the feedback's day can't be the same.
SOME_DAYS = (date(2020, 2, 1), date(2031, 8, 17))
TEXT_LIMITS: Mapping[Field, int] = {
    Field.FINDING: 4000,
    Field.CAUSE: 4000,
    Field.GOAL: 4000,
    Field.PROGRESS: 4000,
    Field.REMARK: 2000,
    Field.ASPECT: 500,
    Field.CATEGORY: 500,
    Field.NUMBER: 60,
    Field.PLACE: 40,
    Field.LEADER: 60,
    Field.SUPERVISOR: 60,
    Field.OWNER: 60,
    Field.LEAD_UNIT: 100,
    Field.SUPPORTING_UNITS: 400,
    Field.DEADLINE: 200,
}
MEASURE_LIMIT = 1000
_ERROR_VALUE = re.compile(r"#(?:REF|VALUE|NAME|DIV/0|N/A|NUM|NULL|SPILL|CALC)[!?]?")


def read_ledger(sheets: Sequence[Sheet], *, received_on: date | None, mapped: Mapped | None = None) -> LedgerReading:
    """Read every shown sheet that has the heading of a ledger.

    ``received_on`` is the day from which relative deadlines count; without it they have no date and a warning says so.
    ``mapped`` tells what headings mean that are not known, or mean otherwise. A row with a fault is among the items
    all the same, without what could not be read.
    """
    tables = headed(sheets, mapped or {})
    readers = [
        _SheetReader(sheet, heading, titles, received_on)
        for (sheet, heading), titles in zip(tables, captions([sheet for sheet, _heading in tables]), strict=True)
    ]
    items = [item for reader in readers for item in reader.read()]
    faults = [fault for reader in readers for fault in reader.faults] + _doubled(items)
    warnings = [warning for reader in readers for warning in reader.warnings]
    if not readers:
        warnings.append(
            _l("没有认出表头。表头要有“存在问题”（或“工作任务”）一列，以及责任单位、整改时限等列中的至少一列。")
        )
    elif not items:
        warnings.append(_l("表头下面没有一行事项。"))
    return LedgerReading(
        items=items,
        faults=sorted(faults, key=lambda fault: (_order(sheets, fault.sheet), fault.row)),
        skipped=[row for reader in readers for row in reader.skipped],
        warnings=[*_unread_sheets(sheets, readers), *warnings],
        headings=[reader.heading for reader in readers],
    )


def _unread_sheets(sheets: Sequence[Sheet], readers: Sequence["_SheetReader"]) -> list[object]:
    # Our own sheet that says who took the list out holds no rows.
    read = {reader.sheet.name for reader in readers} | {TAKEN_SHEET}
    left = [sheet.name for sheet in sheets if sheet.rows and not sheet.is_hidden and sheet.name not in read]
    if not readers:
        return []
    return [_l("工作表“%(name)s”没有台账的表头，没有读取。", name=name) for name in left]


def _order(sheets: Sequence[Sheet], name: str) -> int:
    return next((place for place, sheet in enumerate(sheets) if sheet.name == name), 0)


def _doubled(items: Sequence[LedgerItem]) -> list[Fault]:
    """Item numbers that stand twice; places may, for every sheet begins again at 1."""
    first: dict[str, LedgerItem] = {}
    found = []
    for item in items:
        number = item.words(Field.NUMBER)
        if not number:
            continue
        if number in first:
            message = _l("编号 %(number)s 在第 %(row)d 行已出现过。", number=number, row=first[number].row)
            found.append(Fault(item.sheet, item.row, "", message))
        first.setdefault(number, item)
    return found


class _SheetReader:
    def __init__(self, sheet: Sheet, heading: Heading, titles: Sequence[Title], received_on: date | None) -> None:
        self.sheet, self.heading, self.titles, self.received_on = sheet, heading, titles, received_on
        self.faults: list[Fault] = []
        self.warnings: list[object] = []
        self.skipped: list[Skipped] = []
        self.relative = self.shared = 0
        self._uncounted = set(sheet.uncounted)

    def read(self) -> list[LedgerItem]:
        body = Body(self.sheet, self.heading, self.titles)
        items = [self._item(group) for group in body.groups()]
        self.skipped = body.skipped
        for column in self.heading.doubled:
            self.warnings.append(self._about(column, _l("与前面一列同是“%(field)s”，没有读取", field=_label(column))))
        for column in self.heading.unknown:
            self.warnings.append(self._about(column, _l("不认识，没有读取")))
        if self.shared:
            message = _l("%(n)d 行的责任单位写了几个：第一个作为牵头单位，其余作为配合单位，请核对。", n=self.shared)
            self.warnings.append(message)
        if self.relative:
            self.warnings.append(_l("没有给出反馈日期，%(n)d 个从反馈之日算起的时限没有换算成日期。", n=self.relative))
        return items

    def _about(self, column: Column, what: object) -> object:
        return _l(
            "工作表“%(sheet)s” %(column)s 列“%(words)s”%(what)s。",
            sheet=self.sheet.name,
            column=letters(column.number),
            words=column.words,
            what=what,
        )

    def _fault(self, row: int, wanted: Field | None, message: object) -> None:
        numbers = self.heading.columns_of(wanted) if wanted else []
        self.faults.append(Fault(self.sheet.name, row, letters(numbers[0]) if numbers else "", message))

    def _item(self, group: Group) -> LedgerItem:
        cells, row = self._with_one_lead(group.cells), group.row.number
        self._check_cells(group)
        own_word, told_otherwise = self._own_word(cells)
        measures = self._measures(group)
        item = LedgerItem(
            sheet=self.sheet.name,
            row=row,
            number=unicodedata.normalize("NFKC", cells.get(Field.NUMBER) or cells.get(Field.PLACE, "")),
            titles=group.titles,
            finding=cells.get(Field.FINDING, ""),
            cells={**cells, Field.MEASURES: "\n".join(measures)} if group.more else cells,
            measures=measures,
            supporting_units=names_in(cells.get(Field.SUPPORTING_UNITS, "")),
            deadline=self._deadline(row, group.values.get(Field.DEADLINE), cells.get(Field.DEADLINE, "")),
            own_word=own_word,
            closed_on=self._closed_on(row, group.values.get(Field.CLOSED_ON), cells.get(Field.CLOSED_ON, "")),
            progress="\n".join(
                filter(None, [cells.get(Field.PROGRESS, ""), *_more(group, Field.PROGRESS), told_otherwise])
            ),
        )
        return replace(item, closed=self._closed(row, cells.get(Field.CLOSURE, "")))

    def _with_one_lead(self, cells: Mapping[Field, str]) -> Mapping[Field, str]:
        """Of several units in the cell of the lead the first leads, the others support it."""
        first, *others = names_in(cells.get(Field.LEAD_UNIT, "")) or [""]
        if not others:
            return cells
        self.shared += 1
        supporting = names_in(cells.get(Field.SUPPORTING_UNITS, ""))
        return {
            **cells,
            Field.LEAD_UNIT: first,
            Field.SUPPORTING_UNITS: "、".join(dict.fromkeys([*others, *supporting])),
        }

    def _check_cells(self, group: Group) -> None:
        row = group.row.number
        if not group.cells.get(Field.FINDING) and not group.cells.get(Field.NUMBER):
            self._fault(row, Field.FINDING, _l("这一行没有“%(field)s”。", field=_l("具体问题")))
        for each, text in group.cells.items():
            limit = TEXT_LIMITS.get(each)
            if limit is not None and len(text) > limit:
                message = _l("有 %(n)d 个字，超过 %(limit)d 个字的上限，请缩短。", n=len(text), limit=limit)
                self._fault(row, each, message)
            if _ERROR_VALUE.fullmatch(text):
                self._fault(row, each, _l("单元格是错误值 %(value)s，请改正后再导入。", value=text))
        for column in self.heading.columns:
            if column.field not in (None, Field.PRINTED) and (row, column.number) in self._uncounted:
                message = _l("公式没有计算结果，请在 Excel 或 WPS 中打开、保存后再导入。")
                self._fault(row, column.field, message)

    def _measures(self, group: Group) -> list[str]:
        cells = [group.cells.get(Field.MEASURES, ""), *_more(group, Field.MEASURES)]
        measures = [measure for cell in cells for measure in measures_of(cell)]
        if any(len(measure) > MEASURE_LIMIT for measure in measures):
            message = _l("有一条措施超过 %(limit)d 个字，请拆成几条。", limit=MEASURE_LIMIT)
            self._fault(group.row.number, Field.MEASURES, message)
        return measures

    def _own_word(self, cells: Mapping[Field, str]) -> tuple[OwnWord, str]:
        """The unit's own word; longer words in that column tell of progress."""
        text = cells.get(Field.OWN_WORD, "")
        word = own_word_of(text)
        return (OwnWord.NONE, text) if word is None else (word, "")

    def _closed(self, row: int, text: str) -> bool:
        closed = closed_of(text)
        if closed is None:
            self._fault(row, Field.CLOSURE, _l("认不出“%(text)s”，请写“是”或“否”。", text=text[:20]))
        return bool(closed)

    def _deadline(self, row: int, value: Value, words: str) -> Deadline | None:
        if not words or is_blank(words):
            return None
        try:
            day = _day_of(value)
            if day is not None:
                return read_deadline(f"{day:%Y-%m-%d}", day)
            return self._read_words(on_one_line(words))
        except DomainError as error:
            self._fault(row, Field.DEADLINE, error.message)
            return None

    def _read_words(self, words: str) -> Deadline:
        if self.received_on is not None:
            return read_deadline(words, self.received_on)
        first, second = (read_deadline(words, day) for day in SOME_DAYS)
        if first != second:
            self.relative += 1
            return replace(first, due_on=None)
        return first

    def _closed_on(self, row: int, value: Value, words: str) -> date | None:
        if not words or is_blank(words):
            return None
        try:
            day = _day_of(value) or read_deadline(on_one_line(words), self.received_on or SOME_DAYS[0]).due_on
        except DomainError:
            day = None
        if day is None:
            self._fault(row, Field.CLOSED_ON, _l("认不出日期“%(text)s”，请写成 2026-06-30。", text=words[:20]))
        return day


def _day_of(value: Value) -> date | None:
    """The day of a date cell; None for other cells. Raises DomainError for a day that can only be a slip."""
    if isinstance(value, int | float) and not isinstance(value, bool) and int(value) in EXCEL_DAYS:
        # A day whose cell lost its format.
        return EXCEL_EPOCH + timedelta(days=int(value))
    if not isinstance(value, date):
        return None
    day = value.date() if isinstance(value, datetime) else value
    if day.year not in YEARS:
        raise DomainError(_l("日期是 %(day)s，请核对年份或单元格格式。", day=day.isoformat()))
    return day


def _more(group: Group, wanted: Field) -> list[str]:
    return [cells[wanted] for cells in group.more if cells.get(wanted)]


def _label(column: Column) -> object:
    return FIELD_LABELS[column.field] if column.field else ""
