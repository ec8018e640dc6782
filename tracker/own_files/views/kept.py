"""The list of reports, taking one in, saying what it is about, taking it away and throwing it away."""

from typing import BinaryIO, cast

from flask import flash, redirect, render_template, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action
from tracker.core import files
from tracker.core.acts import DONE, submit
from tracker.core.db import db, writing
from tracker.core.downloads import hand_out
from tracker.core.errors import DomainError, NotFound
from tracker.core.i18n import gettext as _
from tracker.core.paging import page_number, paginate
from tracker.own_files import operations, queries
from tracker.own_files.forms import AboutForm, TakeInForm, this_year
from tracker.own_files.rules.marks import Marks
from tracker.own_files.views.blueprint import Answer, blueprint, get, material_of
from tracker.reports.following import Following, year_told
from tracker.reports.operations import take_in_part
from tracker.reports.queries import list_annual
from tracker.settings.queries import load


@blueprint.get("")
@allow(Action.WRITE_REPORT)
def file_list() -> Answer:
    """The reports that the person sees, the newest first."""
    session = db.session()
    query = queries.select_own_files(present_actor())
    page = paginate(session, query, number=page_number(), rows=lambda query: session.scalars(query).all())
    found = [(each, Marks.read(each.marks)) for each in page.rows]
    return render_template("own_files/file_list.html", page=page, found=found)


@blueprint.route("/new", methods=["GET", "POST"])
@allow(Action.WRITE_REPORT)
def take_in() -> Answer:
    """Take in a report."""
    form = TakeInForm(data={**this_year(), "decimals": load(db.session())["rules.rate_decimals"]})
    form.offer(list_annual(db.session(), present_actor()))
    kept: list[int] = []

    def act(received: operations.Received) -> None:
        kept.append(operations.take_in(received, **form.told, actor=present_actor()).id)

    done = _("报告已上传，请核对要替换的句子。")
    status = submit(form, act, done=done, prepare=lambda: _received(form))
    if status == DONE:
        there = url_for("own_files.own_file", file_id=kept[0]) if kept else url_for("own_files.file_list")
        return redirect(there, DONE)
    return render_template("own_files/take_in.html", form=form), status


def _received(form: TakeInForm) -> operations.Received:
    upload = form.file.data
    if not isinstance(upload, FileStorage) or not upload.filename:
        raise DomainError(_("请选择往年的报告。"), field="file")
    session = db.session()
    limit_bytes = int(load(session)["rules.upload_mb"]) << 20
    # The reading ends here: reading a file and keeping it holds no transaction.
    session.rollback()
    return operations.receive(cast(BinaryIO, upload.stream), upload.filename, limit_bytes=limit_bytes)


@blueprint.route("/<int:file_id>/about", methods=["GET", "POST"])
@allow(Action.WRITE_REPORT)
def about(file_id: int) -> Answer:
    """Of which year a report tells, with figures of which day."""
    found = get(file_id)
    form = AboutForm(obj=found)
    form.offer(list_annual(db.session(), present_actor(), chosen=found.report_id))

    def act() -> None:
        operations.settle(get(file_id, lock=True), **form.told, actor=present_actor(), version=form.seen_version)

    status = submit(form, act, done=_("已保存。"))
    if status == DONE:
        return redirect(url_for("own_files.own_file", file_id=file_id), DONE)
    return render_template("own_files/about.html", form=form, found=found), status


@blueprint.post("/<int:file_id>/drop")
@allow(Action.WRITE_REPORT)
def drop(file_id: int) -> Answer:
    """Throw a report away."""
    with writing():
        operations.drop(get(file_id, lock=True), actor=present_actor())
    flash(_("报告已删除。"), "success")
    return redirect(url_for("own_files.file_list"), DONE)


@blueprint.get("/<int:file_id>/file")
@allow(Action.WRITE_REPORT)
def new_file(file_id: int) -> Response:
    """The new report; taking it away is recorded."""
    session, actor = db.session(), present_actor()
    material = material_of(get(file_id))
    # The reading ends here, so that making the file holds no transaction.
    session.rollback()
    made = material.make()
    with writing():
        operations.note_download(material, made, actor=actor)
    return hand_out(made.content, operations.file_name(material, made))


@blueprint.get("/<int:file_id>/original")
@allow(Action.WRITE_REPORT)
def original(file_id: int) -> Response:
    """The report as it was uploaded; taking it away is recorded."""
    found = get(file_id)
    path = files.path_of(found.file_sha256)
    db.session().rollback()
    with writing():
        operations.note_original(found, actor=present_actor())
    return files.handed_out(path, found.file_name)


@blueprint.post("/<int:file_id>/leave/<which>")
@allow(Action.INTAKE)
def leave(file_id: int, which: str) -> Response:
    """Take the problems that a report says remain, or its plans, in as a new source, to be looked over first."""
    found = get(file_id)
    if which not in set(Following):
        raise NotFound(_("没有这一部分。"))
    text, _report = operations.old_report(found)
    paragraphs = [f"{each.number}{each.text}" for each in text.passages]
    year = year_told(paragraphs) or found.year - 1
    try:
        with writing():
            draft = take_in_part(paragraphs, Following(which), year=year, actor=present_actor())
    except DomainError as error:
        flash(str(error), "error")
        return redirect(url_for("own_files.own_file", file_id=file_id), DONE)
    return redirect(url_for("intake.preview", draft_id=draft.id), DONE)
