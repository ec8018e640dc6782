"""Headings of ledgers as people write them, and the field each stands for."""

import re
import unicodedata
from collections.abc import Mapping
from enum import StrEnum

from tracker.core.i18n import lazy_gettext as _l


class Field(StrEnum):
    """What a column of a list may hold."""

    NUMBER = "number"
    PLACE = "place"
    SOURCE = "source"
    ASPECT = "aspect"
    CATEGORY = "category"
    FINDING = "finding"
    CAUSE = "cause"
    GOAL = "goal"
    MEASURES = "measures"
    LEADER = "leader"
    SUPERVISOR = "supervisor"
    LEAD_UNIT = "lead_unit"
    SUPPORTING_UNITS = "supporting_units"
    OWNER = "owner"
    DEADLINE = "deadline"
    PROGRESS = "progress"
    OWN_WORD = "own_word"
    CLOSURE = "closure"
    CLOSED_ON = "closed_on"
    REMARK = "remark"
    PRINTED = "printed"


FIELD_LABELS: Mapping[Field, object] = {
    Field.NUMBER: _l("编号"),
    Field.PLACE: _l("序号"),
    Field.SOURCE: _l("问题来源"),
    Field.ASPECT: _l("方面"),
    Field.CATEGORY: _l("类别"),
    Field.FINDING: _l("具体问题"),
    Field.CAUSE: _l("产生原因"),
    Field.GOAL: _l("整改目标"),
    Field.MEASURES: _l("整改措施"),
    Field.LEADER: _l("责任领导"),
    Field.SUPERVISOR: _l("分管领导"),
    Field.LEAD_UNIT: _l("牵头单位"),
    Field.SUPPORTING_UNITS: _l("配合单位"),
    Field.OWNER: _l("责任人"),
    Field.DEADLINE: _l("整改时限"),
    Field.PROGRESS: _l("整改进展"),
    Field.OWN_WORD: _l("完成情况"),
    Field.CLOSURE: _l("是否销号"),
    Field.CLOSED_ON: _l("销号时间"),
    Field.REMARK: _l("备注"),
    Field.PRINTED: _l("只供打印，不读取"),
}

# The sheet of a list handed out that keeps its words, so that what was edited since can be told: a row of field codes,
# then a row for each item.
BASE_SHEET = "导出时的原值"

# What a paste or a ledger may set, in the order of the lists; the rest is fixed by feedback, outline or approval.
SETTABLE = (
    Field.LEADER,
    Field.SUPERVISOR,
    Field.LEAD_UNIT,
    Field.SUPPORTING_UNITS,
    Field.OWNER,
    Field.DEADLINE,
    Field.CAUSE,
    Field.GOAL,
    Field.REMARK,
)
# What only helps to see which row is meant.
HELPING = frozenset({Field.NUMBER, Field.PLACE, Field.SOURCE, Field.ASPECT, Field.CATEGORY, Field.FINDING})

