"""Applications for closure and the steps on which others decide."""

from datetime import date, datetime
from functools import cached_property

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.closure.rules import (
    MORE_LIMIT,
    STATEMENT_LIMIT,
    ApplicationState,
    Decision,
    Filed,
    RecusalRoute,
    Telling,
)
from tracker.core.db import Base, code, length_check
from tracker.items.models import Item
from tracker.org.models import Person
from tracker.sources.rules import StepKind


class Application(Base):
    """One round of applying for closure. At most one of an item is pending.

    ``snapshot`` is the JSON of ``Filed``: measures, evidence and outcomes as they stood when it was filed.
    """

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
        length_check("statement", STATEMENT_LIMIT),
        *(length_check(each, MORE_LIMIT) for each in ("similar_checked", "similar_found", "mechanism", "explanation")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    round: Mapped[int]
    applicant_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    applicant_for_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    statement: Mapped[str] = mapped_column(Text)
    similar_checked: Mapped[str] = mapped_column(Text, default="")
    similar_found: Mapped[str] = mapped_column(Text, default="")
    mechanism: Mapped[str] = mapped_column(Text, default="")
    explanation: Mapped[str] = mapped_column(Text, default="")
    is_pledged: Mapped[bool] = mapped_column(default=False)
    snapshot: Mapped[str] = mapped_column(Text, default="")
    filed_at: Mapped[datetime]
    state: Mapped[ApplicationState] = mapped_column(code(ApplicationState, "state"))
    version: Mapped[int] = mapped_column(default=1)

    item: Mapped[Item] = relationship()
    applicant: Mapped[Person] = relationship(foreign_keys=applicant_id)
    applicant_for: Mapped[Person | None] = relationship(foreign_keys=applicant_for_id)
    reviews: Mapped[list["Review"]] = relationship(back_populates="application", order_by="Review.position")
    __mapper_args__ = {"version_id_col": version}

    @property
    def applicants(self) -> frozenset[int | None]:
        """Who applied, and whom they acted for."""
        return frozenset({self.applicant_id, self.applicant_for_id} - {None})

    @cached_property
    def filed(self) -> Filed:
        """What stood there when it was filed."""
        return Filed.read(self.snapshot)

    @property
    def telling(self) -> Telling:
        """What it tells, for the next round to begin with; the pledge is given anew each time."""
        return Telling(
            statement=self.statement,
            measures={each.id: each.told for each in self.filed.measures},
            similar_checked=self.similar_checked,
            similar_found=self.similar_found,
            mechanism=self.mechanism,
            explanation=self.explanation,
        )


class ApplicationDraft(Base):
    """What a unit has written so far of its next application for an item; ``telling`` is the JSON of ``Telling``."""

    __tablename__ = "application_draft"

    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    telling: Mapped[str] = mapped_column(Text)
    by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    saved_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    by: Mapped[Person] = relationship()
    __mapper_args__ = {"version_id_col": version}


class Review(Base):
    """One step of an application's chain, copied from the source when it was filed; decided at most once.

    ``named_id`` alone decides it, by the chain or by the recusal ``route``. On paper the decider is the person who
    signed (nobody for a body), ``decided_on`` the day written there, ``decided_at`` when the office entered it.

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
    decided_on: Mapped[date | None]
    named_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    route: Mapped[RecusalRoute | None] = mapped_column(code(RecusalRoute, "route"))
    paper_id: Mapped[int | None] = mapped_column(ForeignKey("paper.id"), index=True)
    is_undone: Mapped[bool] = mapped_column(default=False)

    application: Mapped[Application] = relationship(back_populates="reviews")
    decider: Mapped[Person | None] = relationship(foreign_keys=decider_id)
    named: Mapped[Person | None] = relationship(foreign_keys=named_id)
    paper: Mapped["Paper | None"] = relationship()
    decider_for: Mapped[Person | None] = relationship(foreign_keys=decider_for_id)

    @property
    def deciders(self) -> frozenset[int | None]:
        """Who decided, and whom they acted for; empty while it waits, and once the decision was taken back."""
        if self.is_undone:
            return frozenset()
        return frozenset({self.decider_id, self.decider_for_id} - {None})

    @property
    def who(self) -> str:
        """The name of who decided: a person, or a body as the paper says."""
        return self.decider.name if self.decider else self.paper.body if self.paper else ""


class Paper(Base):
    """A decision as it stands on paper, entered by the office: a signed form, minutes, a letter of the superior.

    One meeting's minutes decide many applications. The scan shows what was signed, not that it was really they.
    """

    __tablename__ = "paper"
    __table_args__ = (
        length_check("body", 80),
        length_check("title", 200),
        length_check("document_number", 80),
        length_check("file_name", 255),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[str] = mapped_column(String(80), default="")
    title: Mapped[str] = mapped_column(String(200), default="")
    document_number: Mapped[str] = mapped_column(String(80), default="")
    dated_on: Mapped[date]
    file_name: Mapped[str] = mapped_column(String(255))
    file_sha256: Mapped[str] = mapped_column(String(64))
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    entered_for_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    entered_at: Mapped[datetime]

    entered_by: Mapped[Person | None] = relationship(foreign_keys=entered_by_id)


class Recusal(Base):
    """Who decides a step where the usual reviewers keep out: for one item, or for a source where nobody is left."""

    __tablename__ = "recusal"
    __table_args__ = (
        UniqueConstraint("source_id", "step"),
        UniqueConstraint("item_id", "step"),
        CheckConstraint("(source_id IS NULL) <> (item_id IS NULL)", name="one_subject"),
        length_check("reason", 400),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[int | None] = mapped_column(ForeignKey("source.id"))
    item_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"))
    step: Mapped[StepKind] = mapped_column(code(StepKind, "step"))
    route: Mapped[RecusalRoute] = mapped_column(code(RecusalRoute, "route"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(Text)
    set_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    set_at: Mapped[datetime]

    item: Mapped[Item | None] = relationship()
    person: Mapped[Person | None] = relationship(foreign_keys=person_id)
    set_by: Mapped[Person | None] = relationship(foreign_keys=set_by_id)


class Declaration(Base):
    """A unit's word that an item is basically completed; it counts once the office has accepted it."""

    __tablename__ = "declaration"
    __table_args__ = (
        Index(None, "item_id"),
        Index(
            "ix_declaration_open",
            "item_id",
            unique=True,
            postgresql_where=text("is_accepted IS NULL"),
            sqlite_where=text("is_accepted IS NULL"),
        ),
        length_check("statement", 2000),
        length_check("answer", 1000),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    declared_on: Mapped[date]
    statement: Mapped[str] = mapped_column(Text)
    declared_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    declared_for_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    declared_at: Mapped[datetime]
    is_accepted: Mapped[bool | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_for_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(Text, default="")

    item: Mapped[Item] = relationship()
    declared_by: Mapped[Person] = relationship(foreign_keys=declared_by_id)
    decided_by: Mapped[Person | None] = relationship(foreign_keys=decided_by_id)
