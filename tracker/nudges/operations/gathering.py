"""Gathering on drafts, unit by unit, the items of which a reminder rule asks that they be supervised."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from tracker.access.rules import SYSTEM
from tracker.audit.operations import record
from tracker.core import clock
from tracker.core.db import db
from tracker.items.models import Item
from tracker.items.rules import RUNNING
from tracker.nudges import queries
from tracker.nudges.models import NoticeItem, SupervisionNotice
from tracker.nudges.operations.drafting import begin, by_deadline, usual_feedback_day
from tracker.nudges.operations.stepping import name_of
from tracker.nudges.rules.notices import DEMAND, ITEMS_MAX
from tracker.reminders.wording import rule_words


class Rule(Protocol):
    """What must be known of a reminder rule: when it speaks, which is told in the trail and on the draft."""

    trigger: Any
    days: Any
    counts: Any


def draft_by_rule(rule: Rule, items: Sequence[Item], day: date) -> Sequence[SupervisionNotice]:
    """Hook ``draft_supervision_notices``: put items on the drafts that rules write to their units; those that changed.

    A draft takes ITEMS_MAX items, then a new one is begun. Left out is what stands on a notice already, runs no more,
    or has no unit. Nothing is sent before somebody signs. As many queries as there are drafts, however many items.
    """
    session = db.session()
    wanted = _by_unit(items)
    there = queries.list_rule_drafts(session, wanted)
    words = str(rule_words(rule.trigger, rule.days, rule.counts))
    due_on = usual_feedback_day(max(day, clock.today()))
    changed = []
    for unit_id, left in wanted.items():
        notice = there.get(unit_id)
        free = max(0, ITEMS_MAX - len(notice.lines)) if notice else 0
        if notice and free:
            _extend(notice, left[:free], feedback_due_on=due_on, rule=words)
            changed.append(notice)
        for start in range(free, len(left), ITEMS_MAX):
            part = left[start : start + ITEMS_MAX]
            new = begin(unit_id, part, demand=DEMAND, feedback_due_on=due_on, actor=SYSTEM, rule=words)
            changed.append(new)
    session.flush()
    return changed


def _by_unit(items: Sequence[Item]) -> Mapping[int, Sequence[Item]]:
    """The items that need a notice and stand on none, by the unit that leads them, the latest deadline last."""
    on_notices = queries.list_on_notices(db.session(), {item.id for item in items})
    found: defaultdict[int, list[Item]] = defaultdict(list)
    for item in by_deadline(set(items)):
        if item.state in RUNNING and item.lead_unit_id is not None and item.id not in on_notices:
            found[item.lead_unit_id].append(item)
    return found


def _extend(notice: SupervisionNotice, items: Sequence[Item], *, feedback_due_on: date, rule: str) -> None:
    """Whoever is editing the draft is told that it has grown."""
    last = max((line.position for line in notice.lines), default=0)
    notice.lines += [NoticeItem(item_id=item.id, position=place) for place, item in enumerate(items, start=last + 1)]
    notice.rule = _joined(notice.rule, rule)
    notice.feedback_due_on = max(notice.feedback_due_on, feedback_due_on)
    notice.version += 1
    record(SYSTEM, "notice.extend", name_of(notice), numbers=[item.number for item in items], rule=rule)


def _joined(told: str, words: str) -> str:
    return told if words in told.split("；") else f"{told}；{words}"[:200]
