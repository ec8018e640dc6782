"""Draws, the second look at each item drawn, and the files with it."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Base, code, length_check
from tracker.corrections.models import Correction
from tracker.items.models import Item
from tracker.items.rules import ItemKind
from tracker.org.models import Person, Unit
from tracker.reinspections.rules import FINDINGS_MAX, SEED_MAX, LookState, Population, Size, is_unfollowed
from tracker.sources.models import Source


class Draw(Base):
    """A sample of the items that were closed on ``drawn_on``. Drawn once; another one is another draw.

    ``members`` are the numbers of the whole population, a line each, so that anybody may draw again with the same seed.
    """

    __tablename__ = "reinspection_draw"
    __table_args__ = (
        CheckConstraint("(share IS NULL) <> (wanted IS NULL)", name="share_or_number"),
        CheckConstraint("size > 0 AND size <= population", name="size_fits"),
        length_check("seed", SEED_MAX),
        length_check("note", 200),
        UniqueConstraint("serial"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    serial: Mapped[int]
    drawn_on: Mapped[date]
    drawn_at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    for_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    note: Mapped[str] = mapped_column(String(200), default="")
    source_id: Mapped[int | None] = mapped_column(ForeignKey("source.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    kind: Mapped[ItemKind | None] = mapped_column(code(ItemKind, "kind"))
    older: Mapped[int | None]
    younger: Mapped[int | None]
    share: Mapped[int | None]
    wanted: Mapped[int | None]
    seed: Mapped[str] = mapped_column(String(SEED_MAX))
    population: Mapped[int]
    size: Mapped[int]
    members: Mapped[str] = mapped_column(Text, deferred=True)

    by: Mapped[Person] = relationship(foreign_keys=by_id)
    for_: Mapped[Person | None] = relationship(foreign_keys=for_id)
    source: Mapped[Source | None] = relationship()
    unit: Mapped[Unit | None] = relationship()

    @property
    def filter(self) -> Population:
        """What it was drawn from."""
        return Population(self.source_id, self.unit_id, self.kind, self.older, self.younger)

    @property
    def asked(self) -> Size:
        """How many were asked for."""
        return Size(self.share, self.wanted)


class Reinspection(Base):
    """The second look at one item of a draw; ``unit_id`` and ``closed_on`` are as they stood when it was drawn.

    ``due_on`` is the day by which its inspector is to look.
    ``is_for_others`` marks a result that the office entered for the inspector. A rebound is followed by ``recurred``,
    a new item, or by ``correction``, the request to take the old one up again.
    """

    __tablename__ = "reinspection"
    __table_args__ = (
        UniqueConstraint("draw_id", "item_id"),
        CheckConstraint("(state = 'waiting') = (recorded_at IS NULL)", name="result_has_time"),
        CheckConstraint("(state = 'waiting') = (inspected_on IS NULL)", name="result_has_day"),
        CheckConstraint("state = 'waiting' OR inspector_id IS NOT NULL", name="result_has_inspector"),
        CheckConstraint("(inspector_id IS NULL) = (due_on IS NULL)", name="given_until"),
        Index(None, "item_id"),
        Index(None, "unit_id", "state"),
        Index(None, "inspector_id", "state"),
        length_check("findings", FINDINGS_MAX),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    draw_id: Mapped[int] = mapped_column(ForeignKey("reinspection_draw.id"))
    position: Mapped[int]
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    closed_on: Mapped[date]
    inspector_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    assigned_at: Mapped[datetime | None]
    due_on: Mapped[date | None]
    state: Mapped[LookState] = mapped_column(code(LookState, "state"), default=LookState.WAITING)
    inspected_on: Mapped[date | None]
    findings: Mapped[str] = mapped_column(Text, default="")
    recorded_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    recorded_for_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime | None]
    is_for_others: Mapped[bool] = mapped_column(default=False)
    recurred_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"))
    correction_id: Mapped[int | None] = mapped_column(ForeignKey("correction.id"))
    version: Mapped[int] = mapped_column(default=1)

    draw: Mapped[Draw] = relationship()
    item: Mapped[Item] = relationship(foreign_keys=item_id)
    unit: Mapped[Unit | None] = relationship()
    inspector: Mapped[Person | None] = relationship(foreign_keys=inspector_id)
    recorded_by: Mapped[Person | None] = relationship(foreign_keys=recorded_by_id)
    recorded_for: Mapped[Person | None] = relationship(foreign_keys=recorded_for_id)
    recurred: Mapped[Item | None] = relationship(foreign_keys=recurred_id)
    correction: Mapped[Correction | None] = relationship()
    files: Mapped[list["ReinspectionFile"]] = relationship(
        back_populates="reinspection", order_by="ReinspectionFile.serial"
    )
    __mapper_args__ = {"version_id_col": version}

    @property
    def waits_until(self) -> date | None:
        """The day by which its inspector is to look; None once there is a result."""
        return self.due_on if self.state is LookState.WAITING else None

    @property
    def is_unfollowed(self) -> bool:
        """Whether it is a rebound from which nothing follows yet."""
        asked = self.correction.state if self.correction else None
        return is_unfollowed(self.state, has_new=self.recurred_id is not None, asked=asked)


class ReinspectionFile(Base):
    """A file that shows what was found."""

    __tablename__ = "reinspection_file"
    __table_args__ = (length_check("name", 255),)

    reinspection_id: Mapped[int] = mapped_column(ForeignKey("reinspection.id"), primary_key=True)
    serial: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(255))
    sha256: Mapped[str] = mapped_column(String(64))
    size_bytes: Mapped[int]
    media_type: Mapped[str] = mapped_column(String(120))

    reinspection: Mapped[Reinspection] = relationship(back_populates="files")


class LastingCheck(Base):
    """A look at an item that is kept up for ever: whether it is kept up, and when to look again. It closes nothing."""

    __tablename__ = "lasting_check"
    __table_args__ = (
        Index(None, "item_id", "checked_on"),
        CheckConstraint("next_on > checked_on", name="next_later"),
        length_check("findings", FINDINGS_MAX),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    checked_on: Mapped[date]
    is_kept: Mapped[bool]
    findings: Mapped[str] = mapped_column(Text)
    next_on: Mapped[date]
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    for_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    recorded_at: Mapped[datetime]

    item: Mapped[Item] = relationship()
    by: Mapped[Person] = relationship(foreign_keys=by_id)
    for_: Mapped[Person | None] = relationship(foreign_keys=for_id)
    files: Mapped[list["LastingCheckFile"]] = relationship(back_populates="check", order_by="LastingCheckFile.serial")


class LastingCheckFile(Base):
    """A file that shows what was seen."""

    __tablename__ = "lasting_check_file"
    __table_args__ = (length_check("name", 255),)

    check_id: Mapped[int] = mapped_column(ForeignKey("lasting_check.id"), primary_key=True)
    serial: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(255))
    sha256: Mapped[str] = mapped_column(String(64))
    size_bytes: Mapped[int]
    media_type: Mapped[str] = mapped_column(String(120))

    check: Mapped[LastingCheck] = relationship(back_populates="files")
