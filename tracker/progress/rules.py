"""What may be reported when and by whom, and how pasted lines, file names and amounts are read."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from tracker.access.rules import Action, Actor, Role, Subject, can
from tracker.core.errors import Conflict, DomainError, Forbidden, TooLarge
from tracker.core.filetypes import FAMILY_LABELS, Family, FileType, contradicts, ending_of, promised_by
from tracker.core.i18n import lazy_gettext as _l
from tracker.items.rules import STATE_LABELS, State

REPORTABLE = frozenset({State.WORKING, State.SUSTAINED})
PLANNABLE = REPORTABLE | {State.DRAFT, State.ISSUED}

MEASURE_LIMIT = 1000
ENTRY_LIMIT, ASIDE_LIMIT = 4000, 1000
AMOUNT_LIMIT = Decimal(10) ** 12


class EntryStanding(StrEnum):
    """Whether an entry counts: FREE where nobody reviews it, else once it is accepted; REPLACED by a later one."""

    FREE = "free"
    WAITING = "waiting"
    ACCEPTED = "accepted"
    RETURNED = "returned"
    REPLACED = "replaced"


COUNTING = frozenset({EntryStanding.FREE, EntryStanding.ACCEPTED})

STANDING_LABELS: Mapping[EntryStanding, object] = {
    EntryStanding.FREE: "",
    EntryStanding.WAITING: _l("待审"),
    EntryStanding.ACCEPTED: _l("已采用"),
    EntryStanding.RETURNED: _l("已退回"),
    EntryStanding.REPLACED: _l("已被新内容替换"),
}

# Part of the record, and of documents handed in, so never translated.
UNCHANGED_WORDS = "无变化："


class OutcomeKind(StrEnum):
    """Counted results, as the report tells them."""

    REGULATION_NEW = "regulation_new"
    REGULATION_REVISED = "regulation_revised"
    RECOVERED = "recovered"
    TALKED_TO = "talked_to"
    CRITICISED = "criticised"
    PUNISHED = "punished"
    MEETING = "meeting"


OUTCOME_LABELS: Mapping[OutcomeKind, object] = {
    OutcomeKind.REGULATION_NEW: _l("新建制度"),
    OutcomeKind.REGULATION_REVISED: _l("修订制度"),
    OutcomeKind.RECOVERED: _l("追回资金"),
    OutcomeKind.TALKED_TO: _l("谈话提醒"),
    OutcomeKind.CRITICISED: _l("批评教育"),
    OutcomeKind.PUNISHED: _l("党纪政务处分"),
    OutcomeKind.MEETING: _l("召开会议"),
}

OUTCOME_UNITS: Mapping[OutcomeKind, object] = {
    OutcomeKind.REGULATION_NEW: _l("项"),
    OutcomeKind.REGULATION_REVISED: _l("项"),
    OutcomeKind.RECOVERED: _l("万元"),
    OutcomeKind.TALKED_TO: _l("人次"),
    OutcomeKind.CRITICISED: _l("人次"),
    OutcomeKind.PUNISHED: _l("人次"),
    OutcomeKind.MEETING: _l("次"),
}


def words_of(key: str, value: Any) -> object | None:
    """The word for a kind of outcome in the trail."""
    return OUTCOME_LABELS[OutcomeKind(value)] if key == "kind" and value in set(OutcomeKind) else None


# Everything but money is counted in whole numbers.
WITH_FRACTIONS = frozenset({OutcomeKind.RECOVERED})


def check_reportable(state: State) -> None:
    """Raise Conflict unless work on the item is going on."""
    if state not in REPORTABLE:
        message = _l("事项现在是“%(state)s”，只有整改中或持续整改的事项才能填报。", state=STATE_LABELS[state])
        raise Conflict(message)


def check_plannable(actor: Actor, subject: Subject, state: State) -> None:
    """Measures are laid down by the office from the first draft on, by the unit while it works.

    Raises Forbidden for whoever may do neither, Conflict when the item is past it.
    """
    is_office = can(actor, Action.EDIT_ITEM, subject)
    if not is_office and not can(actor, Action.REPORT, subject):
        raise Forbidden(_l("您没有权限修改这个事项的整改措施。"))
    if state not in (PLANNABLE if is_office else REPORTABLE):
        message = _l("事项现在是“%(state)s”，不能修改整改措施。", state=STATE_LABELS[state])
        raise Conflict(message)


def check_unprinted(state: State, *, has_measures: bool) -> None:
    """Raise Conflict for measures that were issued: the first are laid down directly, others come by a request."""
    if state is not State.DRAFT and has_measures:
        raise Conflict(_l("已下发的整改措施不能直接增加、修改或删除，请提出变更申请，经批准后生效。"), field="text")


JOINABLE = REPORTABLE | {State.ISSUED}


@dataclass(frozen=True)
class Joining:
    """An item as far as joint handling (并案) asks: whether it is joined to another, and whether it carries others."""

    number: str
    state: State
    source_id: int
    lead_unit_id: int | None
    is_joined: bool = False
    carries: bool = False
    is_closed_off: bool = False


def check_joinable(item: Joining, carrier: Joining) -> None:
    """Raise Conflict unless an item may share what its carrier has: both open, two sources, one unit, no chain."""
    check_partable(item.number, item.state)
    check_partable(carrier.number, carrier.state)
    if item.number == carrier.number:
        raise Conflict(_l("事项不能与自己并案。"), field="carrier")
    if item.is_closed_off or carrier.is_closed_off:
        raise Conflict(_l("涉密或限定知悉范围的事项不能并案。"), field="carrier")
    if item.source_id == carrier.source_id:
        raise Conflict(_l("并案的是不同来源的事项；同一来源的重复问题请核减其一。"), field="carrier")
    if item.lead_unit_id != carrier.lead_unit_id:
        raise Conflict(_l("两个事项的牵头单位不同，不能并案；确需并案的，先改派。"), field="carrier")
    if item.is_joined or item.carries:
        raise Conflict(_l("%(number)s 已在并案中，请先解除。", number=item.number), field="carrier")
    if carrier.is_joined:
        message = _l("%(number)s 自己已并入别的事项，请填写承办的那个事项。", number=carrier.number)
        raise Conflict(message, field="carrier")


def check_partable(number: str, state: State) -> None:
    """Raise Conflict for what is a draft, applied for or over."""
    if state not in JOINABLE:
        message = _l("%(number)s 现在是“%(state)s”，不能并案或解除并案。", number=number, state=STATE_LABELS[state])
        raise Conflict(message, field="carrier")


def check_joint_reason(reason: str) -> None:
    """Making and undoing a joint handling tells why."""
    if not reason.strip():
        raise DomainError(_l("请写明理由。"), field="reason")


def is_leading(carrier_state: State) -> bool:
    """Whether a carrier is still at work, so that those it carries have its measures and not their own."""
    return carrier_state in JOINABLE | {State.APPLIED}


def check_own_measures(carrier_number: str, carrier_state: State) -> None:
    """Raise Conflict for the measures of an item whose carrier is still at work: they follow the carrier's."""
    if is_leading(carrier_state):
        message = _l("本事项与 %(number)s 并案整改，整改措施以该事项为准，请到该事项中操作。", number=carrier_number)
        raise Conflict(message, field="text")


