"""Checks of what is kept up for ever: what is to be checked when, and noting a check."""

from typing import Any

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action, can, reach
from tracker.core import clock, files
from tracker.core.acts import DONE, submit
from tracker.core.db import db, writing
from tracker.core.errors import NotFound
from tracker.core.i18n import gettext as _
from tracker.core.paging import page_number, paginate
from tracker.items import queries as ledger
from tracker.reinspections import operations, queries
from tracker.reinspections.forms import CheckForm
from tracker.reinspections.operations import Seen
from tracker.reinspections.views.blueprint import Answer, blueprint


@blueprint.get("/checks")
@allow(Action.READ_ITEM)
def check_list() -> str:
    """What is kept up for ever, the next to be checked first."""
    session = db.session()
    page = paginate(
        session,
        queries.select_lasting(present_actor()),
        number=page_number(),
        rows=lambda query: queries.list_lasting(session, query),
    )
    return render_template("reinspections/check_list.html", page=page, today=clock.today())


@blueprint.route("/checks/<number>", methods=["GET", "POST"])
@allow(Action.READ_ITEM)
def check(number: str) -> Answer:
    """The checks of one item; the office notes the next one."""
    actor, session = present_actor(), db.session()
    item = ledger.get_item(session, number, reach(actor))
    form = CheckForm(data={"checked_on": clock.today(), "next_on": operations.next_by_rhythm(item)})

    def act(received: Any) -> None:
        told = (form.kept.data == "kept", form.checked_on.data, form.findings.data or "", form.next_on.data)
        held = ledger.get_item(db.session(), number, reach(actor), lock=True)
        operations.check(held, Seen(*told, received), actor=actor)

    status = submit(form, act, done=_("检查已登记。"), prepare=lambda: operations.receive(form.uploads))
    if status == DONE:
        return redirect(url_for("reinspections.check", number=number), 303)
    checks, may_check = queries.list_checks(session, item.id), can(actor, Action.REINSPECT, item)
    return render_template("reinspections/check.html", form=form, item=item, checks=checks, may_check=may_check), status


@blueprint.get("/checks/files/<int:check_id>/<int:serial>")
@allow(Action.READ_ITEM)
def check_file(check_id: int, serial: int) -> Response:
    """A file that shows what was seen, never to be shown by the browser."""
    actor = present_actor()
    found = next((e for e in queries.get_check(db.session(), check_id, actor).files if e.serial == serial), None)
    if found is None:
        raise NotFound(_("没有这个文件。"))
    path, name = files.path_of(found.sha256), found.name
    with writing():
        operations.note_check_download(queries.get_check(db.session(), check_id, actor), name, actor=actor)
    return files.handed_out(path, name)
