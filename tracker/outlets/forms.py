"""Forms of outside channels."""

from typing import Any

from wtforms import BooleanField, PasswordField, SelectChoice, SelectField, ValidationError
from wtforms.validators import Length

from tracker.core.db import db
from tracker.core.forms import Form, VersionedForm, text
from tracker.core.i18n import lazy_gettext as _l
from tracker.org import queries as org
from tracker.outlets.models import Outlet
from tracker.outlets.operations import Details
from tracker.outlets.rules import (
    BODY_MAX,
    KIND_LABELS,
    NAME_MAX,
    NAMES,
    ROBOTS,
    SECRET_MAX,
    Kind,
    is_phone,
    plain_phone,
)

_HIDDEN = {"autocomplete": "new-password", "spellcheck": "false"}


class KindForm(Form):
    """Which kind of channel is to be added."""

    kind = SelectField(_l("类型"), choices=[SelectChoice(kind.value, label) for kind, label in KIND_LABELS.items()])

    class Meta(Form.Meta):
        csrf = False


class OutletForm(VersionedForm):
    """An outside channel. What is secret is typed anew or left empty."""

    name = text(_l("名称"), NAME_MAX, required=True)
    unit = text(_l("所属单位"), 800, render_kw={"list": "units", "autocomplete": "off"})
    keeper = text(_l("管理人账号"), 40, render_kw={"autocomplete": "off"})
    endpoint = PasswordField(_l("地址"), render_kw=_HIDDEN)
    secret = PasswordField(
        _l("密钥"),
        [Length(max=SECRET_MAX, message=_l("太长了，请缩短。"))],
        render_kw=_HIDDEN,
    )
    body = text(_l("正文模板"), BODY_MAX, area=True, required=True, render_kw={"rows": 5, "spellcheck": "false"})
    tells_more = BooleanField(
        _l("写明单位和时限"), description=_l("不勾选时，只发事项个数和编号。具体问题任何时候都不发到系统之外。")
    )
    unit_id: int | None = None
    keeper_id: int | None = None

    def validate_unit(self, field: Any) -> None:
        """Find the unit that was typed."""
        unit = org.find_units(db.session(), [field.data]).get(field.data) if field.data else None
        if field.data and unit is None:
            raise ValidationError(_l("没有找到“%(unit)s”，或有同名单位。请从列表中选择。", unit=field.data))
        self.unit_id = unit.id if unit else None

    def validate_keeper(self, field: Any) -> None:
        """Find who has that sign-in name."""
        account = org.find_account(db.session(), field.data) if field.data else None
        if field.data and (account is None or not account.is_active):
            raise ValidationError(_l("没有找到这个账号，或已停用。"))
        self.keeper_id = account.person_id if account else None

    def fill(self, outlet: Outlet, login: str) -> None:
        """Show what stands, without secrets."""
        for name in ("name", "body", "tells_more", "version"):
            self._fields[name].data = getattr(outlet, name)
        self.unit.data = outlet.unit.path if outlet.unit else ""
        self.keeper.data = login

    def explain(self, kind: Kind, *, is_new: bool) -> None:
        """Say at the fields what this kind of channel needs."""
        kept = "" if is_new else _l("已设置，不显示。留空则不变。")
        self.endpoint.description = kept or _l("机器人或网关给出的完整地址；保存后不再显示。")
        self.secret.description = kept or _l("没有则留空；保存后不再显示。")
        self.body.description = _l(
            "JSON；可以用：%(names)s。", names="、".join(f"{{{name}}} {label}" for name, label in NAMES.items())
        )
        if kind not in ROBOTS:
            del self.unit, self.keeper

    def details(self) -> Details:
        """What was typed."""
        endpoint, secret = (str(field.data or "").strip() for field in (self.endpoint, self.secret))
        told = (self.name.data, self.body.data, self.unit_id, self.keeper_id, endpoint, secret)
        return Details(*told, tells_more=self.tells_more.data)


class TestForm(Form):
    """To which telephone a test message goes; a robot needs none."""

    phone = text(_l("手机号"), 40)

    def validate_phone(self, field: Any) -> None:
        """It must be one number."""
        field.data = plain_phone(field.data or "")
        if not is_phone(field.data):
            raise ValidationError(_l("这不是一个手机号。"))
