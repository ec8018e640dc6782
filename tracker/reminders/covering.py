"""Which earlier steps a reminder stands for, because nobody was told of them in time."""

from collections.abc import Mapping
from dataclasses import dataclass

from tracker.reminders.models import Occurrence, ReminderRule
from tracker.reminders.rules import Counts, Step, steps_between
from tracker.workdays.rules import Calendar


@dataclass(frozen=True)
class Covered:
    """Earlier steps of one rule, the earliest first; never empty."""

    rule: ReminderRule
    steps: tuple[Step, ...]


def covered_by(occurrence: Occurrence, rules: Mapping[int, ReminderRule], calendar: Calendar) -> list[Covered]:
    """The steps before an occurrence's own that this person was not told, rule by rule, the earliest first.

    ``calendar`` reaches as far around the occurrence as ``queries.load_calendar_of`` loads it.
    """
    found = []
    for rule_id, first in occurrence.covered_rules.items():
        rule = rules[rule_id]
        begin = max(occurrence.covers_from, rule.active_from)
        counted = calendar if rule.counts is Counts.WORKING else None
        passed = steps_between(rule.trigger, rule.days, occurrence.deadline, begin, occurrence.reached_on, counted)
        if steps := tuple(step for step in passed if step.repetition >= first):
            found.append(Covered(rule, steps))
    return sorted(found, key=lambda each: (each.steps[0].reached_on, each.rule.id))
