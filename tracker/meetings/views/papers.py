"""The papers of a meeting, all from its frozen data; taking one away is recorded."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from flask import redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action
from tracker.core import clock
from tracker.core.addresses import read_id
from tracker.core.db import db, writing
from tracker.core.downloads import hand_out
from tracker.core.errors import Conflict, Forbidden, NotFound
from tracker.core.i18n import force_locale
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.taken import taken_by
from tracker.figures.boards import Limits
from tracker.meetings import operations, queries
from tracker.meetings.forms import BulletinForm
from tracker.meetings.models import Meeting
from tracker.meetings.operations import Order, Seen
from tracker.meetings.papers.brief import write_brief
from tracker.meetings.papers.bulletin import Issue, chart, write_bulletin
from tracker.meetings.papers.material import Material, untold
from tracker.meetings.papers.minutes import MinutesContent, MinutesDecision, MinutesPoint, write_minutes
from tracker.meetings.papers.tables import write_tables
from tracker.meetings.rules import KIND_LABELS, LONG_PAPERS, PAPERS, Paper, is_made_at_once
from tracker.meetings.views.blueprint import Answer, blueprint, see, shown
from tracker.office.drawing import Undrawn, draw_png
from tracker.org.signing_in import origin
from tracker.settings.queries import load
from tracker.work.models import Task
from tracker.work.queries import get_task
from tracker.work.rules import TASK_LABELS, UNFINISHED, TaskState


@blueprint.get("/<int:meeting_id>/papers")
@allow(Action.READ_MEETING)
def paper_list(meeting_id: int) -> Answer:
    """Which papers there are, and what a bulletin is asked for."""
    session = db.session()
    seen = _frozen(session, meeting_id)
    actor = present_actor()
    values: dict[str, Any] = {
        "last": operations.find_last(session, seen, actor),
        "papers": PAPERS,
        "labels": TASK_LABELS,
    }
    values["orders"] = operations.list_orders(session, meeting_id, actor)
    return render_template("meetings/papers.html", form=BulletinForm(), **shown(seen), **values)


@blueprint.get("/<int:meeting_id>/papers/<name>")
@allow(Action.READ_MEETING)
def paper(meeting_id: int, name: str) -> Response:
    """One paper as a file."""
    chosen = next((each for each in Paper if PAPERS[each].file == name), None)
    if chosen is None:
        raise NotFound(_l("没有这种会议材料。"))
    session = db.session()
    seen = _frozen(session, meeting_id)
    taken = taken_by(present_actor().signature, clock.local(clock.now()), origin())
    file = f"{seen.meeting.title}（{PAPERS[chosen].title}）.{name.rpartition('.')[2]}"
    material = operations.material_of(seen, taken)
    if chosen not in LONG_PAPERS:
        write = WRITERS[chosen](session, seen)
        return _made_at_once(meeting_id, name, file, lambda: write(material))
    order = _order(seen, chosen, file, taken)
    if not is_made_at_once(order.count(material)):
        return _asked(order)
    make = operations.maker_of(session, seen, order, present_actor())
    return _made_at_once(meeting_id, name, file, lambda: make(untold))


Write = Callable[[Material], bytes]


def _made_at_once(meeting_id: int, name: str, file: str, make: Callable[[], bytes]) -> Response:
    # The reading ends here, so that building the file holds no transaction.
    db.session().rollback()
    content = make()
    actor = present_actor()
    with writing():
        operations.note_download(queries.get_meeting(db.session(), meeting_id, actor), name, actor=actor)
    return hand_out(content, file)


def _order(seen: Seen, chosen: Paper, file: str, taken: str) -> Order:
    assert seen.freeze is not None
    unit_id = read_id(request.args.get("unit")) if chosen is Paper.OUTLINE else None
    is_compared = chosen is Paper.SLIDES and bool(request.args.get("compared"))
    return Order(seen.meeting.id, seen.freeze.serial, chosen, file, taken, unit_id, is_compared)


def _asked(order: Order) -> Response:
    """Let the scheduler make it, and show how far it is."""
    db.session().rollback()
    with writing():
        task_id = operations.ask(order, actor=present_actor()).id
    return redirect(url_for("meetings.ordered_paper", meeting_id=order.meeting_id, task_id=task_id), 303)


@blueprint.get("/<int:meeting_id>/papers/ordered/<int:task_id>")
@allow(Action.READ_MEETING)
def ordered_paper(meeting_id: int, task_id: int) -> Answer:
    """How far a paper is that is made in the background, and where it is to be had."""
    meeting, task = _ordered(meeting_id, task_id)
    is_waiting = task.state in UNFINISHED
    label = PAPERS[Paper(json.loads(task.payload)["paper"])].label
    values = {"meeting": meeting, "task": task, "paper": label, "label": TASK_LABELS[task.state]}
    return render_template("meetings/ordered.html", is_waiting=is_waiting, **values)


@blueprint.get("/<int:meeting_id>/papers/ordered/<int:task_id>/file")
@allow(Action.READ_MEETING)
def ordered_file(meeting_id: int, task_id: int) -> Response:
    """A paper that was made in the background; handing it out is recorded."""
    meeting, task = _ordered(meeting_id, task_id)
    if task.state is not TaskState.DONE:
        raise NotFound(_l("材料还没有做好。"))
    made = json.loads(task.result)
    with writing():
        meeting = queries.get_meeting(db.session(), meeting_id, present_actor())
        operations.note_download(meeting, PAPERS[Paper(made["paper"])].file, actor=present_actor())
    return hand_out(operations.content_of(made), made["file"])


def _ordered(meeting_id: int, task_id: int) -> tuple[Meeting, Task]:
    """The meeting and the person's own task for it; raises NotFound."""
    session, actor = db.session(), present_actor()
    meeting = queries.get_meeting(session, meeting_id, actor)
    task = get_task(session, task_id, by_id=actor.person_id)
    if task.kind != operations.TASK or json.loads(task.payload)["meeting_id"] != meeting_id:
        raise NotFound(_l("没有找到这项后台任务。"))
    return meeting, task


