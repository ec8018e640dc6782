"""The one place that every change passes: nothing of what is archived may be written, whichever room writes it."""

from typing import Any

from sqlalchemy.orm import Session

from tracker.archives import queries
from tracker.archives.rules import refuse_write
from tracker.items.models import Item
from tracker.sources.models import Source

# What tells of an archived source without changing it: the archive itself, drafts and questions that name a source,
# what was said and reminded of, looking back (回头看), and rounds that the system opens by itself.
OUTSIDE = frozenset(
    {
        *("archive", "archive_file", "intake_draft", "ledger_draft", "meeting", "submission_form"),
        *("occurrence", "notice_drafted", "reinspection_draw", "reinspection", "reinspection_file"),
        *("reporting_round", "owed_report", "round_nudge"),
    }
)
# What belongs to an item by way of another row.
ABOVE = ("application", "amendment", "extension", "check", "nudge")


def refuse_archived(session: Session) -> None:
    """Hook: raise Conflict when what is about to be written belongs to a source that is archived."""
    changed = [*session.new, *session.deleted, *(each for each in session.dirty if session.is_modified(each))]
    with session.no_autoflush:
        owners = [owner for each in changed if (owner := owner_of(each)) is not None]
        items = {key for kind, key in owners if kind == "item"}
        sources = {key for kind, key in owners if kind == "source"}
        found = queries.find_archived(session, items, sources) if owners else None
    if found is not None:
        refuse_write(*found)


def owner_of(row: Any) -> tuple[str, int] | None:
    """The item or the source that a row belongs to, and its id; None for what belongs to neither."""
    if row.__tablename__ in OUTSIDE:
        return None
    if isinstance(row, Source):
        return _key("source", row.id)
    if not isinstance(row, Item):
        for name in ABOVE:
            if hasattr(type(row), name) and (above := getattr(row, name)) is not None:
                return owner_of(above)
        if hasattr(type(row), "item_id") and (owner := _key("item", _id_of(row, "item"))) is not None:
            return owner
    return _key("source", _id_of(row, "source")) if hasattr(type(row), "source_id") else None


def _id_of(row: Any, name: str) -> int | None:
    """The id of what a row belongs to, also while only the object is set."""
    found: int | None = getattr(row, f"{name}_id")
    if found is None and hasattr(type(row), name) and (owner := getattr(row, name)) is not None:
        found = owner.id
    return found


def _key(kind: str, key: int | None) -> tuple[str, int] | None:
    return None if key is None else (kind, key)
