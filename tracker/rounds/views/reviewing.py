"""Accepting texts, many at once, and returning one with a reason."""

from collections.abc import Sequence

from flask import flash, redirect, render_template, request

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action
from tracker.core.acts import DONE, submit
from tracker.core.db import db, writing
from tracker.core.errors import AlreadyThere, Conflict, DomainError
from tracker.core.forms import number_in
from tracker.core.i18n import gettext as _
from tracker.rounds import operations, queries
from tracker.rounds.forms import ReturnForm
from tracker.rounds.models import OwedReport
from tracker.rounds.views.blueprint import Answer, back_url, blueprint, office_reach


@blueprint.post("/<int:round_id>/accept")
@allow(Action.REVIEW_REPORT)
def accept(round_id: int) -> Answer:
    """Let the chosen texts count."""
    chosen = {number_in(each) for each in request.form.getlist("chosen")}
    try:
        with writing():
            if not chosen:
                raise DomainError(_("请先勾选要采用的内容。"))
            count = operations.accept_reports(_given(round_id, chosen, lock=True), actor=present_actor())
    except AlreadyThere as refusal:
        flash(str(refusal), "info")
    except DomainError as refusal:
        if refusal.status == DomainError.status:
            flash(str(refusal), "warning")
        else:
            raise
    else:
        flash(_("已采用 %(n)d 项。", n=count), "success")
    return redirect(back_url(round_id), 303)


@blueprint.get("/<int:round_id>/return/<int:entry_id>")
@blueprint.post("/<int:round_id>/return/<int:entry_id>")
@allow(Action.REVIEW_REPORT)
def return_report(round_id: int, entry_id: int) -> Answer:
    """Return a text with a reason."""
    (found,) = _given(round_id, {entry_id})
    form = ReturnForm()

    def act() -> None:
        (held,) = _given(round_id, {entry_id}, lock=True)
        operations.return_report(held, form.reason.data, actor=present_actor())

    status = submit(form, act, done=_("已退回，按未报计算，单位将收到通知。"))
    if status == DONE:
        return redirect(back_url(round_id), 303)
    return render_template("rounds/return.html", form=form, report=found, back_url=back_url(round_id)), status


def _given(round_id: int, entry_ids: set[int], *, lock: bool = False) -> Sequence[OwedReport]:
    """A round's reports with these texts; raises Conflict when one has got another meanwhile or is out of reach."""
    found = queries.list_given(db.session(), office_reach(), round_id, entry_ids, lock=lock)
    if len(found) < len(entry_ids):
        raise Conflict(_("有的内容已被单位更新，或您无权审核。请刷新页面后再审。"))
    return found
