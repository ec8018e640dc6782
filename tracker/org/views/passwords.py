"""One's own password: by a one-time code, or by the present one."""

from datetime import datetime

from flask import flash, redirect, render_template, session, url_for
from flask_login import current_user

from tracker.access.guard import allow
from tracker.access.rules import Action
from tracker.core.db import db, writing
from tracker.core.errors import DomainError
from tracker.core.i18n import gettext as _
from tracker.org import forms, operations, queries
from tracker.org.passwords import hash_password
from tracker.org.rules import check_password, code_key, login_key
from tracker.org.signing_in import begin_session
from tracker.org.views.blueprint import Answer, blueprint
from tracker.org.views.signing_in import HOME, matched_code, matched_password

CODE_FOR = "code_for"


@blueprint.route("/sign-in/code", methods=["GET", "POST"])
@allow(Action.SIGN_IN)
def use_code() -> Answer:
    """Sign-in name and one-time code; afterwards on to setting a password."""
    form = forms.CodeForm()
    if form.validate_on_submit():
        login = login_key(form.login.data)
        matched = matched_code(login, code_key(form.code.data))
        with writing():
            entry = operations.redeem_code(login, matched_hash=matched)
            ends_at = entry.person.account.code_expires_at if entry.person and entry.person.account else None
        if entry.person is not None and ends_at is not None:
            session[CODE_FOR] = (entry.person.id, ends_at.isoformat())
            return redirect(url_for("org.set_password"), 303)
        form.refuse(operations.code_refusal(entry))
    return render_template("org/use_code.html", form=form), 422 if form.errors else 200


@blueprint.route("/sign-in/password", methods=["GET", "POST"])
@allow(Action.SIGN_IN)
def set_password() -> Answer:
    """A password of one's own, for whoever has just shown a good code."""
    if CODE_FOR not in session:
        return redirect(url_for("org.use_code"), 303)
    person_id, ends_at = session[CODE_FOR]
    account = queries.get_person(db.session(), person_id).account
    form = forms.NewPasswordForm()
    if form.validate_on_submit() and account is not None:
        try:
            new_hash = _checked_hash(form.new_password.data, login=account.login)
            with writing():
                person = queries.get_person(db.session(), person_id)
                operations.set_password(person, code_expires_at=datetime.fromisoformat(ends_at), new_hash=new_hash)
        except DomainError as error:
            form.refuse(error)
        else:
            begin_session(person)
            flash(_("密码已设置，已登录。"), "success")
            return redirect(HOME, 303)
    return render_template("org/set_password.html", form=form, account=account), 422 if form.errors else 200


@blueprint.route("/account/password", methods=["GET", "POST"])
@allow(Action.ENTER)
def change_password() -> Answer:
    """The present password and a new one; sessions elsewhere end."""
    form = forms.ChangePasswordForm()
    login = current_user.person.account.login
    if form.validate_on_submit():
        try:
            new_hash = _checked_hash(form.new_password.data, login=login)
            matched = matched_password(login, form.password.data)
            with writing():
                entry = operations.change_password(login, matched_hash=matched, new_hash=new_hash)
            if entry.person is not None:
                begin_session(entry.person)
                flash(_("密码已修改，在其他设备上的登录已退出。"), "success")
                return redirect(HOME, 303)
            form.refuse(operations.password_refusal(entry))
        except DomainError as error:
            form.refuse(error)
    return render_template("org/change_password.html", form=form), 422 if form.errors else 200


def _checked_hash(password: str, *, login: str) -> str:
    """The hash of a new password, made outside any transaction; raises DomainError when it may not be one."""
    check_password(password, login=login)
    db.session().rollback()
    return hash_password(password)
