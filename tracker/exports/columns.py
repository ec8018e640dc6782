"""The columns of each list: heading and what stands below it, in the order people expect.

Handed-in lists are always Chinese, whatever language the page is in.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tracker.exports.rows import PrintRow
from tracker.items.headings import Field, field_of
from tracker.items.lists import ListName
from tracker.items.models import Item
from tracker.items.rules import DeadlineKind, OwnWord, State, days_late
from tracker.office.numerals import chinese_date
from tracker.org.models import Person, Unit
from tracker.progress.rules import OutcomeKind, printed_amount
from tracker.sources.models import Section

STATE_WORDS: Mapping[State, str] = {
    State.DRAFT: "待下发",
    State.ISSUED: "已下发",
    State.WORKING: "整改中",
    State.APPLIED: "申请销号",
    State.SUSTAINED: "持续整改",
    State.CLOSED: "已销号",
    State.WITHDRAWN: "已核减",
    State.VOID: "已作废",
}
KIND_WORDS: Mapping[DeadlineKind, str] = {
    DeadlineKind.BY_DATE: "限期整改",
    DeadlineKind.AT_ONCE: "立行立改",
    DeadlineKind.STAGED: "分阶段",
    DeadlineKind.LONG_TERM: "长期坚持",
}
OWN_WORDS: Mapping[OwnWord, str] = {
    OwnWord.NONE: "",
    OwnWord.BASICALLY_COMPLETED: "基本完成",
    OwnWord.COMPLETED: "已完成",
}
OUTCOME_WORDS: Mapping[OutcomeKind, tuple[str, str]] = {
    OutcomeKind.REGULATION_NEW: ("新建制度", "项"),
    OutcomeKind.REGULATION_REVISED: ("修订制度", "项"),
    OutcomeKind.RECOVERED: ("追回资金", "万元"),
    OutcomeKind.TALKED_TO: ("谈话提醒", "人次"),
    OutcomeKind.CRITICISED: ("批评教育", "人次"),
    OutcomeKind.PUNISHED: ("党纪政务处分", "人次"),
    OutcomeKind.MEETING: ("召开会议", "次"),
}


@dataclass(frozen=True)
class Column:
    """One column: ``width`` in parts of the page, ``is_merged`` when equal cells below each other become one.

    ``kept`` is what a workbook holds instead of the printed words: a day or a number; None for the words.
    """

    heading: str
    value: Callable[[PrintRow], str]
    width: int = 2
    is_merged: bool = False
    kept: Callable[[PrintRow], date | int | None] = lambda _row: None

    @property
    def field(self) -> Field:
        """What the column holds, for whoever reads the list back."""
        return field_of(self.heading) or Field.PRINTED


def deadline(item: Item) -> str:
    """The deadline as printed, else its day."""
    if item.due_text:
        return item.due_text
    if item.deadline_kind is DeadlineKind.LONG_TERM:
        return KIND_WORDS[DeadlineKind.LONG_TERM]
    words = chinese_date(item.due_on)
    if item.deadline_kind is DeadlineKind.AT_ONCE:
        words = f"{KIND_WORDS[DeadlineKind.AT_ONCE]}（{words}前）"
    return f"{words}，并长期坚持" if words and item.then_sustained else words


def plain_day(item: Item) -> date | None:
    """The deadline's day when that is all there is to say of it."""
    is_plain = item.deadline_kind is DeadlineKind.BY_DATE and not item.then_sustained
    return item.due_on if is_plain and item.due_text in ("", _iso(item.due_on), chinese_date(item.due_on)) else None


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def extension(item: Item) -> str:
    """From which day the deadline was moved and to which, and how often it was extended; empty when it never was."""
    if item.due_on == item.first_due_on:
        return ""
    moved = f"原定{chinese_date(item.first_due_on)}"
    return f"{moved}、现{chinese_date(item.due_on)}、第{item.extensions}次" if item.extensions else moved


def aspect(item: Item) -> Section | None:
    """The aspect an item stands below."""
    return item.section and (item.section.parent or item.section)


