"""Nudging one or many items, the list of nudges with receipts, and the reply."""

from typing import Any

from flask import redirect, render_template, request, url_for

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action, reach
from tracker.core.acts import DONE, submit
from tracker.core.db import db
from tracker.core.i18n import gettext as _
from tracker.core.paging import page_number, paginate
from tracker.items import queries as ledger
from tracker.nudges import operations, queries
from tracker.nudges.forms import NudgeForm, ReplyForm
from tracker.nudges.operations import Sorted
from tracker.nudges.queries import Side
from tracker.nudges.rules.nudging import TOLD_LABELS, may_reply, presses_by_role
from tracker.nudges.views.blueprint import CHOSEN_MAX, Answer, blueprint, chosen_items, held_items
from tracker.nudges.wording import SIDE_LABELS


@blueprint.get("/nudges/new")
@blueprint.post("/nudges/new")
@allow(Action.NUDGE)
def nudge() -> Answer:
    """Say which items will be nudged and which cannot be; nudge on a press."""
    actor, form = present_actor(), NudgeForm()

    def act() -> None:
        held = held_items(form.chosen)
        operations.nudge(held, form.recipients, form.sentence.data or "", batch=form.batch.data or "", actor=actor)

    status = submit(form, act, done=_("已催办 %(n)d 个事项。", n=len(form.chosen)))
    if status == DONE:
        return redirect(_back_url(form.chosen), 303)
    shown = _sorted(form)
    if request.method == "GET":
        form.begin([item.number for item in shown.fit])
    return render_template("nudges/nudge.html", form=form, shown=shown, back_url=_back_url(form.chosen)), status


def _sorted(form: NudgeForm) -> Sorted:
    """The items of the page; of a form that was sent, those it names as they stand now."""
    if request.method == "GET":
        return operations.sort_out(chosen_items(Action.NUDGE), actor=present_actor())
    numbers, seen_by = form.chosen[:CHOSEN_MAX], reach(present_actor())
    return operations.sort_out(ledger.list_items(db.session(), numbers, seen_by), actor=present_actor())


def _back_url(numbers: list[str]) -> str:
    """The item, when there is one, else the list that led here."""
    if len(numbers) == 1:
        return url_for("desk.item", number=numbers[0])
    if request.args.get("list"):
        return url_for("desk.item_list", list=request.args["list"], source=request.args.get("source") or None)
    return url_for("nudges.nudge_list", side=Side.SENT)


@blueprint.get("/nudges")
@allow(Action.READ_ITEM)
def nudge_list() -> str:
    """Nudges with who read them when and what the unit replied."""
    session, actor = db.session(), present_actor()
    asked = request.args.get("side", "")
    usual = Side.SENT if presses_by_role(actor) else Side.RECEIVED
    side = Side(asked) if asked in set(Side) else usual
    page = paginate(
        session,
        queries.select_nudges(actor, side),
        number=page_number(),
        rows=lambda query: queries.list_nudges(session, query),
    )
    return render_template(
        "nudges/nudge_list.html",
        page=page,
        tabs=[_tab(each, side) for each in Side],
        receipts=queries.list_receipts(session, [nudge.id for nudge in page.rows]),
        side=side,
        told_labels=TOLD_LABELS,
    )


def _tab(side: Side, current: Side) -> dict[str, Any]:
    return {
        "label": SIDE_LABELS[side],
        "url": url_for("nudges.nudge_list", side=side),
        "is_current": side is current,
        "count": None,
    }


@blueprint.get("/nudges/<int:nudge_id>")
@blueprint.post("/nudges/<int:nudge_id>")
@allow(Action.READ_ITEM)
def reply(nudge_id: int) -> Answer:
    """One nudge: who was told, who read it when, and the unit's reply or the form for it."""
    actor, session, form = present_actor(), db.session(), ReplyForm()

    def act() -> None:
        held = queries.get_nudge(session, nudge_id, reach(actor), lock=True)
        operations.reply(held, form.reply.data or "", actor=actor)

    status = submit(form, act, done=_("回复已发给催办人。"))
    if status == DONE:
        return redirect(url_for("nudges.reply", nudge_id=nudge_id), 303)
    found = queries.get_nudge(session, nudge_id, reach(actor))
    page = render_template(
        "nudges/reply.html",
        form=form,
        nudge=found,
        receipts=queries.list_receipts(session, [nudge_id]).get(nudge_id, ()),
        told_labels=TOLD_LABELS,
        can_reply=may_reply(actor, found.item, [each.person_id for each in found.readers]),
    )
    return page, status
