"""Boxes of the overview as files that say of which day they are, what their figures mean, and who took them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from tracker.core.taken import taken_by
from tracker.office.charts import Spec, as_picture
from tracker.office.drawing import draw_png
from tracker.office.xlsx_writing import Grid, write_workbook

# So many characters of a definition stand on one line below the title of a picture.
LINE = 46


@dataclass(frozen=True)
class Taking:
    """What a file says of itself: organ, day, when its figures were taken, what they mean, who took it, from where.

    ``narrowed`` are the conditions in words, empty for everything within reach.
    """

    organ: str
    as_of: str
    figures_at: str
    definition: str
    narrowed: str
    by: str
    at: datetime
    address: str

    @property
    def note(self) -> str:
        """The day, the instant of knowledge and the conditions."""
        narrowed = f"　{self.narrowed}" if self.narrowed else ""
        return f"截至{self.as_of}　取数时间{self.figures_at}{narrowed}"

    @property
    def footer(self) -> str:
        """Who took it out of the system, and when."""
        return taken_by(self.by, self.at, self.address)


def to_workbook(grid: Grid, taking: Taking) -> bytes:
    """A box as a workbook; its definition stands below the rows."""
    label, sum_words = grid.sum or ("说明", "")
    told = f"{sum_words}{'。' if sum_words else ''}口径：{taking.definition}"
    full = replace(grid, title=f"{taking.organ}{grid.name}", note=taking.note, sum=(label, told))
    return write_workbook([full], made_at=taking.at, footer=taking.footer)


def to_picture(spec: Spec, title: str, taking: Taking) -> bytes:
    """A box as a picture. Raises Undrawn."""
    notes = [taking.note, *_lines(f"口径：{taking.definition}"), taking.footer]
    return draw_png(as_picture(spec, title=f"{taking.organ}{title}", notes=notes))


def _lines(text: str) -> Sequence[str]:
    return [text[at : at + LINE] for at in range(0, len(text), LINE)]
