"""Pages of ledgers: bringing one in, seeing what it would do, explaining it, carrying it out."""

import json
from typing import Any, BinaryIO, cast

from flask import flash, redirect, render_template, request, send_file, url_for
from werkzeug.datastructures import FileStorage

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action, may
from tracker.core.db import db, writing
from tracker.core.errors import DomainError, Forbidden
from tracker.core.files import receive
from tracker.core.i18n import gettext as _
from tracker.intake import queries
from tracker.intake.forms.ledgers import (
    ADD,
    EDITED,
    BeginLedgerForm,
    LedgerChoicesForm,
    field_choices,
    typed_meanings,
    typed_names,
)
from tracker.intake.models import LedgerDraft
from tracker.intake.operations import ledger
from tracker.intake.views.blueprint import Answer, blueprint
from tracker.items.headings import FIELD_LABELS
from tracker.org import queries as org
from tracker.settings.queries import load
from tracker.work import queries as work
from tracker.work.models import Task
from tracker.work.rules import TASK_LABELS, TaskState

# A table up to this size is planned and carried out at once; a larger one by the scheduler, so that nobody waits.
AT_ONCE_BYTES = 120 << 10


@blueprint.get("/ledgers")
@allow(Action.IMPORT_LIST)
def begin_ledger() -> Answer:
    """Choose a table; those not yet carried out are listed."""
    return _begin_page(BeginLedgerForm(formdata=None))


def _begin_page(form: BeginLedgerForm) -> str:
    session, actor = db.session(), present_actor()
    is_office = may(actor, Action.INTAKE)
    if not is_office:
        form.what.data = EDITED
    return render_template(
        "intake/begin_ledger.html",
        form=form,
        drafts=queries.list_open_ledgers(session, actor.person_id),
        limit_mb=load(session)["rules.upload_mb"],
        is_office=is_office,
    )


@blueprint.post("/ledgers")
@allow(Action.IMPORT_LIST)
def take_in_ledger() -> Answer:
    """Read a table, keep it, and go to what it would do."""
    form, actor = BeginLedgerForm(), present_actor()
    if not may(actor, Action.INTAKE):
        form.what.data = EDITED
    is_complete = form.validate()
    try:
        form.check()
        if not is_complete:
            return _begin_page(form), 422
        table = ledger.receive_table(_stream(form), form.file.data.filename, limit_bytes=_limit_bytes())
        with writing():
            draft = ledger.begin_ledger(table, actor=actor, **form.source)
            draft_id = draft.id
    except DomainError as error:
        form.refuse(error)
        return _begin_page(form), error.status
    _find_out(draft_id)
    return redirect(url_for("intake.ledger_draft", draft_id=draft_id), 303)


def _limit_bytes() -> int:
    return int(load(db.session())["rules.upload_mb"]) << 20


def _stream(form: BeginLedgerForm) -> BinaryIO:
    upload = form.file.data
    if not isinstance(upload, FileStorage) or not upload.filename:
        raise DomainError(_("请选择表格文件。"), field="file")
    return cast(BinaryIO, upload.stream)


def _find_out(draft_id: int, *, shown: str | None = None) -> None:
    """Find out what a ledger would do, a large one by the scheduler; and do it, if that is just what was shown."""
    session, actor = db.session(), present_actor()
    draft = ledger.get_own(session, draft_id, actor=actor)
    if ledger.size_bytes(draft) > AT_ONCE_BYTES:
        with writing():
            ledger.queue(ledger.get_own(session, draft_id, actor=actor, lock=True), actor=actor, shown=shown)
        return
    data = ledger.plan_as_data(ledger.plan_of(session, draft, actor=actor))
    with writing():
        draft = ledger.get_own(session, draft_id, actor=actor, lock=True)
        ledger.keep_plan(draft, data)
        is_as_shown = draft.plan_hash == shown
    if is_as_shown:
        with writing():
            ledger.carry_out_draft(ledger.get_own(session, draft_id, actor=actor, lock=True), actor=actor)
    elif shown is not None:
        flash(_("按您的选择和最新数据重新核对了，请再看一遍后确认。"), "warning")


@blueprint.get("/ledgers/<int:draft_id>")
@allow(Action.IMPORT_LIST)
def ledger_draft(draft_id: int) -> Answer:
    """How far it is, what it would do, or what it did."""
    draft = ledger.get_own(db.session(), draft_id, actor=present_actor())
    form = LedgerChoicesForm(formdata=None, obj=draft)
    form.fill(ledger.choices_of(draft))
    return _draft_page(draft, form)


