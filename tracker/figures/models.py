"""Questions that people keep under a name."""

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.core.db import Base, length_check
from tracker.figures.questions import CONDITIONS_MAX, SAVED_NAME_MAX
from tracker.org.models import Person


class SavedQuestion(Base):
    """Conditions as a query string, under a name. A day that was left open stays open: as of today means any today."""

    __tablename__ = "saved_question"
    __table_args__ = (
        UniqueConstraint("owner_id", "name"),
        Index("ix_saved_question_is_shared", "is_shared"),
        length_check("name", SAVED_NAME_MAX),
        length_check("conditions", CONDITIONS_MAX),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    name: Mapped[str] = mapped_column(String(SAVED_NAME_MAX))
    conditions: Mapped[str] = mapped_column(Text)
    is_shared: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)

    owner: Mapped[Person] = relationship()

    __mapper_args__ = {"version_id_col": version}
