"""Reminder rules in sets, which source has which, and what they have already caused."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Base, code, length_check
from tracker.org.models import Person
from tracker.outbox.rules import Channel
from tracker.reminders.rules import DEFAULT_SET, Basis, Counts, Recipient, RuleLight, Speech, Subject, Trigger


class RuleSet(Base):
    """Rules that belong together. Shipped ones stay as they are, but for the default; copies may be changed."""

    __tablename__ = "rule_set"
    __table_args__ = (UniqueConstraint("key"), UniqueConstraint("name"), length_check("name", 40))

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(40))
    is_shipped: Mapped[bool] = mapped_column(default=False)

    rules: Mapped[list["ReminderRule"]] = relationship(back_populates="rule_set", order_by="ReminderRule.id")

    @property
    def is_editable(self) -> bool:
        """Whether its rules may be changed."""
        return not self.is_shipped or self.key == DEFAULT_SET


class SourceRuleSet(Base):
    """The set chosen for a source; without a row it is the default one. What was reached before is never told."""

    __tablename__ = "source_rule_set"

    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"), primary_key=True)
    rule_set_id: Mapped[int] = mapped_column(ForeignKey("rule_set.id"), index=True)
    chosen_on: Mapped[date]
    version: Mapped[int] = mapped_column(default=1)

    rule_set: Mapped[RuleSet] = relationship()
    __mapper_args__ = {"version_id_col": version}


class ReminderRule(Base):
    """When to remind, and of what. Active from a day on: nothing reached before it is ever told."""

    __tablename__ = "reminder_rule"
    __table_args__ = (
        UniqueConstraint("key"),
        Index(None, "rule_set_id"),
        CheckConstraint("days >= 0", name="days_not_negative"),
        CheckConstraint("days > 0 OR trigger NOT IN ('overdue_every', 'unchecked')", name="repeats_after_days"),
        length_check("label", 20),
        length_check("slip", 20),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40))
    rule_set_id: Mapped[int] = mapped_column(ForeignKey("rule_set.id"))
    trigger: Mapped[Trigger] = mapped_column(code(Trigger, "trigger"))
    days: Mapped[int]
    counts: Mapped[Counts] = mapped_column(code(Counts, "counts"), default=Counts.NATURAL)
    light: Mapped[RuleLight] = mapped_column(code(RuleLight, "light"))
    label: Mapped[str] = mapped_column(String(20), default="")
    slip: Mapped[str] = mapped_column(String(20), default="")
    drafts_notice: Mapped[bool] = mapped_column(default=False)
    is_active: Mapped[bool] = mapped_column(default=True)
    active_from: Mapped[date]
    version: Mapped[int] = mapped_column(default=1)

    rule_set: Mapped[RuleSet] = relationship(back_populates="rules")
    recipients: Mapped[list["RuleRecipient"]] = relationship(cascade="all, delete-orphan")
    people: Mapped[list["RulePerson"]] = relationship(cascade="all, delete-orphan", order_by="RulePerson.person_id")
    channels: Mapped[list["RuleChannel"]] = relationship(cascade="all, delete-orphan")
    __mapper_args__ = {"version_id_col": version}

    @property
    def tells(self) -> dict[Recipient, int]:
        """The kinds of people it tells, in their usual order, each with the repetition from which it does."""
        named = {each.recipient: each.begins_at for each in self.recipients}
        return {each: named[each] for each in Recipient if each in named}

    @property
    def speech(self) -> Speech:
        """All that it says."""
        return Speech(
            self.trigger,
            self.days,
            self.tells,
            self.counts,
            self.light,
            self.label,
            self.slip,
            frozenset(each.channel for each in self.channels),
            self.drafts_notice,
            frozenset(each.person_id for each in self.people),
        )


class RuleRecipient(Base):
    """One kind of person a rule tells, from a repetition on."""

    __tablename__ = "rule_recipient"
    __table_args__ = (CheckConstraint("begins_at >= 0", name="begins_at_not_negative"),)

    rule_id: Mapped[int] = mapped_column(ForeignKey("reminder_rule.id"), primary_key=True)
    recipient: Mapped[Recipient] = mapped_column(code(Recipient, "recipient"), primary_key=True)
    begins_at: Mapped[int] = mapped_column(default=0)


class RulePerson(Base):
    """A person whom a rule names."""

    __tablename__ = "rule_person"

    rule_id: Mapped[int] = mapped_column(ForeignKey("reminder_rule.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)

    person: Mapped[Person] = relationship()


class RuleChannel(Base):
    """A channel over which a rule speaks."""

    __tablename__ = "rule_channel"

    rule_id: Mapped[int] = mapped_column(ForeignKey("reminder_rule.id"), primary_key=True)
    channel: Mapped[Channel] = mapped_column(code(Channel, "channel"), primary_key=True)


class Occurrence(Base):
    """A rule has reached a step of something for a person; unique, so that it is told once.

    ``deadline`` is the date the step was reckoned from: a moved deadline makes new occurrences. ``digest`` is the slot
    of the message that tells it, empty until it has one; ``told_at`` is when that message told it in the inbox.
    ``covers`` are the rules whose earlier steps it stands for, as far as they were reached on ``covers_from`` or later:
    ``12:0 15:2`` for rule 12, and rule 15 from its third repetition on; its own rule is always among them.
    """

    __tablename__ = "occurrence"
    __table_args__ = (
        UniqueConstraint(
            "subject", "subject_id", "rule_id", "repetition", "deadline", "person_id", name="uq_occurrence"
        ),
        Index(None, "person_id", "digest"),
        Index(None, "item_id"),
        # What nobody was told of yet, or was not due when its message went: few, whatever was told over the years.
        Index(
            "ix_occurrence_untold",
            "item_id",
            sqlite_where=text("told_at IS NULL"),
            postgresql_where=text("told_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject: Mapped[Subject] = mapped_column(code(Subject, "subject"))
    subject_id: Mapped[int]
    item_id: Mapped[int | None] = mapped_column(ForeignKey("item.id"))
    rule_id: Mapped[int] = mapped_column(ForeignKey("reminder_rule.id"))
    basis: Mapped[Basis] = mapped_column(code(Basis, "basis"))
    repetition: Mapped[int]
    deadline: Mapped[date]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    reached_on: Mapped[date]
    covers: Mapped[str] = mapped_column(Text)
    covers_from: Mapped[date]
    digest: Mapped[str] = mapped_column(String(20), default="")
    queued_at: Mapped[datetime]
    told_at: Mapped[datetime | None]

    @property
    def covered_rules(self) -> dict[int, int]:
        """The ids of the rules it covers, each with the repetition from which this person is told."""
        return {int(rule_id): int(first) for rule_id, _, first in (each.partition(":") for each in self.covers.split())}


class NoticeDrafted(Base):
    """A step of a rule for which the draft of a supervision notice was asked for; unique, so that it is once."""

    __tablename__ = "notice_drafted"
    __table_args__ = (UniqueConstraint("item_id", "rule_id", "repetition", "deadline", name="uq_notice_drafted"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    rule_id: Mapped[int] = mapped_column(ForeignKey("reminder_rule.id"))
    repetition: Mapped[int]
    deadline: Mapped[date]
    drafted_at: Mapped[datetime]


class ReminderPreference(Base):
    """What a person has chosen of the mails; nothing of it silences the inbox or the desk."""

    __tablename__ = "reminder_preference"
    __table_args__ = (CheckConstraint("digest_hour BETWEEN 0 AND 23", name="digest_hour_of_day"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    digest_hour: Mapped[int | None]
    overdue_singly: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
