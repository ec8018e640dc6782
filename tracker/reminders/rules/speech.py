"""What a rule says, to whom and over which channels, and what of it is refused."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from tracker.core.errors import DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.outbox.rules import PERSONAL, Channel
from tracker.reminders.rules.recipients import CLIMBING, Recipient
from tracker.reminders.rules.steps import BASES, REPEATING, Basis, Counts, Trigger, check_days

LABEL_LIMIT = 20
SLIP_LIMIT = 20
NAME_LIMIT = 40
REPETITIONS_MAX = 50


class RuleLight(StrEnum):
    """The light a rule gives to what it speaks of."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


@dataclass(frozen=True)
class Speech:
    """All that a rule says. ``recipients`` are told from a repetition on, 0 being the first.

    ``label`` is the word for its light, ``slip`` the name of the paper it stands for, e.g. 通知书.
    """

    trigger: Trigger
    days: int
    recipients: Mapping[Recipient, int]
    counts: Counts = Counts.NATURAL
    light: RuleLight = RuleLight.YELLOW
    label: str = ""
    slip: str = ""
    channels: frozenset[Channel] = frozenset(PERSONAL)
    drafts_notice: bool = False
    person_ids: frozenset[int] = field(default_factory=frozenset)


def check_speech(speech: Speech) -> None:
    """Raise DomainError, at its field, for a rule that makes no sense."""
    check_days(speech.trigger, speech.days, speech.counts)
    if not speech.recipients:
        raise DomainError(_l("请至少选择一个提醒对象，否则这条规则谁也不提醒。"), field="recipients")
    if Recipient.DECIDER in speech.recipients and BASES[speech.trigger] is not Basis.REVIEW:
        message = _l("“当前审核人”只用于“销号申请待审核”的规则。")
        raise DomainError(message, field="recipients")
    if (Recipient.PERSON in speech.recipients) != bool(speech.person_ids):
        message = _l("勾选了“指定人员”，请填写姓名。")
        raise DomainError(message, field="people")
    _check_climbing(speech.trigger, speech.recipients)
    if len(speech.label) > LABEL_LIMIT:
        raise DomainError(_l("最多 %(max)d 个字，请缩短。", max=LABEL_LIMIT), field="label")
    if len(speech.slip) > SLIP_LIMIT:
        raise DomainError(_l("最多 %(max)d 个字，请缩短。", max=SLIP_LIMIT), field="slip")


def _check_climbing(trigger: Trigger, recipients: Mapping[Recipient, int]) -> None:
    for recipient, begins_at in recipients.items():
        field = f"{recipient}_from"
        if begins_at and (trigger not in REPEATING or recipient not in CLIMBING):
            raise DomainError(_l("只有反复提醒的规则才能逐次升级，请留空。"), field=field)
        if not 0 <= begins_at < REPETITIONS_MAX:
            raise DomainError(_l("请填写 1 到 %(max)d 之间的次数。", max=REPETITIONS_MAX), field=field)
    if recipients and min(recipients.values()) > 0:
        raise DomainError(_l("第一次提醒没有对象，请至少选择一个从第一次起就提醒的对象。"), field="recipients")


def from_first(recipients: Collection[Recipient]) -> dict[Recipient, int]:
    """These recipients, told from the first repetition on."""
    return dict.fromkeys(recipients, 0)
