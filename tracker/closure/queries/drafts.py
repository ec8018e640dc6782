"""Reading drafts of applications."""

from sqlalchemy.orm import Session, joinedload

from tracker.closure.models import ApplicationDraft
from tracker.items.models import Item


def find_draft(session: Session, item: Item) -> ApplicationDraft | None:
    """What the present lead unit has written so far of its next application."""
    key = (item.id, item.lead_unit_id)
    return session.get(ApplicationDraft, key, options=[joinedload(ApplicationDraft.by)], populate_existing=True)
