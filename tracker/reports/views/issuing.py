"""Issuing a report, and handing its file out."""

from io import BytesIO

from flask import redirect, render_template, url_for

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action
from tracker.core.acts import DONE, submit
from tracker.core.db import db, writing
from tracker.core.downloads import hand_out
from tracker.core.files import handed_out, path_of, store
from tracker.core.i18n import force_locale
from tracker.core.i18n import gettext as _
from tracker.reports import operations
from tracker.reports.forms import IssueForm
from tracker.reports.kinds import EDITION_LABELS, ReportState, check_draft
from tracker.reports.models import Report
from tracker.reports.operations.issuing import found_in
from tracker.reports.views.blueprint import Answer, blueprint, locked, report_of

# A report of twenty thousand items takes less than a tenth of it.
FILE_LIMIT_BYTES = 200 << 20


@blueprint.get("/<int:report_id>/issue")
@blueprint.post("/<int:report_id>/issue")
@allow(Action.WRITE_REPORT)
def issue(report_id: int) -> Answer:
    """What stands against issuing a report, sentence by sentence, and issuing it."""
    session, actor = db.session(), present_actor()
    found = report_of(session, report_id)
    operations.ensure_writes(actor, found.unit_id)
    check_draft(found.state)
    form = IssueForm(data={"version": found.version})

    def prepare() -> str:
        report = report_of(db.session(), report_id)
        # Nothing is made and stored that will be refused.
        operations.ensure_issuable(report, form.imprint, actor=actor, **form.told)
        told = operations.printable(db.session(), report, form.imprint)
        db.session().rollback()
        return store(BytesIO(told.print()), limit_bytes=FILE_LIMIT_BYTES).sha256

    def act(sha256: str) -> None:
        operations.issue(locked(db.session(), report_id), form.imprint, sha256=sha256, actor=actor, **form.told)

    status = submit(form, act, prepare=prepare, done=_("报告已印发，文件已封存。"))
    if status == DONE:
        return redirect(url_for("reports.report", report_id=report_id), DONE)
    found = report_of(session, report_id)
    return render_template("reports/issue.html", form=form, report=found, found=found_in(found)), status


@blueprint.get("/<int:report_id>/file")
@allow(Action.READ_REPORT)
def report_file(report_id: int) -> Answer:
    """The Word file: of an issued report the very file that was issued. Taking it away is recorded."""
    session, actor = db.session(), present_actor()
    found = report_of(session, report_id)
    name, sha256 = file_name(found), found.file_sha256
    told = None if found.state is ReportState.ISSUED else operations.printable(session, found)
    # The reading ends here, so that building the file holds no transaction.
    session.rollback()
    content = told.print() if told else None
    with writing():
        operations.note_report_download(report_of(session, report_id), actor=actor)
    return handed_out(path_of(sha256), name) if content is None else hand_out(content, name)


def file_name(report: Report) -> str:
    """What the Word file is called."""
    draft = "（草稿）" if report.state is ReportState.DRAFT else ""
    with force_locale("zh"):
        edition = str(EDITION_LABELS[report.edition])
    return f"{report.title}（{edition}）{draft}.docx".replace("/", "／").replace("\\", "＼")
