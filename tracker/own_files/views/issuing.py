"""Issuing the report whose text is put in, with the office's own file as the file that goes out."""

from io import BytesIO

from flask import redirect, render_template, url_for

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action
from tracker.core import files
from tracker.core.acts import DONE, submit
from tracker.core.db import db
from tracker.core.i18n import gettext as _
from tracker.own_files import operations
from tracker.own_files.forms import IssueForm
from tracker.own_files.views.blueprint import Answer, blueprint, get, material_of
from tracker.reports.kinds import check_draft
from tracker.reports.operations import ensure_issuable, ensure_writes
from tracker.reports.operations.issuing import found_in
from tracker.reports.queries import get_report, lock_report


@blueprint.route("/<int:file_id>/issue", methods=["GET", "POST"])
@allow(Action.WRITE_REPORT)
def issue(file_id: int) -> Answer:
    """What stands against issuing the report that was chosen, and issuing it in this form."""
    session, actor = db.session(), present_actor()
    report_id = get(file_id).report_id or 0
    report = get_report(session, report_id, actor)
    ensure_writes(actor, report.unit_id)
    check_draft(report.state)
    form = IssueForm(data={"version": report.version})

    def prepare() -> tuple[operations.Material, operations.Made]:
        # Nothing is made and stored that will be refused.
        ensure_issuable(get_report(db.session(), report_id, actor), form.imprint, actor=actor, **form.told)
        material = material_of(get(file_id))
        db.session().rollback()
        made = material.make()
        operations.check_issuable(made)
        files.store(BytesIO(made.content), limit_bytes=len(made.content))
        return material, made

    def act(prepared: tuple[operations.Material, operations.Made]) -> None:
        held = lock_report(db.session(), report_id, actor)
        operations.issue(held, *prepared, form.imprint, actor=actor, **form.told)

    status = submit(form, act, prepare=prepare, done=_("报告已印发，文件已封存。"))
    if status == DONE:
        return redirect(url_for("own_files.own_file", file_id=file_id), DONE)
    report = get_report(db.session(), report_id, actor)
    values = {"own": get(file_id), "report": report, "found": found_in(report)}
    return render_template("own_files/issue.html", form=form, **values), status
