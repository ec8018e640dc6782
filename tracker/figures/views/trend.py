"""The total and the closed ones over time."""

from contextlib import suppress
from typing import Any

from flask import render_template, request, url_for

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action, reach
from tracker.core import clock
from tracker.core.db import db, writing_if_free
from tracker.core.errors import DomainError
from tracker.figures import queries
from tracker.figures.forms import TrendForm
from tracker.figures.operations import keep_days
from tracker.figures.pages import Tab
from tracker.figures.queries import Trend
from tracker.figures.timelines import Timeline
from tracker.figures.trends import STEP_LABELS, Step
from tracker.figures.views.asked import taken
from tracker.figures.views.blueprint import blueprint
from tracker.settings.queries import load


@blueprint.get("/trend")
@allow(Action.READ_FIGURES)
def trend() -> tuple[str, int]:
    """The total and the closed ones by day, week or month."""
    session, within = db.session(), reach(present_actor(), Action.READ_FIGURES)
    form = TrendForm(request.args)
    form.offer(queries.list_choices(session, within))
    values: dict[str, Any] = {"form": form, "trend": None, "back": url_for("figures.overview")}
    try:
        question = form.question()
        days = form.shown_days(question)
    except DomainError as error:
        form.refuse(error)
        return render_template("figures/trend.html", **values), error.status
    found = queries.find_trend(session, question, days, within, open_since=clock.today().replace(day=1))
    settings = load(session)
    decimals, has_boards = settings["rules.rate_decimals"], settings["rules.boards_shown"]
    values["trend"] = Timeline(question, Step(form.step.data), found.points, form.address(), decimals)
    values["boards_url"] = url_for("figures.boards", **_plain(form)) if has_boards else None
    values |= {"back": url_for("figures.overview", **form.address()), "tabs": _tabs(form), **taken(question)}
    page = render_template("figures/trend.html", **values)
    keep(found)
    return page, 200


def _plain(form: TrendForm) -> dict[str, Any]:
    return {name: value for name, value in form.address().items() if name not in ("step", "points")}


def _tabs(form: TrendForm) -> list[Tab]:
    args = {name: value for name, value in form.address().items() if name != "points"}
    return [
        Tab(label, url_for("figures.trend", **(args | {"step": step.value})), form.step.data == step)
        for step, label in STEP_LABELS.items()
    ]


def keep(found: Trend) -> None:
    """Keep what was counted of closed months, once the page is made. Where others write, somebody else will keep it."""
    if found.to_keep:
        with suppress(DomainError), writing_if_free():
            keep_days(db.session(), found)
