"""Second looks: the list, and one of them with its result."""

from typing import Any

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action, can
from tracker.core import clock, files
from tracker.core.acts import DONE, submit
from tracker.core.addresses import read_id
from tracker.core.db import db, writing
from tracker.core.errors import Conflict, NotFound
from tracker.core.i18n import gettext as _
from tracker.core.paging import page_number, paginate
from tracker.reinspections import operations, queries
from tracker.reinspections.forms import ResultForm
from tracker.reinspections.models import Reinspection
from tracker.reinspections.operations import Result
from tracker.reinspections.queries import LookFilter
from tracker.reinspections.rules import LOOK_LABELS, LookEvent, LookState
from tracker.reinspections.views.blueprint import Answer, blueprint, look_of, refusal, to_look
from tracker.requests.rules import STATE_LABELS

MINE, DONE_VIEW = "mine", "done"


@blueprint.get("")
@allow(Action.READ_ITEM)
def look_list() -> str:
    """Second looks by state; what waits for this person has a tab of its own. ``unit`` narrows it to one unit."""
    session, actor, view = db.session(), present_actor(), request.args.get("view", "")
    state = LookState(view) if view in set(LookState) else None
    unit_id = read_id(request.args.get("unit"))
    chosen = LookFilter(state=state, is_mine=view == MINE, is_done=view == DONE_VIEW, unit_id=unit_id or None)
    page = paginate(
        session,
        queries.select_looks(actor, chosen),
        number=page_number(),
        rows=lambda query: queries.list_looks(session, query),
    )
    return render_template(
        "reinspections/look_list.html",
        page=page,
        tabs=_tabs(view, unit_id),
        labels=LOOK_LABELS,
        is_narrowed=bool(view or unit_id),
    )


def _tabs(view: str, unit_id: int | None) -> list[dict[str, Any]]:
    named = [("", _("全部")), (MINE, _("等我办理")), (DONE_VIEW, _("已回头看"))]
    named += [(each.value, str(LOOK_LABELS[each])) for each in LookState]
    return [
        {
            "label": label,
            "url": url_for("reinspections.look_list", view=name or None, unit=unit_id or None),
            "is_current": name == view,
            "count": None,
        }
        for name, label in named
    ]


@blueprint.route("/<int:look_id>", methods=["GET", "POST"])
@allow(Action.READ_ITEM)
def look(look_id: int) -> Answer:
    """One second look, and the page on which its inspector notes what was found."""
    actor, found = present_actor(), look_of(look_id)
    form = ResultForm(data={"version": found.version, "inspected_on": clock.today()})

    def act(received: Any) -> None:
        told = (LookEvent(form.event.data), form.inspected_on.data, form.findings.data or "")
        held = look_of(look_id, lock=True)
        operations.record_result(held, Result(*told, received), actor=actor, version=form.seen_version)

    status = submit(form, act, done=_("回头看结果已登记。"), prepare=lambda: operations.receive(form.uploads))
    if status == DONE:
        return to_look(look_id)
    return render_template("reinspections/look.html", form=form, **_told(look_of(look_id))), status


def _told(found: Reinspection) -> dict[str, Any]:
    actor, why_not = present_actor(), refusal(operations.ensure_recordable, found)
    fit = queries.map_fit(db.session(), [found.item])[found.item_id] if found.state is LookState.WAITING else []
    return {
        "look": found,
        "item": found.item,
        "labels": LOOK_LABELS,
        "requests": STATE_LABELS,
        "why_not": why_not,
        "waits": found.state is LookState.WAITING,
        "may_assign": found.state is LookState.WAITING and can(actor, Action.REINSPECT, found.item),
        "may_read": can(actor, Action.READ_ITEM, found.item),
        "fit": fit,
        "for_others": found.inspector_id not in actor.identities,
        "may_follow": refusal(operations.ensure_followable, found) is None,
        "is_unassigned": isinstance(why_not, Conflict) and found.inspector_id is None,
    }


@blueprint.get("/<int:look_id>/files/<int:serial>")
@allow(Action.READ_ITEM)
def look_file(look_id: int, serial: int) -> Response:
    """A file that shows what was found, never to be shown by the browser."""
    found = next((each for each in look_of(look_id).files if each.serial == serial), None)
    if found is None:
        raise NotFound(_("没有这个文件。"))
    path, name = files.path_of(found.sha256), found.name
    with writing():
        operations.note_download(look_of(look_id), name, actor=present_actor())
    return files.handed_out(path, name)
