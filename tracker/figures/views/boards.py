"""Boards of units by their closure rates: shown only where the office has ordered them."""

from typing import Any

from flask import render_template, url_for

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action, may, reach
from tracker.core.db import db
from tracker.core.errors import DomainError
from tracker.figures import queries
from tracker.figures.boards import Limits, boards_of
from tracker.figures.pages import Overview
from tracker.figures.questions import Question
from tracker.figures.rules import Breakdown, Tally
from tracker.figures.standings import Standings
from tracker.figures.views.asked import asked_form, taken
from tracker.figures.views.blueprint import blueprint
from tracker.settings.queries import Settings, load


@blueprint.get("/boards")
@allow(Action.READ_FIGURES)
def boards() -> tuple[str, int]:
    """The units that get on fast, those that lag behind, and the ranking of all."""
    session, actor = db.session(), present_actor()
    settings, within = load(session), reach(actor, Action.READ_FIGURES)
    if not settings["rules.boards_shown"]:
        return render_template("figures/boards_off.html", may_order=may(actor, Action.MANAGE_SETTINGS)), 404
    form = asked_form(session, within)
    values: dict[str, Any] = {"form": form, "shown": None, "back": url_for("figures.overview")}
    try:
        question = form.question()
    except DomainError as error:
        form.refuse(error)
        return render_template("figures/boards.html", **values), error.status
    rows = queries.tally(session, question, within, Breakdown.UNIT)
    values["shown"] = _standings(rows, question, form.address(), settings)
    values |= {"back": url_for("figures.overview", **form.address()), **taken(question)}
    return render_template("figures/boards.html", **values), 200


def _standings(rows: list[queries.TallyRow], question: Question, args: dict[str, Any], settings: Settings) -> Standings:
    limits = Limits(*(settings[f"rules.{name}"] for name in ("board_fast", "board_slow", "small_unit")))
    whole = sum((row.tally for row in rows), Tally())
    overview = Overview(question, Breakdown.UNIT, args, whole, rows, settings["rules.rate_decimals"])
    return Standings(overview, boards_of(rows, limits), limits)