_SYNONYMS: Mapping[Field, str] = {
    Field.NUMBER: "编号 问题编号 事项编号 任务编号 编码 问题编码",
    Field.PLACE: "序号",
    Field.SOURCE: "问题来源 任务来源 来源 反馈来源",
    Field.ASPECT: "方面 重点方面 一级标题 问题方面 所属方面",
    Field.CATEGORY: "类别 大类 重点内容 问题类别 二级标题 问题分类 类 所属类别",
    Field.FINDING: (
        "问题 存在问题 反馈问题 具体问题 问题表述 具体表现 问题内容 问题描述 反馈的问题 存在的问题 主要问题 "
        "工作任务 任务 事项 整改事项 整改任务 任务内容 重点任务 工作事项 议定事项 决定事项 主要任务 具体任务"
    ),
    Field.CAUSE: "产生原因 问题原因 原因分析 原因",
    Field.GOAL: "整改目标 工作目标 目标 目标要求 完成标志 完成标准",
    Field.MEASURES: (
        "整改措施 整改措施(逐条) 工作措施 工作措施(逐条) 具体措施 整改举措 主要措施 措施 具体整改措施 工作举措 "
        "推进措施 任务清单 措施清单"
    ),
    Field.LEADER: "责任领导 牵头领导 包抓领导 包案领导 整改责任领导 领导 包保领导 牵头责任领导",
    Field.SUPERVISOR: "分管领导 分管责任领导",
    Field.LEAD_UNIT: (
        "牵头单位 责任单位 责任部门 整改牵头部门 牵头部门 整改责任单位 整改牵头单位 主责单位 主办单位 "
        "责任处室 牵头处室 责任科室 牵头科室 承办单位 单位"
    ),
    Field.SUPPORTING_UNITS: "配合单位 协办单位 配合部门 协同单位 整改配合部门 配合处室 整改配合单位 协同部门 参与单位",
    Field.OWNER: "责任人 具体责任人 整改责任人 直接责任人 负责人",
    Field.DEADLINE: (
        "整改时限 完成时限 时限要求 整改期限 计划完成时间 完成时间 时限 期限 整改完成时限 完成期限 办理时限 截止时间"
    ),
    Field.PROGRESS: (
        "整改进展 整改进展情况 进展情况 本次进展 工作进展 整改落实情况 落实情况 进展 目前进展 推进情况 整改情况 "
        "工作进展情况"
    ),
    Field.OWN_WORD: "完成情况 整改状态 完成状态 整改完成情况 是否完成 是否整改到位 整改是否完成",
    Field.CLOSURE: "是否销号 销号状态 销号情况 状态",
    Field.CLOSED_ON: "销号时间 销号日期",
    Field.REMARK: "备注 说明",
    Field.PRINTED: (
        "反馈单位 反馈日期 整改类别 联系电话 签收人 签收时间 延期情况 变更情况 上次进展 整改成效 佐证材料 成效清单"
    ),
}


def heading_key(text: str) -> str:
    """A heading without space, signs at its ends and width of letters."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).strip(":*。、")


FIELD_OF: Mapping[str, Field] = {
    heading_key(word): field for field, words in _SYNONYMS.items() for word in words.split()
}


# Of other headings the words that tell what they are, in this order; nobody writes down all the ways to say them.
_TELLING = tuple(
    (re.compile(pattern), field)
    for pattern, field in (
        (r"来源|编号|文号|电话|数|性质|依据", None),
        (r"销号(时间|日期)", Field.CLOSED_ON),
        (r"销号", Field.CLOSURE),
        (r"原因", Field.CAUSE),
        (r"措施|举措", Field.MEASURES),
        (r"进展|进度|推进情况|落实情况", Field.PROGRESS),
        (r"(完成|办结)(情况|状态)|是否.*(完成|到位|办结)", Field.OWN_WORD),
        (r"时限|期限|(完成|办结|整改)(时间|日期)", Field.DEADLINE),
        (r"(配合|协办|协同|参与|配办).*(单位|部门|处室|科室)", Field.SUPPORTING_UNITS),
        (r"(牵头|责任|主责|主办|承办|整改).*(单位|部门|处室|科室)", Field.LEAD_UNIT),
        (r"分管", Field.SUPERVISOR),
        (r"领导", Field.LEADER),
        (r"(责任|负责|承办|联系)人", Field.OWNER),
        (r"目标", Field.GOAL),
        (r"(问题|任务).*(类别|分类|类型)|(类别|分类)$", Field.CATEGORY),
        (r"方面$", Field.ASPECT),
        (r"问题|反馈意见|整改内容|(重点|主要|工作|具体)(任务|事项|工作|内容)", Field.FINDING),
    )
)
LIKENESS_LENGTH = 14


def field_of(heading: str) -> Field | None:
    """The field a heading stands for; None for one that is not known."""
    return FIELD_OF.get(heading_key(heading))


def field_like(heading: str) -> Field | None:
    """The field that the words of a heading tell of, if no list of synonyms has it: 巡察反馈问题, 责任部门（单位）."""
    key = heading_key(heading)
    bare = re.sub(r"\([^()]*\)", "", key)
    known = FIELD_OF.get(key) or FIELD_OF.get(bare)
    if known is not None or not 1 < len(bare) <= LIKENESS_LENGTH:
        return known
    return next((field for pattern, field in _TELLING if pattern.search(bare)), None)
