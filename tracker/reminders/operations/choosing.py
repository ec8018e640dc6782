"""Which set of rules speaks of a source."""

from tracker.access.rules import Action, Actor, ensure_may
from tracker.audit.operations import record
from tracker.core import clock
from tracker.core.db import db
from tracker.core.versions import check_version
from tracker.reminders import queries
from tracker.reminders.models import RuleSet, SourceRuleSet
from tracker.reminders.rules import DEFAULT_SET
from tracker.sources.models import Source


def choose_set(source: Source, rule_set: RuleSet, *, actor: Actor, version: int | None = None) -> None:
    """Let a set speak of a source from today on; steps reached before are not told.

    ``version`` is that of the choice before, 0 where none was made; raises Stale for an older one. The source must have
    been read with a lock.
    """
    ensure_may(actor, Action.INTAKE)
    session = db.session()
    choice = queries.find_choice(session, source.id)
    before = choice.rule_set if choice else queries.get_set(session, DEFAULT_SET)
    if before.id == rule_set.id:
        return
    told = {"rule_set": rule_set.name}, {"rule_set": before.name}
    check_version(_Version(choice.version if choice else 0), version, typed=told[0], stored=told[1])
    if choice is None:
        choice = SourceRuleSet(source_id=source.id)
        session.add(choice)
    choice.rule_set, choice.chosen_on = rule_set, clock.today()
    record(actor, "source.choose_rules", source.number, before=before.name, after=rule_set.name)


class _Version:
    """The version of a choice that may not have been made yet."""

    def __init__(self, version: int) -> None:
        self.version = version
