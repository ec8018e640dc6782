"""The page of a roster: units and people out of one workbook, seen before they are written."""

from typing import BinaryIO, cast

from flask import render_template, request
from werkzeug.datastructures import FileStorage

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action
from tracker.core.db import db, writing
from tracker.core.errors import DomainError
from tracker.core.i18n import gettext as _
from tracker.intake.forms.roster import RosterForm
from tracker.intake.operations import ledger
from tracker.intake.operations.roster import RosterPlan, carry_out_roster, plan_roster
from tracker.intake.rules.roster import read_roster
from tracker.intake.views.blueprint import Answer, blueprint
from tracker.org.passwords import hash_password, new_code
from tracker.org.rules import code_groups
from tracker.org.wording import ROLES
from tracker.settings.queries import load


@blueprint.get("/roster")
@allow(Action.MANAGE_PEOPLE)
def roster() -> Answer:
    """Choose a workbook of units and people."""
    return _page(RosterForm(formdata=None))


@blueprint.post("/roster")
@allow(Action.MANAGE_PEOPLE)
def take_in_roster() -> Answer:
    """Show what the workbook would do; with the second press do it, and show the one-time codes this once."""
    form = RosterForm()
    try:
        table = _table(form)
        plan = _planned(table)
        if request.form.get("action") != "write":
            return _page(form, plan)
        codes = {login: new_code() for login in plan.logins}
        # Reckoned before the transaction: it takes long on purpose.
        hashes = {login: hash_password(code) for login, code in codes.items()}
        with writing():
            plan = _planned(table)
            if set(plan.logins) - set(hashes):
                raise DomainError(_("数据已变化，请重新上传核对。"))
            carry_out_roster(plan, hashes, actor=present_actor())
    except DomainError as error:
        form.refuse(error)
        return _page(form), error.status
    shown = [(each.row, code_groups(codes[each.row.login])) for each in plan.people if each.opens_account]
    return render_template("intake/roster_done.html", plan=plan, codes=shown)


def _table(form: RosterForm) -> ledger.Table:
    """The workbook of this press, or the one kept from the first."""
    upload = form.file.data
    if isinstance(upload, FileStorage) and upload.filename:
        limit_bytes = load(db.session())["rules.upload_mb"] << 20
        table = ledger.receive_table(cast(BinaryIO, upload.stream), upload.filename, limit_bytes=limit_bytes)
        form.keep(table.file_name, table.file_sha256)
        return table
    if kept := form.kept_file:
        return ledger.kept_table(kept[1], kept[0])
    raise DomainError(_("请选择表格文件。"), field="file")


def _planned(table: ledger.Table) -> RosterPlan:
    read = read_roster(table.sheets)
    if not read.units and not read.people and not read.faults:
        raise DomainError(_("没有认出表头。人员表要有“姓名”和“单位”，单位表要有“单位名称”。"), field="file")
    return plan_roster(db.session(), read, actor=present_actor())


def _page(form: RosterForm, plan: RosterPlan | None = None) -> str:
    return render_template("intake/roster.html", form=form, plan=plan, roles=ROLES)