@dataclass(frozen=True)
class Line:
    """Whose report a text or file is; ``is_for_others`` when somebody else enters it (代录)."""

    unit_id: int | None
    is_for_others: bool


def own_line(actor: Actor, subject: Subject, unit_id: int | None = None) -> Line:
    """The unit a person reports for: the lead unit, else the cooperating unit that is their own.

    ``unit_id`` chooses among several; the office may choose any unit of the item and is then marked.
    Raises Forbidden for a unit that is neither.
    """
    own = own_units(actor, subject)
    chosen = unit_id if unit_id is not None else (own[0] if own else subject.lead_unit_id)
    if chosen in own:
        return Line(chosen, is_for_others=False)
    if chosen in (subject.lead_unit_id, *subject.supporting_unit_ids) and can(actor, Action.EDIT_ITEM, subject):
        return Line(chosen, is_for_others=True)
    raise Forbidden(_l("您只能填报本单位的内容。"))


def reportable_units(actor: Actor, subject: Subject) -> list[int | None]:
    """The units a person may report for, the usual one first."""
    own = own_units(actor, subject)
    if not can(actor, Action.EDIT_ITEM, subject):
        return own
    return list(dict.fromkeys([*own, subject.lead_unit_id, *sorted(subject.supporting_unit_ids)]))


def own_units(actor: Actor, subject: Subject) -> list[int | None]:
    """The units of the item that are a person's own, the lead unit first."""
    reached = actor.units((Role.UNIT_HEAD, Role.LIAISON))
    is_handler = actor.stands_as is not None and actor.stands_as == subject.handler_id
    lead = [subject.lead_unit_id] if is_handler or subject.lead_unit_id in reached else []
    return [*lead, *(unit_id for unit_id in sorted(subject.supporting_unit_ids) if unit_id in reached)]


