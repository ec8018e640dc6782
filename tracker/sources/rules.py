"""Kinds of sources, the codes in their numbers, and the steps of their closing chain."""

from calendar import monthrange
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from tracker.access.rules import Action
from tracker.core.errors import DomainError
from tracker.core.i18n import lazy_gettext as _l


class SourceKind(StrEnum):
    """What kind of feedback or plan it is."""

    INSPECTION = "inspection"
    SUPERVISION = "supervision"
    APPRAISAL = "appraisal"
    DEMOCRATIC_LIFE = "democratic_life"
    CAMPAIGN = "campaign"
    AUDIT = "audit"
    SELF_CHECK = "self_check"
    MEETING = "meeting"
    WORK_PLAN = "work_plan"
    ASSIGNMENT = "assignment"


KIND_LABELS: Mapping[SourceKind, object] = {
    SourceKind.INSPECTION: _l("巡视巡察"),
    SourceKind.SUPERVISION: _l("督查"),
    SourceKind.APPRAISAL: _l("述职评议点评"),
    SourceKind.DEMOCRATIC_LIFE: _l("民主生活会、组织生活会查摆"),
    SourceKind.CAMPAIGN: _l("专题教育查摆"),
    SourceKind.AUDIT: _l("审计"),
    SourceKind.SELF_CHECK: _l("自查"),
    SourceKind.MEETING: _l("会议议定事项"),
    SourceKind.WORK_PLAN: _l("年度重点任务"),
    SourceKind.ASSIGNMENT: _l("上级交办"),
}

# The first word of the numbers of a kind's items: 巡察2026-1-017. Part of the record, so never translated.
NUMBER_PREFIXES: Mapping[SourceKind, str] = {
    SourceKind.INSPECTION: "巡察",
    SourceKind.SUPERVISION: "督查",
    SourceKind.APPRAISAL: "述评",
    SourceKind.DEMOCRATIC_LIFE: "生活会",
    SourceKind.CAMPAIGN: "专题",
    SourceKind.AUDIT: "审计",
    SourceKind.SELF_CHECK: "自查",
    SourceKind.MEETING: "会议",
    SourceKind.WORK_PLAN: "要点",
    SourceKind.ASSIGNMENT: "交办",
}

TASK_KINDS = frozenset({SourceKind.MEETING, SourceKind.WORK_PLAN, SourceKind.ASSIGNMENT})


class StepKind(StrEnum):
    """Who decides a step of the closing chain."""

    UNIT_HEAD = "unit_head"
    OFFICE = "office"
    LEADER = "leader"
    COLLECTIVE = "collective"
    SUPERIOR = "superior"


STEP_LABELS: Mapping[StepKind, object] = {
    StepKind.UNIT_HEAD: _l("单位负责人审核"),
    StepKind.OFFICE: _l("整改办初审"),
    StepKind.LEADER: _l("责任领导审批"),
    StepKind.COLLECTIVE: _l("集体研究"),
    StepKind.SUPERIOR: _l("上级认定"),
}

# Steps that one person decides; what a meeting or the superior decides is entered by the office.
STEP_ACTIONS: Mapping[StepKind, Action] = {
    StepKind.UNIT_HEAD: Action.DECIDE_AS_UNIT_HEAD,
    StepKind.OFFICE: Action.DECIDE_AS_OFFICE,
    StepKind.LEADER: Action.DECIDE_AS_LEADER,
}

USUAL_CHAIN = (StepKind.UNIT_HEAD, StepKind.OFFICE, StepKind.LEADER)


def check_chain(chain: Sequence[StepKind], named: Collection[StepKind] = ()) -> None:
    """Raise DomainError for a chain that is empty, turns back, ends before it begins, or names where nobody is named.

    The superior confirms what is closed here, so its step is the last and never the only one. ``named`` are the steps
    that somebody is named for.
    """
    if not chain or len(set(chain)) != len(chain):
        raise DomainError(_l("销号程序至少有一个环节，且环节不重复。"), field="steps")
    if StepKind.SUPERIOR in chain[:-1] or chain[0] is StepKind.SUPERIOR:
        raise DomainError(_l("“上级认定”只能是最后一个环节，前面至少有一个本级环节。"), field="steps")
    if any(step not in STEP_ACTIONS for step in named):
        raise DomainError(_l("“集体研究”和“上级认定”不指定到个人。"), field="steps")


