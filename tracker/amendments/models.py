"""Requests to change what was issued, field by field with old and new."""

from sqlalchemy import ForeignKey, Index, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.amendments.rules import TEXT_MAX, Amended
from tracker.core.db import Base, code, length_check
from tracker.requests.models import Asked, request_args


class Amendment(Asked, Base):
    """A unit asks and the office decides; what the office itself asks (``is_by_office``) names the leader who approved.

    At most one of an item is pending.
    """

    __tablename__ = "amendment"
    __table_args__ = request_args("amendment")

    is_by_office: Mapped[bool]

    lines: Mapped[list["AmendmentLine"]] = relationship(back_populates="amendment", order_by="AmendmentLine.id")


class AmendmentLine(Base):
    """One field with what stands and what is to stand, as people read it; measures one per line."""

    __tablename__ = "amendment_line"
    __table_args__ = (
        Index("uq_amendment_line_amendment_id_field", "amendment_id", "field", unique=True),
        length_check("before", TEXT_MAX),
        length_check("after", TEXT_MAX),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    amendment_id: Mapped[int] = mapped_column(ForeignKey("amendment.id"))
    field: Mapped[Amended] = mapped_column(code(Amended, "field"))
    before: Mapped[str] = mapped_column(Text)
    after: Mapped[str] = mapped_column(Text)

    amendment: Mapped[Amendment] = relationship(back_populates="lines")
