"""Figures as of any day, the items behind each of them, and what they mean."""

from collections.abc import Iterator
from typing import Any

from flask import render_template, request, url_for
from sqlalchemy.orm import Session

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action, reach
from tracker.core.addresses import read_id
from tracker.core.db import db
from tracker.core.errors import DomainError, NotFound
from tracker.core.i18n import gettext as _
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.paging import page_number, paginate
from tracker.figures import changes, listing, pages, queries, wording
from tracker.figures.boxes import AT_ONCE, BELOW, BOX_LABELS
from tracker.figures.definitions import DEFINITIONS
from tracker.figures.differences import MOVEMENT_DEFINITIONS
from tracker.figures.forms import QuestionForm
from tracker.figures.others import OTHER_DEFINITIONS
from tracker.figures.pages import Tab
from tracker.figures.questions import BREAKDOWN_LABELS, Group
from tracker.figures.rules import Breakdown, FigureName
from tracker.figures.views.asked import asked_form, overview_of, taken
from tracker.figures.views.blueprint import blueprint
from tracker.figures.views.boxes import charts, links
from tracker.figures.views.difference import print_compared, tell
from tracker.figures.years import YEAR_DEFINITIONS
from tracker.office.drawing import has_chinese_font, no_font
from tracker.settings.queries import load


@blueprint.get("")
@allow(Action.READ_FIGURES)
def overview() -> tuple[str, int]:
    """The figures of a day, broken down by unit, source, aspect or leader."""
    session, within = db.session(), reach(present_actor(), Action.READ_FIGURES)
    form = asked_form(session, within)
    try:
        question = form.question()
        earlier = form.earlier(question)
    except DomainError as error:
        form.refuse(error)
        return render_template("figures/overview.html", form=form, shown=None), error.status
    met = None if earlier else changes.last_met(within, question)
    asked = [question, *([earlier] if earlier else []), *([changes.as_met(question, met)] if met else [])]
    whole, *before = queries.tally_wholes(session, asked, within)
    shown = overview_of(session, form, question, within, whole)
    told = tell(form, (earlier, question), within, (*before, whole), shown.decimals) if earlier else None
    values = {"told": told, "compared": print_compared(earlier, question), "tabs": _tabs(form), **taken(question)}
    values |= {"changes": changes.since(met, before[0], shown) if met else {}, "below": _below(form)}
    values |= {"links": {box.value: links(form, box) for box in AT_ONCE}, "charts": charts(form)}
    values |= {"no_font": None if has_chinese_font() else no_font()}
    return render_template("figures/overview.html", form=form, shown=shown, **values), 200


def _below(form: QuestionForm) -> list[Tab]:
    """The boxes that the page asks for by themselves."""
    args = form.address()
    return [Tab(BOX_LABELS[box], url_for("figures.box", name=box.value, **args), False) for box in BELOW]


@blueprint.get("/items")
@allow(Action.READ_FIGURES)
def items() -> str:
    """The items that a figure counts, as they were on its day."""
    session, within = db.session(), reach(present_actor(), Action.READ_FIGURES)
    form = asked_form(session, within)
    question = form.question()
    figure, group = _figure(), _group(form)
    page = paginate(
        session,
        queries.select_items(question, within, figure, group),
        number=page_number(),
        rows=lambda query: listing.listed(session.execute(query), question.as_of),
    )
    about = _("、").join(_words(session, each) for each in _apart(group)) or None
    values = {"page": page, "label": DEFINITIONS[figure].label, "about": about}
    values |= {"sentence": wording.sentence_of(figure, question)}
    back = url_for("figures.overview", **form.address(), by=form.by.data)
    return render_template("figures/items.html", back=back, **values, **taken(question))


@blueprint.get("/definitions")
@allow(Action.READ_FIGURES)
def definitions() -> str:
    """What every figure means."""
    decimals = load(db.session())["rules.rate_decimals"]
    return render_template("figures/definitions.html", **_defined(), decimals=decimals)


def _tabs(form: QuestionForm) -> list[Tab]:
    args = form.address()
    return [
        Tab(label, url_for("figures.overview", **args, by=by.value), form.by.data == by)
        for by, label in BREAKDOWN_LABELS.items()
    ]


def _figure() -> FigureName:
    try:
        return FigureName(request.args.get("figure", FigureName.TOTAL))
    except ValueError:
        raise NotFound(_l("没有这个统计指标。")) from None


def _group(form: QuestionForm) -> Group | None:
    of, also = request.args.get("of"), None
    if of is None:
        return None
    if (by := request.args.get("also")) is not None:
        also = Group(_breakdown(by), read_id(request.args.get("also_of", pages.NOBODY)))
    return Group(Breakdown(form.by.data), read_id(of), also)


def _breakdown(name: str) -> Breakdown:
    try:
        return Breakdown(name)
    except ValueError:
        raise NotFound(_l("没有这种分组。")) from None


def _apart(group: Group | None) -> Iterator[Group]:
    while group is not None:
        yield group
        group = group.also


def _words(session: Session, group: Group) -> str:
    return wording.row_words(group.by, group.id, queries.find_group_name(session, group))


def _defined() -> dict[str, Any]:
    return {
        "definitions": DEFINITIONS.values(),
        "years": YEAR_DEFINITIONS.values(),
        "movements": MOVEMENT_DEFINITIONS.values(),
        "others": OTHER_DEFINITIONS.values(),
    }
