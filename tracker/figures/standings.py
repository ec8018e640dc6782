"""What the page of boards shows of each unit."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from tracker.core.i18n import gettext as _
from tracker.figures.boards import Boards, Limits, Placed
from tracker.figures.definitions import DEFINITIONS
from tracker.figures.pages import Overview, Shown, ShownRate
from tracker.figures.queries import TallyRow
from tracker.figures.questions import COUNTING_SENTENCES
from tracker.figures.rules import FigureName
from tracker.figures.wording import print_left_out


class Standing(NamedTuple):
    """A unit on a board: its rank (None where there is no ranking), its counts with their items, and its rate."""

    rank: int | None
    label: str
    total: Shown
    closed: Shown
    overdue: Shown
    rate: ShownRate


@dataclass(frozen=True)
class Standings:
    """The boards as a page shows them."""

    overview: Overview
    boards: Boards[TallyRow]
    limits: Limits

    @property
    def is_empty(self) -> bool:
        """Whether no unit has anything to be counted."""
        return not (self.boards.on_schedule or self.boards.behind)

    @property
    def units(self) -> int:
        """How many units stand on the boards: those within reach of whoever looks."""
        return len(self.boards.on_schedule) + len(self.boards.behind)

    @property
    def ranking(self) -> list[Standing]:
        """All units but the small ones."""
        return self._placed(self.boards.ranking)

    @property
    def small(self) -> list[Standing]:
        """The small units, ranked apart."""
        return self._placed(self.boards.small)

    @property
    def fast(self) -> list[Standing]:
        """The units that get on fast."""
        return self._placed(self.boards.fast)

    @property
    def slow(self) -> list[Standing]:
        """The units that lag behind."""
        return self._placed(self.boards.slow)

    @property
    def on_schedule(self) -> list[Standing]:
        """The units with nothing overdue."""
        return [self._standing(None, row) for row in self.boards.on_schedule]

    @property
    def behind(self) -> list[Standing]:
        """The units with something overdue."""
        return [self._standing(None, row) for row in self.boards.behind]

    def _placed(self, placed: Iterable[Placed[TallyRow]]) -> list[Standing]:
        return [self._standing(each.rank, each.row) for each in placed]

    def _standing(self, rank: int | None, row: TallyRow) -> Standing:
        names = (FigureName.TOTAL, FigureName.CLOSED, FigureName.OVERDUE)
        total, closed, overdue = (self.overview.shown(name, row) for name in names)
        return Standing(rank, row.label, total, closed, overdue, self.overview.rate(row.tally.closure_rate))

    @property
    def definition(self) -> str:
        """The 口径 of the boards."""
        fast, slow, small = self.limits
        told = (
            DEFINITIONS[FigureName.CLOSURE_RATE].sentence,
            print_left_out(self.overview.whole.left_out),
            COUNTING_SENTENCES[self.overview.question.counting],
            _("销号率不低于%(fast)d%%为进展较快，低于%(slow)d%%为进展滞后；", fast=fast, slow=slow),
            _("销号率相同的名次相同，其后名次顺延；不足%(small)d个事项的单位单独排列，不上榜。", small=small),
        )
        return "".join(map(str, told))
