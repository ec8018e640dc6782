"""Adding, handing out and removing files."""

from typing import BinaryIO, cast

from flask import flash, redirect, render_template, send_file
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action
from tracker.core import files
from tracker.core.acts import DONE, submit
from tracker.core.db import db, writing
from tracker.core.errors import AlreadyThere
from tracker.core.files import StoredFile
from tracker.core.i18n import gettext as _
from tracker.progress import operations, queries
from tracker.progress.forms import EvidenceForm
from tracker.progress.views.blueprint import blueprint, item_of, item_url, locked
from tracker.settings.queries import load

Stored = list[tuple[StoredFile, str | None]]


@blueprint.get("/evidence/new")
@blueprint.post("/evidence/new")
@allow(Action.REPORT_OWN_LINE)
def add_evidence(number: str) -> Response | tuple[str, int]:
    """Upload one or more files."""
    actor, item = present_actor(), item_of(number)
    operations.ensure_reportable(item, actor=actor, action=Action.REPORT_OWN_LINE)
    limit_mb = load(db.session())["rules.evidence_mb"]
    form = EvidenceForm()

    def store() -> Stored:
        return [_store(upload, limit_mb << 20) for upload in form.file.data]

    status = submit(form, lambda stored: _add(number, stored), done=_("佐证材料已上传。"), prepare=store)
    if status == DONE:
        return redirect(item_url(number, "evidence"), 303)
    return render_template("progress/evidence.html", form=form, item=item, limit_mb=limit_mb), status


def _store(upload: FileStorage, limit_bytes: int) -> tuple[StoredFile, str | None]:
    stream = cast("BinaryIO", upload.stream)
    return files.store(stream, limit_bytes=limit_bytes), upload.filename


def _add(number: str, stored: Stored) -> None:
    """Add what is new; a file that is there already is told, and refused when it is the only one."""
    item, added = locked(number), 0
    for file, name in stored:
        try:
            operations.add_evidence(item, file, name or "", actor=present_actor())
            added += 1
        except AlreadyThere as refusal:
            if len(stored) == 1:
                raise
            flash(str(refusal), "info")
    if not added:
        raise AlreadyThere(_("没有新的文件。"))


@blueprint.get("/evidence/<int:serial>")
@allow(Action.READ_ITEM)
def download(number: str, serial: int) -> Response:
    """Hand a file out as it is, never to be shown by the browser, and note who took it."""
    found = queries.get_evidence(db.session(), item_of(number).id, serial)
    path, name = files.path_of(found.sha256), found.name
    with writing():
        again = queries.get_evidence(db.session(), item_of(number).id, serial)
        operations.note_download(again, actor=present_actor())
    response = send_file(path, mimetype="application/octet-stream", as_attachment=True, download_name=name)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response


@blueprint.post("/evidence/<int:serial>/remove")
@allow(Action.REPORT_OWN_LINE)
def remove_evidence(number: str, serial: int) -> Response:
    """Take a file off the item."""
    with writing():
        evidence = queries.get_evidence(db.session(), locked(number).id, serial)
        operations.remove_evidence(evidence, actor=present_actor())
    flash(_("佐证材料已移除，移除记录留在操作日志中。"), "success")
    return redirect(item_url(number, "evidence"), 303)
