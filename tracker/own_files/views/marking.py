"""The section of a report sentence by sentence, old and new side by side, and choosing where it begins."""

from flask import redirect, render_template, url_for

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action
from tracker.core.acts import DONE, submit
from tracker.core.db import db
from tracker.core.errors import DomainError
from tracker.core.i18n import gettext as _
from tracker.own_files import operations, pages
from tracker.own_files.forms import HeadingForm, SentencesForm
from tracker.own_files.rules.sections import Stretch, section_at
from tracker.own_files.views.blueprint import Answer, blueprint, get


@blueprint.route("/<int:file_id>", methods=["GET", "POST"])
@allow(Action.WRITE_REPORT)
def own_file(file_id: int) -> Answer:
    """A report: which sentences go, and what comes in their place."""
    session, actor = db.session(), present_actor()
    found = get(file_id)
    _text, report = operations.old_report(found)
    stretch = report.marks.stretch
    form = SentencesForm(data={"version": found.version, **(stretch._asdict() if stretch else {})})
    section = report.section

    def act() -> None:
        if section is None:
            raise DomainError(_("请先选定整改部分从哪一段开始。"))
        marked = Stretch(form.first.data or 0, form.last.data or 0)
        operations.mark(get(file_id, lock=True), section, marked, actor=actor, version=form.seen_version)

    status = submit(form, act, done=_("已保存要替换的句子。"))
    if status == DONE:
        return redirect(url_for("own_files.own_file", file_id=file_id), DONE)
    told = operations.find_material(session, found, actor)
    shown = pages.shown_section(report, told.lines if told else (), typed=form.data if form.is_submitted() else None)
    may_issue = told is not None and told.is_of_draft and not told.against
    values = {"found": found, "report": report, "shown": shown, "told": told, "may_issue": may_issue}
    return render_template("own_files/own_file.html", form=form, **values), status


@blueprint.route("/<int:file_id>/heading", methods=["GET", "POST"])
@allow(Action.WRITE_REPORT)
def heading(file_id: int) -> Answer:
    """Which paragraph the section begins with."""
    found = get(file_id)
    _text, report = operations.old_report(found)
    form = HeadingForm(data={"version": found.version, "paragraph": report.marks.paragraph})

    def act() -> None:
        place = form.paragraph.data
        if place not in {each.place for each in choices}:
            raise DomainError(_("请选择一段。"), field="paragraph")
        section = section_at(report.passages, place)
        kept = get(file_id, lock=True)
        operations.mark(kept, section, section.proposed, actor=present_actor(), version=form.seen_version)

    choices = pages.paragraph_choices(report)
    status = submit(form, act, done=_("已选定段落，请核对要替换的句子。"))
    if status == DONE:
        return redirect(url_for("own_files.own_file", file_id=file_id), DONE)
    return render_template("own_files/heading.html", found=found, form=form, choices=choices), status
