"""Issuing drafts; voiding, withdrawing and restoring."""

from collections.abc import Callable, Sequence
from itertools import groupby

from flask import redirect, render_template, request

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action, ensure
from tracker.core import clock, hooks
from tracker.core.acts import submit
from tracker.core.db import db
from tracker.core.errors import Stale
from tracker.core.i18n import gettext as _
from tracker.items import operations, queries
from tracker.items.forms.life import IssueForm, ReasonForm
from tracker.items.models import Item
from tracker.items.rules import Event
from tracker.items.views.blueprint import (
    Answer,
    Chosen,
    back_url,
    blueprint,
    chosen_items,
    is_done,
    item_of,
    item_url,
    locked,
    locked_many,
    told,
)


@blueprint.get("/issue")
@blueprint.post("/issue")
@allow(Action.ISSUE)
def issue() -> Answer:
    """Say what will be issued to whom and what is missing; issue on a press."""
    form = IssueForm()
    if request.method == "GET":
        form.on.data = clock.today()

    def act() -> None:
        held = locked_many(form.versions)
        stale = [item.number for item in held if form.versions[item.number] != item.version and item.issued_on is None]
        if stale:
            message = _("打开页面之后，以下事项已被别人修改：%(numbers)s。请核对后再下发。", numbers="、".join(stale))
            raise Stale(message, typed=told(form), stored={})
        operations.issue(held, actor=present_actor(), on=form.on.data)

    status = submit(form, act, done=_("已下发 %(n)d 个事项，牵头单位将收到通知。", n=len(form.versions)))
    if is_done(status):
        return redirect(back_url(), 303)
    chosen = chosen_items(Action.ISSUE, Event.ISSUE)
    ready, without_unit, without_deadline = _sorted_out(chosen.items)
    unmanned = [each for found in hooks.call("issue_obstacles", ready) for each in found]
    ready = [item for item in ready if item.number not in {each.number for each in unmanned}]
    if request.method == "GET":
        form.seen.data = Chosen(ready, 0).seen
    by_unit = groupby(sorted(ready, key=_unit_key), key=lambda item: item.lead_unit.name if item.lead_unit else "")
    page = render_template(
        "items/issue.html",
        form=form,
        count=len(form.versions),
        units=[(name, [item.number for item in items]) for name, items in by_unit],
        without_unit=without_unit,
        without_deadline=without_deadline,
        unmanned=unmanned,
        left_out=chosen.left_out,
        back_url=back_url(),
    )
    return page, status


def _unit_key(item: Item) -> tuple[str, int]:
    return (item.lead_unit.pinyin if item.lead_unit else "", item.id)


def _sorted_out(items: Sequence[Item]) -> tuple[list[Item], list[str], list[str]]:
    """The drafts that can go out, the numbers without a lead unit, and those without a deadline.

    Items given to many units go out as their parts.
    """
    with_children = queries.list_parent_ids(db.session(), [item.id for item in items])
    single = [item for item in items if item.id not in with_children]
    without_unit = [item.number for item in single if item.lead_unit_id is None]
    without_deadline = [item.number for item in single if item.deadline_kind is None]
    missing = {*without_unit, *without_deadline}
    return [item for item in single if item.number not in missing], without_unit, without_deadline


@blueprint.get("/<number>/void")
@blueprint.post("/<number>/void")
@allow(Action.WITHDRAW)
def void(number: str) -> Answer:
    """Take back a draft."""
    words = _("这条草稿作废后不再出现在清单和统计里，编号不再使用。")
    return _with_reason(number, operations.void, _("作废"), words, _("%(number)s 已作废。", number=number))


@blueprint.get("/<number>/withdraw")
@blueprint.post("/<number>/withdraw")
@allow(Action.WITHDRAW)
def withdraw(number: str) -> Answer:
    """Take an item out of all counts."""
    words = _("核减（任务为终止）后不再计入任何统计，提醒停止。反馈问题的核减须经上级同意，请在理由里写明。")
    return _with_reason(number, operations.withdraw, _("核减"), words, _("%(number)s 已核减。", number=number))


@blueprint.get("/<number>/restore")
@blueprint.post("/<number>/restore")
@allow(Action.WITHDRAW)
def restore(number: str) -> Answer:
    """Put a withdrawn item back to work."""
    words = _("恢复后事项回到整改中，重新计入统计，时限不变。")
    return _with_reason(number, operations.restore, _("恢复"), words, _("%(number)s 已恢复。", number=number))


def _with_reason(number: str, operation: Callable[..., None], title: str, words: str, done: str) -> Answer:
    actor, item = present_actor(), item_of(number)
    ensure(actor, Action.WITHDRAW, item)
    form = ReasonForm(data={"version": item.version})

    def act() -> None:
        operation(locked(number), actor=actor, reason=form.reason.data, version=form.seen_version)

    status = submit(form, act, done=done)
    if is_done(status):
        return redirect(item_url(number), 303)
    return render_template("items/reason.html", form=form, item=item, title=title, words=words), status
