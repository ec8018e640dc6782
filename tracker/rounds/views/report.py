"""The page on which a unit reports: all its items that are owed, the last text beside an empty box."""

from flask import redirect, render_template, request, url_for

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action
from tracker.core import clock
from tracker.core.acts import DONE, submit
from tracker.core.db import db
from tracker.core.forms import number_in
from tracker.core.i18n import gettext as _
from tracker.core.paging import page_number, paginate
from tracker.rounds import operations, pages, queries
from tracker.rounds.forms import LINES_MAX, ReportForm
from tracker.rounds.rules import REPORTED
from tracker.rounds.views.blueprint import Answer, blueprint

GIVEN_SHOWN = 100


@blueprint.get("/report")
@blueprint.post("/report")
@allow(Action.REPORT_OWN_LINE)
def report() -> Answer:
    """What is owed, earliest day first; several are given at once, drafts kept, one reported as unchanged."""
    session, actor, today, form = db.session(), present_actor(), clock.today(), ReportForm()
    status = submit(form, lambda: _act(form), done=_told)
    if status == DONE:
        return redirect(url_for("rounds.report"), 303)
    owed = queries.select_own(actor, today)
    page = paginate(
        session, owed, number=page_number(), rows=lambda query: queries.list_reports(session, query), size=LINES_MAX
    )
    if status == 200:
        form = pages.form_for(page.rows)
    else:
        _renew(form)
    ids = {each.item_id for each in page.rows}
    return render_template(
        "rounds/report.html",
        form=form,
        page=page,
        lines=pages.owed_lines(
            page.rows,
            form,
            last=queries.last_told(session, ids),
            cooperating=queries.list_lines(session, page.rows),
            today=today,
        ),
        given=queries.list_reports(session, queries.select_own(actor, today, REPORTED).limit(GIVEN_SHOWN)),
        state_of=pages.state_of,
    ), status


def _act(form: ReportForm) -> operations.HandedIn:
    actor = present_actor()
    typed = {number_in(line.report.data): line for line in form.lines}
    reports = queries.list_locked(db.session(), actor, list(typed), clock.today())
    told = [
        operations.Told(reports[each_id], line.text.data or "", version=number_in(line.version.data))
        for each_id, line in typed.items()
    ]
    if "keep" in request.form:
        return operations.HandedIn(0, operations.keep_drafts(told, actor=actor))
    if "unchanged" in request.form:
        return operations.hand_in_unchanged(told, number_in(request.form["unchanged"]), actor=actor)
    return operations.hand_in(told, actor=actor)


def _told(done: operations.HandedIn) -> str:
    given = _("已报 %(n)d 项，等整改办审核。", n=done.given) if done.given else ""
    kept = _("草稿已保存，可以稍后再报。") if done.kept or not done.given else ""
    return str(given + kept)


def _renew(form: ReportForm) -> None:
    """Let what was refused as outdated be sent again: its page now shows what stands."""
    typed = {number_in(line.report.data): line for line in form.lines if line.form.text.errors}
    owed = queries.select_own(present_actor(), clock.today())
    for each in queries.list_reports(db.session(), owed):
        if each.id in typed:
            typed[each.id].form.version.data = str(each.version)
