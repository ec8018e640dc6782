"""The rows below a heading: which belong together, which are headings, sums or notes, and what their cells say."""

import re
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tracker.core.i18n import lazy_gettext as _l
from tracker.intake.rules.ledger.cells import is_note, is_sum, on_one_line, words_of
from tracker.intake.rules.ledger.columns import Heading
from tracker.intake.rules.ledger.rows import Skipped, Title
from tracker.intake.rules.markers import Family, leading_marker
from tracker.intake.rules.purposes import bare_title
from tracker.items.headings import Field
from tracker.office.sheets import Row, Sheet, Value

_TITLE_FAMILIES = frozenset({Family.chinese, Family.chinese_bracket, Family.arabic, Family.arabic_bracket, Family.part})
_TITLED = (Field.ASPECT, Field.CATEGORY)
# A row that holds none of these besides more work on it goes on with the item above.
_OWN = (Field.FINDING, Field.NUMBER, Field.PLACE)
_READ = tuple(each for each in Field if each is not Field.PRINTED)
# What a cell may hold as a day and not as words.
_DAYS = (Field.DEADLINE, Field.CLOSED_ON)
_WORK = (Field.MEASURES, Field.PROGRESS)


@dataclass
class Group:
    """The rows of one item: the first with all of its cells, the following with more measures or progress."""

    row: Row
    titles: Sequence[Title]
    cells: Mapping[Field, str]
    values: Mapping[Field, Value]
    more: list[Mapping[Field, str]] = field(default_factory=list)


class Body:
    """Goes down the rows of a sheet below its heading."""

    def __init__(self, sheet: Sheet, heading: Heading, titles: Sequence[Title] = ()) -> None:
        self.sheet, self.heading = sheet, heading
        self.skipped: list[Skipped] = []
        self._above = _merged_cells(sheet, heading)
        self._numbers: dict[Field, list[int]] = {each: heading.columns_of(each) for each in _READ}
        self._titles: list[Title | None] = [*titles, None, None][:2]

    def groups(self) -> list[Group]:
        """The items in order; what is left out is in ``skipped`` afterwards."""
        found: list[Group] = []
        for row in self.sheet.rows:
            if row.number <= self.heading.last_row:
                continue
            texts = tuple(words_of(cell) for cell in row.cells)
            if why := self._why_skipped(texts):
                self.skipped.append(Skipped(self.sheet.name, row.number, _shown(texts), why))
                continue
            cells = self._cells(row)
            if self._is_title(row, texts):
                if self._numbers[Field.ASPECT]:
                    self._titles_at(cells)
                else:
                    self._take_title(texts)
                self.skipped.append(Skipped(self.sheet.name, row.number, _shown(texts), _l("小标题，作为方面或类别")))
                continue
            if found and self._goes_on(row):
                found[-1].more.append(self._own_cells(row))
                continue
            found.append(Group(row, self._titles_at(cells), cells, self._values(row)))
        return found

    def _why_skipped(self, texts: Sequence[str]) -> object:
        if any(_repeats(texts, heading) for heading in self.heading.texts):
            return _l("重复的表头")
        if is_sum(texts):
            return _l("合计行")
        return _l("表外说明") if is_note(texts) else ""

    def _cells(self, row: Row) -> dict[Field, str]:
        """The words of each field, those of a merged area in each of its rows."""
        return {
            each: "\n".join(filter(None, (words_of(self._value(row, number)) for number in numbers)))
            for each, numbers in self._numbers.items()
            if numbers
        }

    def _own_cells(self, row: Row) -> dict[Field, str]:
        return {
            each: words_of(row.value(numbers[0]))
            for each, numbers in self._numbers.items()
            if numbers and (row.number, numbers[0]) not in self._above
        }

    def _values(self, row: Row) -> dict[Field, Value]:
        return {each: self._value(row, self._numbers[each][0]) for each in _DAYS if self._numbers[each]}

    def _value(self, row: Row, column: int) -> Value:
        top = self._above.get((row.number, column))
        above = self.sheet.by_number.get(top) if top else None
        return above.value(column) if above else row.value(column)

    def _is_title(self, row: Row, texts: Sequence[str]) -> bool:
        """A row with words in one place only, that is no item: a heading across the table."""
        told = [column for column, text in enumerate(texts, start=1) if text]
        if self._numbers[Field.ASPECT]:
            return self._names_section_only(row, told)
        if len(told) == 2 and told[0] in self._numbers[Field.PLACE]:
            # 一 | 党建工作
            return re.fullmatch(r"[（(]?[一二三四五六七八九十]{1,3}[)）]?[、.]?", texts[told[0] - 1]) is not None
        if len(told) != 1:
            return False
        text = texts[told[0] - 1]
        marker = leading_marker(text)
        is_wide = any(
            area.top == row.number and area.left == told[0] and area.right - area.left >= 2
            for area in self.sheet.merged
        )
        is_marked = marker is not None and marker[0].family in _TITLE_FAMILIES
        is_finding = told[0] in self._numbers[Field.FINDING] and not is_wide
        return not is_finding and not text.isdigit() and (is_wide or is_marked)

    def _names_section_only(self, row: Row, told: Sequence[int]) -> bool:
        """A row of a table with a column of sections, that says nothing besides: 一 | 政治建设."""
        section = {*self._numbers[Field.ASPECT], *self._numbers[Field.CATEGORY]}
        finding = self._numbers[Field.FINDING]
        is_below = bool(finding) and (row.number, finding[0]) in self._above
        return bool(section & {*told}) and {*told} <= section | {*self._numbers[Field.PLACE]} and not is_below

    def _take_title(self, texts: Sequence[str]) -> None:
        told = [text for text in texts if text]
        title = title_of(told[0]) if len(told) == 1 else Title(_number_of(told[0]), on_one_line(told[1]))
        self._titles = [*beneath([each for each in self._titles if each is not None], title), None, None][:2]

    def _goes_on(self, row: Row) -> bool:
        own = self._own_cells(row)
        if any(own.get(each) for each in _OWN):
            return False
        return any(own.get(each) for each in _WORK) or bool(
            self._numbers[Field.FINDING] and (row.number, self._numbers[Field.FINDING][0]) in self._above
        )

    def _titles_at(self, cells: Mapping[Field, str]) -> list[Title]:
        """The headings above a row: an empty cell means the one above, a new aspect begins without a category."""
        for level, each in enumerate(_TITLED):
            if words := cells.get(each, ""):
                title = title_of(words)
                if level == 0 and self._titles[0] != title:
                    self._titles[1] = None
                self._titles[level] = title
        return [title for title in self._titles if title is not None]


