"""Writing how the work goes on."""

from flask import redirect, render_template, request
from werkzeug.wrappers import Response

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action
from tracker.core.acts import DONE, submit
from tracker.core.db import db
from tracker.core.i18n import gettext as _
from tracker.progress import operations, queries
from tracker.progress.forms import EntryForm
from tracker.progress.rules import STANDING_LABELS, own_line, reportable_units
from tracker.progress.views.blueprint import blueprint, item_of, item_url, locked, units_of


@blueprint.get("/entries/new")
@blueprint.post("/entries/new")
@allow(Action.REPORT_OWN_LINE)
def write_entry(number: str) -> Response | tuple[str, int]:
    """An empty box beside what was reported last."""
    actor, item = present_actor(), item_of(number)
    operations.ensure_reportable(item, actor=actor, action=Action.REPORT_OWN_LINE)
    line, units = own_line(actor, item), units_of(item)
    form = EntryForm(data={"unit": line.unit_id})
    choices = [unit_id for unit_id in reportable_units(actor, item) if unit_id is not None]
    form.unit.choices = [(unit_id, units[unit_id].name) for unit_id in choices]
    if len(choices) < 2:
        del form.unit

    def act() -> None:
        unit_id = form.unit.data if form.unit else None
        write = operations.write_unchanged if "unchanged" in request.form else operations.write_entry
        aside = operations.Aside(form.obstacle.data or "", form.next_step.data or "")
        write(locked(number), form.text.data, actor=actor, unit_id=unit_id, aside=aside)

    status = submit(form, act, done=_("进展已保存。"))
    if status == DONE:
        return redirect(item_url(number), 303)
    last = queries.find_last_entry(db.session(), item.id, line.unit_id)
    return render_template(
        "progress/entry.html", form=form, item=item, last=last, line=line, standings=STANDING_LABELS
    ), status
