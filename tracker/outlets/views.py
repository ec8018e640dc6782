"""Outside channels, for the administrator."""

import secrets

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action
from tracker.audit.operations import record
from tracker.core import clock
from tracker.core.acts import DONE, submit
from tracker.core.carriage import Refused, Unreachable
from tracker.core.db import db, writing
from tracker.core.errors import DomainError, NotFound
from tracker.core.i18n import gettext as _
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.places import place_of
from tracker.org import queries as org
from tracker.outlets import operations, queries
from tracker.outlets.channels import line_of
from tracker.outlets.forms import KindForm, OutletForm, TestForm
from tracker.outlets.models import Outlet
from tracker.outlets.rules import BODIES, KIND_LABELS, ROBOTS, Kind, values
from tracker.settings.queries import load

blueprint = Blueprint("outlets", __name__, url_prefix="/outlets")

Answer = str | tuple[str, int] | Response


@blueprint.get("")
@allow(Action.MANAGE_SETTINGS)
def outlet_list() -> str:
    """All outside channels: kind, for whom, where to, on or off."""
    rows = [(outlet, str(place_of(outlet.endpoint))) for outlet in queries.list_outlets(db.session())]
    return render_template("outlets/outlet_list.html", rows=rows, form=KindForm(formdata=None), kinds=KIND_LABELS)


@blueprint.route("/new", methods=["GET", "POST"])
@allow(Action.MANAGE_SETTINGS)
def add() -> Answer:
    """A new outside channel of the kind asked for, switched off at first."""
    kind = _kind()
    form = OutletForm()
    form.explain(kind, is_new=True)
    if not form.is_submitted():
        form.body.data = BODIES[kind]
    status = submit(
        form,
        lambda: operations.add(kind, form.details(), actor=present_actor()),
        done=_("已保存，尚未启用。请先发一条测试消息。"),
    )
    if status == DONE:
        return redirect(url_for("outlets.outlet_list"), DONE)
    return _form_page(form, kind), status


def _kind() -> Kind:
    asked = request.args.get("kind", "")
    if asked not in set(Kind):
        raise NotFound(_l("没有这种外部渠道。"))
    return Kind(asked)


def _form_page(form: OutletForm, kind: Kind) -> str:
    choices = org.list_unit_choices(db.session()) if kind in ROBOTS else ()
    return render_template("outlets/edit.html", form=form, title=KIND_LABELS[kind], choices=choices)


@blueprint.route("/<key>", methods=["GET", "POST"])
@allow(Action.MANAGE_SETTINGS)
def outlet(key: str) -> Answer:
    """What is written down of one channel; its secrets are not."""
    found = queries.get_outlet(db.session(), key)
    form = OutletForm()
    if not form.is_submitted():
        account = found.keeper.account if found.keeper else None
        form.fill(found, account.login if account else "")
    form.explain(found.kind, is_new=False)

    def act() -> None:
        locked = queries.get_outlet(db.session(), key, lock=True)
        operations.change(locked, form.details(), actor=present_actor(), version=form.seen_version)

    status = submit(form, act, done=_("外部渠道已保存。"))
    if status == DONE:
        return redirect(url_for("outlets.outlet_list"), DONE)
    return _form_page(form, found.kind), status


@blueprint.post("/<key>/switch-on")
@allow(Action.MANAGE_SETTINGS)
def switch_on(key: str) -> Response:
    """Let it speak."""
    with writing():
        operations.switch_on(queries.get_outlet(db.session(), key, lock=True), actor=present_actor())
    flash(_("已启用。"), "success")
    return redirect(url_for("outlets.outlet_list"), DONE)


@blueprint.post("/<key>/switch-off")
@allow(Action.MANAGE_SETTINGS)
def switch_off(key: str) -> Response:
    """Silence it."""
    with writing():
        operations.switch_off(queries.get_outlet(db.session(), key, lock=True), actor=present_actor())
    flash(_("已停用。"), "success")
    return redirect(url_for("outlets.outlet_list"), DONE)


@blueprint.route("/<key>/test", methods=["GET", "POST"])
@allow(Action.MANAGE_SETTINGS)
def test(key: str) -> Answer:
    """Send a message at once and show what is answered, whether or not the channel is on."""
    found = queries.get_outlet(db.session(), key)
    form = TestForm()
    if found.kind in ROBOTS:
        del form.phone
    if not form.validate_on_submit():
        return _test_page(form, found), 422 if form.errors else 200
    try:
        answer = _send_test(found, form.phone.data if form.phone else "")
    except (Refused, Unreachable) as error:
        form.refuse(DomainError(_("没有发出：%(answer)s", answer=str(error))))
        _note(key, str(error))
        return _test_page(form, queries.get_outlet(db.session(), key)), DomainError.status
    _note(key, answer)
    flash(_("已发出，对方答复：%(answer)s", answer=answer), "success")
    return redirect(url_for("outlets.outlet_list"), DONE)


def _test_page(form: TestForm, found: Outlet) -> str:
    return render_template("outlets/test.html", form=form, outlet=found, place=str(place_of(found.endpoint)))


def _send_test(found: Outlet, phone: str) -> str:
    settings = load(db.session())
    organ = settings["organ.short_name"] or settings["organ.name"]
    message_id = f"test-{secrets.token_hex(8)}"
    line = line_of(found, settings["outlets.allowed"])
    told = values(str(_("整改台账测试消息")), phone, (), organ, message_id)
    # Nobody waits for a lock of ours while somebody else's server thinks.
    db.session().rollback()
    return line.carry(told, message_id=message_id, at=clock.now())


def _note(key: str, answer: str) -> None:
    with writing():
        record(present_actor(), "outlet.test", queries.get_outlet(db.session(), key).name, answer=answer)
