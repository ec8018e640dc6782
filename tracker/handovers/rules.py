"""What can be handed over, in words."""

from collections.abc import Mapping
from enum import StrEnum

from tracker.core.errors import DomainError
from tracker.core.i18n import lazy_gettext as _l


class Duty(StrEnum):
    """Everything that names a person as the one who has it to do, or alone may."""

    LEADER = "leader"
    SUPERVISOR = "supervisor"
    OWNER = "owner"
    HANDLER = "handler"
    MILESTONE = "milestone"
    MEASURE = "measure"
    SOURCE_MILESTONE = "source_milestone"
    STEP = "step"
    CHAIN = "chain"
    RECUSAL = "recusal"
    NUDGE = "nudge"
    RULE = "rule"
    SUBSTITUTE = "substitute"
    OUTLET = "outlet"
    SOURCE_READER = "source_reader"
    ITEM_READER = "item_reader"


# Those of the item itself; they move it on, so that figures by leader follow from that day.
OF_ITEMS = (Duty.LEADER, Duty.SUPERVISOR, Duty.OWNER, Duty.HANDLER)

DUTY_LABELS: Mapping[Duty, object] = {
    Duty.LEADER: _l("责任领导"),
    Duty.SUPERVISOR: _l("分管领导"),
    Duty.OWNER: _l("责任人"),
    Duty.HANDLER: _l("经办人"),
    Duty.MILESTONE: _l("事项节点责任人"),
    Duty.MEASURE: _l("整改措施责任人"),
    Duty.SOURCE_MILESTONE: _l("来源节点责任人"),
    Duty.STEP: _l("待审核的申请（指定审核人）"),
    Duty.CHAIN: _l("销号程序的指定审核人"),
    Duty.RECUSAL: _l("回避后的审核人"),
    Duty.NUDGE: _l("待回复的催办"),
    Duty.RULE: _l("提醒规则的指定接收人"),
    Duty.SUBSTITUTE: _l("代理他人（AB角）"),
    Duty.OUTLET: _l("外部渠道管理人"),
    Duty.SOURCE_READER: _l("来源的知悉人员"),
    Duty.ITEM_READER: _l("事项的知悉人员"),
}


def words_of(key: str, value: object) -> object | None:
    """Hook: the word for a duty in the trail."""
    return DUTY_LABELS[Duty(str(value))] if key == "duty" and value in set(Duty) else None


def key_of(duty: Duty, id_: int) -> str:
    """How a page names one thing that is handed over."""
    return f"{duty}:{id_}"


def check_people(from_id: int, to_id: int, *, is_able: bool) -> None:
    """Raise DomainError unless one can hand over to the other, who must not have a shut account."""
    if from_id == to_id:
        raise DomainError(_l("接收人和移交人是同一个人。"), field="to")
    if not is_able:
        raise DomainError(_l("接收人的账号已停用，请另选一人。"), field="to")
