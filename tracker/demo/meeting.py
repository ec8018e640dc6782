"""Two meetings: one five weeks ago with minutes and what became of its decisions, one that is frozen for today."""

from datetime import timedelta

from tracker.access.rules import Action, reach
from tracker.core import clock
from tracker.core.db import db
from tracker.demo.life import OFFICE
from tracker.demo.script import Act, Cast, Script
from tracker.items import operations as items
from tracker.items.rules import ItemKind
from tracker.meetings import operations as meetings
from tracker.meetings import queries
from tracker.meetings.models import Meeting
from tracker.meetings.rules import MeetingKind
from tracker.org.queries import find_units

FIRST, SECOND = "第一次整改工作调度会", "第二次整改工作调度会"
HOST, ATTENDEES = "李强", "张敏、陈静，各部门负责人"
DECIDED = (
    ("组织部", "逐一约谈未按期换届的党组织负责人，列出换届时间表", "一个月内", "时间表经分管领导签字"),
    ("宣传部", "把意识形态责任制落实情况纳入季度通报", "长期坚持", "每季度通报一次"),
    ("办公室", "清理重复报表，拿出精简方案", "", "报表数量减少三分之一"),
)


def meet(script: Script) -> None:
    """Call, freeze, decide and issue; then the meeting of today, called and frozen."""
    script.at(-38, 9, _called(FIRST))
    script.at(-36, 8, _frozen(FIRST))
    script.at(-36, 10, _decided)
    script.at(-33, 9, _minutes)
    script.at(-32, 9, _issued)
    script.at(-2, 14, _called(SECOND))
    script.at(0, 0, _frozen(SECOND))


def _called(title: str) -> Act:
    def act(cast: Cast) -> None:
        held_on = clock.today() + timedelta(days=2)
        kind, days = MeetingKind.DISPATCH, (held_on, held_on)
        called = meetings.Called(kind, title, *days, item_kind=ItemKind.PROBLEM, host=HOST, attendees=ATTENDEES)
        meetings.call(called, actor=cast.actor(OFFICE))

    return act


def _find(cast: Cast, title: str) -> Meeting:
    found = queries.select_meetings(cast.actor(OFFICE)).where(Meeting.title == title)
    meeting: Meeting = db.session().scalars(found).one()
    return meeting


def _frozen(title: str) -> Act:
    def act(cast: Cast) -> None:
        meeting, actor = _find(cast, title), cast.actor(OFFICE)
        managed = reach(actor, Action.MANAGE_MEETINGS)
        frozen = meetings.collect(db.session(), meeting, seen=managed, at=meetings.moment())
        meetings.freeze(meeting, frozen, actor=actor)

    return act


def _decided(cast: Cast) -> None:
    meeting, units = _find(cast, FIRST), find_units(db.session(), [unit for unit, *_told in DECIDED])
    for unit, text, deadline, acceptance in DECIDED:
        decided = meetings.Decided(text, units[unit].id, deadline_text=deadline, acceptance=acceptance)
        meetings.note_decision(meeting, decided, actor=cast.actor(OFFICE))


def _minutes(cast: Cast) -> None:
    meetings.issue_minutes(_find(cast, FIRST), "市直工委会议纪要第7期", clock.today(), actor=cast.actor(OFFICE))


def _issued(cast: Cast) -> None:
    meeting, actor = _find(cast, FIRST), cast.actor(OFFICE)
    decisions = queries.list_decisions(db.session(), meeting.id)
    ready = [each.item for each in decisions if each.item is not None and each.deadline_text]
    items.issue([cast.item(each.number) for each in ready], actor=actor)
