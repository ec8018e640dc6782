"""Calling a meeting, and its agenda."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from tracker.access.rules import Action, Actor, ensure_may, reach
from tracker.audit.operations import record
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import DomainError, Forbidden
from tracker.core.i18n import force_locale
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.versions import check_version
from tracker.figures.queries import tally_wholes
from tracker.figures.questions import Question
from tracker.items.rules import ItemKind
from tracker.meetings import queries
from tracker.meetings.deadlines import deadline_of
from tracker.meetings.models import Meeting, MeetingPoint
from tracker.meetings.rules import (
    POINT_LABELS,
    POINTS_LIMIT,
    MeetingKind,
    PointKind,
    check_days,
    check_open,
    check_size,
    propose,
)
from tracker.sources.queries import get_known
from tracker.sources.rules import counting_of


@dataclass(frozen=True)
class Called:
    """A meeting as it is called; ``unit_id`` None is the whole organ, a source and a kind of items narrow it."""

    kind: MeetingKind
    title: str
    held_on: date
    as_of: date
    unit_id: int | None = None
    source_id: int | None = None
    item_kind: ItemKind | None = None
    host: str = ""
    attendees: str = ""


@dataclass(frozen=True)
class Point:
    """A point of an agenda as it is typed."""

    kind: PointKind
    title: str
    note: str = ""


def ensure_manages(actor: Actor, unit_id: int | None) -> None:
    """Raise Forbidden unless a person may hold meetings about these units."""
    ensure_may(actor, Action.MANAGE_MEETINGS)
    if not queries.manages(actor, unit_id):
        raise Forbidden(_l("您没有权限组织这个范围的会议。"))


def call(called: Called, *, actor: Actor) -> Meeting:
    """Call a meeting; its agenda proposes itself from what the ledger holds now."""
    ensure_manages(actor, called.unit_id)
    check_days(called.held_on, called.as_of, clock.today())
    if called.source_id is not None:
        get_known(db.session(), called.source_id, actor)
    meeting = Meeting(**asdict(called), called_by_id=actor.person_id, called_at=clock.now())
    session = db.session()
    session.add(meeting)
    session.flush()
    _refuse_too_much(session, meeting, actor)
    kinds = _proposed(session, meeting, actor)
    # An agenda is handed in, so it is Chinese whatever the language of the page.
    with force_locale("zh"):
        titles = {kind: str(POINT_LABELS[kind]) for kind in kinds}
    meeting.points = [MeetingPoint(position=nth, kind=kind, title=titles[kind]) for nth, kind in enumerate(kinds, 1)]
    record(actor, "meeting.call", meeting.title, meeting_kind=called.kind, held_on=called.held_on, as_of=called.as_of)
    return meeting


def _refuse_too_much(session: Session, meeting: Meeting, actor: Actor) -> None:
    count = queries.count_content(session, question_of(meeting), reach(actor, Action.MANAGE_MEETINGS))
    check_size(count)


def _proposed(session: Session, meeting: Meeting, actor: Actor) -> list[PointKind]:
    question, seen = question_of(meeting), reach(actor, Action.MANAGE_MEETINGS)
    return propose(
        has_last=bool(queries.list_last_decided(session, meeting, seen, clock.now())),
        has_overdue=bool(tally_wholes(session, [question], seen)[0].overdue),
        has_waiting=queries.has_waits(session, question, seen),
    )


def question_of(meeting: Meeting, known_at: datetime | None = None, *, as_of: date | None = None) -> Question:
    """What a meeting asks of the figures, of its own day or of another; counted as its source settled it."""
    return Question(
        as_of=as_of or meeting.as_of,
        known_at=known_at,
        source_ids=(meeting.source_id,) if meeting.source_id else (),
        unit_id=meeting.unit_id,
        kind=meeting.item_kind,
        counting=counting_of([meeting.source.counting] if meeting.source else ()),
    )


def change(meeting: Meeting, called: Called, *, actor: Actor, version: int | None = None) -> None:
    """Change what was called; the scope stands still once data are frozen.

    Deadlines that were told in words are reckoned anew from another day of the meeting.
    """
    ensure_manages(actor, meeting.unit_id)
    ensure_manages(actor, called.unit_id)
    check_open(meeting.minutes_issued_on)
    after = asdict(called)
    before = {name: getattr(meeting, name) for name in after}
    check_version(meeting, version, typed=_shown(after), stored=_shown(before))
    check_days(called.held_on, called.as_of, clock.today())
    changed = {name: [before[name], value] for name, value in after.items() if before[name] != value}
    _refuse_moving_frozen(db.session(), meeting, changed)
    for name, (_old, new) in changed.items():
        setattr(meeting, name, new)
    if "held_on" in changed:
        for each in meeting.decisions:
            deadline = None if each.is_dropped else deadline_of(each, meeting.held_on)
            each.due_on = deadline.due_on if deadline else None
    if {"unit_id", "source_id", "item_kind", "as_of"} & set(changed):
        _refuse_too_much(db.session(), meeting, actor)
    if changed:
        record(actor, "meeting.change", meeting.title, changed=changed)


def _refuse_moving_frozen(session: Session, meeting: Meeting, changed: dict[str, list[object]]) -> None:
    if {"unit_id", "source_id", "item_kind"} & set(changed) and queries.last_serial(session, meeting.id):
        raise DomainError(_l("数据已经锁定，会议的范围不能再改；可以另建一次会议。"), field="unit")


def _shown(values: dict[str, object]) -> dict[str, object]:
    labels = {"title": _l("会议名称"), "host": _l("主持人"), "attendees": _l("参会人员")}
    return {str(label): values[name] for name, label in labels.items()}


def set_agenda(meeting: Meeting, points: Sequence[Point], *, actor: Actor, version: int | None = None) -> None:
    """Set the points of the agenda, in this order."""
    ensure_manages(actor, meeting.unit_id)
    check_open(meeting.minutes_issued_on)
    before = [(each.kind, each.title, each.note) for each in meeting.points]
    after = [(each.kind, each.title, each.note) for each in points]
    told = {str(_l("议题")): "；".join(each.title for each in points)}
    check_version(meeting, version, typed=told, stored={str(_l("议题")): "；".join(each[1] for each in before)})
    if not points:
        raise DomainError(_l("议程至少有一个议题。"))
    if len(points) > POINTS_LIMIT:
        raise DomainError(_l("议程最多 %(max)d 个议题。", max=POINTS_LIMIT))
    if before == after:
        return
    session = db.session()
    meeting.points = []
    session.flush()
    meeting.points = [
        MeetingPoint(position=nth, kind=each.kind, title=each.title, note=each.note)
        for nth, each in enumerate(points, 1)
    ]
    # The meeting itself is another version now: two people who order the points see each other.
    meeting.version += 1
    record(actor, "meeting.set_agenda", meeting.title, points=[each.title for each in points])
