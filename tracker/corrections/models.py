"""Requests to put a decision right or to take a closed item up again."""

from datetime import date

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from tracker.core.db import Base, code
from tracker.corrections.rules import CorrectionKind
from tracker.requests.models import Asked, request_args


class Correction(Asked, Base):
    """The office asks, another person approves. At most one of an item is pending.

    ``wrong`` is the event of the change that is taken back, ``wrong_serial`` which change of the item it is and
    ``wrong_on`` the day from which it counted; for what is taken up again they tell of its closing.
    """

    __tablename__ = "correction"
    __table_args__ = request_args("correction")

    kind: Mapped[CorrectionKind] = mapped_column(code(CorrectionKind, "kind"))
    wrong: Mapped[str] = mapped_column(String(40))
    wrong_serial: Mapped[int]
    wrong_on: Mapped[date]
