"""Pages of superiors' forms: the blanks, what their columns mean, each issue with what is new in it."""

from datetime import date
from typing import BinaryIO, cast

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action
from tracker.audit.operations import record
from tracker.core import clock, files
from tracker.core.acts import DONE, submit
from tracker.core.db import db, writing
from tracker.core.errors import DomainError, NotFound
from tracker.core.i18n import gettext as _
from tracker.figures.rules import Rate
from tracker.intake.operations import ledger
from tracker.settings.queries import load
from tracker.sources import queries as sources
from tracker.submissions import operations, queries
from tracker.submissions.columns import BY_HEADING
from tracker.submissions.forms import BlankForm, ColumnsForm, HandInForm, IssueForm, chosen
from tracker.submissions.models import Submission, SubmissionForm
from tracker.submissions.rules import DIFFERENCE_LABELS, differences

blueprint = Blueprint("submissions", __name__, url_prefix="/submissions")

Answer = str | tuple[str, int] | Response


@blueprint.get("")
@allow(Action.SUBMIT)
def form_list() -> Answer:
    """All forms, each with its last issue."""
    return render_template("submissions/form_list.html", forms=queries.list_forms(db.session()), today=clock.today())


@blueprint.route("/new", methods=["GET", "POST"])
@allow(Action.SUBMIT)
def draw_up() -> Answer:
    """Keep a superior's blank."""
    session = db.session()
    form = BlankForm()
    form.offer(sources.list_sources(session, present_actor()))
    made: list[int] = []

    def act(table: ledger.Table) -> None:
        source = sources.get_source(db.session(), form.source.data)
        told = {"recipient": form.recipient.data, "actor": present_actor()}
        made.append(operations.draw_up(table, source, form.title.data, **told).id)

    status = submit(form, act, done=_("空白表已保存，请核对每一列填什么。"), prepare=lambda: _received(form))
    if status == DONE:
        return redirect(url_for("submissions.columns", form_id=made[0]), DONE)
    return render_template("submissions/draw_up.html", form=form, has_sources=bool(form.source.choices)), status


def _received(form: BlankForm) -> ledger.Table:
    upload = form.file.data
    if not isinstance(upload, FileStorage) or not upload.filename:
        raise DomainError(_("请选择上级下发的空白表。"), field="file")
    limit_bytes = int(load(db.session())["rules.upload_mb"]) << 20
    return ledger.receive_table(cast(BinaryIO, upload.stream), upload.filename, limit_bytes=limit_bytes)


@blueprint.route("/<int:form_id>/columns", methods=["GET", "POST"])
@allow(Action.SUBMIT)
def columns(form_id: int) -> Answer:
    """What each column of a form prints, and where its rows go."""
    found = queries.get_form(db.session(), form_id)
    form = ColumnsForm(obj=found)

    def act() -> None:
        operations.explain(
            queries.get_form(db.session(), form_id, lock=True),
            chosen(request.form),
            (form.first_row.data or 0, form.last_row.data or 0),
            actor=present_actor(),
            version=form.seen_version,
        )

    status = submit(form, act, done=_("报表各列已保存。"))
    if status == DONE:
        return redirect(url_for("submissions.form", form_id=form_id), DONE)
    typed = chosen(request.form) if form.is_submitted() else None
    places = [
        (place, typed.get(place.column, "") if typed is not None else place.prints)
        for place in operations.places_of(found)
    ]
    return render_template(
        "submissions/columns.html", form=form, found=found, places=places, headings=list(BY_HEADING)
    ), status


@blueprint.route("/<int:form_id>", methods=["GET", "POST"])
@allow(Action.SUBMIT)
def form(form_id: int) -> Answer:
    """A form with its issues; the next one is filled here."""
    session = db.session()
    found, number = queries.get_form(session, form_id), queries.last_issue(session, form_id) + 1
    asked = IssueForm(data={"as_of": clock.today()})

    def act(made: operations.Made) -> None:
        locked = queries.get_form(db.session(), form_id, lock=True)
        operations.issue(locked, made, due_on=asked.due_on.data, actor=present_actor())

    done = _("第 %(issue)d 期已生成。", issue=number)
    status = submit(asked, act, done=done, prepare=lambda: _made(found, asked.as_of.data, number))
    if status == DONE:
        return redirect(url_for("submissions.issue", form_id=form_id, number=number), DONE)
    decimals = load(session)["rules.rate_decimals"]
    return render_template(
        "submissions/form.html",
        found=found,
        form=asked,
        issues=[(each, Rate(each.closed, each.total - each.left_out).printed(decimals)) for each in found.issues],
        places=[place for place in operations.places_of(found) if place.prints],
        next_issue=number,
        today=clock.today(),
    ), status


