"""Supervision notices: the list, one of them, its paper and its scan."""

from typing import Any

from flask import render_template, request, url_for
from werkzeug.wrappers import Response

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action, can, may
from tracker.core import clock, files
from tracker.core.db import db, writing
from tracker.core.downloads import hand_out
from tracker.core.errors import NotFound
from tracker.core.i18n import gettext as _
from tracker.core.paging import page_number, paginate
from tracker.nudges import operations, queries
from tracker.nudges.forms import NoticeQuery
from tracker.nudges.models import SupervisionNotice
from tracker.nudges.queries import NoticeFilter
from tracker.nudges.rules.notices import NOTICE_LABELS, TRANSITIONS, NoticeEvent, NoticeState, overdue_days
from tracker.nudges.views.blueprint import blueprint
from tracker.nudges.wording import light_of
from tracker.nudges.writing import Paper, file_name, write_docx
from tracker.settings.queries import load

LATE = "late"


@blueprint.get("/supervision-notices")
@allow(Action.READ_ITEM)
def notice_list() -> str:
    """Notices by state and unit; those whose answer is late have a tab of their own."""
    session, actor, today, form = db.session(), present_actor(), clock.today(), NoticeQuery(request.args)
    view = request.args.get("view", "")
    chosen = NoticeFilter(
        state=NoticeState(view) if view in set(NoticeState) else None,
        unit_text=(form.unit.data or "") if form.validate() else "",
        late_on=today if view == LATE else None,
    )
    page = paginate(
        session,
        queries.select_notices(actor, chosen),
        number=page_number(),
        rows=lambda query: queries.list_notices(session, query),
    )
    return render_template(
        "nudges/notice_list.html",
        page=page,
        form=form,
        tabs=_tabs(view, chosen.unit_text),
        is_narrowed=bool(view or chosen.unit_text),
        lights={notice.id: light_of(notice, today) for notice in page.rows},
        states=NOTICE_LABELS,
        may_draft=may(actor, Action.SUPERVISE),
    )


def _tabs(view: str, unit: str) -> list[dict[str, Any]]:
    named = [("", _("全部")), *((state.value, NOTICE_LABELS[state]) for state in NoticeState), (LATE, _("反馈逾期"))]
    return [
        {
            "label": label,
            "url": url_for("nudges.notice_list", view=name or None, unit=unit or None),
            "is_current": name == view,
            "count": None,
        }
        for name, label in named
    ]


@blueprint.get("/supervision-notices/<int:notice_id>")
@allow(Action.READ_ITEM)
def notice(notice_id: int) -> str:
    """One notice: its items as they stand, what it demands, who signed, what the unit answered."""
    actor, today = present_actor(), clock.today()
    found = queries.get_notice(db.session(), notice_id, actor)
    return render_template(
        "nudges/notice.html",
        notice=found,
        light=light_of(found, today),
        states=NOTICE_LABELS,
        rows=[(line, *_deadline(found, line)) for line in found.lines],
        possible=_possible(found),
    )


def _deadline(found: SupervisionNotice, line: Any) -> tuple[Any, int]:
    """Deadline and days overdue: live for a draft, as signed later."""
    is_draft = found.state is NoticeState.DRAFT
    due_on = line.item.due_on if is_draft else line.due_on
    return due_on, overdue_days(due_on, found.signed_on or clock.today())


def _possible(found: SupervisionNotice) -> dict[str, bool]:
    """What this person may do with the notice now, by the name of the button."""
    actor, subject = present_actor(), found.subject
    events = {event for state, event in TRANSITIONS if state is found.state}
    is_office = can(actor, Action.SUPERVISE, subject)
    return {
        "edit": is_office and NoticeEvent.EDIT in events,
        "sign": is_office and NoticeEvent.SIGN in events,
        "sign_here": can(actor, Action.DECIDE_AS_LEADER, subject) and NoticeEvent.SIGN in events,
        "send": is_office and NoticeEvent.SEND in events,
        "void": is_office and NoticeEvent.VOID in events,
        "answer": can(actor, Action.REPORT, subject) and NoticeEvent.ANSWER in events,
    }


@blueprint.get("/supervision-notices/<int:notice_id>/notice.docx")
@allow(Action.READ_ITEM)
def notice_paper(notice_id: int) -> Response:
    """The paper to print and sign, or as it was signed."""
    found = queries.get_notice(db.session(), notice_id, present_actor())
    settings = load(db.session())
    organ = settings["organ.name"] or settings["organ.short_name"]
    content = write_docx(found, Paper(organ, clock.today(), clock.local(clock.now())))
    name = file_name(found)
    _note(notice_id, name)
    return hand_out(content, name)


@blueprint.get("/supervision-notices/<int:notice_id>/scan")
@allow(Action.READ_ITEM)
def notice_scan(notice_id: int) -> Response:
    """The scan of the signed paper, never to be shown by the browser."""
    found = queries.get_notice(db.session(), notice_id, present_actor())
    if not found.scan_sha256:
        raise NotFound(_("这份督办单没有签字扫描件。"))
    path, name = files.path_of(found.scan_sha256), found.scan_name
    _note(notice_id, name)
    return files.handed_out(path, name)


def _note(notice_id: int, name: str) -> None:
    """The reading ends here, so that noting who took it waits for nothing."""
    with writing():
        actor = present_actor()
        operations.note_download(queries.get_notice(db.session(), notice_id, actor), name, actor=actor)
