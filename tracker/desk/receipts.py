"""What was sent about an item, in words."""

from dataclasses import dataclass

from tracker.core.i18n import gettext as _
from tracker.outbox.models import Message
from tracker.outbox.rules import CHANNEL_LABELS, KIND_LABELS, STATE_LABELS
from tracker.reminders.queries import Receipt
from tracker.reminders.wording import rule_words

SHOWN = 50


@dataclass(frozen=True)
class ShownReceipt:
    """One message: by which rule, or of which kind, how it went and whether it arrived."""

    message: Message
    reason: str
    channel: object
    state: object


def shown(receipt: Receipt) -> ShownReceipt:
    """A receipt as the page of its item shows it."""
    message = receipt.message
    rules = _("、").join(str(rule_words(rule.trigger, rule.days, rule.counts)) for rule in receipt.rules)
    reason = rules or str(KIND_LABELS.get(message.kind, message.kind))
    return ShownReceipt(message, reason, CHANNEL_LABELS[message.channel], STATE_LABELS[message.state])