def _made(found: SubmissionForm, as_of: date, number: int) -> operations.Made:
    session = db.session()
    gathered = operations.gather(session, found, as_of=as_of, issue=number, actor=present_actor())
    # The reading ends here: filling a file in holds no transaction.
    session.rollback()
    return operations.keep(gathered)


@blueprint.post("/<int:form_id>/discard")
@allow(Action.SUBMIT)
def discard(form_id: int) -> Answer:
    """Throw away a form that was never filled."""
    with writing():
        operations.discard(queries.get_form(db.session(), form_id, lock=True), actor=present_actor())
    flash(_("报表已删除。"), "success")
    return redirect(url_for("submissions.form_list"), DONE)


@blueprint.route("/<int:form_id>/issues/<int:number>", methods=["GET", "POST"])
@allow(Action.SUBMIT)
def issue(form_id: int, number: int) -> Answer:
    """One issue: what stands in it, what is new since the one before, who signed and when it was handed in."""
    made = queries.get_issue(db.session(), form_id, number)
    form = HandInForm(obj=made)

    def act(scan: tuple[str, str] | None) -> None:
        told = {name: form[name].data for name in ("signed_by", "due_on", "handed_in_on", "note")}
        locked = queries.get_issue(db.session(), form_id, number, lock=True)
        operations.hand_in(locked, actor=present_actor(), version=form.seen_version, scan=scan, **told)

    status = submit(form, act, done=_("已保存。"), prepare=lambda: _scan(form))
    if status == DONE:
        return redirect(url_for("submissions.issue", form_id=form_id, number=number), DONE)
    before = queries.find_issue(db.session(), form_id, number - 1)
    told = operations.told_of(made)
    return render_template(
        "submissions/issue.html",
        form=form,
        made=made,
        rate=Rate(made.closed, made.total - made.left_out).printed(load(db.session())["rules.rate_decimals"]),
        before=before,
        rows=len(told),
        different=differences(operations.told_of(before), told) if before else [],
        labels=DIFFERENCE_LABELS,
    ), status


def _scan(form: HandInForm) -> tuple[str, str] | None:
    got = files.receive(form.scan.data, limit_bytes=int(load(db.session())["rules.evidence_mb"]) << 20)
    return (got[1], got[0].sha256) if got else None


@blueprint.post("/<int:form_id>/issues/<int:number>/refill")
@allow(Action.SUBMIT)
def refill(form_id: int, number: int) -> Answer:
    """Fill an issue anew with what is known now of the same day."""
    made = queries.get_issue(db.session(), form_id, number)
    anew = _made(made.form, made.as_of, number)
    with writing():
        locked = queries.get_issue(db.session(), form_id, number, lock=True)
        operations.refill(locked, anew, actor=present_actor())
    flash(_("第 %(issue)d 期已按最新数据重新填写。", issue=number), "success")
    return redirect(url_for("submissions.issue", form_id=form_id, number=number), DONE)


@blueprint.get("/<int:form_id>/issues/<int:number>/file")
@allow(Action.SUBMIT)
def issue_file(form_id: int, number: int) -> Answer:
    """The form as it was filled."""
    made = queries.get_issue(db.session(), form_id, number)
    return _handed_out(made, made.file_sha256, made.file_name)


@blueprint.get("/<int:form_id>/issues/<int:number>/scan")
@allow(Action.SUBMIT)
def issue_scan(form_id: int, number: int) -> Answer:
    """The signed scan of an issue."""
    made = queries.get_issue(db.session(), form_id, number)
    if not made.scan_sha256:
        raise NotFound(_("这一期还没有扫描件。"))
    return _handed_out(made, made.scan_sha256, made.scan_name)


def _handed_out(made: Submission, sha256: str, name: str) -> Response:
    """A kept file as a download, noted in the trail."""
    path, subject = files.path_of(sha256), made.form.source.number
    told = {"title": made.form.title, "issue": made.issue, "file": name}
    db.session().rollback()
    with writing():
        record(present_actor(), "submission.download", subject, **told)
    return files.handed_out(path, name)
