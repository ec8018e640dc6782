"""The backups that were taken by themselves, and what was found when they were restored to try them."""

from datetime import datetime

from sqlalchemy import BigInteger, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.backups.rules import GONE, STATE_LABELS, BackupState
from tracker.core.db import Base, code


class Backup(Base):
    """One backup. ``file_name`` is its name in the folder of backups; ``head`` the trail's last hash in it.

    ``verified_at`` is when it was tried last, to the end or not; of a trial that was hindered ``failure`` tells why.
    """

    __tablename__ = "backup"
    __table_args__ = (Index(None, "taken_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    file_name: Mapped[str] = mapped_column(String(80))
    state: Mapped[BackupState] = mapped_column(code(BackupState, "state"))
    taken_at: Mapped[datetime]
    finished_at: Mapped[datetime]
    verified_at: Mapped[datetime | None]
    size_bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    rows: Mapped[int] = mapped_column(BigInteger, default=0)
    files: Mapped[int] = mapped_column(default=0)
    head: Mapped[str] = mapped_column(String(64), default="")
    failure: Mapped[str] = mapped_column(Text, default="")

    @property
    def is_gone(self) -> bool:
        """Whether it was made, and its file is not in the folder any more although nothing cleared it away."""
        return self.state is BackupState.FAILED and self.size_bytes > 0

    @property
    def is_hindered(self) -> bool:
        """Whether something stood in the way when it was to be tried, so that it still is to be."""
        return self.state is BackupState.TAKEN and bool(self.failure)

    @property
    def state_label(self) -> object:
        """How it stands, in words."""
        return GONE if self.is_gone else STATE_LABELS[self.state]
