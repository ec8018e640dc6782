"""What the pages of figures are asked, and when their figures were taken."""

from typing import Any

from flask import request
from sqlalchemy.orm import Session

from tracker.access.rules import Reach
from tracker.core import clock
from tracker.figures import pages, queries, wording
from tracker.figures.forms import QuestionForm
from tracker.figures.questions import Question
from tracker.figures.rules import Breakdown, Tally
from tracker.settings.queries import load


def asked_form(session: Session, within: Reach) -> QuestionForm:
    """The query bar, with what this person may choose."""
    form = QuestionForm(request.args)
    form.offer(queries.list_choices(session, within))
    return form


def overview_of(
    session: Session, form: QuestionForm, question: Question, within: Reach, whole: Tally
) -> pages.Overview:
    """The figures of a question broken down as the form asks; ``whole`` was counted apart from the rows."""
    settings, by = load(session), Breakdown(form.by.data)
    return pages.Overview(
        question=question,
        by=by,
        args=form.address(),
        whole=whole,
        rows=queries.tally(session, question, within, by),
        decimals=settings["rules.rate_decimals"],
        closing_when_sustained=form.choices.closing_when_sustained,
        leaving_out_sustained=form.choices.leaving_out_sustained,
        small_unit=settings["rules.small_unit"],
        has_boards=settings["rules.boards_shown"],
    )


def taken(question: Question) -> dict[str, Any]:
    """The day the figures are as of and the time they were taken, in words."""
    taken_at = wording.print_instant(question.known_at or clock.now())
    return {"as_of": wording.print_day(question.as_of), "taken_at": taken_at}
