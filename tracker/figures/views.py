"""Figures as of any day, the items behind each of them, and what they mean."""

from collections.abc import Sequence
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
from tracker.figures import counted, pages, queries, sentences
from tracker.figures.differences import MOVEMENT_DEFINITIONS, Difference, Movement
from tracker.figures.forms import QuestionForm
from tracker.figures.others import OF_LOOKS, OTHER_DEFINITIONS, OtherFigure
from tracker.figures.questions import BREAKDOWN_LABELS, Group, Question
from tracker.figures.rules import DEFINITIONS, Breakdown, FigureName, Tally
from tracker.figures.sentences import Told
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
        earlier = form.earlier(question)
    except DomainError as error:
        form.refuse(error)
        return render_template("figures/overview.html", form=form, shown=None), error.status
    by = Breakdown(form.by.data)
    whole, *before = queries.tally_wholes(session, [question, *([earlier] if earlier else [])], within)
    shown = pages.Overview(
        question=question,
        by=by,
        args=form.address(),
        whole=whole,
        rows=queries.tally(session, question, within, by),
        decimals=load(session)["rules.rate_decimals"],
        closing_when_sustained=form.choices.closing_when_sustained,
    )
    told = _told(form, (earlier, question), within, (*before, whole), shown.decimals) if earlier else None
    values = {"told": told, "compared": _compared(earlier, question), "tabs": _tabs(form), **_taken(question)}
    return render_template("figures/overview.html", form=form, shown=shown, **values), 200


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
    about = pages.row_words(group.by, group.id, queries.find_group_name(session, group)) if group else None
    values = {"page": page, "label": DEFINITIONS[figure].label, "about": about}
    values |= {"sentence": pages.sentence_of(figure, question)}
    back = url_for("figures.overview", **form.address(), by=form.by.data)
    return render_template("figures/items.html", back=back, **values, **_taken(question))


@blueprint.get("/difference")
@allow(Action.READ_FIGURES)
def difference() -> tuple[str, int]:
    """What the figures of two days differ in, as a sentence and item by item."""
    session, within = db.session(), reach(present_actor(), Action.READ_FIGURES)
    form = _form(session, within)
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
    return render_template("figures/difference.html", compared=_compared(earlier, question), **values), 200


@blueprint.get("/others")
@allow(Action.READ_FIGURES)
def others() -> tuple[str, int]:
    """What is counted by measures and by second looks."""
    session, within = db.session(), reach(present_actor(), Action.READ_FIGURES)
    form = _form(session, within)
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
    return render_template("figures/others.html", form=form, shown=shown, back=back, **_taken(question)), 200


@blueprint.get("/others/items")
@allow(Action.READ_FIGURES)
def other_items() -> str:
    """The measures or second looks that a figure counts."""
    session, within = db.session(), reach(present_actor(), Action.READ_FIGURES)
    form = _form(session, within)
    question, figure = form.question(), _other_figure()
    chosen = queries.select_looks if figure in OF_LOOKS else queries.select_measures
    page = paginate(
        session,
        chosen(question, within, figure),
        number=page_number(),
        rows=lambda query: counted.listed(session.execute(query)),
    )
    label, sentence = OTHER_DEFINITIONS[figure]
    values = {"label": label, "sentence": sentence, "headings": counted.headings(figure), **_taken(question)}
    back = url_for("figures.others", **form.address())
    return render_template("figures/other_items.html", page=page, back=back, **values)


@blueprint.get("/definitions")
@allow(Action.READ_FIGURES)
def definitions() -> str:
    """What every figure means."""
    decimals = load(db.session())["rules.rate_decimals"]
    return render_template("figures/definitions.html", **_defined(), decimals=decimals)


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


def _other_figure() -> OtherFigure:
    try:
        return OtherFigure(request.args.get("figure", OtherFigure.MEASURES))
    except ValueError:
        raise NotFound(_l("没有这个统计指标。")) from None


def _movement() -> Movement | None:
    named = request.args.get("movement")
    try:
        return Movement(named) if named else None
    except ValueError:
        raise NotFound(_l("没有这种变动。")) from None


def _fed_by() -> int | None:
    named = request.args.get("fed_by")
    return read_id(named) if named else None


def _told(
    form: QuestionForm, days: tuple[Question, Question], within: Reach, wholes: Sequence[Tally], decimals: int
) -> Told:
    before, after = wholes
    found = Difference(before, after, queries.count_moved(db.session(), *days, within))

    def address(movement: Movement, source_id: int | None) -> str:
        chosen = {"movement": movement.value, "fed_by": source_id, "by": form.by.data}
        return url_for("figures.difference", **form.address(), **chosen)

    return Told(found, address, clock.today(), decimals)


def _compared(earlier: Question | None, question: Question) -> str | None:
    if earlier is None:
        return None
    return pages.print_compared(earlier, question)


def _moved(session: Session, form: QuestionForm, days: tuple[Question, Question], within: Reach) -> dict[str, Any]:
    earlier, question = days
    movement, fed_by = _movement(), _fed_by()
    decimals = load(session)["rules.rate_decimals"]
    told = _told(form, days, within, queries.tally_wholes(session, days, within), decimals)
    page = paginate(
        session,
        queries.select_moved(earlier, question, within, movement, fed_by),
        number=page_number(),
        rows=lambda query: sentences.listed_moved(session.execute(query)),
        counted=told.difference.count_listed(movement, fed_by),
    )
    sentence = sentences.definition(movement)
    return {"told": told, "page": page, "tabs": _movement_tabs(form, told), "sentence": sentence} | _taken(question)


def _movement_tabs(form: QuestionForm, told: Told) -> list[Tab]:
    named, args = _movement(), form.address() | {"by": form.by.data}
    every = Tab(_l("全部变动"), url_for("figures.difference", **args), named is None)
    found = [movement for movement in Movement if told.difference.count(movement)]
    labels = [(movement, MOVEMENT_DEFINITIONS[movement].label) for movement in found]
    return [every, *(Tab(label, told.address(each, None), each is named) for each, label in labels)]


def _defined() -> dict[str, Any]:
    return {
        "definitions": DEFINITIONS.values(),
        "movements": MOVEMENT_DEFINITIONS.values(),
        "others": OTHER_DEFINITIONS.values(),
    }
