"""Figures as of any day, the items behind each of them, and what they mean."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, request, url_for
from sqlalchemy.orm import Session

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action, Reach, reach
from tracker.core import clock
from tracker.core.addresses import read_id
from tracker.core.db import db
from tracker.core.errors import DomainError, NotFound
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.paging import page_number, paginate
from tracker.figures import pages, queries
from tracker.figures.forms import QuestionForm
from tracker.figures.questions import BREAKDOWN_LABELS, UNNAMED, Group, Question
from tracker.figures.rules import DEFINITIONS, Breakdown, FigureName, Tally
from tracker.settings.queries import load

blueprint = Blueprint("figures", __name__, url_prefix="/figures")


@blueprint.get("")
@allow(Action.READ_FIGURES)
def overview() -> tuple[str, int]:
    """The figures of a day, broken down by unit, source, aspect or leader."""
    session, within = db.session(), reach(present_actor(), Action.READ_FIGURES)
    form = _form(session, within)
    try:
        question = form.question()
    except DomainError as error:
        form.refuse(error)
        return render_template("figures/overview.html", form=form, shown=None), error.status
    by = Breakdown(form.by.data)
    whole = queries.tally(session, question, within)
    shown = pages.Overview(
        question=question,
        by=by,
        args=form.address(),
        whole=whole[0].tally if whole else Tally(),
        rows=queries.tally(session, question, within, by),
        decimals=load(session)["rules.rate_decimals"],
        closing_when_sustained=form.choices.closing_when_sustained,
    )
    return render_template("figures/overview.html", form=form, shown=shown, tabs=_tabs(form), **_taken(question)), 200


@blueprint.get("/items")
@allow(Action.READ_FIGURES)
def items() -> str:
    """The items that a figure counts, as they were on its day."""
    session, within = db.session(), reach(present_actor(), Action.READ_FIGURES)
    form = _form(session, within)
    question = form.question()
    figure, group = _figure(), _group(form)
    page = paginate(
        session,
        queries.select_items(question, within, figure, group),
        number=page_number(),
        rows=lambda query: pages.listed(session.execute(query), question.as_of),
    )
    about = queries.find_group_name(session, group) if group else None
    values = {"page": page, "figure": DEFINITIONS[figure], "about": about, "group": group, "unnamed": UNNAMED}
    back = url_for("figures.overview", **form.address(), by=form.by.data)
    return render_template("figures/items.html", back=back, **values, **_taken(question))


@blueprint.get("/definitions")
@allow(Action.READ_FIGURES)
def definitions() -> str:
    """What every figure means."""
    decimals = load(db.session())["rules.rate_decimals"]
    return render_template("figures/definitions.html", definitions=DEFINITIONS.values(), decimals=decimals)


@dataclass(frozen=True)
class Tab:
    """A breakdown one may choose."""

    label: object
    url: str
    is_current: bool


def _form(session: Session, within: Reach) -> QuestionForm:
    form = QuestionForm(request.args)
    form.offer(queries.list_choices(session, within))
    return form


def _tabs(form: QuestionForm) -> list[Tab]:
    args = form.address()
    return [
        Tab(label, url_for("figures.overview", **args, by=by.value), form.by.data == by)
        for by, label in BREAKDOWN_LABELS.items()
    ]


def _taken(question: Question) -> dict[str, Any]:
    taken_at = pages.print_instant(question.known_at or clock.now())
    return {"as_of": pages.print_day(question.as_of), "taken_at": taken_at}


def _figure() -> FigureName:
    try:
        return FigureName(request.args.get("figure", FigureName.TOTAL))
    except ValueError:
        raise NotFound(_l("没有这个统计指标。")) from None


def _group(form: QuestionForm) -> Group | None:
    of = request.args.get("of")
    if of is None:
        return None
    return Group(Breakdown(form.by.data), read_id(of))
