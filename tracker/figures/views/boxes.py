"""The boxes of the overview: each on a page of its own, as a chart, as a workbook and as a picture."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import jsonify, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action, Reach, reach
from tracker.audit.operations import record
from tracker.core import clock
from tracker.core.addresses import asks_for_part
from tracker.core.db import db, writing
from tracker.core.downloads import hand_out
from tracker.core.errors import NotFound
from tracker.core.i18n import force_locale
from tracker.core.i18n import gettext as _
from tracker.core.i18n import lazy_gettext as _l
from tracker.figures import pages, queries, taking, wording
from tracker.figures.boxes import (
    AT_ONCE,
    BELOW,
    BOX_LABELS,
    DRAWN,
    Box,
    ages,
    aspects,
    breakdown,
    deadlines,
    slowest,
    trend,
)
from tracker.figures.forms import QuestionForm
from tracker.figures.questions import COUNTING_SENTENCES, Question
from tracker.figures.rules import FigureName
from tracker.figures.timelines import Timeline
from tracker.figures.trends import USUAL, Step, days_of
from tracker.figures.views.asked import asked_form, overview_of, taken
from tracker.figures.views.blueprint import blueprint
from tracker.figures.views.trend import keep
from tracker.office.charts import Spec
from tracker.office.drawing import has_chinese_font
from tracker.office.xlsx_writing import Grid
from tracker.org.signing_in import origin
from tracker.settings.queries import load
from tracker.workdays.queries import load_calendar


@dataclass(frozen=True)
class Asked:
    """A question and where its answers lie; each box is read only when it is asked for."""

    session: Session
    within: Reach
    form: QuestionForm
    question: Question

    @property
    def args(self) -> dict[str, Any]:
        """The question as an address."""
        return self.form.address()

    @cached_property
    def overview(self) -> pages.Overview:
        """The figures with their breakdown."""
        whole = queries.tally_wholes(self.session, [self.question], self.within)[0]
        return overview_of(self.session, self.form, self.question, self.within, whole)

    def slowest(self, limit: int) -> list[slowest.Slow]:
        """The open items that drag on."""
        rows = queries.list_slowest(self.session, self.question, self.within, limit)
        return slowest.slowest(rows, self.question.as_of)

    @cached_property
    def counted(self) -> queries.Trend:
        """The ends of the last months."""
        days = days_of(self.question.as_of, Step.MONTH, USUAL[Step.MONTH])
        return queries.find_trend(
            self.session, self.question, days, self.within, open_since=clock.today().replace(day=1)
        )

    @property
    def timeline(self) -> Timeline:
        """The figures over the last months."""
        decimals = load(self.session)["rules.rate_decimals"]
        return Timeline(self.question, Step.MONTH, self.counted.points, self.args, decimals)

    @property
    def matrix(self) -> aspects.Matrix:
        """Aspects by units."""
        return aspects.matrix(queries.list_cells(self.session, self.question, self.within), self.args)

    @property
    def deadlines(self) -> deadlines.Deadlines:
        """What is due on the next days."""
        first, last = self.question.as_of, deadlines.last_day(self.question.as_of)
        due = queries.count_due(self.session, self.question, self.within, last)
        return deadlines.deadlines(first, due, load_calendar(self.session, first, last), self.args)


@blueprint.get("/boxes/<name>")
@allow(Action.READ_FIGURES)
def box(name: str) -> str:
    """One box; to the overview, which asks for it, without the frame of a page."""
    asked, which = _asked(), _box(name, BELOW)
    shown: Any
    if which is Box.DEADLINES:
        shown = asked.deadlines
    elif which is Box.TREND:
        shown = asked.timeline
    elif which is Box.SLOWEST:
        shown = asked.slowest(slowest.SHOWN)
    else:
        shown = asked.matrix
    values = {"box": which, "title": BOX_LABELS[which], "shown": shown, "sentence": _definition(asked, which)}
    values |= {"links": links(asked.form, which), "weekdays": deadlines.WEEKDAYS, **taken(asked.question)}
    values |= {"all_overdue": url_for("figures.items", figure=FigureName.OVERDUE.value, **asked.args)}
    values |= {"chart_url": url_for("figures.chart", name=which.value, **asked.args)}
    is_part = asks_for_part()
    back = url_for("figures.overview", **asked.args)
    page = render_template(f"figures/boxes/{which}.html" if is_part else "figures/box.html", back=back, **values)
    if which is Box.TREND:
        keep(asked.counted)
    return page


@blueprint.get("/charts/<name>.json")
@allow(Action.READ_FIGURES)
def chart(name: str) -> Response:
    """A chart for the script of the page."""
    return jsonify(_spec(_asked(), _box(name, DRAWN)))


@blueprint.get("/charts/<name>.png")
@allow(Action.READ_FIGURES)
def picture(name: str) -> Response:
    """A chart as a picture; the download is noted in the trail."""
    which = _box(name, DRAWN)
    with force_locale("zh"):
        asked = _asked()
        told = _taking(asked, which)
        spec, title = _spec(asked, which), _title(asked, which)
        # The reading ends here, so that drawing and noting hold nobody up.
        asked.session.rollback()
        content = taking.to_picture(spec, title, told)
    return _handed_out(content, f"{told.organ}{title}（{asked.question.as_of:%Y%m%d}）.png", asked, which)


@blueprint.get("/boxes/<name>.xlsx")
@allow(Action.READ_FIGURES)
def workbook(name: str) -> Response:
    """A box as a workbook; the download is noted in the trail."""
    which = _box(name, tuple(Box))
    with force_locale("zh"):
        asked = _asked()
        told, title = _taking(asked, which), _title(asked, which)
        content = taking.to_workbook(_grid(asked, which), told)
    return _handed_out(content, f"{told.organ}{title}（{asked.question.as_of:%Y%m%d}）.xlsx", asked, which)


def links(form: QuestionForm, which: Box) -> dict[str, str | None]:
    """Where a box is to be had as a workbook, and as a picture if it is drawn and the machine has the letters."""
    args = {**form.address(), "by": form.by.data}
    png = url_for("figures.picture", name=which.value, **args) if which in DRAWN and has_chinese_font() else None
    return {"xlsx": url_for("figures.workbook", name=which.value, **args), "png": png}


def charts(form: QuestionForm) -> dict[str, str]:
    """Where the charts of the overview lie, by the names of their boxes."""
    args = {**form.address(), "by": form.by.data}
    return {box.value: url_for("figures.chart", name=box.value, **args) for box in AT_ONCE}


def _asked() -> Asked:
    session, within = db.session(), reach(present_actor(), Action.READ_FIGURES)
    form = asked_form(session, within)
    return Asked(session, within, form, form.question())


def _box(name: str, among: Any) -> Box:
    if name not in among:
        raise NotFound(_l("没有这个统计图表。"))
    return Box(name)


def _title(asked: Asked, which: Box) -> str:
    return str(asked.overview.title if which is Box.BREAKDOWN else BOX_LABELS[which])


def _spec(asked: Asked, which: Box) -> Spec:
    if which is Box.DEADLINES:
        return deadlines.chart(asked.deadlines)
    if which is Box.TREND:
        return trend.chart(asked.timeline)
    return ages.chart(asked.overview) if which is Box.AGES else breakdown.chart(asked.overview)


def _grid(asked: Asked, which: Box) -> Grid:
    if which is Box.DEADLINES:
        return deadlines.grid(asked.deadlines)
    if which is Box.TREND:
        return trend.grid(asked.timeline)
    if which is Box.SLOWEST:
        return slowest.grid(asked.slowest(slowest.TAKEN))
    if which is Box.ASPECTS:
        return aspects.grid(asked.matrix)
    return ages.grid(asked.overview) if which is Box.AGES else breakdown.grid(asked.overview)


def _definition(asked: Asked, which: Box) -> str:
    """The 口径 of a box."""
    if which is Box.BREAKDOWN:
        return asked.overview.definition
    if which is Box.TREND:
        return asked.timeline.definition
    sentences = {
        Box.AGES: _("自来源反馈之日至统计截止日的天数；各段相加等于未销号。"),
        Box.ASPECTS: _("格内为已销号/反馈总数，不含核减和作废。"),
        Box.DEADLINES: _("自统计截止日起60天内到现行整改时限（含已批准延期）的已下发、整改中、申请销号事项。"),
        Box.SLOWEST: _("未销号事项，逾期最久的在前，其余按反馈日期先后。"),
    }
    return f"{sentences[which]}{COUNTING_SENTENCES[asked.question.counting]}"


def _taking(asked: Asked, which: Box) -> taking.Taking:
    settings, question = load(asked.session), asked.question
    return taking.Taking(
        organ=settings["organ.name"] or settings["organ.short_name"],
        as_of=wording.print_day(question.as_of),
        figures_at=taken(question)["taken_at"],
        definition=_definition(asked, which),
        narrowed=asked.form.narrowed,
        by=present_actor().signature,
        at=clock.local(clock.now()),
        address=origin(),
    )


def _handed_out(content: bytes, name: str, asked: Asked, which: Box) -> Response:
    asked.session.rollback()
    with writing():
        record(present_actor(), "figures.download", name, conditions={**asked.args, "by": asked.form.by.data})
    return hand_out(content, name)