def _frozen(session: Session, meeting_id: int) -> Seen:
    seen = operations.ensure_intact(see(session, meeting_id))
    if seen.freeze is None:
        raise Conflict(_l("会议材料都取自锁定的数据，请先锁定数据。"))
    return seen


def _bulletin(session: Session, seen: Seen) -> Write:
    if not seen.is_whole:
        raise Forbidden(_l("通报由能查看全部事项的人下载。"))
    form, settings = BulletinForm(request.args), load(session)
    if not form.validate():
        raise Conflict(_l("期号或工作要求有误，请返回修改。"))
    organ = settings["organ.name"] or settings["organ.short_name"]
    limits = Limits(settings["rules.board_fast"], settings["rules.board_slow"], settings["rules.small_unit"])
    told = (form.issued_on.data or clock.today(), form.number.data or "", form.demands.data or "")
    issue = Issue(organ, *told, limits=limits if settings["rules.boards_shown"] else None)
    return lambda material: write_bulletin(material, replace(issue, picture=_drawn(material)))


def _drawn(material: Material) -> bytes:
    """The picture of a bulletin; without one where the machine cannot draw it: the table says the same."""
    spec = chart(material)
    try:
        return draw_png(spec) if spec else b""
    except Undrawn:
        return b""


def _minutes(session: Session, seen: Seen) -> Write:
    settings, meeting, actor = load(session), seen.meeting, present_actor()
    known = [each for each in queries.list_decisions(session, meeting.id) if queries.knows_decision(each, actor)]
    decided = (each for each in known if not each.is_dropped)
    with force_locale("zh"):
        kind = str(KIND_LABELS[meeting.kind])
    content = MinutesContent(
        is_whole=seen.is_whole,
        title=meeting.title,
        kind=kind,
        held_on=meeting.held_on,
        organ=settings["organ.name"] or settings["organ.short_name"],
        number=meeting.minutes_number,
        issued_on=meeting.minutes_issued_on,
        host=meeting.host,
        attendees=meeting.attendees,
        points=tuple(MinutesPoint(each.title, each.note) for each in meeting.points),
        decisions=tuple(
            MinutesDecision(
                each.position,
                each.text,
                each.lead_unit.name,
                tuple(support.unit.name for support in each.supports),
                each.due_on,
                each.deadline_text,
                each.acceptance,
            )
            for each in decided
        ),
    )
    return lambda material: write_minutes(content, material)


WRITERS: Mapping[Paper, Callable[[Session, Seen], Write]] = {
    Paper.BRIEF: lambda _session, _seen: write_brief,
    Paper.BULLETIN: _bulletin,
    Paper.MINUTES: _minutes,
    Paper.TABLES: lambda _session, _seen: write_tables,
}
