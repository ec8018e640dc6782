"""The blueprint of second looks, and what their pages share."""

from typing import Any

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from tracker.access.guard import present_actor
from tracker.core.db import db
from tracker.core.errors import Conflict, DomainError, Forbidden
from tracker.reinspections import queries
from tracker.reinspections.models import Reinspection

blueprint = Blueprint("reinspections", __name__, url_prefix="/reinspections")

Answer = Response | tuple[str, int]


def look_of(look_id: int, *, lock: bool = False) -> Reinspection:
    """The second look of the page; raises NotFound out of reach."""
    return queries.get_look(db.session(), look_id, present_actor(), lock=lock)


def to_look(look_id: int) -> Response:
    """On to the page of a second look."""
    return redirect(url_for("reinspections.look", look_id=look_id), 303)


def refusal(ensure: Any, *subject: Any) -> DomainError | None:
    """What keeps this person from doing it; None when nothing does."""
    try:
        ensure(*subject, actor=present_actor())
    except (Conflict, Forbidden) as error:
        return error
    return None