def category(item: Item) -> Section | None:
    """The category an item stands below, when its outline has two levels there."""
    return item.section if item.section and item.section.parent else None


def listed(texts: Sequence[str]) -> str:
    """One per line, numbered when there are several."""
    return "\n".join(f"{place}. {text}" for place, text in enumerate(texts, 1)) if len(texts) > 1 else "".join(texts)


def _name(named: Person | Unit | None) -> str:
    return named.name if named else ""


def _heading(section: Section | None) -> str:
    return f"{section.number}{section.title}" if section else ""


def _outcomes(row: PrintRow) -> str:
    told = []
    for outcome in row.outcomes:
        words, unit = OUTCOME_WORDS[outcome.kind]
        told.append(f"{words}{printed_amount(outcome.amount)}{unit}")
    return "；".join(told)


def _completion(row: PrintRow) -> str:
    done = sum(measure.done_on is not None for measure in row.measures)
    told = f"措施完成{done}/{len(row.measures)}条" if row.measures else ""
    return "，".join(filter(None, (OWN_WORDS[row.item.own_word], told)))


def _closure(row: PrintRow) -> str:
    item = row.item
    if late := days_late(item.closed_on, item.due_on):
        return f"逾期{late}天销号"
    late = days_late(item.closed_on, item.first_due_on)
    return f"{STATE_WORDS[item.state]}（按原定时限逾期{late}天）" if late else STATE_WORDS[item.state]


PLACE = Column("序号", lambda row: str(row.place), 1, kept=lambda row: row.place)
NUMBER = Column("问题编号", lambda row: row.item.number)
FINDING = Column("具体问题", lambda row: row.item.finding, 6)
REMARK = Column("备注", lambda row: row.item.remark, 2)
LEADER = Column("责任领导", lambda row: _name(row.item.leader))
LEAD_UNIT = Column("牵头单位", lambda row: _name(row.item.lead_unit))
SUPPORTING = Column("配合单位", lambda row: "、".join(row.supporting))
OWNER = Column("责任人", lambda row: _name(row.item.owner))
MEASURES = Column("整改措施（逐条）", lambda row: listed([measure.text for measure in row.measures]), 6)
THIS_TIME = Column("本次进展", lambda row: row.this_entry.text if row.this_entry else "", 4)
COMPLETION = Column("完成情况", _completion)
SOURCE = Column("问题来源", lambda row: row.item.source.title, 3, is_merged=True)

RECEIVED_ON = Column(
    "反馈日期",
    lambda row: chinese_date(row.item.source.received_on),
    2,
    is_merged=True,
    kept=lambda row: row.item.source.received_on,
)
ASPECT = Column("方面", lambda row: _heading(aspect(row.item)), 3, is_merged=True)
CATEGORY = Column("类别", lambda row: _heading(category(row.item)), 3, is_merged=True)
CAUSE = Column("产生原因", lambda row: row.item.cause, 4)
GOAL = Column("整改目标", lambda row: row.item.goal, 3)
SUPERVISOR = Column("分管领导", lambda row: _name(row.item.supervisor))
DEADLINE = Column("整改时限", lambda row: deadline(row.item), kept=lambda row: plain_day(row.item))
EXTENSION = Column("延期情况", lambda row: extension(row.item))
OUTCOMES = Column("整改成效", _outcomes)
CLOSURE = Column("销号状态", _closure)
CLOSED_ON = Column("销号时间", lambda row: chinese_date(row.item.closed_on), kept=lambda row: row.item.closed_on)

# All that is known of the items in one table, as offices keep it.
LEDGER: tuple[Column, ...] = (
    PLACE,
    NUMBER,
    SOURCE,
    ASPECT,
    CATEGORY,
    FINDING,
    CAUSE,
    GOAL,
    MEASURES,
    LEADER,
    SUPERVISOR,
    LEAD_UNIT,
    SUPPORTING,
    OWNER,
    DEADLINE,
    THIS_TIME,
    COMPLETION,
    OUTCOMES,
    CLOSURE,
    CLOSED_ON,
    REMARK,
)

