"""Rhythms of sources, their rounds, what each unit owes in them, and what was done to get it."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Base, code, length_check
from tracker.items.models import Item
from tracker.org.models import Person, Unit
from tracker.progress.models import Entry
from tracker.rounds.rules import ReportState, RhythmKind, Shift
from tracker.sources.models import Source


class Rhythm(Base):
    """How often a source wants reports; a source without one takes every entry as it comes.

    ``day`` is the day of the week (1 Monday) or of the month; the first round is that of the first such day from
    ``starts_on`` on.
    """

    __tablename__ = "rhythm"
    __table_args__ = (CheckConstraint("day BETWEEN 1 AND 31", name="day_of_month"),)

    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"), primary_key=True)
    kind: Mapped[RhythmKind] = mapped_column(code(RhythmKind, "kind"))
    day: Mapped[int]
    shift: Mapped[Shift] = mapped_column(code(Shift, "shift"))
    starts_on: Mapped[date]
    version: Mapped[int] = mapped_column(default=1)

    source: Mapped[Source] = relationship()
    __mapper_args__ = {"version_id_col": version}


class ReportingRound(Base):
    """One round of a source: texts are due on ``due_on`` and still taken until ``closes_on``, the next round's day.

    ``nominal_on`` is the day of the rhythm before it was moved to a working day.
    """

    __tablename__ = "reporting_round"
    __table_args__ = (
        UniqueConstraint("source_id", "nominal_on"),
        Index(None, "due_on"),
        CheckConstraint("begins_on <= closes_on", name="begins_before"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"))
    nominal_on: Mapped[date]
    begins_on: Mapped[date]
    due_on: Mapped[date]
    closes_on: Mapped[date]
    opened_at: Mapped[datetime]

    source: Mapped[Source] = relationship()


class OwedReport(Base):
    """The report one unit owes on one item in one round; ``entry`` is the last text given, ``draft`` kept for later.

    ``is_lead`` tells the lead unit's line from a cooperating unit's, as it was in that round.
    """

    __tablename__ = "owed_report"
    __table_args__ = (
        UniqueConstraint("round_id", "item_id", "unit_id"),
        Index(None, "item_id", "unit_id"),
        Index(None, "unit_id", "state"),
        Index(None, "entry_id"),
        length_check("draft", 4000),
        CheckConstraint("entry_id IS NOT NULL OR state IN ('owed', 'settled')", name="given_has_entry"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("reporting_round.id"))
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    is_lead: Mapped[bool]
    state: Mapped[ReportState] = mapped_column(code(ReportState, "state"), default=ReportState.OWED)
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"))
    draft: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)

    round: Mapped[ReportingRound] = relationship()
    item: Mapped[Item] = relationship()
    unit: Mapped[Unit] = relationship()
    entry: Mapped[Entry | None] = relationship()
    __mapper_args__ = {"version_id_col": version}

    @property
    def is_waiting(self) -> bool:
        """Whether its text waits for a review."""
        return self.state is ReportState.GIVEN

    @property
    def due_on(self) -> date:
        """The day of its round."""
        return self.round.due_on

    @property
    def closes_on(self) -> date:
        """The day until which its round takes texts."""
        return self.round.closes_on


class RoundNudge(Base):
    """The office pressed a unit for what it owes in a round; ``people`` were told."""

    __tablename__ = "round_nudge"
    __table_args__ = (Index(None, "round_id", "unit_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("reporting_round.id"))
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    sent_at: Mapped[datetime]
    people: Mapped[int]


class PhoneCall(Base):
    """A call about an item: when, whom, and what the answer was."""

    __tablename__ = "phone_call"
    __table_args__ = (Index(None, "item_id"), length_check("whom", 80), length_check("answer", 1000))

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    whom: Mapped[str] = mapped_column(String(80))
    called_at: Mapped[datetime]
    answer: Mapped[str] = mapped_column(Text)

    item: Mapped[Item] = relationship()
    by: Mapped[Person] = relationship()
