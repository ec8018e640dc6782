"""One person: account, one-time code, roles."""

from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, url_for

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action, Role
from tracker.core import clock, hooks
from tracker.core.db import db, writing
from tracker.core.errors import DomainError, NotFound
from tracker.core.i18n import gettext as _
from tracker.org import forms, operations, queries
from tracker.org.models import Account
from tracker.org.passwords import hash_password, new_code
from tracker.org.rules import clashes, code_groups
from tracker.org.views.blueprint import Answer, blueprint
from tracker.org.wording import ROLES


@blueprint.get("/people/<int:person_id>")
@allow(Action.MANAGE_PEOPLE)
def person(person_id: int) -> Answer:
    """What is written down of a person, their account and roles, and what can be done about them."""
    return _page(person_id, forms.AccountForm(), forms.GrantForm())


def _page(person_id: int, account_form: Any, grant_form: Any) -> Answer:
    session = db.session()
    found = queries.get_person(session, person_id)
    operations.ensure_manages_person(present_actor(), found)
    if not grant_form.is_submitted() or not grant_form.unit.data:
        grant_form.unit.data = found.unit.path if found.unit else ""
    page = render_template(
        "org/person.html",
        person=found,
        account_words=_words(found.account),
        is_shut=found.account is not None and not found.account.is_active,
        signed_in_at=_local(found.account.signed_in_at) if found.account else None,
        locked_until=_locked_until(found.account),
        account_form=account_form,
        grant_form=grant_form,
        roles=ROLES,
        clashes=clashes([each.role for each in found.grants]),
        choices=queries.list_unit_choices(session),
        is_self=present_actor().person_id == found.id,
        duties=sum(hooks.call("duties_of", session, found.id)),
    )
    return page, 422 if account_form.errors or grant_form.errors else 200


def _words(account: Account | None) -> str | None:
    """The state of an account in words."""
    if account is None:
        return None
    if not account.is_active:
        return str(_("已停用"))
    if account.password_hash:
        return str(_("正常"))
    is_fresh = account.code_expires_at is not None and account.code_expires_at > clock.now()
    return str(_("待本人设置密码") if is_fresh else _("一次性口令已过期，请重新发放"))


def _local(instant: datetime | None) -> str | None:
    return clock.local(instant).strftime("%Y-%m-%d %H:%M") if instant else None


def _locked_until(account: Account | None) -> str | None:
    tries = queries.find_tries(db.session(), account.login) if account else None
    until = tries.locked_until if tries else None
    return clock.local(until).strftime("%H:%M") if until and until > clock.now() else None


@blueprint.post("/people/<int:person_id>/account")
@allow(Action.MANAGE_PEOPLE)
def open_account(person_id: int) -> Answer:
    """Open an account for a plain name and show its one-time code."""
    form = forms.AccountForm()
    if form.validate_on_submit():
        code = new_code()
        db.session().rollback()
        code_hash = hash_password(code)
        try:
            with writing():
                found = queries.get_person(db.session(), person_id, lock=True)
                operations.open_account(found, form.login.data, actor=present_actor(), code_hash=code_hash)
        except DomainError as error:
            form.refuse(error)
        else:
            return _code_page(person_id, code)
    return _page(person_id, form, forms.GrantForm(formdata=None))


@blueprint.post("/people/<int:person_id>/code")
@allow(Action.MANAGE_PEOPLE)
def issue_code(person_id: int) -> Answer:
    """Issue a one-time code, which is shown only now."""
    code = new_code()
    db.session().rollback()
    code_hash = hash_password(code)
    with writing():
        found = queries.get_person(db.session(), person_id, lock=True)
        operations.issue_code(found, code_hash=code_hash, actor=present_actor())
    return _code_page(person_id, code)


def _code_page(person_id: int, code: str) -> Answer:
    found = queries.get_person(db.session(), person_id)
    until = _local(found.account.code_expires_at) if found.account else None
    return render_template("org/code.html", person=found, code=code_groups(code), until=until)


@blueprint.post("/people/<int:person_id>/deactivate")
@allow(Action.MANAGE_PEOPLE)
def deactivate(person_id: int) -> Answer:
    """Shut an account at once."""
    with writing():
        found = queries.get_person(db.session(), person_id, lock=True)
        operations.deactivate(found, actor=present_actor())
    flash(_("%(name)s的账号已停用，登录已全部退出。", name=found.name), "success")
    return redirect(url_for("org.person", person_id=person_id), 303)


@blueprint.post("/people/<int:person_id>/reactivate")
@allow(Action.MANAGE_PEOPLE)
def reactivate(person_id: int) -> Answer:
    """Open a shut account again."""
    with writing():
        found = queries.get_person(db.session(), person_id, lock=True)
        operations.reactivate(found, actor=present_actor())
    flash(_("%(name)s的账号已启用。", name=found.name), "success")
    return redirect(url_for("org.person", person_id=person_id), 303)


@blueprint.post("/people/<int:person_id>/roles")
@allow(Action.MANAGE_PEOPLE)
def grant(person_id: int) -> Answer:
    """Grant a role in a unit; roles that clash are granted with a warning."""
    form = forms.GrantForm()
    if form.validate_on_submit():
        try:
            with writing():
                found = queries.get_person(db.session(), person_id, lock=True)
                unit = queries.get_unit(db.session(), form.unit_id)
                operations.grant(found, form.chosen, unit, actor=present_actor())
        except DomainError as error:
            form.refuse(error)
        else:
            flash(_("已授予%(role)s（%(unit)s）。", role=ROLES[form.chosen], unit=unit.name), "success")
            return redirect(url_for("org.person", person_id=person_id), 303)
    return _page(person_id, forms.AccountForm(formdata=None), form)


@blueprint.post("/people/<int:person_id>/roles/<role>/<int:unit_id>/revoke")
@allow(Action.MANAGE_PEOPLE)
def revoke(person_id: int, role: str, unit_id: int) -> Answer:
    """Take a role away."""
    if role not in set(Role):
        raise NotFound(_("没有这个角色。"))
    with writing():
        found = queries.get_person(db.session(), person_id, lock=True)
        unit = queries.get_unit(db.session(), unit_id)
        operations.revoke(found, Role(role), unit, actor=present_actor())
    flash(_("已撤销%(role)s（%(unit)s）。", role=ROLES[Role(role)], unit=unit.name), "success")
    return redirect(url_for("org.person", person_id=person_id), 303)