class MilestoneKind(StrEnum):
    """The dates that a source itself has to keep."""

    PLAN = "plan"
    RECTIFICATION_ENDS = "rectification_ends"
    PROGRESS_REPORT = "progress_report"
    HEAD_REPORT = "head_report"
    OTHER = "other"


MILESTONE_LABELS: Mapping[MilestoneKind, object] = {
    MilestoneKind.PLAN: _l("整改方案报送"),
    MilestoneKind.RECTIFICATION_ENDS: _l("集中整改结束"),
    MilestoneKind.PROGRESS_REPORT: _l("整改进展情况报告"),
    MilestoneKind.HEAD_REPORT: _l("主要负责人组织落实情况报告"),
    MilestoneKind.OTHER: _l("其他节点"),
}

# The usual months after the feedback: the plan within one, concentrated rectification and its reports after three.
USUAL_MONTHS: Mapping[MilestoneKind, int] = {
    MilestoneKind.PLAN: 1,
    MilestoneKind.RECTIFICATION_ENDS: 3,
    MilestoneKind.PROGRESS_REPORT: 3,
    MilestoneKind.HEAD_REPORT: 3,
}

NEAR_DAYS = 7
TITLE_LIMIT = 200


class Standing(StrEnum):
    """How a milestone stands; the codes are those of the lights."""

    HANDED_IN = "closed"
    LATE = "late"
    NEAR = "near"
    AHEAD = "ok"


def standing_of(due_on: date, handed_in_on: date | None, today: date) -> Standing:
    """How a milestone stands today; on the day itself it is not late."""
    if handed_in_on is not None:
        return Standing.HANDED_IN
    if due_on < today:
        return Standing.LATE
    return Standing.NEAR if (due_on - today).days <= NEAR_DAYS else Standing.AHEAD


def months_later(day: date, months: int) -> date:
    """The same day some months later, the last one of a month that has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def check_milestone(title: str, due_on: date, *, earliest: date, latest: date | None = None) -> None:
    """Raise DomainError for a milestone without a title, or outside of what it belongs to."""
    if not title.strip():
        raise DomainError(_l("请填写节点名称。"), field="title")
    if due_on < earliest:
        message = _l("节点日期 %(due)s 早于反馈日期 %(received)s，请核对。", due=due_on, received=earliest)
        raise DomainError(message, field="due_on")
    if latest is not None and due_on > latest:
        message = _l("节点日期 %(due)s 晚于整改时限 %(deadline)s，请核对。", due=due_on, deadline=latest)
        raise DomainError(message, field="due_on")


def check_handed_in(handed_in_on: date, received_on: date, today: date) -> None:
    """Raise DomainError for something handed in before the feedback, or on a day to come."""
    if handed_in_on < received_on:
        message = _l("报送日期早于反馈日期 %(received)s，请核对。", received=received_on)
        raise DomainError(message, field="handed_in_on")
    if handed_in_on > today:
        raise DomainError(_l("报送日期晚于今天，请核对。"), field="handed_in_on")


class Counting(StrEnum):
    """Whether a problem given to many units counts once (个问题) or once for each of them (个分项); never both."""

    WHOLES = "wholes"
    PARTS = "parts"


COUNTING_LABELS: Mapping[Counting, object] = {Counting.WHOLES: _l("按总项"), Counting.PARTS: _l("按分项")}


def counting_of(settled: Collection[Counting]) -> Counting:
    """How items of some sources are counted: by parts where all of them settled it so, by wholes where any did not."""
    return Counting.PARTS if settled and set(settled) == {Counting.PARTS} else Counting.WHOLES


class Counts(NamedTuple):
    """Items of a source, counted as it settled: all, the closed ones, those in the denominator of rates.

    ``wholes`` are all by wholes, whatever it settled: as a feedback text counts its problems.
    """

    total: int = 0
    closed: int = 0
    base: int = 0
    wholes: int = 0


class Level(StrEnum):
    """The two levels of an outline above the items."""

    ASPECT = "aspect"
    CATEGORY = "category"


def source_number(kind: SourceKind, year: int, round_: int) -> str:
    """E.g. 巡察2026-1."""
    return f"{NUMBER_PREFIXES[kind]}{year}-{round_}"


def item_number(source: str, serial: int) -> str:
    """E.g. 巡察2026-1-017; three digits, more when a source has a thousand items."""
    return f"{source}-{serial:03d}"


def child_number(parent: str, serial: int) -> str:
    """E.g. 巡察2026-1-017-03."""
    return f"{parent}-{serial:02d}"