COLUMNS: Mapping[ListName, tuple[Column, ...]] = {
    ListName.PROBLEMS: (
        PLACE,
        NUMBER,
        SOURCE,
        Column("反馈单位", lambda row: row.item.source.issuing_body, 2, is_merged=True),
        RECEIVED_ON,
        ASPECT,
        CATEGORY,
        FINDING,
        CAUSE,
        Column("整改类别", lambda row: KIND_WORDS[row.item.deadline_kind] if row.item.deadline_kind else ""),
        REMARK,
    ),
    ListName.RESPONSIBILITY: (
        PLACE,
        NUMBER,
        FINDING,
        LEADER,
        SUPERVISOR,
        LEAD_UNIT,
        SUPPORTING,
        OWNER,
        Column("联系电话", lambda row: row.item.owner.phone if row.item.owner else ""),
        Column("签收人", lambda row: row.accepted_by),
        Column("签收时间", lambda row: chinese_date(row.item.accepted_on), kept=lambda row: row.item.accepted_on),
        REMARK,
    ),
    ListName.RECTIFICATION: (
        PLACE,
        NUMBER,
        FINDING,
        GOAL,
        MEASURES,
        OWNER,
        DEADLINE,
        EXTENSION,
        Column("上次进展", lambda row: row.last_entry.text if row.last_entry else "", 4),
        THIS_TIME,
        COMPLETION,
        OUTCOMES,
        Column("佐证材料", lambda row: listed(row.evidence)),
        CLOSURE,
        CLOSED_ON,
        REMARK,
    ),
    ListName.TASKS: (
        PLACE,
        Column("任务编号", lambda row: row.item.number),
        Column("任务来源", lambda row: row.item.source.title, 3, is_merged=True),
        Column("工作任务", lambda row: row.item.finding, 6),
        LEADER,
        LEAD_UNIT,
        SUPPORTING,
        OWNER,
        Column("工作措施（逐条）", lambda row: listed([measure.text for measure in row.measures]), 6),
        Column("完成时限", lambda row: deadline(row.item)),
        THIS_TIME,
        COMPLETION,
        Column("状态", _closure),
        REMARK,
    ),
}

TITLES: Mapping[ListName, str] = {
    ListName.PROBLEMS: "问题清单",
    ListName.RESPONSIBILITY: "责任清单",
    ListName.RECTIFICATION: "整改清单",
    ListName.TASKS: "任务清单",
}

# What the plan said as it was issued, and with what an item is handled jointly, stands in a column of its own, on lists
# that have any of it to tell.
CHANGED = "变更情况"
# 延期情况 tells what a deadline was.
_TOLD_BESIDE = frozenset({Field.DEADLINE})


def with_changes(columns: Sequence[Column], rows: Sequence[PrintRow]) -> Sequence[Column]:
    """The columns, and before the last one what was changed since the plan; without it where nothing was."""
    headings = {column.field: column.heading for column in columns}
    beside = _TOLD_BESIDE if EXTENSION in columns else frozenset()
    told = {field: heading for field, heading in headings.items() if field not in beside}

    def changed(row: PrintRow) -> str:
        parts = [f"{told[field]}原为：{words or '无'}" for field, words in row.printed.items() if field in told]
        joint = [f"与{row.carrier}并案整改，由其承办"] if row.carrier else []
        return "\n".join([*joint, *parts])

    return [*columns[:-1], Column(CHANGED, changed, 3), columns[-1]] if any(map(changed, rows)) else columns


DRAFT_MARK = "送审稿"
SUM = "合计"


def note(made_by: str, day: date, document_number: str = "") -> str:
    """The line under the title; with the number of the paper that the list belongs to, once there is one."""
    number = f"　　文号：{document_number}" if document_number else ""
    return f"填报单位：{made_by}　　日期：{chinese_date(day)}{number}"


def number_of_paper(rows: Sequence[PrintRow]) -> str:
    """The document number of a list of one source; empty for drafts, several sources, or one without a number."""
    sources = {row.item.source.id: row.item.source.document_number for row in rows}
    is_draft = any(row.item.state is State.DRAFT for row in rows)
    return next(iter(sources.values())) if len(sources) == 1 and not is_draft else ""
