"""Forms of signing in, people, units and the first run."""

from typing import Any

from wtforms import HiddenField, IntegerField, PasswordField, SelectChoice, SelectField, ValidationError
from wtforms.validators import EqualTo, Length, NumberRange

from tracker.access.rules import Role
from tracker.core.db import db
from tracker.core.forms import CivilDateField, Form, Required, VersionedForm, text
from tracker.core.i18n import lazy_gettext as _l
from tracker.org import queries
from tracker.org.models import Person, Unit
from tracker.org.operations import Details
from tracker.org.rules import LOGIN_MAX, NAME_MAX, PASSWORD_MAX, PASSWORD_MIN, UNIT_NAME_MAX, UNIT_PATH_MAX
from tracker.org.wording import ROLES


def _login(**kwargs: Any) -> Any:
    render = {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
    return text(_l("账号"), LOGIN_MAX, required=True, render_kw=render, **kwargs)


def _password(label: object, complete: str, *checks: Any, **kwargs: Any) -> PasswordField:
    needed = [Required(_l("请填写此项。")), Length(max=PASSWORD_MAX, message=_l("太长了，请缩短。"))]
    return PasswordField(label, validators=[*needed, *checks], render_kw={"autocomplete": complete}, **kwargs)


def _unit(label: object = _l("单位"), **kwargs: Any) -> Any:
    render = {"list": "units", "autocomplete": "off"}
    return text(label, UNIT_PATH_MAX, render_kw=render, **kwargs)


def _find_unit(typed: str) -> Unit:
    """The open unit of that name or path; raises ValidationError."""
    unit = queries.find_units(db.session(), [typed]).get(typed)
    if unit is None:
        raise ValidationError(_l("没有找到“%(unit)s”，或有同名单位。请从列表中选择。", unit=typed))
    return unit


class SignInForm(Form):
    """Sign-in name and password."""

    login = _login()
    password = _password(_l("密码"), "current-password")
    kept = HiddenField()


class CodeForm(Form):
    """Sign-in name and the one-time code from an administrator."""

    login = _login()
    code = text(_l("一次性口令"), 40, required=True, render_kw={"autocomplete": "one-time-code"})


class _NewPassword:
    new_password = _password(
        _l("新密码"),
        "new-password",
        description=_l("至少 %(min)d 个字符，不能与账号相同；一句话比乱码好记。", min=PASSWORD_MIN),
    )
    repeated = _password(_l("再输一遍"), "new-password", EqualTo("new_password", _l("两遍不一样，请重新输入。")))


class NewPasswordForm(_NewPassword, Form):
    """A password of one's own."""


class ChangePasswordForm(_NewPassword, Form):
    """The present password and a new one."""

    password = _password(_l("现在的密码"), "current-password")


class PeopleQuery(Form):
    """What the list of people is narrowed to."""

    q = text(_l("姓名或拼音"), NAME_MAX)
    unit = _unit()

    class Meta(Form.Meta):
        csrf = False


class PersonForm(VersionedForm):
    """What is written down of a person."""

    name = text(_l("姓名"), NAME_MAX, required=True)
    unit = _unit(required=True)
    title = text(_l("职务"), 80)
    mail = text(_l("邮箱"), 200, description=_l("提醒发到这里；没有则只在站内提醒。"))
    phone = text(_l("电话"), 40)
    unit_id: int | None = None

    def validate_unit(self, field: Any) -> None:
        """Find the unit that was typed."""
        self.unit_id = _find_unit(field.data).id

    def fill(self, person: Person) -> None:
        """Show what stands."""
        for name in ("name", "title", "mail", "phone", "version"):
            self._fields[name].data = getattr(person, name)
        self.unit.data = person.unit.path if person.unit else ""

    def details(self) -> Details:
        """What was typed."""
        told = (self.title.data or "", self.mail.data or "", self.phone.data or "")
        return Details(self.name.data, self.unit_id, *told)


class AccountForm(Form):
    """The sign-in name of a new account."""

    login = _login(description=_l("2 到 40 个字母、数字或汉字，可含 . _ - @；开通后显示一次性口令，交给本人。"))


class GrantForm(Form):
    """A role in a unit and all below it."""

    role = SelectField(_l("角色"), choices=[SelectChoice(role.value, label) for role, label in ROLES.items()])
    unit = _unit(required=True, description=_l("对这个单位和它的下级单位有效。"))
    unit_id: int

    def validate_unit(self, field: Any) -> None:
        """Find the unit that was typed."""
        self.unit_id = _find_unit(field.data).id

    @property
    def chosen(self) -> Role:
        """The role."""
        return Role(self.role.data)


class UnitForm(VersionedForm):
    """A unit's name and place."""

    name = text(_l("单位名称"), UNIT_NAME_MAX, required=True)
    parent = _unit(_l("上级单位"))
    position = IntegerField(
        _l("排列顺序"),
        validators=[Required(_l("请填写整数。")), NumberRange(0, 9999, _l("请填写 0 到 9999 之间的整数。"))],
        description=_l("同级单位按从小到大排列。"),
    )
    parent_id: int | None = None

    def validate_parent(self, field: Any) -> None:
        """Find the unit that was typed; the organ itself has none."""
        self.parent_id = _find_unit(field.data).id if field.data else None

    def fill(self, unit: Unit) -> None:
        """Show what stands."""
        for name in ("name", "position", "version"):
            self._fields[name].data = getattr(unit, name)
        self.parent.data = unit.parent.path if unit.parent else ""


class NewUnitForm(Form):
    """A new unit below another."""

    name = text(_l("单位名称"), UNIT_NAME_MAX, required=True)
    parent = _unit(_l("上级单位"), required=True)
    parent_id: int

    def validate_parent(self, field: Any) -> None:
        """Find the unit that was typed."""
        self.parent_id = _find_unit(field.data).id


class SetUpForm(_NewPassword, Form):
    """The organ, its units and its first administrator."""

    code = text(
        _l("初始化码"),
        80,
        required=True,
        description=_l("显示在启动系统的窗口里，也在数据目录的 setup.code 文件中。"),
        render_kw={"autocomplete": "off"},
    )
    organ = text(_l("机关全称"), UNIT_NAME_MAX, required=True, description=_l("用于清单标题和报告。"))
    short_name = text(_l("机关简称"), 40, description=_l("显示在页面左上角，如“市直机关工委”。"))
    units = text(
        _l("内设和下属单位"),
        20_000,
        area=True,
        render_kw={"rows": 10},
        description=_l("每行一个，按习惯的顺序；下级单位缩进，或写成“上级/下级”。以后可以增减。"),
    )
    name = text(_l("姓名"), NAME_MAX, required=True, render_kw={"autocomplete": "name"})
    login = _login(description=_l("2 到 40 个字母、数字或汉字，可含 . _ - @。"))


class SubstituteForm(Form):
    """Who stands in, from when to when, and why."""

    substitute = text(_l("代理人"), NAME_MAX, required=True, render_kw={"list": "people", "autocomplete": "off"})
    since = CivilDateField(_l("从"), validators=[Required(_l("请填写此项。"))])
    until = CivilDateField(
        _l("到"), validators=[Required(_l("请填写此项。"))], description=_l("含当日，到期自动结束。")
    )
    reason = text(_l("事由"), 200, required=True, description=_l("如出差、休假、学习。"))
    person_id: int

    def validate_substitute(self, field: Any) -> None:
        """Find the one person of that name who can sign in."""
        there = [each for each in queries.list_namesakes(db.session(), field.data) if each.account is not None]
        if len(there) != 1:
            raise ValidationError(_l("有 %(n)d 个有账号的人叫“%(name)s”，请核对姓名。", n=len(there), name=field.data))
        self.person_id = there[0].id
