"""What a year has to put right: carried over, new, and what became of it; each count with its items."""

from dataclasses import dataclass
from typing import Any

from flask import render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action, Reach, reach
from tracker.audit.operations import record
from tracker.core import clock
from tracker.core.addresses import read_id
from tracker.core.db import db, writing
from tracker.core.downloads import hand_out
from tracker.core.errors import DomainError, NotFound
from tracker.core.i18n import force_locale
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.paging import page_number, paginate
from tracker.figures import listing, queries, taking, wording, yearly
from tracker.figures.counted import ShownRow
from tracker.figures.forms import YearForm
from tracker.figures.pages import Tab
from tracker.figures.questions import BREAKDOWN_LABELS, ROW_LABELS, Group, Question
from tracker.figures.rules import Breakdown
from tracker.figures.views.asked import taken
from tracker.figures.views.blueprint import blueprint
from tracker.figures.years import YEAR_DEFINITIONS, YearFigure, YearTally, check_rows
from tracker.org.signing_in import origin
from tracker.settings.queries import load


@dataclass(frozen=True)
class Year:
    """A year up to a day in it: the whole, and its parts by unit or by source."""

    question: Question
    by: Breakdown
    whole: YearTally
    rows: list[ShownRow]


@blueprint.get("/carry-over")
@allow(Action.READ_FIGURES)
def carry_over() -> tuple[str, int]:
    """What the year has to put right."""
    session, within = db.session(), reach(present_actor(), Action.READ_FIGURES)
    form = _form(session, within)
    try:
        found = _year(session, within, form)
    except DomainError as error:
        form.refuse(error)
        back = url_for("figures.overview")
        return render_template("figures/carry_over.html", form=form, shown=None, back=back), error.status
    question, args = found.question, form.address()
    headings = [(ROW_LABELS[found.by], ""), *((YEAR_DEFINITIONS[name].label, "num") for name in YearFigure)]
    values = {"rows": found.rows, "headings": headings, "title": BREAKDOWN_LABELS[found.by]}
    values |= {"tabs": _tabs(args, found.by), "sentence": yearly.definition(question), "year": question.as_of.year}
    values |= {"large": {name.value: yearly.shown(name, found.whole, args) for name in YearFigure}, **taken(question)}
    values |= {"xlsx": url_for("figures.carry_over_workbook", **args, by=found.by.value)}
    back = url_for("figures.overview", **args)
    return render_template("figures/carry_over.html", form=form, shown=found, back=back, **values), 200


@blueprint.get("/carry-over/items")
@allow(Action.READ_FIGURES)
def year_items() -> str:
    """The items that a figure of the year counts, as they were on its day."""
    session, within = db.session(), reach(present_actor(), Action.READ_FIGURES)
    form = _form(session, within)
    question, figure, group = form.question(), _figure(), _group()
    page = paginate(
        session,
        queries.select_year(question, within, figure, group),
        number=page_number(),
        rows=lambda query: listing.listed(session.execute(query), question.as_of),
    )
    name = queries.find_group_name(session, group) if group else None
    values: dict[str, Any] = {"page": page, "about": wording.row_words(group.by, group.id, name) if group else None}
    values |= {"label": YEAR_DEFINITIONS[figure].label, "sentence": YEAR_DEFINITIONS[figure].sentence}
    back = url_for("figures.carry_over", **form.address(), by=_by().value)
    return render_template("figures/items.html", back=back, **values, **taken(question))


@blueprint.get("/carry-over.xlsx")
@allow(Action.READ_FIGURES)
def carry_over_workbook() -> Response:
    """The year as a workbook; the download is noted in the trail."""
    session, within = db.session(), reach(present_actor(), Action.READ_FIGURES)
    with force_locale("zh"):
        form = _form(session, within)
        found = _year(session, within, form)
        told = _taking(session, form, found.question)
        content = taking.to_workbook(yearly.grid(found.whole, found.rows, found.by), told)
    name = f"{told.organ}{found.question.as_of.year}年{yearly.TITLE}（{found.question.as_of:%Y%m%d}）.xlsx"
    session.rollback()
    with writing():
        record(present_actor(), "figures.download", name, conditions={**form.address(), "by": found.by.value})
    return hand_out(content, name)


def _form(session: Session, within: Reach) -> YearForm:
    form = YearForm(request.args)
    form.offer(queries.list_choices(session, within))
    return form


def _year(session: Session, within: Reach, form: YearForm) -> Year:
    """Raises DomainError for what cannot be asked, and when the parts do not add up."""
    question, by = form.question(), _by()
    whole = queries.count_year(session, question, within)
    found = queries.list_year(session, question, within, by)
    check_rows(whole, [row.tally for row in found])
    return Year(question, by, whole, yearly.rows_of(found, by, form.address()))


def _taking(session: Session, form: YearForm, question: Question) -> taking.Taking:
    settings = load(session)
    return taking.Taking(
        organ=settings["organ.name"] or settings["organ.short_name"],
        as_of=wording.print_day(question.as_of),
        figures_at=taken(question)["taken_at"],
        definition=yearly.definition(question),
        narrowed=form.narrowed,
        by=present_actor().signature,
        at=clock.local(clock.now()),
        address=origin(),
    )


def _tabs(args: dict[str, Any], by: Breakdown) -> list[Tab]:
    return [
        Tab(BREAKDOWN_LABELS[each], url_for("figures.carry_over", **args, by=each.value), each is by)
        for each in (Breakdown.SOURCE, Breakdown.UNIT)
    ]


def _by() -> Breakdown:
    return Breakdown.UNIT if request.args.get("by") == Breakdown.UNIT else Breakdown.SOURCE


def _group() -> Group | None:
    of = request.args.get("of")
    return None if of is None else Group(_by(), read_id(of))


def _figure() -> YearFigure:
    try:
        return YearFigure(request.args.get("figure", YearFigure.DUE_IN_YEAR))
    except ValueError:
        raise NotFound(_l("没有这个统计指标。")) from None
