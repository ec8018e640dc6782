"""The base of all forms: CSRF, trimmed text, control characters refused, dates as people type them."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from babel.support import NullTranslations
from flask_wtf import FlaskForm
from wtforms import Field, FieldList, HiddenField, PasswordField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, StopValidation

from tracker.core import clock
from tracker.core.errors import DomainError
from tracker.core.i18n import field_texts
from tracker.core.i18n import lazy_gettext as _l

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]|[\ud800-\udfff]")
# The last words of names whose fields hold secrets, e.g. mail.password. A robot's address lets anybody speak as it.
SECRETS = frozenset({"password", "new_password", "repeated", "code", "once", "secret", "endpoint"})
# What a form carries that nobody typed.
CARRIED = frozenset({"csrf_token", "version", "seen", "kept"})
# Fields in which a line break means something, or nothing may be changed.
MANY_LINES = (TextAreaField, HiddenField, PasswordField)
DATE_SHAPES = (
    re.compile(r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})"),
    re.compile(r"(?P<y>\d{4})[-./](?P<m>\d{1,2})[-./](?P<d>\d{1,2})"),
    re.compile(r"(?:(?P<y>\d{4})年)?(?P<m>\d{1,2})月(?P<d>\d{1,2})[日号]"),
    re.compile(r"(?P<m>\d{1,2})[-./](?P<d>\d{1,2})"),
)


def trim(value: Any) -> Any:
    """Strip white space and use one kind of line break; anything but text is left as it is."""
    return value.replace("\r\n", "\n").strip(" \t\n\r\u3000") if isinstance(value, str) else value


def one_line(value: Any) -> Any:
    """Join the lines of a text into one: names and titles end up in heads of mails, file names and headings."""
    return " ".join(value.split("\n")) if isinstance(value, str) else value


def refuse_control_characters(_form: Any, field: Field) -> None:
    """A validator: neither database nor Word file can hold these characters, so nothing is looked up by them."""
    if isinstance(field.data, str) and CONTROL.search(field.data):
        raise StopValidation(_l("含有不可见的控制字符，请删除后重新粘贴。"))


def read_date(text: str, *, today: date) -> date:
    """Read 20221231, 2022-12-31, 2022年12月31日 or 12月31日 (this year).

    Raises ValueError, also for a year that is none of ``clock.YEARS``.
    """
    for shape in DATE_SHAPES:
        if match := shape.fullmatch(text.strip()):
            found = match.groupdict()
            year = int(found.get("y") or today.year)
            if year in clock.YEARS:
                return date(year, int(found["m"]), int(found["d"]))
    raise ValueError(text)


class CivilDateField(StringField):
    """A date typed in any usual form; ``data`` is a date or None, what was typed is shown again."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed; what can't be read is the field's error."""
        self.raw = trim(valuelist[0]) if valuelist else ""
        self.data: Any = None
        if not self.raw:
            return
        try:
            self.data = read_date(self.raw, today=clock.today())
        except ValueError as error:
            message = _l("认不出这个日期，请写成 20261231、2026-12-31 或 12月31日。")
            raise ValueError(message) from error

    def _value(self) -> str:
        raw = getattr(self, "raw", None)
        return raw if raw is not None else (self.data.isoformat() if self.data else "")


class InstantField(StringField):
    """An instant typed as 2026-08-04 09:00; ``data`` is an instant or None, what was typed is shown again."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read what was typed; what can't be read is the field's error."""
        self.raw = trim(valuelist[0]) if valuelist else ""
        self.data: Any = None
        if self.raw:
            try:
                self.data = clock.read_instant(self.raw)
            except ValueError as error:
                raise ValueError(_l("认不出这个时间，请写成 2026-08-04 09:00 或 2026-08-04。")) from error

    def _value(self) -> str:
        return getattr(self, "raw", "")


class Form(FlaskForm):
    """Base of all forms."""

    class Meta:
        def get_translations(self, _form: Any) -> NullTranslations:
            """What the library says of its own, read once: it would open the file for each request with a form."""
            return field_texts.get_translations()

        def bind_field(self, form: Any, unbound: Any, options: dict[str, Any]) -> Any:
            """Trim and guard every text field."""
            if issubclass(unbound.field_class, StringField):
                filters = [trim] if issubclass(unbound.field_class, MANY_LINES) else [trim, one_line]
                options = {**options, "filters": [*unbound.kwargs.get("filters", ()), *filters]}
                unbound.kwargs.pop("filters", None)
            field = unbound.bind(form=form, **options)
            if isinstance(field, StringField):
                field.validators = [refuse_control_characters, *field.validators]
            return field

    def refuse(self, error: DomainError) -> None:
        """Show a refusal at its field, or above the form when it names none."""
        if error.field and error.field in self._fields:
            field = self._fields[error.field]
            field.errors = [*field.errors, error.message]
        else:
            self.form_errors.append(error.message)


def number_in(sent: object) -> int:
    """The id or version a hidden field carries; 0 (nobody's, always stale) when it was tampered with."""
    text = str(sent or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


class VersionedForm(Form):
    """A form that carries the version of the row it was filled in against."""

    version = HiddenField()

    @property
    def seen_version(self) -> int:
        """The version the person saw; 0 (always stale) when it was tampered with."""
        return number_in(self.version.data)


class Lines(FieldList):
    """Lines under numbers; a name that only looks like one, e.g. ``lines-²-number``, is none of ours."""

    def _extract_indices(self, prefix: str, formdata: Iterable[str]) -> Iterator[int]:
        shape = re.compile(rf"{re.escape(prefix)}-([0-9]{{1,6}})-")
        return (int(found[1]) for name in formdata if (found := shape.match(name)))


class Required(InputRequired):
    """A validator: something was typed; blanks are nothing, because fields trim them."""

    def __call__(self, form: Any, field: Field) -> None:
        """Raise StopValidation for a field that was left empty."""
        if field.raw_data and not any(map(trim, field.raw_data)):
            field.errors = []
            raise StopValidation(str(self.message))
        super().__call__(form, field)


def text(label: object, limit: int, *, required: bool = False, area: bool = False, **kwargs: Any) -> Any:
    """A text field of at most ``limit`` characters."""
    checks: list[Callable[..., None]] = []
    if required:
        checks.append(Required(_l("请填写此项。")))
    checks.append(Length(max=limit, message=_l("最多 %(max)d 个字，请缩短。", max=limit)))
    return (TextAreaField if area else StringField)(label, validators=checks, **kwargs)


def is_secret(name: str) -> bool:
    """Whether a field of this name holds a password or a code, which no page shows again."""
    return name.rpartition(".")[2] in SECRETS


def shown_again(fields: Iterable[tuple[str, str]]) -> dict[str, str]:
    """What of a sent form may be shown again: what a person typed, by field, without secrets."""
    return {name: text for name, text in fields if text.strip() and name not in CARRIED and not is_secret(name)}


def typed(form: Form, names: Mapping[str, object]) -> dict[str, Any]:
    """What a person typed into these fields, by label, for the page that shows a conflict."""
    return {str(label): form._fields[name].data for name, label in names.items()}
