"""What is counted by measures and by second looks, and each of them."""

from flask import render_template, request, url_for

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action, reach
from tracker.core.addresses import read_id
from tracker.core.db import db
from tracker.core.errors import DomainError, NotFound
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.paging import page_number, paginate
from tracker.figures import counted, queries
from tracker.figures.forms import QuestionForm
from tracker.figures.others import OF_LOOKS, OTHER_DEFINITIONS, OtherFigure
from tracker.figures.pages import Tab
from tracker.figures.questions import BREAKDOWN_LABELS, ROW_LABELS, Group
from tracker.figures.rules import Breakdown
from tracker.figures.views.asked import asked_form, taken
from tracker.figures.views.blueprint import blueprint
from tracker.settings.queries import load


@blueprint.get("/others")
@allow(Action.READ_FIGURES)
def others() -> tuple[str, int]:
    """What is counted by measures and by second looks."""
    session, within = db.session(), reach(present_actor(), Action.READ_FIGURES)
    form = asked_form(session, within)
    back = url_for("figures.overview")
    try:
        question = form.question()
    except DomainError as error:
        form.refuse(error)
        return render_template("figures/others.html", form=form, shown=None, back=back), error.status
    decimals = load(session)["rules.rate_decimals"]
    shown = [
        counted.of_measures(queries.count_measures(session, question, within), form.address(), decimals),
        counted.of_looks(queries.count_looks(session, question, within), form.address(), decimals),
    ]
    by = _by()
    rows = counted.rows_of(queries.list_others(session, question, within, by), by, form.address(), decimals)
    headings = [(ROW_LABELS[by], ""), *((OTHER_DEFINITIONS[name].label, "num") for name in counted.ROW_FIGURES)]
    values = {"rows": rows, "headings": headings, "title": BREAKDOWN_LABELS[by], "tabs": _tabs(form, by)}
    values |= taken(question)
    back = url_for("figures.overview", **form.address())
    return render_template("figures/others.html", form=form, shown=shown, back=back, **values), 200


def _tabs(form: QuestionForm, by: Breakdown) -> list[Tab]:
    return [
        Tab(BREAKDOWN_LABELS[each], url_for("figures.others", **form.address(), by=each.value), each is by)
        for each in (Breakdown.UNIT, Breakdown.SOURCE)
    ]


@blueprint.get("/others/items")
@allow(Action.READ_FIGURES)
def other_items() -> str:
    """The measures or second looks that a figure counts."""
    session, within = db.session(), reach(present_actor(), Action.READ_FIGURES)
    form = asked_form(session, within)
    question, figure = form.question(), _other_figure()
    chosen = queries.select_looks if figure in OF_LOOKS else queries.select_measures
    page = paginate(
        session,
        chosen(question, within, figure, _group()),
        number=page_number(),
        rows=lambda query: counted.listed(session.execute(query)),
    )
    label, sentence = OTHER_DEFINITIONS[figure]
    values = {"label": label, "sentence": sentence, "headings": counted.headings(figure), **taken(question)}
    back = url_for("figures.others", **form.address())
    return render_template("figures/other_items.html", page=page, back=back, **values)


def _group() -> Group | None:
    """The row of the table whose number was pressed, if one was."""
    of = request.args.get("of")
    return None if of is None else Group(_by(), read_id(of))


def _by() -> Breakdown:
    return Breakdown.SOURCE if request.args.get("by") == Breakdown.SOURCE else Breakdown.UNIT


def _other_figure() -> OtherFigure:
    try:
        return OtherFigure(request.args.get("figure", OtherFigure.MEASURES))
    except ValueError:
        raise NotFound(_l("没有这个统计指标。")) from None
