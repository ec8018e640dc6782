"""Kinds of sources, the codes in their numbers, and the steps of their closing chain."""

from collections.abc import Mapping
from enum import StrEnum

from tracker.access.rules import Action
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


STEP_LABELS: Mapping[StepKind, object] = {
    StepKind.UNIT_HEAD: _l("单位负责人审核"),
    StepKind.OFFICE: _l("整改办初审"),
    StepKind.LEADER: _l("责任领导审批"),
}

STEP_ACTIONS: Mapping[StepKind, Action] = {
    StepKind.UNIT_HEAD: Action.DECIDE_AS_UNIT_HEAD,
    StepKind.OFFICE: Action.DECIDE_AS_OFFICE,
    StepKind.LEADER: Action.DECIDE_AS_LEADER,
}

USUAL_CHAIN = (StepKind.UNIT_HEAD, StepKind.OFFICE, StepKind.LEADER)


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
