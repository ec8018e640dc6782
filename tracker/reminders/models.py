"""Reminder rules and what they have already caused."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Base, code
from tracker.reminders.rules import Counts, Recipient, Trigger


class ReminderRule(Base):
    """When to remind. Active from a day on: nothing reached before it is ever told."""

    __tablename__ = "reminder_rule"
    __table_args__ = (
        UniqueConstraint("key"),
        CheckConstraint("days >= 0", name="days_not_negative"),
        CheckConstraint("days > 0 OR trigger <> 'overdue_every'", name="repeats_after_days"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40))
    trigger: Mapped[Trigger] = mapped_column(code(Trigger, "trigger"))
    days: Mapped[int]
    counts: Mapped[Counts] = mapped_column(code(Counts, "counts"), default=Counts.NATURAL)
    is_active: Mapped[bool] = mapped_column(default=True)
    active_from: Mapped[date]
    version: Mapped[int] = mapped_column(default=1)

    recipients: Mapped[list["RuleRecipient"]] = relationship(cascade="all, delete-orphan")
    __mapper_args__ = {"version_id_col": version}

    @property
    def tells(self) -> list[Recipient]:
        """The kinds of people it tells, in their usual order."""
        named = {each.recipient for each in self.recipients}
        return [each for each in Recipient if each in named]


class RuleRecipient(Base):
    """One kind of person a rule tells."""

    __tablename__ = "rule_recipient"

    rule_id: Mapped[int] = mapped_column(ForeignKey("reminder_rule.id"), primary_key=True)
    recipient: Mapped[Recipient] = mapped_column(code(Recipient, "recipient"), primary_key=True)


class Occurrence(Base):
    """A rule has reached a step of an item for a person; unique, so that it is told once.

    ``deadline`` is the date the step was reckoned from: a moved deadline makes new occurrences. ``digest`` is the slot
    of the message that tells it, empty until it has one.
    """

    __tablename__ = "occurrence"
    __table_args__ = (
        UniqueConstraint("item_id", "rule_id", "repetition", "deadline", "person_id"),
        Index(None, "person_id", "digest"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    rule_id: Mapped[int] = mapped_column(ForeignKey("reminder_rule.id"))
    repetition: Mapped[int]
    deadline: Mapped[date]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    reached_on: Mapped[date]
    digest: Mapped[str] = mapped_column(String(20), default="")
    queued_at: Mapped[datetime]


class ReminderPreference(Base):
    """What a person has chosen of the mails; nothing of it silences the inbox or the desk."""

    __tablename__ = "reminder_preference"
    __table_args__ = (CheckConstraint("digest_hour BETWEEN 0 AND 23", name="digest_hour_of_day"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    digest_hour: Mapped[int | None]
    overdue_singly: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}
