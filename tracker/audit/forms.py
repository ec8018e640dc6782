"""What the trail is narrowed to."""

from datetime import datetime, timedelta
from typing import Any

from wtforms import SelectChoice, SelectField

from tracker.audit.acts import ACTS
from tracker.audit.rules import Channel
from tracker.core import clock
from tracker.core.forms import CivilDateField, Form, text
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.i18n import lazy_pgettext


class TrailQuery(Form):
    """Who, what, about what, from which day to which."""

    person = text(lazy_pgettext("heading", "人员"), 80)
    act = SelectField(
        _l("操作"),
        choices=[SelectChoice("", _l("全部")), *(SelectChoice(code, words) for code, words in ACTS.items())],
        validate_choice=False,
    )
    subject = text(_l("对象"), 120)
    since = CivilDateField(_l("从"))
    until = CivilDateField(_l("到"))

    channel = SelectField(
        _l("途径"),
        choices=[
            SelectChoice("", _l("全部")),
            SelectChoice(Channel.PAGE.value, _l("网页操作")),
            SelectChoice(Channel.COMMAND.value, _l("命令和定时任务")),
        ],
        validate_choice=False,
    )
    origin = text(_l("来源地址"), 64)

    class Meta(Form.Meta):
        csrf = False

    def chosen(self) -> dict[str, Any]:
        """The arguments for ``select_entries``; what can't be read narrows nothing."""
        return {
            "actor_name": self.person.data or "",
            "action": self.act.data if self.act.data in ACTS else "",
            "subject": self.subject.data or "",
            "since": clock.instant_at(self.since.data) if self.since.data else None,
            "until": _end(self.until.data) if self.until.data else None,
            "channel": Channel(self.channel.data) if self.channel.data in set(Channel) else None,
            "origin": self.origin.data or "",
        }

    def told(self) -> str:
        """What was chosen, for the trail's own note of an export."""
        return " ".join(f"{name}={field.data}" for name, field in self._fields.items() if field.data)


def _end(day: Any) -> datetime:
    return clock.instant_at(day + timedelta(days=1))
