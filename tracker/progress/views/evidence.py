"""Adding and removing files, sent by a form or one by one by its script."""

from typing import BinaryIO, cast

from flask import flash, jsonify, redirect, render_template, request
from werkzeug.wrappers import Response

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action
from tracker.core.acts import DONE, submit
from tracker.core.db import db, writing
from tracker.core.errors import AlreadyThere, DomainError, Forbidden, NotFound
from tracker.core.i18n import gettext as _
from tracker.progress import operations, queries
from tracker.progress.forms import EvidenceForm
from tracker.progress.operations import Received
from tracker.progress.views.blueprint import blueprint, item_of, item_url, locked
from tracker.settings.queries import load


@blueprint.get("/evidence/new")
@blueprint.post("/evidence/new")
@allow(Action.REPORT_OWN_LINE)
def add_evidence(number: str) -> Response | tuple[str, int]:
    """Upload one or more files."""
    actor, item = present_actor(), item_of(number)
    operations.ensure_reportable(item, actor=actor, action=Action.REPORT_OWN_LINE)
    settings, form = load(db.session()), EvidenceForm()
    if not settings["security.camera"]:
        del form.photo

    def receive() -> list[Received]:
        return [operations.receive_evidence(cast(BinaryIO, each.stream), each.filename) for each in form.uploads]

    status = submit(form, lambda received: _add(number, received), done=_("佐证材料已上传。"), prepare=receive)
    if status == DONE:
        return redirect(item_url(number, "evidence"), 303)
    return render_template("progress/evidence.html", form=form, item=item, settings=settings), status


def _add(number: str, received: list[Received]) -> None:
    """Add what is new; a file that is there already is told, and refused when it is the only one."""
    item, added = locked(number), 0
    for each in received:
        try:
            operations.add_evidence(item, each.stored, each.name, actor=present_actor())
            added += 1
        except AlreadyThere as refusal:
            if len(received) == 1:
                raise
            flash(str(refusal), "info")
    if not added:
        raise AlreadyThere(_("没有新的文件。"))


@blueprint.post("/evidence/upload")
@allow(Action.REPORT_OWN_LINE)
def upload_evidence(number: str) -> tuple[Response, int]:
    """One file sent by the page's script, answered in data: its number, or why it was refused."""
    actor, item = present_actor(), item_of(number)
    try:
        operations.ensure_reportable(item, actor=actor, action=Action.REPORT_OWN_LINE)
        upload = request.files.get("file")
        if upload is None or not upload.filename:
            raise DomainError(_("请选择至少一个文件。"))
        received = operations.receive_evidence(cast(BinaryIO, upload.stream), upload.filename)
        with writing():
            added = operations.add_evidence(locked(number), received.stored, received.name, actor=actor)
    except (Forbidden, NotFound):
        raise
    except DomainError as refusal:
        return jsonify(refusal=str(refusal)), refusal.status
    return jsonify(serial=added.serial, name=added.name), 201


@blueprint.post("/evidence/<int:serial>/remove")
@allow(Action.REPORT_OWN_LINE)
def remove_evidence(number: str, serial: int) -> Response:
    """Take a file off the item."""
    with writing():
        evidence = queries.get_evidence(db.session(), locked(number).id, serial)
        operations.remove_evidence(evidence, actor=present_actor())
    flash(_("佐证材料已移除，移除记录留在操作日志中。"), "success")
    return redirect(item_url(number, "evidence"), 303)