def _draft_page(draft: LedgerDraft, form: LedgerChoicesForm) -> str:
    task = _task(draft)
    if draft.carried_out_at is not None:
        return render_template("intake/ledger_done.html", draft=draft, counts=json.loads(draft.result))
    if task is not None and task.state in (TaskState.QUEUED, TaskState.RUNNING):
        return render_template("intake/ledger_waiting.html", draft=draft, task=task, label=TASK_LABELS[task.state])
    failure = task.failure if task is not None and task.state is TaskState.FAILED else ""
    if failure:
        form.form_errors.append(failure)
    plan: dict[str, Any] = json.loads(draft.plan) if draft.plan else {}
    units = {
        name: [(ADD, _("新增“%(name)s”", name=name)), *((each, each) for each in near)]
        for name, near in plan.get("new_units", {}).items()
    }
    form.version.data = str(draft.version)
    return render_template(
        "intake/ledger.html",
        draft=draft,
        form=form,
        plan=plan,
        units=units,
        all_units=[choice.value for choice in org.list_unit_choices(db.session())] if units else [],
        fields=field_choices() if plan.get("unknown") else [],
        field_labels={field.value: label for field, label in FIELD_LABELS.items()},
        is_office=may(present_actor(), Action.INTAKE),
        scan_name=ledger.choices_of(draft).scan_name,
    )


def _task(draft: LedgerDraft) -> Task | None:
    return work.get_task(db.session(), draft.task_id, by_id=draft.by_id) if draft.task_id else None


@blueprint.post("/ledgers/<int:draft_id>")
@allow(Action.IMPORT_LIST)
def choose_for_ledger(draft_id: int) -> Answer:
    """Keep what was chosen and find out anew what the ledger would do; with it carry it out, if that was pressed."""
    actor, form = present_actor(), LedgerChoicesForm()
    is_complete = form.validate()
    try:
        if not is_complete:
            return _draft_page(ledger.get_own(db.session(), draft_id, actor=actor), form), 422
        meanings = typed_meanings(request.form)
        if meanings and not may(actor, Action.INTAKE):
            raise Forbidden(_("只有整改办可以说明表头的含义。"))
        scan = _kept_scan(form)
        with writing():
            draft = ledger.get_own(db.session(), draft_id, actor=actor, lock=True)
            shown, chosen = draft.plan_hash, ledger.choices_of(draft)
            names = {**chosen.names, **typed_names(request.form)}
            ledger.choose(
                draft,
                form.chosen(names, scan or (chosen.scan_sha256, chosen.scan_name)),
                actor=actor,
                meanings=meanings,
                version=form.seen_version,
            )
        _find_out(draft_id, shown=shown if request.form.get("action") == "carry_out" else None)
    except DomainError as error:
        draft = ledger.get_own(db.session(), draft_id, actor=actor)
        form.refuse(error)
        return _draft_page(draft, form), error.status
    return redirect(url_for("intake.ledger_draft", draft_id=draft_id), 303)


def _kept_scan(form: LedgerChoicesForm) -> tuple[str, str] | None:
    """Hash and name of the paper that was just sent."""
    kept = receive(form.scan.data, limit_bytes=int(load(db.session())["rules.evidence_mb"]) << 20)
    return (kept[0].sha256, kept[1]) if kept else None


@blueprint.get("/ledgers/<int:draft_id>/errors.xlsx")
@allow(Action.IMPORT_LIST)
def ledger_errors(draft_id: int) -> Answer:
    """The same workbook with a column that says what is wrong with which row."""
    draft = ledger.get_own(db.session(), draft_id, actor=present_actor())
    marked = ledger.marked_workbook(db.session(), draft, actor=present_actor())
    name = f"{draft.file_name.rpartition('.')[0] or draft.file_name}（问题标注）.xlsx"
    return send_file(marked, as_attachment=True, download_name=name)


@blueprint.post("/ledgers/<int:draft_id>/discard")
@allow(Action.IMPORT_LIST)
def discard_ledger(draft_id: int) -> Answer:
    """Throw a ledger away that was not carried out."""
    actor = present_actor()
    with writing():
        ledger.discard_ledger(ledger.get_own(db.session(), draft_id, actor=actor, lock=True), actor=actor)
    flash(_("已放弃导入。"), "success")
    return redirect(url_for("intake.begin_ledger"), 303)
