"""What a trend shows: every number with the items of its day, every line with what moved since the one before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from flask import url_for

from tracker.core.i18n import gettext as _
from tracker.figures.definitions import DEFINITIONS
from tracker.figures.pages import Shown, ShownRate
from tracker.figures.questions import COUNTING_SENTENCES, Question
from tracker.figures.rules import FigureName, Rate
from tracker.figures.trends import Point, Step, is_whole
from tracker.figures.wording import print_day, print_left_out


class Line(NamedTuple):
    """One day of a trend; ``moved`` tells what changed since the day before it in the list, and lists it."""

    day: str
    is_whole: bool
    total: Shown
    closed: Shown
    rate: ShownRate
    moved: Shown | None


@dataclass(frozen=True)
class Timeline:
    """A trend as pages show it. ``args`` is the question as arguments of an address, whose day each line replaces."""

    question: Question
    step: Step
    points: Sequence[Point]
    args: Mapping[str, Any]
    decimals: int

    @property
    def is_empty(self) -> bool:
        """Whether nothing was counted on any of the days."""
        return not any(point.total for point in self.points)

    @property
    def url(self) -> str:
        """The page of this trend alone."""
        return url_for("figures.trend", **(dict(self.args) | {"step": self.step.value}))

    @property
    def lines(self) -> list[Line]:
        """The days, the newest first."""
        earlier = [None, *self.points[:-1]]
        return [self._line(*pair) for pair in zip(self.points, earlier, strict=True)][::-1]

    def _line(self, point: Point, before: Point | None) -> Line:
        return Line(
            day=print_day(point.day),
            is_whole=is_whole(point.day, self.step),
            total=self._shown(FigureName.TOTAL, point.total, point),
            closed=self._shown(FigureName.CLOSED, point.closed, point),
            rate=self._rate(point.closure_rate),
            moved=self._moved(before, point) if before else None,
        )

    def _shown(self, name: FigureName, value: int, point: Point) -> Shown:
        args = dict(self.args) | {"as_of": point.day.isoformat()}
        url = url_for("figures.items", figure=name.value, **args) if value else ""
        return Shown(DEFINITIONS[name].label, value, url)

    def _rate(self, rate: Rate) -> ShownRate:
        percent = round(100 * rate.numerator / rate.denominator, 1) if rate.denominator else 0
        return ShownRate(rate.printed(self.decimals), percent, f"{rate.numerator} ÷ {rate.denominator}")

    def _moved(self, before: Point, point: Point) -> Shown:
        args = dict(self.args) | {"since": before.day.isoformat(), "as_of": point.day.isoformat()}
        total, closed = point.total - before.total, point.closed - before.closed
        words = _("不变")
        if total or closed:
            words = _("总数%(total)s，已销号%(closed)s", total=_signed(total), closed=_signed(closed))
        return Shown(_("比上期"), words, url_for("figures.difference", **args))

    @property
    def definition(self) -> str:
        """The 口径 printed under the table."""
        sentences = (DEFINITIONS[FigureName.CLOSURE_RATE].sentence, COUNTING_SENTENCES[self.question.counting])
        days = _("每行为当日终了时的数，补录和冲正按生效日期计入。")
        if self.question.known_at is not None:
            days = _("每行为当日终了时的数，只计入取数时间以前已登记的变动。")
        return "".join((*map(str, sentences), print_left_out(self.points[-1].left_out), str(days)))


def _signed(number: int) -> str:
    return f"{number:+d}" if number else str(_("不变"))
