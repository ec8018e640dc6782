"""Figures of past days, kept so that they need not be counted again."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.core.db import Base


class FigureDay(Base):
    """What one question counts on one day within one reach.

    ``key`` is the hash of the question and the reach, ``beside`` that of all else which the count reads besides the
    changes of items; ``known_at`` is the recording instant of the last change that it knew. It holds while ``beside``
    is the same, and until a change is recorded later that counts from that day or one before. ``kept_on`` tells when
    the row was last written; what nobody asks for any more is tidied away.
    """

    __tablename__ = "figure_day"
    __table_args__ = (
        CheckConstraint("0 <= closed AND 0 <= left_out AND closed + left_out <= total", name="part_of_whole"),
    )

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    beside: Mapped[str] = mapped_column(String(64))
    known_at: Mapped[datetime]
    total: Mapped[int]
    closed: Mapped[int]
    left_out: Mapped[int]
    kept_on: Mapped[date]
