"""The form of all settings, made from the registry."""

from typing import Any

from wtforms import BooleanField, HiddenField, PasswordField, StringField, ValidationError

from tracker.core.errors import DomainError
from tracker.core.forms import Form
from tracker.core.i18n import lazy_gettext as _l
from tracker.settings.queries import Settings
from tracker.settings.rules import SETTINGS, Definition, Kind, read


def _readable(_form: Any, field: Any) -> None:
    """Refuse at the field what can't be read."""
    try:
        read(SETTINGS[field.name], field.data)
    except DomainError as error:
        raise ValidationError(error.message) from error


def _field(definition: Definition) -> Any:
    if definition.kind is Kind.SWITCH:
        return BooleanField(definition.label, description=definition.help)
    if definition.kind is Kind.SECRET:
        render = {"autocomplete": "new-password"}
        return PasswordField(definition.label, [_readable], description=definition.help, render_kw=render)
    render = {"inputmode": "numeric"} if definition.kind is Kind.NUMBER else {}
    return StringField(definition.label, [_readable], description=definition.help, render_kw=render)


class _SettingsForm(Form):
    """``seen`` stands for what was stored when the page was opened."""

    seen = HiddenField()

    def typed(self) -> dict[str, Any]:
        """What was typed, by the setting's key."""
        return {key: self._fields[key].data for key in SETTINGS}


SettingsForm: Any = type("SettingsForm", (_SettingsForm,), {key: _field(each) for key, each in SETTINGS.items()})


def settings_form(settings: Settings) -> Any:
    """The form with what is stored; a secret only says that it is there."""
    plain = {key: settings[key] for key, each in SETTINGS.items() if each.kind is not Kind.SECRET}
    form = SettingsForm(data={**plain, "seen": settings.fingerprint})
    for key, each in SETTINGS.items():
        if each.kind is Kind.SECRET and settings[key]:
            form._fields[key].description = _l("已设置，不显示。留空则不变。")
    return form
