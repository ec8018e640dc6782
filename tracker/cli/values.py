"""What options take: days and instants as people type them."""

from datetime import date, datetime
from typing import Any

import click

from tracker.core import clock
from tracker.core.forms import read_date


class Day(click.ParamType[date]):
    """A civil date in any form that the pages take."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read 20261231, 2026-12-31 or 12月31日."""
        if isinstance(value, date):
            return value
        try:
            return read_date(str(value), today=clock.today())
        except ValueError:
            self.fail(f"应写成 2026-12-31 这样 / no date like 2026-12-31: {value}", param, ctx)


class Instant(click.ParamType[datetime]):
    """An instant, in the office's zone unless it names one; a day alone means its last moment."""

    name = "instant"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Read 2026-12-31T09:00:00+08:00 or 2026-12-31 09:00."""
        if isinstance(value, datetime):
            return value
        try:
            return clock.read_instant(str(value))
        except ValueError:
            form = "2026-12-31T09:00:00+08:00"
            self.fail(f"应写成 {form} 这样 / no instant like {form}: {value}", param, ctx)


DAY, INSTANT = Day(), Instant()
