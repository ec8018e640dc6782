"""Pages of the office's Word templates: the list, taking one in, another file or name, the names, trying one out."""

from collections.abc import Callable
from functools import partial
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
from tracker.core.i18n import ngettext
from tracker.office.docx_marks import Fault
from tracker.reports import queries
from tracker.reports.forms import TemplateFileForm, TemplateForm, TemplateNameForm
from tracker.reports.models import ReportTemplate
from tracker.reports.operations import templates as operations
from tracker.reports.shipped_templates import SHIPPED_LABELS, Shipped
from tracker.reports.templating import REQUIRED, documented
from tracker.reports.views.blueprint import Answer, blueprint

LIMIT_BYTES = 10 << 20
ENDING = ".docx"


@blueprint.get("/templates")
@allow(Action.WRITE_REPORT)
def template_list() -> str:
    """The templates of the office and those that come with the program."""
    templates = queries.list_templates(db.session())
    return render_template("reports/templates.html", templates=templates, shipped=SHIPPED_LABELS)


@blueprint.get("/templates/names")
@allow(Action.WRITE_REPORT)
def template_names() -> str:
    """Every name that a template may hold, to be copied."""
    return render_template("reports/template_names.html", groups=list(documented()), required=REQUIRED)


@blueprint.route("/templates/new", methods=["GET", "POST"])
@allow(Action.WRITE_REPORT)
def take_in_template() -> Answer:
    """Keep a template, or tell all that is wrong with it."""
    form, found = TemplateForm(), list[Fault]()

    def act(file: operations.Upload) -> None:
        operations.take_in(form.name.data or "", file, actor=present_actor())

    status = submit(form, act, done=_("模板已保存。"), prepare=partial(_received, form.file.data, found))
    if status == DONE:
        return redirect(url_for("reports.template_list"), DONE)
    return render_template("reports/template_new.html", form=form, faults=found), status


@blueprint.route("/templates/<int:template_id>/replace", methods=["GET", "POST"])
@allow(Action.WRITE_REPORT)
def replace_template(template_id: int) -> Answer:
    """Another file for a template, or all that is wrong with it."""
    template = queries.get_template(db.session(), template_id)
    form, found, name = TemplateFileForm(obj=template), list[Fault](), template.name

    def act(file: operations.Upload) -> None:
        locked = queries.get_template(db.session(), template_id, lock=True)
        operations.replace(locked, file, actor=present_actor(), version=form.seen_version)

    status = submit(form, act, done=_("模板文件已更换。"), prepare=partial(_received, form.file.data, found))
    if status == DONE:
        return redirect(url_for("reports.template_list"), DONE)
    return render_template("reports/template_replace.html", form=form, faults=found, name=name), status


@blueprint.route("/templates/<int:template_id>/name", methods=["GET", "POST"])
@allow(Action.WRITE_REPORT)
def rename_template(template_id: int) -> Answer:
    """Another name for a template."""
    form = TemplateNameForm(obj=queries.get_template(db.session(), template_id))

    def act() -> None:
        locked = queries.get_template(db.session(), template_id, lock=True)
        operations.rename(locked, form.name.data or "", actor=present_actor(), version=form.seen_version)

    status = submit(form, act, done=_("已改名。"))
    if status == DONE:
        return redirect(url_for("reports.template_list"), DONE)
    return render_template("reports/template_rename.html", form=form), status


@blueprint.post("/templates/<int:template_id>/retire")
@allow(Action.WRITE_REPORT)
def retire_template(template_id: int) -> Response:
    """Let a template be chosen no more."""
    with writing():
        operations.retire(queries.get_template(db.session(), template_id, lock=True), actor=present_actor())
    flash(_("模板已停用。"), "success")
    return redirect(url_for("reports.template_list"), DONE)


@blueprint.get("/templates/<int:template_id>/file")
@allow(Action.WRITE_REPORT)
def template_file(template_id: int) -> Response:
    """The file of a template."""
    return _handed_out(lambda: queries.get_template(db.session(), template_id))


@blueprint.get("/templates/<int:template_id>/trial")
@allow(Action.WRITE_REPORT)
def try_template(template_id: int) -> Response:
    """A template filled with the section of this year as of today."""
    return _tried(lambda: queries.get_template(db.session(), template_id))


@blueprint.get("/templates/shipped/<which>/file")
@allow(Action.WRITE_REPORT)
def shipped_file(which: str) -> Response:
    """The file of a template that comes with the program."""
    return _handed_out(lambda: _shipped(which))


@blueprint.get("/templates/shipped/<which>/trial")
@allow(Action.WRITE_REPORT)
def try_shipped(which: str) -> Response:
    """The same filled with the section of this year as of today."""
    return _tried(lambda: _shipped(which))


def _shipped(which: str) -> Shipped:
    if which not in set(Shipped):
        raise NotFound(_("没有找到这个模板。"))
    return Shipped(which)


Get = Callable[[], ReportTemplate | Shipped]


def _handed_out(get: Get) -> Response:
    content, name = operations.content_of(get()), operations.name_of(get())
    db.session().rollback()
    with writing():
        operations.note_download(get(), actor=present_actor())
    return hand_out(content, name)


def _tried(get: Get) -> Response:
    trial = operations.gather_trial(db.session(), get(), actor=present_actor())
    # The reading ends here: filling a template in holds no transaction.
    db.session().rollback()
    content = trial.fill()
    with writing():
        operations.note_download(get(), actor=present_actor(), as_of=trial.facts.as_of)
    return hand_out(content, trial.name)


def _received(upload: object, found: list[Fault]) -> operations.Upload:
    """The file that was chosen, looked through and kept; its faults go to ``found``, and nothing is kept then."""
    if not isinstance(upload, FileStorage) or not upload.filename:
        raise DomainError(_("请选择模板文件。"), field="file")
    stream = cast(BinaryIO, upload.stream)
    # The reading ends here: looking a template through holds no transaction.
    db.session().rollback()
    found += operations.faults_of(stream)
    if found:
        number = len(found)
        message = ngettext("模板有 %(num)d 处要修改，没有保存。", "模板有 %(num)d 处要修改，没有保存。", number)
        raise DomainError(message, field="file")
    stream.seek(0)
    stored = files.store(stream, limit_bytes=LIMIT_BYTES)
    name = files.bare_name(upload.filename)
    return operations.Upload(name if name.lower().endswith(ENDING) else f"{name[:200]}{ENDING}", stored.sha256)
