"""What the pages of figures are asked, and when their figures were taken."""

from dataclasses import dataclass
from typing import Any

from flask import request
from sqlalchemy.orm import Session

from tracker.access.rules import Reach
from tracker.core import clock
from tracker.figures import pages, queries
from tracker.figures.forms import QuestionForm
from tracker.figures.questions import Question


@dataclass(frozen=True)
class Tab:
    """A breakdown or a movement one may choose."""

    label: object
    url: str
    is_current: bool


def asked_form(session: Session, within: Reach) -> QuestionForm:
    """The query bar, with what this person may choose."""
    form = QuestionForm(request.args)
    form.offer(queries.list_choices(session, within))
    return form


def taken(question: Question) -> dict[str, Any]:
    """The day the figures are as of and the time they were taken, in words."""
    taken_at = pages.print_instant(question.known_at or clock.now())
    return {"as_of": pages.print_day(question.as_of), "taken_at": taken_at}
