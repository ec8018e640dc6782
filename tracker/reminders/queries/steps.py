"""Which step of which rule is reached today, for whom: one SELECT, the same on both databases.

``rules.latest_step`` and ``rules.told`` say in Python what is reckoned here; tests compare the two.
"""

from functools import cache
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Select,
    String,
    Subquery,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from tracker.closure.models import Application, Review
from tracker.core.db import Instant
from tracker.core.sql import days_between, later, plus_days
from tracker.items.queries import is_party
from tracker.reminders.models import Occurrence, ReminderRule, RulePerson, RuleRecipient, RuleSet, SourceRuleSet
from tracker.reminders.queries.dated import ANY_LEADER, DAY, Only, select_dated
from tracker.reminders.queries.recipients import is_able, select_answerable
from tracker.reminders.rules import (
    BASES,
    DEFAULT_SET,
    REPEATING,
    STAND_INS,
    USUAL_STAND_INS,
    Basis,
    Counts,
    Recipient,
    Trigger,
)
from tracker.sources.rules import StepKind
from tracker.workdays.models import CalendarDay

Rule = ReminderRule
# The calendar's rows of the date counted from and of the step, for rules that count working days.
BASE_DAY, STEP_DAY = aliased(CalendarDay, name="base_day"), aliased(CalendarDay, name="step_day")
# What tells one step for one person from every other.
KEYS = ("subject", "subject_id", "rule_id", "repetition", "deadline", "person_id")
DATE = ("subject", "subject_id", "person_id", "basis", "deadline")
DUE = (*KEYS, "basis", "item_id", "reached_on")
COLUMNS = (*DUE, "covers_from", "covers")


def select_due(only: Only | None = None) -> Select[Any]:
    """Rows of DUE: all that is to be told on the parameter ``day``, whether or not it was told already.

    Of the steps that speak of the same date a person gets only the latest, so earlier ones count as covered.
    """
    ranked = _ranked(only)
    return select(*(ranked.c[name] for name in DUE)).where(ranked.c.place == 1)


@cache
def select_new(only: Only | None = None) -> Select[Any]:
    """Rows of COLUMNS: what is due and was not noted before, each with the rules whose earlier steps it covers.

    Covered is what was reached after the last step that this person was told of the same date.
    """
    told = _told(_reached(only))
    # In one pass over each date: joining the steps to the latest of them took minutes.
    same_date, latest_first = [told.c[name] for name in DATE], _latest_first(told)
    newest = {
        name: func.first_value(told.c[name]).over(partition_by=same_date, order_by=latest_first).label(f"newest_{name}")
        for name in ("rule_id", "repetition", "reached_on", "begins_on")
    }
    last = _last_of(told)
    same = and_(*(last.c[name] == told.c[name] for name in DATE))
    steps = select(told, *newest.values(), last.c.last).select_from(told).outerjoin(last, same).subquery("steps")
    reached_on, rule_id = steps.c.newest_reached_on, steps.c.newest_rule_id
    covers_from = later(steps.c.newest_begins_on, plus_days(steps.c.last, literal(1))).label("covers_from")
    is_earlier = and_(steps.c.reached_on < reached_on, steps.c.reached_on >= covers_from)
    # A rule that repeats covers its own earlier steps.
    is_covered = or_(is_earlier, steps.c.rule_id == rule_id)
    words = cast(steps.c.rule_id, String) + ":" + cast(steps.c.first, String)
    covers = func.aggregate_strings(words, " ").label("covers")
    step = [steps.c[f"newest_{name}" if name in newest else name].label(name) for name in DUE]
    # Also after the clock was put back: what a later reminder stood for is not told any more.
    query = select(*step, covers_from, covers).where(reached_on >= covers_from, is_covered)
    return query.group_by(*(steps.c[f"newest_{name}" if name in newest else name] for name in DUE), covers_from)


