"""The writing page: text beside figures, the items behind them, what would change, earlier texts."""

from dataclasses import replace

from flask import redirect, render_template, request, url_for

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action, reach
from tracker.core.acts import DONE, submit
from tracker.core.db import db
from tracker.core.i18n import gettext as _
from tracker.reports import operations, queries, shown, texts
from tracker.reports.forms import RewriteForm, TextForm, TypicalForm, wording_choices
from tracker.reports.kinds import TYPICAL_LIMIT, ReportState, check_draft
from tracker.reports.operations.issuing import is_sealed, refused_of
from tracker.reports.rules import Facts
from tracker.reports.views.blueprint import LABELS, Answer, blueprint, collect, locked, report_of


@blueprint.get("/<int:report_id>")
@blueprint.post("/<int:report_id>")
@allow(Action.READ_REPORT)
def report(report_id: int) -> Answer:
    """A report: to be written while it is a draft, to be read afterwards."""
    session, actor = db.session(), present_actor()
    found = report_of(session, report_id)
    told = {"title": found.title, "text": found.text, "template": found.template, "version": found.version}
    form = TextForm(data=told)
    form.offer(queries.list_templates(session), found.template)

    def act() -> None:
        held = locked(db.session(), report_id)
        typed = {"title": form.title.data, "text": form.text.data or "", "template": form.template.data}
        operations.save(held, **typed, actor=actor, version=form.seen_version)

    status = submit(form, act, done=_("已保存。"))
    if status == DONE:
        return redirect(url_for("reports.report", report_id=report_id), DONE)
    found = report_of(session, report_id)
    may_write = queries.manages(actor, found.unit_id)
    values = {"report": found, "view": shown.View(found), "refused": refused_of(found), "may_write": may_write}
    values |= {"is_writing": may_write and found.state is ReportState.DRAFT, **LABELS}
    values |= {"others": [each for each in queries.list_editions(session, found, actor) if each.id != found.id]}
    values |= {"is_sealed": found.state is not ReportState.ISSUED or is_sealed(found)}
    return render_template("reports/report.html", form=form, **values), status


@blueprint.get("/<int:report_id>/items")
@allow(Action.READ_REPORT)
def figure_items(report_id: int) -> Answer:
    """The items that a figure of a report counts, as they were when it was taken."""
    found = report_of(db.session(), report_id)
    words, figure, items = shown.View(found).behind(request.args.get("figure", ""))
    values = {"figure": figure, "items": items, "as_of": found.as_of, "words": words}
    back = (found.title, url_for("reports.report", report_id=report_id))
    return render_template("reports/items.html", back=back, **values)


@blueprint.get("/<int:report_id>/rewrite")
@blueprint.post("/<int:report_id>/rewrite")
@allow(Action.WRITE_REPORT)
def rewrite(report_id: int) -> Answer:
    """Write the text anew by a wording; the text before is kept."""
    session, actor = db.session(), present_actor()
    found = report_of(session, report_id)
    operations.ensure_writes(actor, found.unit_id)
    check_draft(found.state)
    form = RewriteForm(data={"wording": found.wording, "version": found.version})
    form.wording.choices = wording_choices(queries.list_wordings(session))[1:]

    def act() -> None:
        held = locked(db.session(), report_id)
        operations.rewrite(held, wording=form.wording.data, actor=actor, version=form.seen_version)

    status = submit(form, act, done=_("正文已按行文模板重写，原来的文字在“以前的文字”里。"))
    if status == DONE:
        return redirect(url_for("reports.report", report_id=report_id), DONE)
    return render_template("reports/rewrite.html", form=form, report=found), status


@blueprint.get("/<int:report_id>/texts")
@allow(Action.READ_REPORT)
def earlier_texts(report_id: int) -> Answer:
    """The texts of a report as they were before each change."""
    session = db.session()
    found = report_of(session, report_id)
    kept = [(each, texts.printed(each.text)) for each in queries.list_texts(session, report_id)]
    return render_template("reports/texts.html", report=found, kept=kept)


@blueprint.get("/<int:report_id>/typical")
@blueprint.post("/<int:report_id>/typical")
@allow(Action.WRITE_REPORT)
def typical(report_id: int) -> Answer:
    """Choose the items that are told as typical, among the closed ones whose application tells what was done."""
    session, actor = db.session(), present_actor()
    found = report_of(session, report_id)
    operations.ensure_writes(actor, found.unit_id)
    check_draft(found.state)
    order, seen = operations.order_of(found), reach(actor, Action.WRITE_REPORT)
    form = TypicalForm(data={"chosen": list(order.typical), "version": found.version})
    tellable = queries.list_tellable(session, operations.question_of(order, found.known_at), seen)
    chosen = {each.number for each in tellable} & set(form.chosen.data or [])

    def prepare() -> Facts:
        return collect(replace(order, typical=tuple(sorted(chosen))), seen, known_at=found.known_at)

    def act(facts: Facts) -> None:
        held = locked(db.session(), report_id)
        operations.choose_typical(held, facts, chosen=chosen, actor=actor, version=form.seen_version)

    status = submit(form, act, prepare=prepare, done=_("典型事项已选好，重写正文后写入报告。"))
    if status == DONE:
        return redirect(url_for("reports.rewrite", report_id=report_id), DONE)
    values = {"report": report_of(db.session(), report_id), "tellable": tellable, "chosen": chosen}
    return render_template("reports/typical.html", form=form, limit=TYPICAL_LIMIT, **values), status
