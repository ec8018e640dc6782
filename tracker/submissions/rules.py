"""What a filled form says around its rows, and how two issues of it differ."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.core.i18n import lazy_gettext as _l
from tracker.office.filling import Change
from tracker.office.numerals import chinese_date

# Rows by the number of their item, each cell by its heading.
Told = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Facts:
    """What the blanks of a form may be filled with."""

    organ: str
    as_of: date
    issue: int
    total: int
    closed: int
    rate: str
    left_out: int = 0

    @property
    def by_name(self) -> Mapping[str, str]:
        """Each fact by the name that stands in a form for it, as ``{{总数}}``."""
        return {
            "填报单位": self.organ,
            "截至日期": chinese_date(self.as_of),
            "期次": str(self.issue),
            "总数": str(self.total),
            "已销号": str(self.closed),
            "未销号": str(self.total - self.closed),
            "销号率": self.rate,
        }


_NAMED = re.compile(r"\{\{\s*(\w+)\s*\}\}")
_ROOM = r"[ \t\u3000_＿]*"
# Who fills a form in and when, where nothing but room for it is printed.
_ORGAN = re.compile(rf"(?:填报|报送|填表|上报)(?:单位|部门)[:：](?P<room>{_ROOM})(?=[（(]|[\u4e00-\u9fff]+[:：]|$)")
_DAY = re.compile(
    rf"(?:填报|报送|填表|上报|统计截止|截止|截至)(?:日期|时间|日)?[:：]?(?P<room>{_ROOM}年{_ROOM}月{_ROOM}日|(?<=[:：]){_ROOM}$)"
)


def blanks_of(text: str, facts: Facts) -> list[Change]:
    """The blanks of a text with what belongs there: named ones, and room left for the filling unit and the day."""
    found = [
        Change(match.start(), match.end(), facts.by_name[match[1]])
        for match in _NAMED.finditer(text)
        if match[1] in facts.by_name
    ]
    for pattern, name, gap in ((_ORGAN, "填报单位", "　　"), (_DAY, "截至日期", "")):
        if match := pattern.search(text):
            start, end = match.span("room")
            has_more = end < len(text)
            found.append(Change(start, end, facts.by_name[name] + (gap if has_more else "")))
    return _apart(sorted(found))


def _apart(changes: Sequence[Change]) -> list[Change]:
    kept: list[Change] = []
    for change in changes:
        if not kept or change.start >= kept[-1].end:
            kept.append(change)
    return kept


@dataclass(frozen=True)
class Difference:
    """What is different about an item since the last issue: it came, it went, or cells say something else."""

    number: str
    kind: str
    cells: Sequence[tuple[str, str, str]] = ()


ADDED, DROPPED, CHANGED = "added", "dropped", "changed"
DIFFERENCE_LABELS = {ADDED: _l("新列入"), DROPPED: _l("不再列入"), CHANGED: _l("有变化")}
# Cells that move with the place of a row and say nothing of its item.
PLACES = frozenset({"序号"})


def differences(before: Told, after: Told) -> list[Difference]:
    """How each item differs from the last issue, in the order of this one, what went last."""
    return [*_since(before, after), *(Difference(number, DROPPED) for number in before if number not in after)]


def _since(before: Told, after: Told) -> Iterator[Difference]:
    for number, cells in after.items():
        if number not in before:
            yield Difference(number, ADDED)
            continue
        old = before[number]
        changed = [
            (heading, old.get(heading, ""), text)
            for heading, text in cells.items()
            if heading not in PLACES and old.get(heading, "") != text
        ]
        if changed:
            yield Difference(number, CHANGED, changed)
