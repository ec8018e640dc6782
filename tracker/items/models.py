"""Items, their cooperating units, and the changes that figures are made of."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from tracker.core.db import Base, code, length_check
from tracker.items.rules import STATE_LABELS, DeadlineKind, Event, ItemKind, OwnWord, State
from tracker.org.models import Person, Unit
from tracker.sources.models import HandedIn, Section, Source


class Item(Base):
    """A problem found or a task planned. The state and all else here is the last word of its changes.

    ``original_number`` is the number printed in the feedback text; ``paragraph`` points to its place there.
    ``carrier_id`` is the item whose measures and evidence it shares (并案).
    ``recurs_of`` is the closed item that it is a relapse of; ``next_check_on`` when one kept up for ever is looked at.
    ``paper_number`` makes it a placeholder for what stands on paper only; ``is_restricted`` says that a list of
    readers, its own or that of its source, narrows who may know of it; ``is_withheld`` that no text for the public
    tells of it (不公开).
    """

    __tablename__ = "item"
    __table_args__ = (
        UniqueConstraint("number"),
        length_check("finding", 4000),
        CheckConstraint("(due_on IS NULL) = (first_due_on IS NULL)", name="both_dates"),
        length_check("paper_number", 60),
        Index("ix_item_lead_unit", "lead_unit_id", "state", "due_on"),
        Index("ix_item_due", "state", "due_on"),
        Index(None, "leader_id"),
        Index(None, "supervisor_id"),
        Index(None, "owner_id"),
        Index(None, "handler_id"),
        Index(None, "section_id"),
        Index(None, "parent_id"),
        Index(None, "carrier_id"),
        Index(None, "recurs_of_id"),
        Index(None, "next_check_on"),
        Index("ix_item_restricted", "id", postgresql_where=text("is_restricted"), sqlite_where=text("is_restricted")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(60))
    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"))
    section_id: Mapped[int | None] = mapped_column(ForeignKey("section.id"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"))
    carrier_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"))
    recurs_of_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"))
    kind: Mapped[ItemKind] = mapped_column(code(ItemKind, "kind"))
    finding: Mapped[str] = mapped_column(Text)
    original_number: Mapped[str] = mapped_column(String(40), default="")
    paragraph: Mapped[int | None]
    position: Mapped[int] = mapped_column(default=0)
    cause: Mapped[str] = mapped_column(Text, default="")
    goal: Mapped[str] = mapped_column(Text, default="")
    remark: Mapped[str] = mapped_column(Text, default="")
    paper_number: Mapped[str] = mapped_column(String(60), default="")
    is_restricted: Mapped[bool] = mapped_column(default=False)
    is_withheld: Mapped[bool] = mapped_column(default=False)

    lead_unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    leader_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    supervisor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    handler_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))

    deadline_kind: Mapped[DeadlineKind | None] = mapped_column(code(DeadlineKind, "deadline_kind"))
    due_on: Mapped[date | None]
    first_due_on: Mapped[date | None]
    due_text: Mapped[str] = mapped_column(String(200), default="")
    then_sustained: Mapped[bool] = mapped_column(default=False)
    deadline_moved_on: Mapped[date | None]
    extensions: Mapped[int] = mapped_column(default=0)
    amendments: Mapped[int] = mapped_column(default=0)
    next_check_on: Mapped[date | None]

    state: Mapped[State] = mapped_column(code(State, "state"))
    own_word: Mapped[OwnWord] = mapped_column(code(OwnWord, "own_word"), default=OwnWord.NONE)
    own_word_on: Mapped[date | None]
    issued_on: Mapped[date | None]
    accepted_on: Mapped[date | None]
    accepted_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    closed_on: Mapped[date | None]
    confirmed_on: Mapped[date | None]
    rounds: Mapped[int] = mapped_column(default=0)
    changes: Mapped[int] = mapped_column(default=0)
    changed_on: Mapped[date]
    version: Mapped[int] = mapped_column(default=1)

    source: Mapped[Source] = relationship()
    section: Mapped[Section | None] = relationship()
    parent: Mapped["Item | None"] = relationship(remote_side="Item.id", foreign_keys=parent_id)
    carrier: Mapped["Item | None"] = relationship(remote_side="Item.id", foreign_keys=carrier_id)
    recurs_of: Mapped["Item | None"] = relationship(remote_side="Item.id", foreign_keys=recurs_of_id)
    lead_unit: Mapped[Unit | None] = relationship()
    leader: Mapped[Person | None] = relationship(foreign_keys=leader_id)
    supervisor: Mapped[Person | None] = relationship(foreign_keys=supervisor_id)
    owner: Mapped[Person | None] = relationship(foreign_keys=owner_id)
    handler: Mapped[Person | None] = relationship(foreign_keys=handler_id)
    supports: Mapped[list["ItemSupport"]] = relationship(
        back_populates="item", cascade="all, delete-orphan", order_by="ItemSupport.position"
    )
    milestones: Mapped[list["Milestone"]] = relationship(
        back_populates="item", order_by="[Milestone.due_on, Milestone.id]"
    )
    readers: Mapped[list["ItemReader"]] = relationship(cascade="all, delete-orphan", order_by="ItemReader.person_id")
    __mapper_args__ = {"version_id_col": version}

    @property
    def supporting_unit_ids(self) -> frozenset[int]:
        """The cooperating units, for the permission table."""
        return frozenset(support.unit_id for support in self.supports)

    @property
    def reader_ids(self) -> frozenset[int] | None:
        """The named readers: the item's own, else those of its source; None where no list narrows who may know."""
        if not self.is_restricted:
            return None
        return frozenset(each.person_id for each in self.readers) or self.source.reader_ids

    @property
    def is_secret(self) -> bool:
        """Whether it only holds the place of what stands on paper."""
        return bool(self.paper_number)

    @property
    def state_label(self) -> object:
        """The state in words."""
        return STATE_LABELS[self.state]


