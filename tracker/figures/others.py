"""What is counted by measures or by second looks and never together with items, and what these counts mean."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from tracker.core.i18n import lazy_gettext as _l
from tracker.figures.definitions import Definition
from tracker.figures.rules import Rate


class OtherFigure(StrEnum):
    """A figure that counts no items; attributes of ``Measures`` or ``Looks``."""

    MEASURES = "measures"
    MEASURES_DONE = "measures_done"
    MEASURES_OPEN = "measures_open"
    MEASURES_OVERDUE = "measures_overdue"
    MEASURES_RATE = "measures_rate"
    LOOKS = "looks"
    REBOUNDS = "rebounds"
    REBOUND_RATE = "rebound_rate"


OF_LOOKS = (OtherFigure.LOOKS, OtherFigure.REBOUNDS, OtherFigure.REBOUND_RATE)
OF_MEASURES = tuple(each for each in OtherFigure if each not in OF_LOOKS)


@dataclass(frozen=True)
class Measures:
    """Counts of measures; the overdue ones are among the open."""

    measures: int
    measures_done: int
    measures_overdue: int

    @property
    def measures_open(self) -> int:
        """Measures not done."""
        return self.measures - self.measures_done

    @property
    def measures_rate(self) -> Rate:
        """Done ÷ all."""
        return Rate(self.measures_done, self.measures)


@dataclass(frozen=True)
class Looks:
    """Counts of second looks with a result."""

    looks: int
    rebounds: int

    @property
    def rebound_rate(self) -> Rate:
        """问题反弹率: rebounds ÷ looks with a result."""
        return Rate(self.rebounds, self.looks)


OTHER_DEFINITIONS: Mapping[OtherFigure, Definition] = {
    OtherFigure.MEASURES: Definition(
        _l("整改措施"), _l("计入总数的事项及其分项的整改措施条数；措施表不留历史，按现在的措施表统计。")
    ),
    OtherFigure.MEASURES_DONE: Definition(_l("已完成措施"), _l("统计截止日或之前登记完成的整改措施。")),
    OtherFigure.MEASURES_OPEN: Definition(_l("未完成措施"), _l("整改措施减去已完成措施。")),
    OtherFigure.MEASURES_OVERDUE: Definition(
        _l("逾期措施"), _l("未销号事项中，统计截止日已超过措施时限、尚未完成的整改措施。")
    ),
    OtherFigure.MEASURES_RATE: Definition(
        _l("措施完成率"), _l("措施完成率 = 已完成措施 ÷ 整改措施；不等于整改完成率和销号率。")
    ),
    OtherFigure.LOOKS: Definition(_l("已回头看"), _l("统计截止日或之前已有结果的回头看件次；一个事项看过两次计两次。")),
    OtherFigure.REBOUNDS: Definition(_l("反弹"), _l("已回头看中结果为反弹的件次，单位按抽取时的牵头单位。")),
    OtherFigure.REBOUND_RATE: Definition(
        _l("问题反弹率"), _l("问题反弹率 = 反弹 ÷ 已回头看；一个事项看过两次计两次，单位按抽取时的牵头单位。")
    ),
}
