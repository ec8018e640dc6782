"""Names and deadlines pasted out of a spreadsheet: shown first, written on a second press."""

from flask import flash, redirect, render_template, request, url_for
from wtforms import SelectChoice

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action
from tracker.core.acts import submit
from tracker.core.addresses import read_id
from tracker.core.db import db
from tracker.core.errors import DomainError
from tracker.core.files import StoredFile
from tracker.core.i18n import gettext as _
from tracker.items.forms.naming import PASTE_LIMIT, PasteForm
from tracker.items.headings import FIELD_LABELS
from tracker.items.lists import ListName
from tracker.items.operations.pasted import Plan, carry_out_paste, plan_paste
from tracker.items.views.blueprint import Answer, blueprint, is_done, kept_scan
from tracker.sources import queries as sources
from tracker.sources.rules import TASK_KINDS


@blueprint.get("/paste")
@blueprint.post("/paste")
@allow(Action.EDIT_ITEM)
def paste() -> Answer:
    """Paste a column or a block; the first press shows what would change, the second writes it."""
    form = PasteForm()
    form.source.choices = [
        SelectChoice(each.id, f"{each.number} {each.title}")
        for each in sources.list_sources(db.session(), present_actor())
    ]
    plan, status = None, 200
    if request.method == "GET":
        form.source.data = read_id(request.args.get("source"))
    elif request.form.get("step") == "write":
        status = submit(
            form, lambda kept: _write(form, kept), done=_("已按粘贴的内容写入。"), prepare=lambda: kept_scan(form)
        )
        if is_done(status):
            is_tasks = sources.get_source(db.session(), form.source.data).kind in TASK_KINDS
            name = ListName.TASKS if is_tasks else ListName.RESPONSIBILITY
            return redirect(url_for("desk.item_list", list=name, source=form.source.data), 303)
    if request.method == "POST":
        plan, refusal = _preview(form)
        status = refusal or status
    return render_template("items/paste.html", form=form, plan=plan, labels=FIELD_LABELS), status


def _plan(form: PasteForm, *, lock: bool = False) -> Plan:
    if len(form.text.data or "") > PASTE_LIMIT:
        raise DomainError(_("粘贴的内容太大，请分几次粘贴。"), field="text")
    source = sources.get_source(db.session(), form.source.data or 0)
    actor = present_actor()
    return plan_paste(
        db.session(), form.text.data or "", source=source, column=form.chosen_column, actor=actor, lock=lock
    )


def _write(form: PasteForm, kept: tuple[StoredFile, str] | None) -> None:
    plan, approval = _plan(form, lock=True), form.approval(kept)
    carry_out_paste(plan, versions=form.versions, actor=present_actor(), approval=approval)


def _preview(form: PasteForm) -> tuple[Plan | None, int | None]:
    """What would change now; None with the status to answer with when the block can't be understood."""
    if not form.validate():
        return None, DomainError.status
    try:
        plan = _plan(form)
    except DomainError as error:
        form.refuse(error)
        return None, error.status
    form.seen.data = " ".join(f"{row.item.number}@{row.item.version}" for row in plan.rows)
    if not plan.rows and not plan.errors:
        flash(_("粘贴的内容与现在的完全一样，没有需要写入的。"), "info")
    return plan, DomainError.status if plan.errors else None
