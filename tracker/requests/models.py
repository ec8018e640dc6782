"""What every request has: the item, who asked when and why, who decided, and where it is."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column, relationship

from tracker.core.db import code, length_check
from tracker.items.models import Decided, Item
from tracker.org.models import Person
from tracker.requests.rules import OPINION_MAX, REASON_MAX, RequestState


def request_args(table: str) -> tuple[Any, ...]:
    """The constraints of a table of requests. At most one of an item is pending."""
    is_pending = text("state = 'pending'")
    return (
        Index(f"ix_{table}_pending", "item_id", unique=True, postgresql_where=is_pending, sqlite_where=is_pending),
        Index(None, "item_id", "asked_at"),
        CheckConstraint("state NOT IN ('approved', 'refused') OR decided_at IS NOT NULL", name="decided_has_time"),
        length_check("reason", REASON_MAX),
        length_check("opinion", OPINION_MAX),
        length_check("body", 120),
        length_check("scan_name", 255),
    )


class Asked(Decided):
    """A request about an item; one person asks, another decides."""

    id: Mapped[int] = mapped_column(primary_key=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    reason: Mapped[str] = mapped_column(Text)
    asked_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    asked_for_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    state: Mapped[RequestState] = mapped_column(code(RequestState, "state"), default=RequestState.PENDING)
    version: Mapped[int] = mapped_column(default=1)

    @declared_attr
    def item(cls) -> Mapped[Item]:
        """What it is about."""
        return relationship(Item)

    @declared_attr
    def asked_by(cls) -> Mapped[Person]:
        """Who asked."""
        return relationship(foreign_keys=[cls.asked_by_id])  # type: ignore[list-item]

    @declared_attr
    def asked_for(cls) -> Mapped[Person | None]:
        """Whom they acted for."""
        return relationship(foreign_keys=[cls.asked_for_id])  # type: ignore[list-item]

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        return {"version_id_col": cls.version}

    @property
    def askers(self) -> frozenset[int | None]:
        """Who asked, and whom they acted for."""
        return frozenset({self.asked_by_id, self.asked_for_id} - {None})
