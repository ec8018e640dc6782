"""The page of a source's outline after intake."""

from flask import flash, redirect, render_template, request, url_for

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action, reach
from tracker.core.db import db, writing
from tracker.core.i18n import gettext as _
from tracker.intake import operations, queries
from tracker.intake.forms import outline as forms
from tracker.intake.views.blueprint import Answer, blueprint
from tracker.sources import queries as sources


@blueprint.get("/sources/<int:source_id>/outline")
@allow(Action.INTAKE)
def outline(source_id: int) -> Answer:
    """The outline of a source that has been taken in, to be corrected."""
    session = db.session()
    source = sources.get_source(session, source_id)
    items = queries.list_of_source(session, source_id, reach(present_actor()))
    sections = sources.list_sections(session, source_id)
    return render_template("intake/outline.html", source=source, sections=sections, items=items)


@blueprint.post("/sources/<int:source_id>/outline")
@allow(Action.INTAKE)
def edit_outline(source_id: int) -> Answer:
    """Carry out what was changed in the outline."""
    change = forms.typed_outline(request.form)
    with writing():
        source = sources.get_source(db.session(), source_id, lock=True)
        operations.edit_outline(source, change, actor=present_actor())
    flash(_("大纲已修改。"), "success")
    return redirect(url_for("sources.source", source_id=source_id), 303)
