"""The wordings: those that are shipped, to be read and copied, and those of the office."""

from flask import redirect, render_template, request, url_for

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action
from tracker.core.acts import DONE, submit
from tracker.core.db import db
from tracker.core.forms import Form
from tracker.core.i18n import gettext as _
from tracker.reports import operations, queries
from tracker.reports.forms import WordingForm
from tracker.reports.kinds import KIND_LABELS, SHIPPED, SHIPPED_LABELS, ReportKind
from tracker.reports.naming import described
from tracker.reports.views.blueprint import Answer, blueprint
from tracker.reports.wording import shipped


@blueprint.get("/wordings")
@allow(Action.WRITE_REPORT)
def wording_list() -> Answer:
    """All wordings, by kind of report."""
    own = queries.list_wordings(db.session())
    values = {"own": own, "kinds": KIND_LABELS, "shipped": SHIPPED, "labels": SHIPPED_LABELS}
    return render_template("reports/wordings.html", names=described(), **values)


@blueprint.get("/wordings/new")
@blueprint.post("/wordings/new")
@allow(Action.WRITE_REPORT)
def add_wording() -> Answer:
    """Add a wording; begun from a shipped one where the address names it."""
    name = request.args.get("of", "")
    kind = next((kind for kind, names in SHIPPED.items() if name in names), None)
    form = WordingForm(data={"kind": kind.value, "text": shipped(name)} if kind else None)

    def act() -> None:
        told = (ReportKind(form.kind.data), form.name.data, form.text.data)
        operations.add_wording(*told, actor=present_actor())

    status = submit(form, act, done=_("行文模板已保存。"))
    if status == DONE:
        return redirect(url_for("reports.wording_list"), DONE)
    return render_template("reports/wording.html", form=form, wording=None, names=described()), status


@blueprint.get("/wordings/<int:wording_id>")
@blueprint.post("/wordings/<int:wording_id>")
@allow(Action.WRITE_REPORT)
def wording(wording_id: int) -> Answer:
    """Change a wording of the office."""
    found = queries.get_wording(db.session(), wording_id)
    told = {"name": found.name, "text": found.text, "kind": found.kind.value, "version": found.version}
    form = WordingForm(data=told)

    def act() -> None:
        held = queries.get_wording(db.session(), wording_id, lock=True)
        typed = {"name": form.name.data, "text": form.text.data}
        operations.change_wording(held, **typed, actor=present_actor(), version=form.seen_version)

    status = submit(form, act, done=_("行文模板已保存。"))
    if status == DONE:
        return redirect(url_for("reports.wording_list"), DONE)
    return render_template("reports/wording.html", form=form, wording=found, names=described()), status


@blueprint.post("/wordings/<int:wording_id>/drop")
@allow(Action.WRITE_REPORT)
def drop_wording(wording_id: int) -> Answer:
    """Drop a wording of the office."""

    def act() -> None:
        operations.drop_wording(queries.get_wording(db.session(), wording_id, lock=True), actor=present_actor())

    submit(Form(), act, done=_("行文模板已删除，按它写好的报告不受影响。"))
    return redirect(url_for("reports.wording_list"), DONE)