def beneath(titles: Sequence[Title], title: Title) -> list[Title]:
    """The headings that stand after one more: one in brackets below the first, any other in its place."""
    is_second = title.number.startswith(("（", "(")) and bool(titles)
    return [titles[0], title] if is_second else [title]


def title_of(text: str) -> Title:
    """A heading parted into its number and its words, without a count behind them."""
    line = on_one_line(text)
    found = leading_marker(line)
    if found is None or found[0].family not in _TITLE_FAMILIES or not found[1].strip():
        return Title("", bare_title(line))
    return Title(found[0].printed, bare_title(found[1]))


def _repeats(texts: Sequence[str], heading: Sequence[str]) -> bool:
    """Whether a row says nothing but words of the heading at their places; merged cells may hide some of them."""
    told = [(column, text) for column, text in enumerate(texts) if text]
    return len(told) > 1 and all(column < len(heading) and heading[column] == text for column, text in told)


def _number_of(text: str) -> str:
    """一 as a heading's number: 一、; what stands in brackets is one already."""
    return text if text.endswith(("）", ")", "、")) else f"{text.rstrip('.')}、"


def _merged_cells(sheet: Sheet, heading: Heading) -> dict[tuple[int, int], int]:
    """For cells that a merged area reaches down to: the row whose cell they show.

    An area that begins in or above the heading says nothing of the data. Of areas that overlap the first counts.
    """
    columns = {column.number for column in heading.columns}
    numbers = [row.number for row in sheet.rows]
    found: dict[tuple[int, int], int] = {}
    for area in sheet.merged:
        if area.top <= heading.last_row or area.left not in columns or area.bottom == area.top:
            continue
        for number in numbers[bisect_right(numbers, area.top) :]:
            if number > area.bottom or (number, area.left) in found:
                break
            found[number, area.left] = area.top
    return found


def _shown(texts: Sequence[str]) -> str:
    return " ".join(text for text in texts if text)[:80]
