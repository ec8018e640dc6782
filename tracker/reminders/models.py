"""Reminder rules and what they have already caused."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Base, code
from tracker.reminders.rules import Recipient, Trigger


class ReminderRule(Base):
    """When to remind. Active from a day on: nothing reached before it is ever told."""

    __tablename__ = "reminder_rule"
    __table_args__ = (UniqueConstraint("key"), CheckConstraint("days >= 0", name="days_not_negative"))

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40))
    trigger: Mapped[Trigger] = mapped_column(code(Trigger, "trigger"))
    days: Mapped[int]
    is_active: Mapped[bool] = mapped_column(default=True)
    active_from: Mapped[date]

    recipients: Mapped[list["RuleRecipient"]] = relationship(cascade="all, delete-orphan")


class RuleRecipient(Base):
    """One kind of person a rule tells."""

    __tablename__ = "rule_recipient"

    rule_id: Mapped[int] = mapped_column(ForeignKey("reminder_rule.id"), primary_key=True)
    recipient: Mapped[Recipient] = mapped_column(code(Recipient, "recipient"), primary_key=True)


class Occurrence(Base):
    """A rule has reached a step of an item for a person; unique, so that it is told once.

    ``deadline`` is the date the step was reckoned from: a moved deadline makes new occurrences.
    """

    __tablename__ = "occurrence"
    __table_args__ = (
        UniqueConstraint("item_id", "rule_id", "repetition", "deadline", "person_id"),
        Index(None, "person_id", "local_day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    rule_id: Mapped[int] = mapped_column(ForeignKey("reminder_rule.id"))
    repetition: Mapped[int]
    deadline: Mapped[date]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    reached_on: Mapped[date]
    local_day: Mapped[date]
    queued_at: Mapped[datetime]
