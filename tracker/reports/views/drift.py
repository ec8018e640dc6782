"""What would change in a report if its figures were taken anew (数据变动提示), and taking them over."""

from datetime import date, datetime
from typing import Any

from flask import redirect, render_template, request, url_for

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action, reach
from tracker.core import clock
from tracker.core.acts import DONE, submit
from tracker.core.db import db
from tracker.core.errors import DomainError
from tracker.core.i18n import gettext as _
from tracker.core.i18n import lazy_gettext as _l
from tracker.reports import drift, operations, queries, shown
from tracker.reports.forms import DriftForm, TakeOverForm
from tracker.reports.kinds import ReportState
from tracker.reports.rules import Facts
from tracker.reports.views.blueprint import LABELS, Answer, blueprint, collect, locked, report_of


@blueprint.get("/<int:report_id>/drift")
@allow(Action.READ_REPORT)
def drifted(report_id: int) -> Answer:
    """Which figures would change, from what to what, because of which items; of an issued report what has changed."""
    found, form = report_of(db.session(), report_id), DriftForm(request.args)
    as_of = found.as_of
    try:
        if not form.validate():
            raise DomainError(_l("查询条件有误，请核对。"))
        as_of = form.as_of.data or as_of
        facts = collect(operations.order_on(found, as_of), reach(present_actor(), Action.READ_REPORT))
    except DomainError as error:
        form.refuse(error)
        told = {"report": report_of(db.session(), report_id), "changes": None, "as_of": as_of}
        return render_template("reports/drift.html", form=form, **told, **LABELS), error.status
    return render_template("reports/drift.html", form=form, **_compared(report_id, facts), **LABELS)


def _compared(report_id: int, facts: Facts) -> dict[str, Any]:
    session, actor = db.session(), present_actor()
    found = report_of(session, report_id)
    view, now = shown.View(found), operations.figures_of(facts, found.decimals)
    moved = drift.compare(found.text, view.shown, now, told=view.figures)
    numbers = sorted({number for each in moved for number in each.numbers})
    happened = queries.list_happened(session, numbers, known_since=found.known_at, after=found.as_of, until=facts.as_of)
    taking = TakeOverForm(formdata=None, data={"version": found.version})
    taking.as_of.data, taking.known_at.data = facts.as_of.isoformat(), facts.known_at.isoformat()
    is_open = found.state is ReportState.DRAFT and queries.manages(actor, found.unit_id)
    told = {"changes": shown.changes(moved, happened), "known_at": facts.known_at, "as_of": facts.as_of}
    return {"report": found, "taking": taking, "may_take": is_open, "today": clock.today(), **told}


@blueprint.post("/<int:report_id>/drift")
@allow(Action.WRITE_REPORT)
def take_over(report_id: int) -> Answer:
    """Take figures over as they were shown: all of them, or those that are ticked."""
    session, actor, form = db.session(), present_actor(), TakeOverForm()
    found = report_of(session, report_id)
    operations.ensure_writes(actor, found.unit_id)

    def prepare() -> Facts:
        order = operations.order_on(found, _day(form.as_of.data) or found.as_of)
        return collect(order, reach(actor, Action.WRITE_REPORT), known_at=_instant(form.known_at.data))

    def act(facts: Facts) -> None:
        held = locked(db.session(), report_id)
        accepted = None if "all" in request.form else form.accepted.data or []
        operations.take_over(held, facts, accepted=accepted, actor=actor, version=form.seen_version)

    status = submit(form, act, prepare=prepare, done=_("数字已更新，文字没有动。"))
    if status == DONE:
        return redirect(url_for("reports.report", report_id=report_id), DONE)
    asked, told = DriftForm(formdata=None), {"changes": None, "as_of": found.as_of}
    asked.form_errors = [*form.form_errors, *(error for errors in form.errors.values() for error in errors)]
    return render_template(
        "reports/drift.html", form=asked, report=report_of(session, report_id), **told, **LABELS
    ), status


def _day(sent: str | None) -> date | None:
    try:
        return date.fromisoformat(sent or "")
    except ValueError:
        return None


def _instant(sent: str | None) -> datetime | None:
    try:
        return clock.read_instant(sent or "")
    except ValueError:
        return None
