"""Asking for what is owed: by hand with a cool-down, and by the scheduler at its steps."""

import secrets
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from tracker.access.rules import Action, Actor, reach
from tracker.audit.operations import record
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import AlreadyThere
from tracker.core.i18n import lazy_gettext as _l
from tracker.outbox import operations as outbox
from tracker.rounds import queries
from tracker.rounds.models import OwedReport, ReportingRound, RoundNudge
from tracker.rounds.queries import Owing
from tracker.rounds.rules import COOL_DOWN, LATE_DAYS, reached
from tracker.settings.queries import load

NUDGED = "nudged"


class Pressed(NamedTuple):
    """What came of pressing: people told, units told, and the units where nobody can be told."""

    people: int
    units: int
    unreached: int


def nudge(round_: ReportingRound, *, actor: Actor, unit_id: int | None = None) -> Pressed:
    """Tell everybody who owes a report within reach in a round, or those of one unit, at once and by mail.

    A unit is left in peace for ``COOL_DOWN`` after it was pressed. The round must be locked. Raises AlreadyThere when
    nobody owes anything, or all that do were pressed just now.
    """
    session, now = db.session(), clock.now()
    owing = queries.list_owing_units(session, reach(actor, Action.REVIEW_REPORT), round_.id)
    owing = [each for each in owing if unit_id in (None, each)]
    if not owing:
        raise AlreadyThere(_l("没有未报的单位。"))
    last = queries.last_nudges(session, round_.id)
    pressed = [each for each in owing if each not in last or last[each] + COOL_DOWN <= now]
    if not pressed:
        hours = int(COOL_DOWN.total_seconds() // 3600)
        raise AlreadyThere(_l("%(hours)d 小时内已经催过，请稍后再催，或打电话。", hours=hours))
    told = queries.list_owing(session, OwedReport.round_id == round_.id, OwedReport.unit_id.in_(pressed))
    people = _queue({(f"nudge:{secrets.token_hex(8)}", NUDGED): told}, at=now)
    by_unit: defaultdict[int, set[int]] = defaultdict(set)
    for each in told:
        by_unit[each.unit_id].add(each.person_id)
    for pressed_id in pressed:
        values = {"by_id": actor.person_id, "sent_at": now, "people": len(by_unit[pressed_id])}
        session.add(RoundNudge(round_id=round_.id, unit_id=pressed_id, **values))
    record(actor, "round.nudge", round_.source.number, due_on=round_.due_on, supports=pressed, count=people)
    session.flush()
    return Pressed(people, len(pressed), sum(not by_unit[pressed_id] for pressed_id in pressed))


def remind_owing(at: datetime) -> int:
    """Queue the reminders of what is owed that are reached at an instant, each once; how many people get one.

    Of the steps of a round (some days before, on the day, after it) only the latest reached is told: what a scheduler
    that was off has missed counts as covered. Rounds of one day are told together, one message per person and step.
    """
    session, day = db.session(), clock.civil_date(at)
    days_before = load(session)["reminders.report_days"]
    near = (
        ReportingRound.due_on >= day - timedelta(days=LATE_DAYS),
        ReportingRound.due_on <= day + timedelta(days=days_before),
    )
    groups: defaultdict[tuple[str, str], list[Owing]] = defaultdict(list)
    for each in queries.list_owing(session, *near):
        step = reached(each.due_on, days_before, day)
        if step is not None:
            groups[f"{each.due_on.isoformat()}:{step}", step].append(each)
    there = queries.list_queued(session, {slot for slot, _step in groups})
    new = {key: [each for each in told if (each.person_id, key[0]) not in there] for key, told in groups.items()}
    return _queue(new, at=clock.instant_at(day))


def _queue(groups: Mapping[tuple[str, str], Sequence[Owing]], *, at: datetime) -> int:
    """Queue one message per person and slot; how many people are told. Groups are by slot and what it is for."""
    session = db.session()
    people = queries.list_people(session, {each.person_id for told in groups.values() for each in told})
    count = 0
    for (slot, why), told in groups.items():
        mine: defaultdict[int, list[Owing]] = defaultdict(list)
        for each in told:
            mine[each.person_id].append(each)
        for person_id, owing in mine.items():
            data = {"why": why, "rounds": sorted({each.round_id for each in owing})}
            numbers = list(dict.fromkeys(each.number for each in owing))
            count += bool(
                outbox.queue(queries.OWED, people[person_id], slot=slot, data=data, numbers=numbers, not_before=at)
            )
    return count
