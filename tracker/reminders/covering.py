"""Which earlier steps a reminder stands for, because nobody was told of them in time."""

from collections.abc import Mapping
from dataclasses import dataclass

from tracker.reminders.models import Occurrence, ReminderRule
from tracker.reminders.rules import Step, steps_between


@dataclass(frozen=True)
class Covered:
    """Earlier steps of one rule, the earliest first; never empty."""

    rule: ReminderRule
    steps: tuple[Step, ...]


def covered_by(occurrence: Occurrence, rules: Mapping[int, ReminderRule]) -> list[Covered]:
    """The steps before an occurrence's own that this person was not told, rule by rule, the earliest first."""
    found = []
    for rule_id, first in occurrence.covered_rules.items():
        rule = rules[rule_id]
        begin = max(occurrence.covers_from, rule.active_from)
        passed = steps_between(rule.trigger, rule.days, occurrence.deadline, begin, occurrence.reached_on)
        if steps := tuple(step for step in passed if step.repetition >= first):
            found.append(Covered(rule, steps))
    return sorted(found, key=lambda each: (each.steps[0].reached_on, each.rule.id))