def may_see_entry(actor: Actor, subject: Subject, unit_id: int | None, standing: EntryStanding) -> bool:
    """What counts is for every reader; the rest for the office, the lead unit and whoever wrote it."""
    if standing in COUNTING or can(actor, Action.EDIT_ITEM, subject):
        return True
    own = own_units(actor, subject)
    return unit_id in own or (subject.lead_unit_id is not None and subject.lead_unit_id in own)


def may_remove(actor: Actor, subject: Subject, by_id: int) -> bool:
    """The lead unit and the office remove any file of the item, a cooperating unit only what it added itself."""
    if can(actor, Action.REPORT, subject):
        return True
    return by_id in actor.identities and can(actor, Action.REPORT_OWN_LINE, subject)


def check_name(name: str, allowed: Collection[str]) -> None:
    """Raise DomainError for a file whose ending is a program's, or none of those allowed; none named allows all."""
    if promised_by(name) is Family.PROGRAM:
        raise DomainError(_l("程序和脚本不能作为佐证材料，请上传文档、图片等。"), field="file")
    if allowed and ending_of(name) not in allowed:
        told = "、".join(sorted(allowed))
        raise DomainError(_l("只接收这些格式：%(endings)s。请另存为其中一种再上传。", endings=told), field="file")


def check_content(name: str, found: FileType) -> None:
    """Raise DomainError for a program under whatever name, and for a content that its name contradicts."""
    if found.family is Family.PROGRAM:
        message = _l("内容是程序或脚本，不能作为佐证材料，请上传文档、图片等。")
        raise DomainError(message, field="file")
    if contradicts(name, found):
        promised = FAMILY_LABELS[promised_by(name) or Family.OTHER]
        message = _l(
            "从名称看是%(promised)s，内容却是%(found)s。请用原来的程序打开、另存后再上传。",
            promised=promised,
            found=found.label,
        )
        raise DomainError(message, field="file")


def check_room(size_bytes: int, held_bytes: int, limit_mb: int) -> None:
    """Raise TooLarge when a file would take the files of its item past the limit."""
    if size_bytes + held_bytes > limit_mb << 20:
        message = _l(
            "这个事项的佐证材料已有 %(held)d MB，加上它会超过 %(limit)d MB 的上限。请先移除不用的，或联系系统管理员。",
            held=held_bytes >> 20,
            limit=limit_mb,
        )
        raise TooLarge(message, field="file")


_NUMBERING = re.compile(
    r"(?:[（(]\s*(?:\d{1,3}|[一二三四五六七八九十]{1,3})\s*[)）][.．、]?"
    r"|\d{1,3}\s*[)）]"
    r"|\d{1,3}\s*[.．](?!\d)"
    r"|\d{1,3}\s*、"
    r"|[一二三四五六七八九十]{1,3}(?:、|是(?!否))"
    r"|[①-⑳]"
    r"|[-–—•·●■◆*]\s*(?=\S))\s*"
)


def split_measures(pasted: str) -> list[str]:
    """One measure per line, numbering and bullets stripped, empty lines left out.

    Raises DomainError when nothing remains or a line is too long, naming the line.
    """
    found = []
    for number, line in enumerate(pasted.splitlines(), start=1):
        text = _NUMBERING.sub("", line.strip(" \t\u3000"), count=1) if _NUMBERING.match(line.strip()) else line.strip()
        if len(text) > MEASURE_LIMIT:
            message = _l("第 %(line)d 行超过 %(max)d 个字，请拆成几条。", line=number, max=MEASURE_LIMIT)
            raise DomainError(message, field="text")
        found += [text] if text else []
    if not found:
        raise DomainError(_l("请填写整改措施，每行一条。"), field="text")
    return found


def read_amount(kind: OutcomeKind, typed: str) -> Decimal:
    """The amount a typed text stands for: above zero, whole unless it is money; raises DomainError."""
    try:
        amount = Decimal(typed.strip().replace(",", "").replace("，", ""))
    except InvalidOperation:
        raise DomainError(_l("请填写数字，如 3 或 66.57。"), field="amount") from None
    if not amount.is_finite() or not 0 < amount < AMOUNT_LIMIT:
        raise DomainError(_l("数量应大于 0，且不超过一万亿。"), field="amount")
    places = 2 if kind in WITH_FRACTIONS else 0
    if amount != round(amount, places):
        message = _l("最多两位小数。") if places else _l("“%(kind)s”按整数填写。", kind=OUTCOME_LABELS[kind])
        raise DomainError(message, field="amount")
    return amount


def printed_amount(amount: Decimal) -> str:
    """As bulletins print it: no zeros at the end of a fraction, e.g. 66.5 and 3."""
    text = f"{amount:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
