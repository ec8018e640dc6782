"""The blueprint of the office's own reports, and what their pages share."""

from flask import Blueprint
from werkzeug.wrappers import Response

from tracker.access.guard import present_actor
from tracker.core.db import db
from tracker.own_files import queries
from tracker.own_files.models import OwnFile

blueprint = Blueprint("own_files", __name__, url_prefix="/reports/own-files")

Answer = str | tuple[str, int] | Response


def get(file_id: int, *, lock: bool = False) -> OwnFile:
    """A report that the person sees; raises NotFound."""
    return queries.get_own_file(db.session(), present_actor(), file_id, lock=lock)
