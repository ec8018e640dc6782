"""The lease and last run of each job, and work that a person waits for."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from tracker.core.db import Base, code
from tracker.work.rules import TaskState


class JobRun(Base):
    """The last run of a job, and who holds it now."""

    __tablename__ = "job_run"

    job: Mapped[str] = mapped_column(String(40), primary_key=True)
    lease_token: Mapped[str | None] = mapped_column(String(40))
    lease_until: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    heartbeat_at: Mapped[datetime | None]
    result: Mapped[str] = mapped_column(Text, default="")


class Task(Base):
    """Long work that somebody asked for and may watch: done by the scheduler, once, by one process at a time.

    ``payload`` and ``result`` are JSON objects, ``failure`` words for a person. ``by_id`` is whose it is.
    """

    __tablename__ = "task"
    __table_args__ = (Index(None, "state", "id"), CheckConstraint("done <= total", name="done_of_total"))

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(40))
    payload: Mapped[str] = mapped_column(Text, default="{}")
    by_id: Mapped[int | None]
    state: Mapped[TaskState] = mapped_column(code(TaskState, "state"), default=TaskState.QUEUED)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    tries: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    lease_token: Mapped[str | None] = mapped_column(String(40))
    lease_until: Mapped[datetime | None]
    result: Mapped[str] = mapped_column(Text, default="")
    failure: Mapped[str] = mapped_column(Text, default="")
