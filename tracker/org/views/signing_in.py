"""Signing in and out."""

from flask import make_response, redirect, render_template, request, url_for
from flask_login import current_user

from tracker.access.guard import allow
from tracker.access.rules import Action
from tracker.core.addresses import asks_for_part, is_own
from tracker.core.db import db, writing
from tracker.core.forms import shown_again
from tracker.org import forms, kept, operations, passwords, queries
from tracker.org.models import Account
from tracker.org.rules import login_key
from tracker.org.signing_in import begin_session, end_session, login_manager
from tracker.org.views.blueprint import Answer, blueprint

HOME = "/"


def matched_password(login: str, password: str) -> str:
    """The stored hash that a password belongs to; empty, and just as slow, when there is none."""
    return _matched(queries.find_account(db.session(), login), "password_hash", password)


def matched_code(login: str, code: str) -> str:
    """The stored hash that a one-time code belongs to; empty, and just as slow, when there is none."""
    return _matched(queries.find_account(db.session(), login), "code_hash", code)


def _matched(account: Account | None, column: str, secret: str) -> str:
    stored = getattr(account, column) if account else ""
    # Hashing is slow by intent; no transaction waits for it.
    db.session().rollback()
    return stored if passwords.matches(secret, stored) else ""


@blueprint.route("/sign-in", methods=["GET", "POST"])
@allow(Action.SIGN_IN)
def sign_in() -> Answer:
    """Sign-in name and password; afterwards on to the page that was asked for."""
    if request.method == "GET" and current_user.is_authenticated:
        return redirect(_onward(), 303)
    form = forms.SignInForm()
    if form.validate_on_submit():
        login = login_key(form.login.data)
        matched = matched_password(login, form.password.data)
        with writing():
            entry = operations.sign_in(login, matched_hash=matched)
        if entry.person is not None:
            begin_session(entry.person)
            found = kept.read(form.kept.data or "", person_id=entry.person.id)
            return _kept_page(found) if found else redirect(_onward(), 303)
        form.refuse(operations.refusal(entry))
    return render_template("org/sign_in.html", form=form), 422 if form.errors else 200


@login_manager.unauthorized_handler
def ask_to_sign_in() -> Answer:
    """Lead a stranger to the sign-in page; whoever was sending a form when their session ended takes it along.

    An open page that asks for a part of itself is told so in its place, and stays.
    """
    if asks_for_part():
        return make_response(render_template("org/signed_out.html", has_typed=request.method == "POST"), 401)
    if sealed := kept.keep():
        form = forms.SignInForm(formdata=None, data={"kept": sealed})
        return make_response(render_template("org/sign_in.html", form=form), 401)
    going_to = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("org.sign_in", next=going_to), 303)


def _kept_page(found: kept.Kept) -> str:
    return render_template("org/kept.html", kept=found, typed=shown_again(found.fields))


@blueprint.post("/sign-out")
@allow(Action.ENTER)
def sign_out() -> Answer:
    """End all sessions of this person."""
    person_id = current_user.person.id
    with writing():
        operations.sign_out(queries.get_person(db.session(), person_id))
    end_session()
    return redirect(url_for("org.sign_in"), 303)


def _onward() -> str:
    going_to = request.args.get("next", "")
    return going_to if is_own(going_to) else HOME
