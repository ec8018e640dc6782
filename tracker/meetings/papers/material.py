"""What papers are made of: frozen data with their one tally, and when, of what and how they were counted."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from tracker.core.clock import local
from tracker.figures.rules import Rate, Tally
from tracker.figures.wording import print_left_out
from tracker.meetings.frozen import Frozen, FrozenItem
from tracker.meetings.standings import UnitStanding, adds_up, by_unit, days_over, overdue, tally_of
from tracker.office.numerals import chinese_date
from tracker.sources.rules import Counting

# Told how many units of how many are written; may be called as often as one likes.
Tell = Callable[[int, int], None]

# How much of the hash a paper prints, so that paper and page can be matched.
SHOWN = 8
NO_RATE = "—"
COUNTED: Mapping[Counting, str] = {
    Counting.WHOLES: "共性问题按总项统计；分项在清单中列出，不另计入总数。",
    Counting.PARTS: "共性问题按分项统计；总项和没有分项的问题在清单中列出，不计入总数。",
}


def untold(_done: int, _total: int) -> None:
    """Nobody watches."""


@dataclass(frozen=True)
class Material:
    """Frozen data, perhaps narrowed to what somebody may see.

    ``sha256`` is the hash of all that was frozen, the same as on the page; ``taken`` tells who took the paper out of
    the system, when and from where, empty where nobody has to be named.
    """

    frozen: Frozen
    sha256: str
    taken: str = ""

    @cached_property
    def tally(self) -> Tally:
        """The one tally of a paper, of the items that are in it; ``frozen.figures`` are those of the whole."""
        return tally_of(self.frozen)

    @cached_property
    def standings(self) -> list[UnitStanding]:
        """The units, the one that is furthest behind first."""
        return by_unit(self.frozen)

    @cached_property
    def overdue(self) -> list[FrozenItem]:
        """What is overdue, the longest first."""
        return overdue(self.frozen)

    @cached_property
    def unfinished(self) -> list[FrozenItem]:
        """What is not closed, by unit; parts of common problems are among it."""
        return [item for standing in self.standings for item in standing.unfinished]

    @cached_property
    def items(self) -> dict[int, FrozenItem]:
        """The items by id."""
        return {item.id: item for item in self.frozen.items}

    def rate(self, rate: Rate) -> str:
        """A rate as it is printed everywhere; a dash when nothing is counted."""
        return rate.printed(self.frozen.decimals) or NO_RATE

    def percent(self, rate: Rate) -> float | None:
        """The number of a printed rate, 87.5; None when nothing is counted."""
        printed = rate.printed(self.frozen.decimals)
        return float(printed.rstrip("%")) if printed else None

    def days_over(self, item: FrozenItem) -> int:
        """By how many days an item is overdue; 0 when it is not."""
        return days_over(item, self.frozen.as_of)

    @property
    def as_of(self) -> str:
        """The day of the figures in words."""
        return chinese_date(self.frozen.as_of)

    @property
    def known_at(self) -> str:
        """The instant of what was known, as the office's clocks showed it."""
        instant = local(self.frozen.known_at)
        return f"{chinese_date(instant.date())} {instant:%H:%M:%S}"

    @property
    def stamp(self) -> str:
        """The line on every paper by which it is matched with the page."""
        return f"截至{self.as_of}　取数时间：{self.known_at}　校验码：{self.sha256[:SHOWN]}"

    @cached_property
    def basis(self) -> list[str]:
        """The lines that end every paper: when, of what and how it was counted, and who took it."""
        lines = [
            self.stamp,
            f"统计范围：{self.frozen.scope}",
            f"口径：{self.frozen.definition}{print_left_out(self.tally.left_out)}",
        ]
        if any(item.parent for item in self.frozen.items):
            lines.append(COUNTED[self.frozen.counting])
        if not adds_up(self.frozen):
            lines.append("本材料只列领取人可以查阅的事项，数字与会议全部数据不同。")
        return [*lines, self.taken] if self.taken else lines


def short_day(day: date | None) -> str:
    """2026.6.29, as ledgers write dates in their narrow columns."""
    return f"{day.year}.{day.month}.{day.day}" if day else ""
