"""The blueprint of extensions, and what their pages share."""

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from tracker.access.guard import present_actor
from tracker.access.rules import reach
from tracker.core.db import db
from tracker.extensions import queries
from tracker.extensions.models import Extension

blueprint = Blueprint("extensions", __name__)

Answer = Response | tuple[str, int]


def extension_of(extension_id: int, *, lock: bool = False) -> Extension:
    """The extension of the page; raises NotFound out of reach."""
    return queries.get_extension(db.session(), extension_id, reach(present_actor()), lock=lock)


def to_extension(extension_id: int) -> Response:
    """On to the page of an extension."""
    return redirect(url_for("extensions.extension", extension_id=extension_id), 303)
