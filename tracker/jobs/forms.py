"""The form that sends a test mail, and the conditions of the list of messages."""

from collections.abc import Collection

from wtforms import SelectChoice, SelectField, ValidationError

from tracker.core.forms import Form, text
from tracker.core.i18n import lazy_gettext as _l
from tracker.outbox.queries import MessageFilter
from tracker.outbox.rules import CHANNEL_LABELS, KIND_LABELS, STATE_LABELS, Channel, MessageState, is_address

_TROUBLED = SelectChoice("", _l("失败和已放弃"))
_ALL = SelectChoice("", _l("全部"))


class TestMailForm(Form):
    """To whom."""

    address = text(_l("收件地址"), 200, required=True)

    def validate_address(self, field: object) -> None:
        """It must be one mail address."""
        if not is_address(str(getattr(field, "data", ""))):
            raise ValidationError(_l("这不是一个邮件地址。"))


class QueueQuery(Form):
    """What the list of messages is narrowed to; what can't be read narrows nothing."""

    state = SelectField(_l("状态"), choices=[_TROUBLED, *(SelectChoice(*each) for each in STATE_LABELS.items())])
    channel = SelectField(_l("方式"), choices=[_ALL, *(SelectChoice(*each) for each in CHANNEL_LABELS.items())])
    kind = SelectField(_l("种类"), choices=[_ALL, *(SelectChoice(*each) for each in KIND_LABELS.items())])
    person = text(_l("收件人"), 40)

    class Meta(Form.Meta):
        csrf = False

    def narrowed(self, usual: Collection[MessageState]) -> MessageFilter:
        """The filter; ``usual`` are the states of a list that nobody has narrowed."""
        state, channel, kind = (self._known(name) for name in ("state", "channel", "kind"))
        return MessageFilter(
            states=(MessageState(state),) if state else usual,
            channel=Channel(channel) if channel else None,
            kind=kind,
            person=self.person.data or "" if self.person.validate(self) else "",
        )

    def _known(self, name: str) -> str:
        field = self._fields[name]
        return field.data if field.data in {choice[0] for choice in field.iter_choices()} else ""

    @property
    def chosen(self) -> dict[str, str]:
        """What was chosen, for a form that acts on the list."""
        return {name: str(field.data) for name, field in self._fields.items() if field.data}
