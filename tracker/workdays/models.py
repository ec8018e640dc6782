"""The calendar's days."""

from datetime import date

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.core.db import Base, code, length_check
from tracker.workdays.rules import Origin


class CalendarDay(Base):
    """One day. ``working_ordinal`` counts the working days up to and with it, so that adding them is a join."""

    __tablename__ = "calendar_day"
    __table_args__ = (
        Index(None, "working_ordinal", "is_working"),
        length_check("name", 40),
        length_check("reason", 200),
    )

    day: Mapped[date] = mapped_column(primary_key=True)
    is_working: Mapped[bool]
    working_ordinal: Mapped[int] = mapped_column(default=0)
    name: Mapped[str] = mapped_column(String(40), default="")
    origin: Mapped[Origin] = mapped_column(code(Origin, "origin"))
    reason: Mapped[str] = mapped_column(String(200), default="")
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
