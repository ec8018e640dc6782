"""Headings of ledgers as people write them, and the field each stands for."""

import re
import unicodedata
from collections.abc import Mapping
from enum import StrEnum

from tracker.core.i18n import lazy_gettext as _l


class Field(StrEnum):
    """What a column of names and deadlines may hold; FINDING and PLACE only help to see which row is meant."""

    NUMBER = "number"
    PLACE = "place"
    FINDING = "finding"
    LEADER = "leader"
    SUPERVISOR = "supervisor"
    LEAD_UNIT = "lead_unit"
    SUPPORTING_UNITS = "supporting_units"
    OWNER = "owner"
    DEADLINE = "deadline"
    CAUSE = "cause"
    GOAL = "goal"
    REMARK = "remark"


FIELD_LABELS: Mapping[Field, object] = {
    Field.NUMBER: _l("编号"),
    Field.PLACE: _l("序号"),
    Field.FINDING: _l("具体问题"),
    Field.LEADER: _l("责任领导"),
    Field.SUPERVISOR: _l("分管领导"),
    Field.LEAD_UNIT: _l("牵头单位"),
    Field.SUPPORTING_UNITS: _l("配合单位"),
    Field.OWNER: _l("责任人"),
    Field.DEADLINE: _l("整改时限"),
    Field.CAUSE: _l("产生原因"),
    Field.GOAL: _l("整改目标"),
    Field.REMARK: _l("备注"),
}

# What a paste may set, in the order of the lists.
SETTABLE = tuple(field for field in Field if field not in {Field.NUMBER, Field.PLACE, Field.FINDING})

_SYNONYMS: Mapping[Field, str] = {
    Field.NUMBER: "编号 问题编号 事项编号 任务编号",
    Field.PLACE: "序号",
    Field.FINDING: "问题 存在问题 反馈问题 具体问题 问题表述 具体表现 工作任务 任务 事项 整改事项 整改任务",
    Field.LEADER: "责任领导 牵头领导 包抓领导 包案领导 整改责任领导 领导",
    Field.SUPERVISOR: "分管领导 分管责任领导",
    Field.LEAD_UNIT: (
        "牵头单位 责任单位 责任部门 整改牵头部门 牵头部门 整改责任单位 整改牵头单位 主责单位 主办单位 "
        "责任处室 牵头处室 单位"
    ),
    Field.SUPPORTING_UNITS: "配合单位 协办单位 配合部门 协同单位 整改配合部门 配合处室",
    Field.OWNER: "责任人 具体责任人 整改责任人 直接责任人 负责人",
    Field.DEADLINE: "整改时限 完成时限 时限要求 整改期限 计划完成时间 完成时间 时限 期限 整改完成时限 完成期限",
    Field.CAUSE: "产生原因 问题原因 原因分析 原因",
    Field.GOAL: "整改目标 工作目标 目标 目标要求",
    Field.REMARK: "备注 说明",
}


def heading_key(text: str) -> str:
    """A heading without space, signs at its ends and width of letters."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).strip(":*。、")


FIELD_OF: Mapping[str, Field] = {
    heading_key(word): field for field, words in _SYNONYMS.items() for word in words.split()
}


def field_of(heading: str) -> Field | None:
    """The field a heading stands for; None for one that is not known."""
    return FIELD_OF.get(heading_key(heading))
