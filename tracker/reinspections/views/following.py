"""What follows from a rebound: a linked new item, or the request to take the old one up again."""

from flask import redirect, render_template, url_for

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action
from tracker.core.acts import DONE, submit
from tracker.core.db import db
from tracker.core.i18n import gettext as _
from tracker.reinspections import operations
from tracker.reinspections.forms import AgainForm, ReopenForm
from tracker.reinspections.views.blueprint import Answer, blueprint, look_of, to_look
from tracker.sources import queries as sources


@blueprint.route("/<int:look_id>/again", methods=["GET", "POST"])
@allow(Action.REINSPECT)
def draw_up_again(look_id: int) -> Answer:
    """Draw up a new item that is linked to the one that came back."""
    actor, found, made = present_actor(), look_of(look_id), []
    operations.ensure_followable(found, actor=actor)
    form = AgainForm(data={"source": found.item.source_id, "finding": found.item.finding})
    form.offer(sources.list_sources(db.session(), actor))

    def act() -> None:
        source = sources.get_source(db.session(), form.source.data, lock=True)
        held = look_of(look_id, lock=True)
        made.append(operations.draw_up_again(held, source, form.finding.data or "", actor=actor).number)

    status = submit(form, act, done=_("已新立事项，接着指定牵头单位和时限。"))
    if status == DONE:
        return redirect(url_for("items.assign", number=made[0]), 303) if made else to_look(look_id)
    return render_template("reinspections/again.html", form=form, look=found, item=found.item), status


@blueprint.route("/<int:look_id>/reopen", methods=["GET", "POST"])
@allow(Action.REINSPECT)
def ask_reopening(look_id: int) -> Answer:
    """Ask that the old item be taken up again; another person approves it."""
    actor, found = present_actor(), look_of(look_id)
    operations.ensure_followable(found, actor=actor)
    told = _("回头看（%(day)s）发现问题反弹：%(findings)s", day=found.inspected_on, findings=found.findings)
    form = ReopenForm(data={"reason": told[:2000]})
    status = submit(
        form,
        lambda: operations.ask_reopening(look_of(look_id, lock=True), form.reason.data or "", actor=actor),
        done=_("申请已提交，由另一人审批；批准之前什么都不变。"),
    )
    if status == DONE:
        return to_look(look_id)
    return render_template("reinspections/reopen.html", form=form, look=found, item=found.item), status
