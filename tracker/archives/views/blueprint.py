"""The blueprint of archives."""

from typing import TypeAlias

from flask import Blueprint
from werkzeug.wrappers import Response

from tracker.access.guard import present_actor
from tracker.archives import queries
from tracker.archives.models import Archive
from tracker.core.db import db

Answer: TypeAlias = str | Response | tuple[str, int]

blueprint = Blueprint("archives", __name__, url_prefix="/archives")


def archive_of(archive_id: int, *, lock: bool = False) -> Archive:
    """The archive of an address, as far as this person may know of its source."""
    return queries.get_archive(db.session(), archive_id, present_actor(), lock=lock)
