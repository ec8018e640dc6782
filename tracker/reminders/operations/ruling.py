"""The plain preset, and an administrator's changes to it."""

from datetime import date

from sqlalchemy import insert

from tracker.access.rules import Action, Actor, ensure_may
from tracker.audit.operations import record
from tracker.core import clock
from tracker.core.db import db
from tracker.core.sql import insert_new
from tracker.core.versions import check_version
from tracker.reminders import queries
from tracker.reminders.models import ReminderRule, RuleRecipient
from tracker.reminders.rules import PLAIN, Counts, check_days


def ensure_default_rules(active_from: date | None = None) -> None:
    """Make the plain preset unless there are rules. They are active from today: what was reached before is not told."""
    session = db.session()
    if queries.list_rules(session):
        return
    recipients = {default.key: default.recipients for default in PLAIN}
    rows = [
        {
            "key": default.key,
            "trigger": default.trigger,
            "days": default.days,
            "active_from": active_from or clock.today(),
        }
        for default in PLAIN
    ]
    made = insert_new(session, ReminderRule).values(rows).returning(ReminderRule.id, ReminderRule.key)
    named = [
        {"rule_id": rule_id, "recipient": each} for rule_id, key in session.execute(made) for each in recipients[key]
    ]
    if named:
        session.execute(insert(RuleRecipient), named)


def change_rule(
    rule: ReminderRule,
    *,
    is_active: bool,
    days: int,
    counts: Counts | None = None,
    actor: Actor,
    version: int | None = None,
) -> None:
    """Switch a rule on or off, or change its days and which days it counts (None: as before).

    Steps it would have reached before today are not told. Raises DomainError for days out of bounds, Stale for an
    older ``version``.
    """
    ensure_may(actor, Action.MANAGE_SETTINGS)
    counts = counts or rule.counts
    check_days(rule.trigger, days, counts)
    before = {"is_active": rule.is_active, "days": rule.days, "counts": rule.counts}
    after = {"is_active": is_active, "days": days, "counts": counts}
    check_version(rule, version, typed=after, stored=before)
    if before == after:
        return
    rule.is_active, rule.days, rule.counts, rule.active_from = is_active, days, counts, clock.today()
    record(actor, "reminder_rule.change", rule.key, before=before, after=after)
