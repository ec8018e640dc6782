"""Applications for closure and the steps on which others decide."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.closure.rules import ApplicationState, Decision
from tracker.core.db import Base, code, length_check
from tracker.items.models import Item
from tracker.org.models import Person
from tracker.sources.rules import StepKind


class Application(Base):
    """One round of applying for closure. At most one of an item is pending."""

    __tablename__ = "application"
    __table_args__ = (
        UniqueConstraint("item_id", "round"),
        Index(
            "ix_application_pending",
            "item_id",
            unique=True,
            postgresql_where=text("state = 'pending'"),
            sqlite_where=text("state = 'pending'"),
        ),
        length_check("statement", 4000),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    round: Mapped[int]
    applicant_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    applicant_for_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    statement: Mapped[str] = mapped_column(Text)
    filed_at: Mapped[datetime]
    state: Mapped[ApplicationState] = mapped_column(code(ApplicationState, "state"))
    version: Mapped[int] = mapped_column(default=1)

    item: Mapped[Item] = relationship()
    applicant: Mapped[Person] = relationship(foreign_keys=applicant_id)
    reviews: Mapped[list["Review"]] = relationship(back_populates="application", order_by="Review.position")
    __mapper_args__ = {"version_id_col": version}

    @property
    def applicants(self) -> frozenset[int | None]:
        """Who applied, and whom they acted for."""
        return frozenset({self.applicant_id, self.applicant_for_id} - {None})


class Review(Base):
    """One step of an application's chain, copied from the source when it was filed; decided at most once.

    A decision that was taken back (冲正) stays, ``is_undone``; the step stands once more behind it.
    """

    __tablename__ = "review"
    __table_args__ = (
        UniqueConstraint("application_id", "position"),
        Index(
            "ix_review_waiting",
            "kind",
            postgresql_where=text("decision IS NULL"),
            sqlite_where=text("decision IS NULL"),
        ),
        length_check("opinion", 2000),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    position: Mapped[int]
    kind: Mapped[StepKind] = mapped_column(code(StepKind, "kind"))
    decision: Mapped[Decision | None] = mapped_column(code(Decision, "decision"))
    decider_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decider_for_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    opinion: Mapped[str] = mapped_column(Text, default="")
    decided_at: Mapped[datetime | None]
    is_undone: Mapped[bool] = mapped_column(default=False)

    application: Mapped[Application] = relationship(back_populates="reviews")
    decider: Mapped[Person | None] = relationship(foreign_keys=decider_id)

    @property
    def deciders(self) -> frozenset[int | None]:
        """Who decided, and whom they acted for; empty while it waits, and once the decision was taken back."""
        if self.is_undone:
            return frozenset()
        return frozenset({self.decider_id, self.decider_for_id} - {None})
