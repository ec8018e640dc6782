"""One message a day to each work group that has a robot: how much falls due in its unit, how much is late."""

import json
from datetime import datetime

from tracker.access.rules import reach
from tracker.core import clock
from tracker.core.db import db
from tracker.org import queries as people
from tracker.outbox import operations as outbox
from tracker.outbox.letters import Letter
from tracker.outbox.models import Message
from tracker.outbox.rules import Channel, Skip
from tracker.outlets import queries as outlets
from tracker.reminders import queries

KIND = queries.GROUP
HOUR = 9
SHOWN = 20


def queue_group_digests(at: datetime) -> int:
    """Queue the day's message to each robot that is on, to be sent in the morning; how many are new."""
    day = clock.civil_date(at)
    queued = 0
    for robot in outlets.list_open_robots(db.session()):
        assert robot.keeper is not None
        if robot.keeper.account is not None and robot.keeper.account.is_active:
            slot, data = f"{day.isoformat()}:{robot.key}", {"unit": robot.unit_id}
            queued += outbox.queue(
                KIND,
                robot.keeper,
                slot=slot,
                data=data,
                channels=(Channel.GROUP,),
                outlet_id=robot.id,
                not_before=clock.instant_at(day, HOUR),
            )
    return queued


def render(message: Message, at: datetime) -> Letter | Skip:
    """Hook ``render:group_digest``: as it stands at an instant; nothing is said when nothing is due."""
    session, day = db.session(), clock.civil_date(at)
    unit = people.get_unit(session, json.loads(message.data)["unit"])
    readable = reach(people.load_actor(session, message.person))
    near, late = queries.count_lights(session, unit.id, readable, day)
    if not near + late:
        return Skip.NOT_DUE
    items = queries.list_lit(session, unit.id, readable, day, limit=SHOWN)
    values = {"unit": unit.name, "near": near, "late": late, "items": items, "more": near + late - len(items)}
    return Letter(KIND, values, [item.number for item in items])
