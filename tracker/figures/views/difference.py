"""What the figures of two days differ in, as a sentence and item by item."""

from collections.abc import Sequence
from typing import Any

from flask import render_template, request, url_for
from sqlalchemy.orm import Session

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action, Reach, reach
from tracker.core import clock
from tracker.core.addresses import read_id
from tracker.core.db import db
from tracker.core.errors import DomainError, NotFound
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.paging import page_number, paginate
from tracker.figures import queries, sentences, wording
from tracker.figures.differences import MOVEMENT_DEFINITIONS, Difference, Movement
from tracker.figures.forms import QuestionForm
from tracker.figures.pages import Tab
from tracker.figures.questions import Question
from tracker.figures.rules import Tally
from tracker.figures.sentences import Told
from tracker.figures.views.asked import asked_form, taken
from tracker.figures.views.blueprint import blueprint
from tracker.settings.queries import load


@blueprint.get("/difference")
@allow(Action.READ_FIGURES)
def difference() -> tuple[str, int]:
    """What the figures of two days differ in, as a sentence and item by item."""
    session, within = db.session(), reach(present_actor(), Action.READ_FIGURES)
    form = asked_form(session, within)
    values: dict[str, Any] = {"form": form, "told": None, "back": url_for("figures.overview")}
    try:
        question = form.question()
        earlier = form.earlier(question)
    except DomainError as error:
        form.refuse(error)
        return render_template("figures/difference.html", compared=None, **values), error.status
    values |= {"back": url_for("figures.overview", **form.address(), by=form.by.data)}
    if earlier is not None:
        values |= _moved(session, form, (earlier, question), within)
    return render_template("figures/difference.html", compared=print_compared(earlier, question), **values), 200


def _moved(session: Session, form: QuestionForm, days: tuple[Question, Question], within: Reach) -> dict[str, Any]:
    earlier, question = days
    movement, fed_by = _movement(), _fed_by()
    decimals = load(session)["rules.rate_decimals"]
    told = tell(form, days, within, queries.tally_wholes(session, days, within), decimals)
    page = paginate(
        session,
        queries.select_moved(earlier, question, within, movement, fed_by),
        number=page_number(),
        rows=lambda query: sentences.listed_moved(session.execute(query)),
        counted=told.difference.count_listed(movement, fed_by),
    )
    sentence = sentences.definition(movement)
    return {"told": told, "page": page, "tabs": _movement_tabs(form, told), "sentence": sentence} | taken(question)


def _movement_tabs(form: QuestionForm, told: Told) -> list[Tab]:
    named, args = _movement(), form.address() | {"by": form.by.data}
    every = Tab(_l("全部变动"), url_for("figures.difference", **args), named is None)
    found = [movement for movement in Movement if told.difference.count(movement)]
    labels = [(movement, MOVEMENT_DEFINITIONS[movement].label) for movement in found]
    return [every, *(Tab(label, told.address(each, None), each is named) for each, label in labels)]


def _movement() -> Movement | None:
    named = request.args.get("movement")
    try:
        return Movement(named) if named else None
    except ValueError:
        raise NotFound(_l("没有这种变动。")) from None


def _fed_by() -> int | None:
    named = request.args.get("fed_by")
    return read_id(named) if named else None


def tell(
    form: QuestionForm, days: tuple[Question, Question], within: Reach, wholes: Sequence[Tally], decimals: int
) -> Told:
    """The difference of two days as pages tell it; ``wholes`` are the figures of both."""
    before, after = wholes
    found = Difference(before, after, queries.count_moved(db.session(), days[0], days[1:], within)[0])

    def address(movement: Movement, source_id: int | None) -> str:
        chosen = {"movement": movement.value, "fed_by": source_id, "by": form.by.data}
        return url_for("figures.difference", **form.address(), **chosen)

    return Told(found, address, clock.today(), decimals)


def print_compared(earlier: Question | None, question: Question) -> str | None:
    """Which two days are compared; None where none is."""
    if earlier is None:
        return None
    return wording.print_compared(earlier, question)
