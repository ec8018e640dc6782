"""What is counted by measures and by second looks, and each of them."""

from flask import render_template, request, url_for

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action, reach
from tracker.core.db import db
from tracker.core.errors import DomainError, NotFound
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.paging import page_number, paginate
from tracker.figures import counted, queries
from tracker.figures.others import OF_LOOKS, OTHER_DEFINITIONS, OtherFigure
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
    back = url_for("figures.overview", **form.address())
    return render_template("figures/others.html", form=form, shown=shown, back=back, **taken(question)), 200


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
        chosen(question, within, figure),
        number=page_number(),
        rows=lambda query: counted.listed(session.execute(query)),
    )
    label, sentence = OTHER_DEFINITIONS[figure]
    values = {"label": label, "sentence": sentence, "headings": counted.headings(figure), **taken(question)}
    back = url_for("figures.others", **form.address())
    return render_template("figures/other_items.html", page=page, back=back, **values)


def _other_figure() -> OtherFigure:
    try:
        return OtherFigure(request.args.get("figure", OtherFigure.MEASURES))
    except ValueError:
        raise NotFound(_l("没有这个统计指标。")) from None
