"""Questions that people keep under a name, and figures of past days that need not be counted again."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Base, length_check
from tracker.figures.questions import CONDITIONS_MAX, SAVED_NAME_MAX
from tracker.org.models import Person


class SavedQuestion(Base):
    """Conditions as a query string, under a name. A day that was left open stays open: as of today means any today."""

    __tablename__ = "saved_question"
    __table_args__ = (
        UniqueConstraint("owner_id", "name"),
        Index("ix_saved_question_is_shared", "is_shared"),
        length_check("name", SAVED_NAME_MAX),
        length_check("conditions", CONDITIONS_MAX),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(String(SAVED_NAME_MAX))
    conditions: Mapped[str] = mapped_column(Text)
    is_shared: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    owner: Mapped[Person] = relationship()

    __mapper_args__ = {"version_id_col": version}


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
