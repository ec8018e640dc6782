"""Logging a call about an item."""

from flask import redirect, render_template, request, url_for

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action
from tracker.core.acts import DONE, submit
from tracker.core.addresses import read_id
from tracker.core.db import db
from tracker.core.i18n import gettext as _
from tracker.items import queries as items
from tracker.rounds import operations, queries
from tracker.rounds.forms import CallForm
from tracker.rounds.views.blueprint import Answer, back_url, blueprint, office_reach


@blueprint.get("/calls/<number>")
@blueprint.post("/calls/<number>")
@allow(Action.REVIEW_REPORT)
def log_call(number: str) -> Answer:
    """When, whom, and what the answer was."""
    session, seen_by = db.session(), office_reach()
    item, form = items.get_item(session, number, seen_by), CallForm()

    def act() -> None:
        operations.log_call(
            items.get_item(session, number, seen_by, lock=True),
            whom=form.whom.data,
            answer=form.answer.data,
            called_at=form.called_at.data,
            actor=present_actor(),
        )

    status = submit(form, act, done=_("通话已登记，显示在事项的经过里。"))
    round_id = read_id(request.args.get("round"))
    back = back_url(round_id) if round_id else url_for("desk.item", number=number)
    if status == DONE:
        return redirect(back, 303)
    units = [item.lead_unit_id, *item.supporting_unit_ids]
    contacts = queries.list_contacts(session, [each for each in units if each is not None])
    people = [(each.name, each.phone) for told in contacts.values() for each in told]
    people += [(each.name, each.phone) for each in (item.owner, item.handler) if each]
    return render_template(
        "rounds/call.html", form=form, item=item, people=list(dict.fromkeys(people)), back_url=back
    ), status
