"""The rectification section of the yearly report: its preview, its Word file, the items behind its figures."""

from flask import render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action, reach
from tracker.core import clock
from tracker.core.db import db, writing
from tracker.core.downloads import hand_out
from tracker.core.errors import DomainError
from tracker.core.i18n import gettext as _
from tracker.figures.queries import list_choices
from tracker.reports import operations, pages
from tracker.reports.forms import SectionForm
from tracker.reports.views.blueprint import blueprint
from tracker.reports.writing import notes
from tracker.settings.queries import load


@blueprint.get("/section")
@allow(Action.READ_REPORT)
def section() -> tuple[str, int]:
    """The section as it would be handed in, with what was refused and why."""
    form = _form(db.session())
    try:
        written = _write(form)
    except DomainError as error:
        form.refuse(error)
        return render_template("reports/section.html", form=form, section=None), error.status
    shown = {"paragraphs": pages.paragraphs(written, form.address()), "checks": pages.checks(written)}
    return render_template(
        "reports/section.html", form=form, section=written, address=form.address(), notes=notes(written.facts), **shown
    ), 200


@blueprint.get("/section/items")
@allow(Action.READ_REPORT)
def items() -> str:
    """The items that a figure of the section counts, as they were on the day."""
    form = _form(db.session())
    figure, behind = pages.items_behind(_write(form), request.args.get("figure", ""))
    back = (_("述职报告（整改落实部分）"), url_for("reports.section", **form.address()))
    values = {"figure": figure, "items": behind, "back": back, "as_of": form.chosen_day}
    return render_template("reports/items.html", **values)


@blueprint.get("/section/file")
@allow(Action.READ_REPORT)
def section_file() -> Response:
    """The section as a Word file; taking it away is recorded."""
    actor = present_actor()
    written = _write(_form(db.session()))
    # The reading ends here, so that building the file holds no transaction.
    db.session().rollback()
    content = operations.to_docx(written)
    with writing():
        operations.note_download(written, actor=actor)
    return hand_out(content, written.file_name)


def _form(session: Session) -> SectionForm:
    usual = {"year": clock.today().year, "decimals": load(session)["rules.rate_decimals"]}
    form = SectionForm(request.args, data=usual)
    form.offer(list_choices(session, reach(present_actor(), Action.READ_REPORT)))
    return form


def _write(form: SectionForm) -> operations.Section:
    question = form.question()
    return operations.write(
        db.session(), form.chosen_year, question, decimals=form.decimals.data, actor=present_actor()
    )
