"""Reading the questions that people keep."""

from collections.abc import Sequence

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload

from tracker.core.errors import NotFound
from tracker.core.i18n import lazy_gettext as _l
from tracker.figures.models import SavedQuestion


def list_saved(session: Session, person_id: int | None) -> Sequence[SavedQuestion]:
    """A person's own questions, then those that are shared with everybody, by name."""
    mine = SavedQuestion.owner_id == person_id
    query = select(SavedQuestion).options(joinedload(SavedQuestion.owner))
    query = query.where(or_(mine, SavedQuestion.is_shared))
    return session.scalars(query.order_by(mine.desc(), SavedQuestion.name, SavedQuestion.id)).all()


def get_saved(session: Session, saved_id: int, person_id: int | None) -> SavedQuestion:
    """A question of one's own, or one that is shared; raises NotFound."""
    known = or_(SavedQuestion.owner_id == person_id, SavedQuestion.is_shared)
    found = session.scalar(select(SavedQuestion).where(SavedQuestion.id == saved_id, known))
    if found is None:
        raise NotFound(_l("没有找到这个保存的查询。"))
    return found


def find_saved(session: Session, owner_id: int, name: str) -> SavedQuestion | None:
    """A person's question of a name."""
    query = select(SavedQuestion).where(SavedQuestion.owner_id == owner_id, SavedQuestion.name == name)
    return session.scalar(query)


def count_saved(session: Session, owner_id: int) -> int:
    """How many questions a person keeps."""
    return session.scalar(select(func.count()).where(SavedQuestion.owner_id == owner_id)) or 0