# In the order of the lists, the newest source first, so that a page of them is read and no more.
Index("ix_item_list", Item.source_id.desc(), Item.number)


class ItemReader(Base):
    """Somebody who alone, with the others named, may know of an item; its list counts in place of its source's."""

    __tablename__ = "item_reader"
    __table_args__ = (Index(None, "person_id"),)

    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)

    person: Mapped[Person] = relationship()


class ItemSupport(Base):
    """A cooperating unit of an item."""

    __tablename__ = "item_support"
    __table_args__ = (Index(None, "unit_id", "item_id"),)

    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"), primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    position: Mapped[int] = mapped_column(default=0)

    item: Mapped[Item] = relationship(back_populates="supports")
    unit: Mapped[Unit] = relationship()


class Milestone(HandedIn, Base):
    """A date inside an item: a stage of one that is put right in stages, a node of one without end.

    ``set_on`` is the day on which the date was laid down or moved last; nothing before it is reminded of.
    """

    __tablename__ = "milestone"
    __table_args__ = (UniqueConstraint("item_id", "title"), Index(None, "due_on"), length_check("title", 200))

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    title: Mapped[str] = mapped_column(String(200))
    due_on: Mapped[date]
    set_on: Mapped[date]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    version: Mapped[int] = mapped_column(default=1)

    item: Mapped[Item] = relationship(back_populates="milestones")
    owner: Mapped[Person | None] = relationship()
    __mapper_args__ = {"version_id_col": version}


