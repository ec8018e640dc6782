"""The first run: until the organ stands, every page leads here; afterwards there is no such page."""

from flask import flash, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState

from tracker.access.guard import allow
from tracker.access.rules import Action
from tracker.core.db import db, writing
from tracker.core.errors import DomainError, NotFound
from tracker.core.i18n import gettext as _
from tracker.org import forms, operations, setup
from tracker.org.models import Person
from tracker.org.passwords import hash_password
from tracker.org.rules import check_login, check_password
from tracker.org.signing_in import begin_session
from tracker.org.views.blueprint import Answer, blueprint

OPEN = frozenset({"org.set_up", "shell.htmx", "shell.choose_language"})
# Asked by machines, whether or not anybody works with the system yet.
MONITORING = "monitoring."


@blueprint.record_once
def _ask_first(state: BlueprintSetupState) -> None:
    """Before the guard sends a stranger to a sign-in page where nobody can sign in yet."""
    state.app.before_request_funcs.setdefault(None, []).insert(0, _lead_to_set_up)


def _lead_to_set_up() -> Answer | None:
    endpoint = request.endpoint or ""
    if (
        endpoint in OPEN
        or endpoint.startswith(MONITORING)
        or endpoint.rpartition(".")[2] == "static"
        or setup.is_done()
    ):
        return None
    return redirect(url_for("org.set_up"), 303)


@blueprint.route("/set-up", methods=["GET", "POST"])
@allow(Action.SIGN_IN)
def set_up() -> Answer:
    """The organ, its units and its first administrator, who then records the first feedback."""
    if setup.is_done():
        raise NotFound(_("系统已经建立，请直接登录。"))
    form = forms.SetUpForm()
    if form.validate_on_submit():
        try:
            person = _make(form)
        except DomainError as error:
            form.refuse(error)
        else:
            setup.forget_code()
            begin_session(person)
            flash(_("系统已建立，您同时是系统管理员和整改办。可以录入第一份反馈意见了。"), "success")
            return redirect(url_for("intake.begin"), 303)
    return render_template("setup/set_up.html", form=form), 422 if form.errors else 200


def _make(form: forms.SetUpForm) -> Person:
    if not setup.is_setup_code(form.code.data):
        raise DomainError(_("初始化码不对，请看启动系统的窗口。"), field="code")
    check_password(form.new_password.data, login=check_login(form.login.data))
    db.session().rollback()
    password_hash = hash_password(form.new_password.data)
    organ = operations.Organ(
        name=form.organ.data,
        short_name=form.short_name.data or "",
        units=form.units.data or "",
        administrator=form.name.data,
        login=form.login.data,
    )
    with writing():
        return operations.set_up(organ, password_hash=password_hash)
