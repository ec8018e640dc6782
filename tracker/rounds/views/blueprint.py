"""The blueprint of rounds, and what its pages share."""

from typing import Any

from flask import Blueprint, request, url_for

from tracker.access.guard import present_actor
from tracker.access.rules import Action, Reach, reach

blueprint = Blueprint("rounds", __name__, url_prefix="/rounds")

Answer = Any


def office_reach() -> Reach:
    """What the signed-in person reviews."""
    return reach(present_actor(), Action.REVIEW_REPORT)


def back_url(round_id: int) -> str:
    """The office's page of a round, listing what it listed before."""
    kept: dict[str, Any] = {name: told for name in ("show", "unit") if (told := request.args.get(name))}
    return url_for("rounds.round_page", round_id=round_id, **kept)
