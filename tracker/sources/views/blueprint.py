"""The blueprint of sources, and what its pages share."""

from flask import Blueprint
from werkzeug.wrappers import Response

from tracker.access.rules import Action, Actor, reach

blueprint = Blueprint("sources", __name__, url_prefix="/sources")

Answer = str | tuple[str, int] | Response


def reads_all(actor: Actor) -> bool:
    """Whether the person reads the whole text; whose grants end at some units reads what became items there."""
    return reach(actor, Action.READ_SOURCE).units.everywhere
