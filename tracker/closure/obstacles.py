"""What stands in the way of issuing, with the pages on which it is put right."""

from collections.abc import Sequence
from typing import NamedTuple

from flask import url_for

from tracker.closure import operations
from tracker.items.models import Item
from tracker.sources.rules import STEP_LABELS


class ShownObstacle(NamedTuple):
    """An item, the step that nobody is left to decide, and where its route is set."""

    number: str
    words: object
    url: str


def list_obstacles(of: Sequence[Item]) -> list[ShownObstacle]:
    """Hook ``issue_obstacles``: the items that would be refused, each with its page."""
    return [
        ShownObstacle(each.number, STEP_LABELS[each.step], url_for("closure.of_item", number=each.number))
        for each in operations.list_obstacles(of)
    ]
