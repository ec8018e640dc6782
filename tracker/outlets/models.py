"""Outside channels."""

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Base, code, length_check
from tracker.org.models import Person, Unit
from tracker.outlets.rules import ENDPOINT_MAX, NAME_MAX, SECRET_MAX, Kind


class Outlet(Base):
    """A robot in a unit's work group, or the gateway for short messages. Off until somebody switches it on.

    A robot speaks of a unit and all below it, once a day, on behalf of its keeper: what the keeper may not read it does
    not count. A gateway speaks to the telephones of people. ``endpoint`` and ``secret`` are never shown again; ``body``
    is the JSON template. ``tells_more`` lets it say what a mail says, else number and count only.
    """

    __tablename__ = "outlet"
    __table_args__ = (
        UniqueConstraint("key"),
        UniqueConstraint("name"),
        length_check("name", NAME_MAX),
        length_check("endpoint", ENDPOINT_MAX),
        length_check("secret", SECRET_MAX),
        CheckConstraint("(kind = 'sms') = (unit_id IS NULL)", name="robot_has_unit"),
        CheckConstraint("(kind = 'sms') = (keeper_id IS NULL)", name="robot_has_keeper"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(NAME_MAX))
    kind: Mapped[Kind] = mapped_column(code(Kind, "kind"))
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    keeper_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    endpoint: Mapped[str] = mapped_column(String(ENDPOINT_MAX))
    secret: Mapped[str] = mapped_column(String(SECRET_MAX), default="")
    body: Mapped[str] = mapped_column(Text)
    tells_more: Mapped[bool] = mapped_column(default=False)
    is_on: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    unit: Mapped[Unit | None] = relationship()
    keeper: Mapped[Person | None] = relationship()
    __mapper_args__ = {"version_id_col": version}
