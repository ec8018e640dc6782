"""Reading reminder rules and their sets."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker.core.errors import NotFound
from tracker.core.i18n import lazy_gettext as _l
from tracker.items.models import Item
from tracker.org.models import Account, Person
from tracker.reminders.models import ReminderRule, RulePerson, RuleSet, SourceRuleSet
from tracker.reminders.queries.steps import select_new
from tracker.reminders.rules import DEFAULT_SET, Speech
from tracker.sources.models import Source, SourceMilestone


def _whole(query: Select[ReminderRule]) -> Select[ReminderRule]:
    people = selectinload(ReminderRule.people).joinedload(RulePerson.person)
    parts = (selectinload(ReminderRule.recipients), selectinload(ReminderRule.channels), people)
    return query.options(joinedload(ReminderRule.rule_set), *parts)


def list_rules(session: Session, set_key: str = DEFAULT_SET) -> Sequence[ReminderRule]:
    """The rules of a set with all they say, in the order they were made."""
    query = select(ReminderRule).join(ReminderRule.rule_set).where(RuleSet.key == set_key)
    return session.scalars(_whole(query).order_by(ReminderRule.id)).all()


def list_rules_by_id(session: Session, rule_ids: Collection[int]) -> dict[int, ReminderRule]:
    """Rules by id."""
    query = select(ReminderRule).where(ReminderRule.id.in_(rule_ids))
    return {rule.id: rule for rule in session.scalars(query)}


def lock_rules(session: Session) -> Sequence[int]:
    """Ids of all rules, locked: one scan at a time, and no rule changes during it."""
    return session.scalars(select(ReminderRule.id).order_by(ReminderRule.id).with_for_update()).all()


def get_rule(session: Session, key: str) -> ReminderRule:
    """A rule by its key, with all it says; raises NotFound."""
    rule = session.scalar(_whole(select(ReminderRule).where(ReminderRule.key == key)))
    if rule is None:
        raise NotFound(_l("没有找到这条提醒规则。"))
    return rule


def find_same_rule(session: Session, rule_set_id: int, speech: Speech) -> ReminderRule | None:
    """The rule of a set that speaks on the same day as this speech."""
    rule = ReminderRule
    same = (rule.trigger == speech.trigger, rule.days == speech.days, rule.counts == speech.counts)
    return session.scalar(select(rule).where(rule.rule_set_id == rule_set_id, *same))


def list_sets(session: Session) -> Sequence[RuleSet]:
    """All sets, in the order they were made."""
    return session.scalars(select(RuleSet).order_by(RuleSet.id)).all()


def get_set(session: Session, key: str, *, lock: bool = False) -> RuleSet:
    """A set by its key; raises NotFound."""
    query = select(RuleSet).where(RuleSet.key == key)
    found = session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise NotFound(_l("没有找到这套提醒规则。"))
    return found


def find_set_named(session: Session, name: str) -> RuleSet | None:
    """The set of this name."""
    return session.scalar(select(RuleSet).where(RuleSet.name == name))


def count_sources(session: Session) -> dict[int, int]:
    """How many sources have chosen each set; sets that none has chosen are left out."""
    query = select(SourceRuleSet.rule_set_id, func.count().label("sources")).group_by(SourceRuleSet.rule_set_id)
    return {row.rule_set_id: row.sources for row in session.execute(query)}


def find_choice(session: Session, source_id: int) -> SourceRuleSet | None:
    """The set chosen for a source; None for the default one."""
    query = select(SourceRuleSet).where(SourceRuleSet.source_id == source_id)
    return session.scalar(query.options(joinedload(SourceRuleSet.rule_set)))


def list_without_account(session: Session, person_ids: Collection[int]) -> Sequence[str]:
    """The names of those who cannot sign in."""
    is_open = select(Account.person_id).where(Account.is_active)
    query = select(Person.name).where(Person.id.in_(person_ids), Person.id.not_in(is_open))
    return session.scalars(query.order_by(Person.id)).all()


class Foreseen(NamedTuple):
    """Something that would be told to a person; ``number`` is that of the item, or of the source."""

    person: str
    number: str


def list_foreseen(session: Session, rule_id: int, day: date) -> Sequence[Foreseen]:
    """What one rule would tell whom on a day, by the very statement of the scan."""
    new = select_new().subquery("new")
    number = func.coalesce(Item.number, Source.number)
    of_source = and_(new.c.item_id.is_(None), SourceMilestone.id == new.c.subject_id)
    query = (
        select(Person.name, number)
        .select_from(new)
        .join(Person, Person.id == new.c.person_id)
        .outerjoin(Item, Item.id == new.c.item_id)
        .outerjoin(SourceMilestone, of_source)
        .outerjoin(Source, Source.id == SourceMilestone.source_id)
        .where(new.c.rule_id == rule_id)
        .order_by(Person.pinyin, Person.id, number)
    )
    return [Foreseen(*row) for row in session.execute(query, {"day": day})]
