"""Stored settings: only what differs from the default."""

from sqlalchemy import String, Text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.core.db import Base, length_check


class Setting(Base):
    """A value as JSON."""

    __tablename__ = "setting"
    __table_args__ = (length_check("key", 80),)

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    value: Mapped[str] = mapped_column(Text)
