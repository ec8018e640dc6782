"""What people are told of nudges: functions for hooks, and ``render:nudge`` and ``render:nudge_answered``."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from tracker.access.rules import Action, can
from tracker.core.db import db
from tracker.nudges import queries
from tracker.nudges.models import Nudge, SupervisionNotice
from tracker.nudges.rules.notices import NoticeState
from tracker.nudges.rules.nudging import NUDGEABLE
from tracker.org import queries as people
from tracker.outbox import operations as outbox
from tracker.outbox.letters import Letter
from tracker.outbox.models import Message
from tracker.outbox.rules import Skip
from tracker.reminders.queries import list_people

ANSWERED = "nudge_answered"
NOTICE, NOTICE_ANSWERED = "supervision_notice", "notice_answered"


def nudged(nudges: Sequence[Nudge]) -> None:
    """Hook ``nudged``: one message to everybody told, however many items were nudged with one press."""
    told: defaultdict[int, list[str]] = defaultdict(list)
    for nudge in nudges:
        for reader in nudge.readers:
            told[reader.person_id].append(nudge.item.number)
    readers = list_people(db.session(), told)
    slot = nudges[0].batch
    outbox.queue_all(queries.KIND, [outbox.Addressed(each, slot, numbers=sorted(told[each.id])) for each in readers])


def nudge_answered(nudge: Nudge) -> None:
    """Hook ``nudge_answered``: tell whoever nudged, and whom they stood in for."""
    senders = {each for each in (nudge.by_id, nudge.for_id) if each is not None} - {nudge.replied_by_id}
    outbox.tell(ANSWERED, list_people(db.session(), senders), slot=str(nudge.id), numbers=[nudge.item.number])


def render_nudge(message: Message, _at: datetime) -> Letter | Skip:
    """Hook ``render:nudge``: the items that still wait for the unit, as far as the reader may know of them."""
    session = db.session()
    sent = queries.list_of_batch(session, message.slot, person_id=message.person_id)
    waiting = [each for each in sent if each.item.state in NUDGEABLE and each.replied_at is None]
    if not waiting:
        return Skip.NOT_DUE
    actor = people.load_actor(session, message.person)
    mine = [each for each in waiting if can(actor, Action.READ_ITEM, each.item)]
    if not mine:
        return Skip.NOT_READABLE
    first = mine[0]
    by = f"{first.by.name}（代 {first.for_person.name}）" if first.for_person else first.by.name
    values = {"nudges": mine, "count": len(mine), "by": by, "sentence": first.sentence}
    return Letter("nudge", values, [each.item.number for each in mine])


def render_answered(message: Message, _at: datetime) -> Letter | Skip:
    """Hook ``render:nudge_answered``: what the unit replied."""
    session = db.session()
    nudge = queries.find_nudge(session, int(message.slot))
    if nudge is None or nudge.replied_by is None:
        return Skip.NOT_DUE
    if not can(people.load_actor(session, message.person), Action.READ_ITEM, nudge.item):
        return Skip.NOT_READABLE
    return Letter(ANSWERED, {"nudge": nudge, "item": nudge.item}, [nudge.item.number])


def notice_sent(notice: SupervisionNotice) -> None:
    """Hook ``notice_sent``: tell head and liaison of the unit it is addressed to."""
    numbers = [line.item.number for line in notice.lines]
    for person in queries.list_of_unit(db.session(), notice.unit_id):
        outbox.queue(NOTICE, person, slot=str(notice.id), numbers=numbers)


def notice_answered(notice: SupervisionNotice) -> None:
    """Hook ``notice_answered``: tell whoever sent it, unless they entered the answer themselves."""
    senders = {each for each in (notice.sent_by_id, notice.drafted_by_id) if each is not None}
    for person in list_people(db.session(), senders - {notice.feedback_by_id}):
        outbox.queue(NOTICE_ANSWERED, person, slot=str(notice.id))


def render_notice(message: Message, _at: datetime) -> Letter | Skip:
    """Hook ``render:supervision_notice``: the notice while it waits for its unit."""
    return _about_notice(message, NOTICE, NoticeState.SENT)


def render_notice_answered(message: Message, _at: datetime) -> Letter | Skip:
    """Hook ``render:notice_answered``: what the unit answered."""
    return _about_notice(message, NOTICE_ANSWERED, NoticeState.ANSWERED)


def _about_notice(message: Message, template: str, state: NoticeState) -> Letter | Skip:
    session = db.session()
    notice = queries.find_notice(session, int(message.slot), people.load_actor(session, message.person))
    if notice is None:
        return Skip.NOT_READABLE
    if notice.state is not state:
        return Skip.NOT_DUE
    numbers = [line.item.number for line in notice.lines]
    return Letter(template, {"notice": notice, "count": len(numbers)}, numbers)
