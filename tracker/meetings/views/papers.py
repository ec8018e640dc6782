"""The papers of a meeting, all from its frozen data; taking one away is recorded."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from flask import render_template, request
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
from tracker.meetings.papers.brief import write_brief
from tracker.meetings.papers.bulletin import Issue, chart, write_bulletin
from tracker.meetings.papers.material import Material
from tracker.meetings.papers.minutes import MinutesContent, MinutesDecision, MinutesPoint, write_minutes
from tracker.meetings.papers.outline import write_outline
from tracker.meetings.papers.slides import write_slides
from tracker.meetings.papers.tables import write_tables
from tracker.meetings.rules import KIND_LABELS, PAPERS, Paper
from tracker.meetings.views.blueprint import Answer, Seen, blueprint, ensure_intact, frozen_one, see, shown
from tracker.office.drawing import Undrawn, draw_png
from tracker.org.signing_in import origin
from tracker.settings.queries import load


@blueprint.get("/<int:meeting_id>/papers")
@allow(Action.READ_MEETING)
def paper_list(meeting_id: int) -> Answer:
    """Which papers there are, and what a bulletin is asked for."""
    session = db.session()
    seen = _frozen(session, meeting_id)
    values = {"last": _last(session, seen), "papers": PAPERS}
    return render_template("meetings/papers.html", form=BulletinForm(), **shown(seen), **values)


@blueprint.get("/<int:meeting_id>/papers/<name>")
@allow(Action.READ_MEETING)
def paper(meeting_id: int, name: str) -> Response:
    """One paper as a file."""
    chosen = next((each for each in Paper if PAPERS[each].file == name), None)
    if chosen is None:
        raise NotFound(_l("没有这种会议材料。"))
    session, actor = db.session(), present_actor()
    seen = _frozen(session, meeting_id)
    assert seen.freeze is not None
    taken = taken_by(actor.signature, clock.local(clock.now()), origin())
    write, material = WRITERS[chosen](session, seen), Material(seen.frozen, seen.freeze.content_hash, taken)
    file = f"{seen.meeting.title}（{PAPERS[chosen].title}）.{name.rpartition('.')[2]}"
    # The reading ends here, so that building the file holds no transaction.
    db.session().rollback()
    content: bytes = write(material)
    with writing():
        operations.note_download(queries.get_meeting(db.session(), meeting_id, actor), name, actor=actor)
    return hand_out(content, file)


Write = Callable[[Material], bytes]


def _frozen(session: Session, meeting_id: int) -> Seen:
    seen = ensure_intact(see(session, meeting_id))
    if seen.freeze is None:
        raise Conflict(_l("会议材料都取自锁定的数据，请先锁定数据。"))
    return seen


def _outline(session: Session, _seen: Seen) -> Write:
    unit_id = read_id(request.args.get("unit"))

    def write(material: Material) -> bytes:
        chosen = [each for each in material.standings if unit_id is None or each.unit_id == unit_id]
        content: bytes = write_outline(material, chosen)
        return content

    return write


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


def _slides(session: Session, seen: Seen) -> Write:
    last = _last(session, seen) if request.args.get("compared") else None
    return lambda material: write_slides(material, last.frozen if last else None)


def _last(session: Session, seen: Seen) -> Seen | None:
    """The meeting before, where it is frozen too."""
    last = queries.find_previous(session, seen.meeting)
    freeze = queries.find_freeze(session, last.id) if last else None
    return frozen_one(session, last, freeze, present_actor()) if last and freeze else None


WRITERS: Mapping[Paper, Callable[[Session, Seen], Write]] = {
    Paper.BRIEF: lambda _session, _seen: write_brief,
    Paper.OUTLINE: _outline,
    Paper.BULLETIN: _bulletin,
    Paper.MINUTES: _minutes,
    Paper.SLIDES: _slides,
    Paper.TABLES: lambda _session, _seen: write_tables,
}
