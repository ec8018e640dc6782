"""The shipped sets, and an administrator's changes to rules."""

import secrets
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy.orm.attributes import flag_modified

from tracker.access.rules import Action, Actor, ensure_may
from tracker.audit.operations import record
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Conflict, DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.versions import check_version
from tracker.outbox.rules import Channel
from tracker.reminders import queries
from tracker.reminders.models import ReminderRule, RuleChannel, RulePerson, RuleRecipient, RuleSet
from tracker.reminders.rules import PRESETS, Preset, Speech, check_speech


def ensure_default_rules(active_from: date | None = None) -> None:
    """Make the shipped sets that are missing. They are active from today: what was reached before is not told."""
    session = db.session()
    there = {each.key: each for each in queries.list_sets(session)}
    begins = active_from or clock.today()
    for preset in PRESETS:
        if preset.key not in there:
            session.add(_made(preset, begins))
    session.flush()


def _made(preset: Preset, active_from: date) -> RuleSet:
    made = RuleSet(key=preset.key, name=preset.name, is_shipped=True)
    for default in preset.rules:
        made.rules.append(_rule(default.key, default.speech, active_from=active_from, is_active=True))
    return made


def _rule(key: str, speech: Speech, *, active_from: date, is_active: bool) -> ReminderRule:
    rule = ReminderRule(key=key, active_from=active_from, is_active=is_active)
    _let_say(rule, speech)
    return rule


def _let_say(rule: ReminderRule, speech: Speech) -> None:
    rule.trigger, rule.days, rule.counts = speech.trigger, speech.days, speech.counts
    rule.light = speech.light
    rule.label, rule.slip, rule.drafts_notice = speech.label, speech.slip, speech.drafts_notice
    wanted = dict(speech.recipients)
    rule.recipients[:] = [each for each in rule.recipients if each.recipient in wanted]
    for each in rule.recipients:
        each.begins_at = wanted.pop(each.recipient)
    rule.recipients += [RuleRecipient(recipient=each, begins_at=begins_at) for each, begins_at in wanted.items()]
    rule.people[:] = [each for each in rule.people if each.person_id in speech.person_ids]
    named = {each.person_id for each in rule.people}
    rule.people += [RulePerson(person_id=each) for each in sorted(speech.person_ids - named)]
    # The inbox cannot be left out: it is the record of what somebody was told.
    channels = speech.channels | {Channel.INBOX}
    rule.channels[:] = [each for each in rule.channels if each.channel in channels]
    used = {each.channel for each in rule.channels}
    rule.channels += [RuleChannel(channel=each) for each in sorted(channels - used)]


def change_rule(
    rule: ReminderRule, *, is_active: bool, speech: Speech, actor: Actor, version: int | None = None
) -> None:
    """Switch a rule on or off, or change what it says; steps it would have reached before today are not told.

    Raises DomainError for what makes no sense, Stale for an older ``version``, Conflict for a shipped rule or one that
    speaks on the same day as another of its set.
    """
    ensure_may(actor, Action.MANAGE_SETTINGS)
    before, after = _as_data(rule.is_active, rule.speech), _as_data(is_active, speech)
    if before == after:
        return
    check_version(rule, version, typed=after, stored=before)
    _check(rule.rule_set, speech, rule)
    rule.is_active, rule.active_from = is_active, clock.today()
    # What it says is partly in rows of its own; the version must tell of them, or a second editor would not be stopped.
    _let_say(rule, speech)
    flag_modified(rule, "active_from")
    record(actor, "reminder_rule.change", rule.key, before=before, after=after)


def add_rule(rule_set: RuleSet, *, is_active: bool, speech: Speech, actor: Actor) -> ReminderRule:
    """Add a rule to a set; refused as ``change_rule`` refuses. ``rule_set`` must have been read with a lock."""
    ensure_may(actor, Action.MANAGE_SETTINGS)
    _check(rule_set, speech, None)
    rule = _rule(f"rule-{secrets.token_hex(6)}", speech, active_from=clock.today(), is_active=is_active)
    rule.rule_set_id = rule_set.id
    session = db.session()
    session.add(rule)
    session.flush()
    record(actor, "reminder_rule.add", rule.key, rule_set=rule_set.name, after=_as_data(is_active, speech))
    return rule


def copy_set(rule_set: RuleSet, name: str, *, actor: Actor) -> RuleSet:
    """A set with the same rules that may be changed; raises DomainError without a name, Conflict for one in use."""
    ensure_may(actor, Action.MANAGE_SETTINGS)
    name = " ".join(name.split())
    if not name:
        raise DomainError(_l("请填写名称。"), field="name")
    session = db.session()
    if queries.find_set_named(session, name):
        raise Conflict(_l("已有一套规则叫“%(name)s”，请换一个名称。", name=name), field="name")
    made = RuleSet(key=f"set-{secrets.token_hex(6)}", name=name, is_shipped=False)
    session.add(made)
    session.flush()
    for rule in queries.list_rules(session, rule_set.key):
        copied = _rule(f"rule-{secrets.token_hex(6)}", rule.speech, active_from=clock.today(), is_active=rule.is_active)
        copied.rule_set_id = made.id
        session.add(copied)
    session.flush()
    record(actor, "rule_set.copy", made.name, copied_from=rule_set.name)
    return made


def _check(rule_set: RuleSet, speech: Speech, rule: ReminderRule | None) -> None:
    if not rule_set.is_editable:
        message = _l("“%(name)s”是系统自带的一套规则，不能修改；请先复制一份，再改副本。", name=rule_set.name)
        raise Conflict(message)
    check_speech(speech)
    session = db.session()
    with session.no_autoflush:
        same = queries.find_same_rule(session, rule_set.id, speech)
        shut = queries.list_without_account(session, speech.person_ids)
    if same is not None and same is not rule:
        raise Conflict(_l("这一套里已有同一天提醒的规则，请修改那一条，或换一个天数。"), field="days")
    if shut:
        message = _l("%(names)s 没有可用的账号，收不到提醒；请先为其开通账号，或另选一人。", names="、".join(shut))
        raise DomainError(message, field="people")


def _as_data(is_active: bool, speech: Speech) -> dict[str, Any]:
    """All that a rule says, in plain values for the trail."""
    said = asdict(speech) | {
        "recipients": [f"{each}:{begins_at}" for each, begins_at in speech.recipients.items()],
        "channels": sorted(str(each) for each in speech.channels | {Channel.INBOX}),
        "trigger": str(speech.trigger),
        "counts": str(speech.counts),
        "light": str(speech.light),
    }
    person_ids = sorted(said.pop("person_ids"))
    return {"is_active": is_active, **said, "person_id": person_ids}
