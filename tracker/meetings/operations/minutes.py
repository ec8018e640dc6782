"""Issuing the minutes: what was decided becomes a source of drafts, to be issued within some working days."""

from collections.abc import Sequence
from datetime import date

from tracker.access.rules import SYSTEM, Action, Actor, may
from tracker.audit.operations import record
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import AlreadyThere, Conflict, DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.versions import check_version
from tracker.items.models import Item
from tracker.items.operations import Assignment, Draft, assign, draw_up_many, name_source_readers
from tracker.items.rules import ItemKind
from tracker.meetings import queries
from tracker.meetings.deadlines import deadline_of
from tracker.meetings.models import Meeting, MeetingDecision
from tracker.meetings.operations.calling import ensure_manages
from tracker.meetings.rules import check_minutes
from tracker.settings.queries import load
from tracker.sources import operations as sources
from tracker.sources.models import Source, SourceMilestone
from tracker.sources.queries import find_milestone, get_source
from tracker.sources.rules import MilestoneKind, SourceKind
from tracker.workdays.queries import load_around

# A word of the record, so never translated.
ISSUING = "议定事项下发"


def issue_minutes(
    meeting: Meeting, number: str, issued_on: date, *, actor: Actor, version: int | None = None
) -> Source | None:
    """Issue the minutes; the source that the decisions became, None where nothing was decided.

    Its drafts are to be issued within the working days of the setting ``rules.minutes_days``, which is a milestone of
    the source and reminded of as such. Raises DomainError naming the line whose deadline lies before the minutes,
    AlreadyThere for a second press. ``meeting`` must have been read with a lock.
    """
    ensure_manages(actor, meeting.unit_id)
    if meeting.minutes_issued_on is not None:
        raise AlreadyThere(_l("这次会议的纪要已经印发。"))
    check_version(meeting, version)
    check_minutes(issued_on, meeting.held_on, clock.today())
    if not queries.last_serial(db.session(), meeting.id):
        raise Conflict(_l("请先锁定数据再印发纪要：纪要和会议材料里的数字都取自锁定的数据，印发后不能再锁定。"))
    decided = [each for each in queries.list_decisions(db.session(), meeting.id) if not each.is_dropped]
    _refuse_overtaken(decided, meeting.held_on, issued_on)
    meeting.minutes_issued_on, meeting.minutes_number = issued_on, number.strip()
    if decided:
        meeting.produced = _source_of(meeting, decided, actor=actor)
    record(actor, "meeting.issue_minutes", meeting.title, on=issued_on, document_number=number, count=len(decided))
    return meeting.produced


def _refuse_overtaken(decided: Sequence[MeetingDecision], held_on: date, issued_on: date) -> None:
    for each in decided:
        deadline = deadline_of(each, held_on)
        if deadline and deadline.due_on and deadline.due_on < issued_on:
            message = _l("第%(nth)d条的完成时限早于纪要印发日期，请撤销后重新记录。", nth=each.position)
            raise DomainError(message, field="issued_on")


def _source_of(meeting: Meeting, decided: Sequence[MeetingDecision], *, actor: Actor) -> Source:
    issued_on = meeting.minutes_issued_on
    assert issued_on is not None
    # Sources belong to no unit; whoever holds the meeting may make this one all the same, and is in the trail for it.
    hand = actor if may(actor, Action.INTAKE) else SYSTEM
    source = sources.draw_up(
        SourceKind.MEETING,
        meeting.title,
        issued_on,
        actor=hand,
        issuing_body=meeting.host,
        document_number=meeting.minutes_number,
    )
    drafts = [Draft(each.text, None, {"goal": each.acceptance, "position": each.position}) for each in decided]
    if meeting.source is not None and meeting.source.readers:
        name_source_readers(source, [each.person for each in meeting.source.readers], actor=hand)
    items = draw_up_many(source, drafts, actor=hand, kind=ItemKind.TASK)
    for decision, item in zip(decided, items, strict=True):
        decision.item = item
        assign(item, _assignment(decision, meeting.held_on), actor=hand)
    days = load(db.session())["rules.minutes_days"]
    due_on = load_around(db.session(), issued_on, days).add_working_days(issued_on, days)
    sources.set_milestone(source, sources.Date(MilestoneKind.OTHER, ISSUING, due_on), actor=hand)
    return source


def _assignment(decision: MeetingDecision, held_on: date) -> Assignment:
    deadline = deadline_of(decision, held_on)
    return Assignment(
        lead_unit_id=decision.lead_unit_id,
        supporting_unit_ids=[each.unit_id for each in decision.supports],
        deadline=... if deadline is None else deadline,
    )


def note_issued(items: Sequence[Item], _actor: Actor) -> None:
    """Hooks ``issued`` and ``voided``: what a meeting decided is issued in time once no draft of it is left."""
    session = db.session()
    for source in {item.source_id: item.source for item in items if item.source.kind is SourceKind.MEETING}.values():
        # Of two who issue the last two at once the second waits here, and then sees that none is left.
        get_source(session, source.id, lock=True)
        milestone: SourceMilestone | None = find_milestone(session, source.id, MilestoneKind.OTHER, ISSUING)
        if milestone is None or milestone.handed_in_on is not None or queries.has_unissued(session, source.id):
            continue
        sources.hand_in(milestone, sources.Handed(clock.today()), actor=SYSTEM)