class Decided:
    """Who decided on a request, and how: with their own click, or on a paper that the office entered (代录).

    On paper ``decider_id`` is who signed it, or ``body`` names what is no person of the roster, such as a meeting;
    ``paper_on`` is the day on it, ``entered_by_id`` whoever entered it. The scan proves no identity.
    """

    decider_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decider_for_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    opinion: Mapped[str] = mapped_column(Text, default="")
    body: Mapped[str] = mapped_column(String(120), default="")
    paper_on: Mapped[date | None]
    entered_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    scan_name: Mapped[str] = mapped_column(String(255), default="")
    scan_sha256: Mapped[str] = mapped_column(String(64), default="")

    @declared_attr
    def decider(cls) -> Mapped[Person | None]:
        """Who decided."""
        return relationship(foreign_keys=[cls.decider_id])  # type: ignore[list-item]

    @declared_attr
    def decider_for(cls) -> Mapped[Person | None]:
        """Whom they acted for."""
        return relationship(foreign_keys=[cls.decider_for_id])  # type: ignore[list-item]

    @declared_attr
    def entered_by(cls) -> Mapped[Person | None]:
        """Who entered the paper."""
        return relationship(foreign_keys=[cls.entered_by_id])  # type: ignore[list-item]

    @property
    def is_on_paper(self) -> bool:
        """Whether the office entered it for somebody else."""
        return self.paper_on is not None

    @property
    def deciders(self) -> frozenset[int]:
        """Who decided, and whom they acted for; empty while it waits, and for a body."""
        return frozenset(each for each in (self.decider_id, self.decider_for_id) if each is not None)

    @property
    def signature(self) -> str:
        """The name under the decision, with the one it was done for; empty while it waits."""
        name = self.decider.name if self.decider else self.body
        return f"{name}（代 {self.decider_for.name}）" if self.decider_for else name


class ReassignmentRequest(Base):
    """A unit says that an item is not its own; the office decides while the clock runs on."""

    __tablename__ = "reassignment_request"
    __table_args__ = (Index(None, "item_id"), length_check("reason", 1000))

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    reason: Mapped[str] = mapped_column(Text)
    asked_at: Mapped[datetime]
    is_granted: Mapped[bool | None]
    asked_for_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_for_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(Text, default="")

    item: Mapped[Item] = relationship()
    asked_by: Mapped[Person] = relationship(foreign_keys=asked_by_id)
    unit: Mapped[Unit | None] = relationship()


class ItemChange(Base):
    """An item as it was from one change to the next, with all that figures group by.

    ``effective_on`` is when it counts, ``recorded_at`` when we knew; ``until`` and ``superseded_at`` are those of
    the next change (9999-12-31 when there is none). The row that holds on day T as known at K is the one with
    ``effective_on <= T and recorded_at <= K and (until > T or superseded_at > K)``.
    """

    __tablename__ = "item_change"
    __table_args__ = (
        UniqueConstraint("item_id", "serial"),
        CheckConstraint("until >= effective_on", name="until_after"),
        # Figures as known now need the days alone, figures as known then all four; neither index may begin with what
        # the other question asks, or SQLite takes the wrong one. See docs/performance.md.
        Index("ix_item_change_held", "until", "effective_on"),
        Index("ix_item_change_known", "recorded_at", "effective_on", "until", "superseded_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    serial: Mapped[int]
    event: Mapped[Event] = mapped_column(code(Event, "event"))
    effective_on: Mapped[date]
    recorded_at: Mapped[datetime]
    until: Mapped[date]
    superseded_at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    for_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    reason: Mapped[str] = mapped_column(Text, default="")

    parent_id: Mapped[int | None]
    source_id: Mapped[int]
    aspect_id: Mapped[int | None]
    category_id: Mapped[int | None]
    kind: Mapped[ItemKind] = mapped_column(code(ItemKind, "kind"))
    lead_unit_id: Mapped[int | None]
    leader_id: Mapped[int | None]
    supervisor_id: Mapped[int | None]
    owner_id: Mapped[int | None]
    handler_id: Mapped[int | None]
    deadline_kind: Mapped[DeadlineKind | None] = mapped_column(code(DeadlineKind, "deadline_kind"))
    due_on: Mapped[date | None]
    first_due_on: Mapped[date | None]
    state: Mapped[State] = mapped_column(code(State, "state"))
    own_word: Mapped[OwnWord] = mapped_column(code(OwnWord, "own_word"))
    closed_on: Mapped[date | None]
    confirmed_on: Mapped[date | None]