@cache
def select_noted(only: Only | None = None) -> Select[Any]:
    """The same as it is written: noted at the parameter ``noted_at``, in no digest yet."""
    return select_new(only).add_columns(bindparam("noted_at", type_=Instant()), literal("", String()))


def _last_of(told: CTE) -> Subquery:
    """The day of the last step that was told of each date.

    Reckoned before anything is written: asked row by row, PostgreSQL went through the rows just being inserted.
    """
    dates = select(*(told.c[name] for name in DATE)).distinct().subquery("dates")
    same = and_(*(getattr(Occurrence, name) == dates.c[name] for name in DATE))
    last = select(dates, func.max(Occurrence.reached_on).label("last")).join(Occurrence, same)
    return last.group_by(*dates.c).subquery("last")


def _ranked(only: Only | None) -> Subquery:
    """Every step somebody is to be told, ``place`` 1 for the one reached last of the same date."""
    told = _told(_reached(only))
    same_date = [told.c[name] for name in DATE]
    place = func.row_number().over(partition_by=same_date, order_by=_latest_first(told))
    return select(told, place.label("place")).subquery("ranked")


def _latest_first(told: CTE) -> list[Any]:
    return [told.c.reached_on.desc(), told.c.rule_id.desc()]


def _reached(only: Only | None) -> CTE:
    """The latest step of each rule of the source's set for everything dated, reached by the day.

    What lies beyond the calendar is not reached by rules in working days.
    """
    dated = select_dated(only)
    is_working = Rule.counts == Counts.WORKING
    elapsed = case((is_working, _today_ordinal() - BASE_DAY.working_ordinal), else_=days_between(DAY, dated.c.deadline))
    first = case(
        (Rule.trigger == Trigger.BEFORE_DUE, -Rule.days), (Rule.trigger == Trigger.OVERDUE_EVERY, 1), else_=Rule.days
    )
    repetition = case((Rule.trigger.in_(sorted(REPEATING)), (elapsed - first) // Rule.days), else_=0)
    offset = first + repetition * Rule.days
    reached_on = case((is_working, STEP_DAY.day), else_=plus_days(dated.c.deadline, offset))
    begins_on = later(dated.c.since, SourceRuleSet.chosen_on)
    # What was reached before a rule was made, an item issued, its deadline moved or its rules chosen is never told.
    conditions = (elapsed >= first, reached_on >= begins_on, reached_on >= Rule.active_from)
    default = select(RuleSet.id).where(RuleSet.key == DEFAULT_SET).scalar_subquery()
    its_set = func.coalesce(SourceRuleSet.rule_set_id, default)
    applies = and_(Rule.is_active, Rule.rule_set_id == its_set, counts_from(dated.c.basis))
    columns = (Rule.id.label("rule_id"), repetition.label("repetition"), reached_on.label("reached_on"))
    query = select(*dated.c, *columns, begins_on.label("begins_on")).select_from(dated)
    query = query.outerjoin(SourceRuleSet, SourceRuleSet.source_id == dated.c.source_id).join(Rule, applies)
    # For rules in natural days the key is NULL, so that nothing is looked up: joining it anyway doubled the time.
    query = query.outerjoin(BASE_DAY, BASE_DAY.day == case((is_working, dated.c.deadline)))
    is_step = and_(STEP_DAY.is_working, STEP_DAY.working_ordinal == BASE_DAY.working_ordinal + offset)
    return query.outerjoin(STEP_DAY, is_step).where(*conditions).cte("reached")


def _today_ordinal() -> Any:
    return select(CalendarDay.working_ordinal).where(CalendarDay.day == DAY).scalar_subquery()


def counts_from(basis: Any) -> ColumnElement[bool]:
    """Whether a rule counts from a date of this kind."""
    triggers = {each: [trigger for trigger, own in BASES.items() if own is each] for each in Basis}
    return or_(*(and_(basis == str(each), Rule.trigger.in_(found)) for each, found in triggers.items()))


def _told(reached: CTE) -> CTE:
    """The steps with everybody whom their rule really tells, each person once; ``first`` is the repetition it began.

    A recipient whom nobody is, or who cannot sign in, is stood in for.
    """
    things = select(*(reached.c[name] for name in _THING)).distinct().cte("things")
    nearby = select_answerable(things)
    named = _named_by_rule(reached)
    everybody = union_all(select(nearby, literal(None, Rule.id.type).label("rule_id")), named).subquery("everybody")
    preference = _preference(everybody.c.relation, reached.c.step)
    choice = func.rank().over(
        partition_by=(reached.c.subject, reached.c.subject_id, reached.c.rule_id, RuleRecipient.recipient),
        order_by=preference,
    )
    is_its = and_(everybody.c.subject == reached.c.subject, everybody.c.subject_id == reached.c.subject_id)
    is_own = or_(everybody.c.rule_id.is_(None), everybody.c.rule_id == reached.c.rule_id)
    columns = (everybody.c.person_id, everybody.c.level, RuleRecipient.begins_at, choice.label("choice"))
    chosen = (
        select(reached, *columns)
        .join(RuleRecipient, RuleRecipient.rule_id == reached.c.rule_id)
        .join(everybody, and_(is_its, is_own))
        .where(preference.isnot(None), RuleRecipient.begins_at <= reached.c.repetition)
        .where(~_is_barred(reached, everybody.c.person_id))
        .subquery("chosen")
    )
    is_reached = chosen.c.level <= chosen.c.repetition - chosen.c.begins_at + 1
    step = [chosen.c[name] for name in (*DUE, "begins_on")]
    first = func.min(chosen.c.begins_at + chosen.c.level - 1).label("first")
    return select(*step, first).where(chosen.c.choice == 1, is_reached).group_by(*step).cte("told")


_THING = (
    "subject",
    "subject_id",
    "item_id",
    "lead_unit_id",
    "owner_id",
    "handler_id",
    "leader_id",
    "supervisor_id",
    "named_id",
)


def _named_by_rule(reached: CTE) -> Select[Any]:
    relation = literal(str(Recipient.PERSON), String).label("relation")
    columns = (reached.c.subject, reached.c.subject_id, relation, literal(1).label("level"), RulePerson.person_id)
    query = select(*columns, reached.c.rule_id).join(RulePerson, RulePerson.rule_id == reached.c.rule_id)
    return query.where(is_able(RulePerson.person_id)).distinct()


def _preference(relation: Any, step: Any) -> ColumnElement[int | None]:
    """0 for whom a recipient names, then who stands in, the nearest first; NULL for everybody else."""
    recipient = RuleRecipient.recipient
    is_meant = or_(relation == recipient, and_(recipient == Recipient.DECIDER, relation == step))
    lines: list[Any] = [(is_meant, 0)]
    for number, stand_in in enumerate(USUAL_STAND_INS, start=1):
        wanting = [each for each, stand_ins in STAND_INS.items() if stand_in in stand_ins]
        lines.append((and_(relation == str(stand_in), recipient.in_(wanting)), number))
    return case(*lines, else_=None)


_KEEPING_OUT = (str(StepKind.OFFICE), str(StepKind.LEADER), ANY_LEADER)


def _is_barred(reached: CTE, person_id: Any) -> ColumnElement[bool]:
    """Who may not decide a step, so need not be told that it waits: the applicant, earlier deciders, parties."""
    applied = select(Application.id).where(
        Application.id == reached.c.application_id,
        or_(Application.applicant_id == person_id, Application.applicant_for_id == person_id),
    )
    decided = select(Review.id).where(
        Review.application_id == reached.c.application_id,
        or_(Review.decider_id == person_id, Review.decider_for_id == person_id),
    )
    is_kept = and_(reached.c.step.in_(_KEEPING_OUT), is_party(person_id, reached.c))
    is_turn = and_(RuleRecipient.recipient == Recipient.DECIDER, reached.c.application_id.isnot(None))
    return and_(is_turn, or_(applied.exists(), decided.exists(), is_kept))
