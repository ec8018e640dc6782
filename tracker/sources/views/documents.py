"""Papers filed beside a source: filed, read, taken off."""

from typing import BinaryIO, cast

from flask import flash, redirect, render_template, url_for

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action, reads_whole
from tracker.audit.operations import record
from tracker.core import files
from tracker.core.acts import DONE, submit
from tracker.core.db import db, writing
from tracker.core.errors import Forbidden
from tracker.core.i18n import gettext as _
from tracker.settings.queries import load
from tracker.sources import operations, queries
from tracker.sources.forms import DocumentForm
from tracker.sources.views.blueprint import Answer, blueprint


@blueprint.route("/<int:source_id>/documents/new", methods=["GET", "POST"])
@allow(Action.INTAKE)
def file_document(source_id: int) -> Answer:
    """File a paper beside the source, such as the signed scan of its plan."""
    found = queries.get_source(db.session(), source_id)
    form = DocumentForm()

    def store() -> files.StoredFile:
        limit_bytes = load(db.session())["rules.evidence_mb"] << 20
        return files.store(cast(BinaryIO, form.file.data.stream), limit_bytes=limit_bytes)

    def act(stored: files.StoredFile) -> None:
        name = files.bare_name(form.file.data.filename or "")
        locked = queries.get_source(db.session(), source_id, lock=True)
        operations.file_document(locked, stored, title=form.title.data, file_name=name, actor=present_actor())

    status = submit(form, act, done=_("文件已存入。"), prepare=store)
    if status == DONE:
        return redirect(url_for("sources.source", source_id=source_id), DONE)
    return render_template("sources/document.html", form=form, source=found), status


@blueprint.get("/<int:source_id>/documents/<int:document_id>")
@allow(Action.READ_SOURCE)
def document(source_id: int, document_id: int) -> Answer:
    """A paper as it was filed, noted in the trail."""
    actor = present_actor()
    if not reads_whole(actor):
        raise Forbidden(_("您只能查看本单位事项对应的原文，不能下载整份文件。"))
    with writing():
        source_ = queries.get_known(db.session(), source_id, actor)
        found = queries.get_document(db.session(), source_id, document_id)
        path = files.path_of(found.file_sha256)
        record(actor, "source.download_document", source_.number, title=found.title, file=found.file_name)
    return files.handed_out(path, found.file_name)


@blueprint.post("/<int:source_id>/documents/<int:document_id>/remove")
@allow(Action.INTAKE)
def remove_document(source_id: int, document_id: int) -> Answer:
    """Take a paper off the source."""
    with writing():
        source_ = queries.get_source(db.session(), source_id, lock=True)
        found = queries.get_document(db.session(), source_id, document_id)
        operations.remove_document(source_, found, actor=present_actor())
    flash(_("文件已移除，移除记录留在操作日志中。"), "success")
    return redirect(url_for("sources.source", source_id=source_id), 303)
