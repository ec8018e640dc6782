"""The list of reports, ordering one, its editions, giving one up."""

from flask import flash, redirect, render_template, url_for
from sqlalchemy.orm import Session

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action, reach
from tracker.core import clock
from tracker.core.acts import DONE, submit
from tracker.core.db import db
from tracker.core.forms import VersionedForm
from tracker.core.i18n import gettext as _
from tracker.core.paging import page_number, paginate
from tracker.figures.queries import list_choices
from tracker.reports import operations, queries
from tracker.reports.forms import DraftForm, EditionForm
from tracker.reports.kinds import EDITION_LABELS, Edition
from tracker.reports.operations import Order
from tracker.reports.rules import Facts
from tracker.reports.views.blueprint import LABELS, Answer, blueprint, collect, locked, report_of
from tracker.settings.queries import load


@blueprint.get("")
@allow(Action.READ_REPORT)
def report_list() -> Answer:
    """The reports, the newest first."""
    session, actor = db.session(), present_actor()
    page = paginate(
        session, queries.select_reports(actor), number=page_number(), rows=lambda query: session.scalars(query).all()
    )
    may_write = bool(reach(actor, Action.WRITE_REPORT).units)
    return render_template("reports/list.html", page=page, may_write=may_write, **LABELS)


@blueprint.get("/new")
@blueprint.post("/new")
@allow(Action.WRITE_REPORT)
def draft() -> Answer:
    """Order a report; its text is written by a wording from the figures of now."""
    form, made, actor = _draft_form(db.session()), list[int](), present_actor()

    def prepare() -> tuple[Order, Facts]:
        order = form.ordered()
        operations.ensure_writes(actor, order.unit_id)
        return order, collect(order, reach(actor, Action.WRITE_REPORT), known_at=form.known_at.data)

    def act(collected: tuple[Order, Facts]) -> None:
        made.append(operations.draft(*collected, actor=actor).id)

    status = submit(form, act, prepare=prepare, done=_("初稿已写好，数字取自台账，文字请您修改。"))
    if status == DONE:
        return redirect(url_for("reports.report", report_id=made[0]), DONE)
    return render_template("reports/draft.html", form=form), status


def _draft_form(session: Session) -> DraftForm:
    seen = reach(present_actor(), Action.WRITE_REPORT)
    today = clock.today()
    usual = {
        "decimals": load(session)["rules.rate_decimals"],
        "as_of": today,
        "first_on": today.replace(month=1, day=1),
    }
    form = DraftForm(data=usual)
    form.offer(list_choices(session, seen), queries.list_wordings(session), is_everywhere=seen.units.everywhere)
    return form


@blueprint.get("/<int:report_id>/editions/new")
@blueprint.post("/<int:report_id>/editions/new")
@allow(Action.WRITE_REPORT)
def edition(report_id: int) -> Answer:
    """Make another edition of a text."""
    session, actor, made, form = db.session(), present_actor(), list[int](), EditionForm()
    report = report_of(session, report_id)
    operations.ensure_writes(actor, report.unit_id)
    there = {each.edition for each in queries.list_editions(session, report, actor)}
    form.edition.choices = [(each.value, EDITION_LABELS[each]) for each in Edition if each not in there]

    def act() -> None:
        held = locked(db.session(), report_id)
        made.append(operations.make_edition(held, Edition(form.edition.data), actor=actor).id)

    status = submit(form, act, done=_("已按原稿写成，两稿从此各自修改。"))
    if status == DONE:
        return redirect(url_for("reports.report", report_id=made[0]), DONE)
    return render_template("reports/edition.html", form=form, report=report, **LABELS), status


@blueprint.post("/<int:report_id>/drop")
@allow(Action.WRITE_REPORT)
def drop(report_id: int) -> Answer:
    """Give a draft up."""
    form = VersionedForm()

    def act() -> None:
        operations.drop(locked(db.session(), report_id), actor=present_actor(), version=form.seen_version)

    status = submit(form, act, done=_("报告已作废。"))
    if status == DONE:
        return redirect(url_for("reports.report_list"), DONE)
    for error in form.form_errors:
        flash(str(error), "error")
    return redirect(url_for("reports.report", report_id=report_id), DONE)
