"""Issuing, accepting, reassigning, voiding, splitting."""

from typing import Any

from wtforms import BooleanField, FormField, HiddenField

from tracker.core.forms import CivilDateField, Form, Lines, Required, VersionedForm, number_in, text
from tracker.core.i18n import lazy_gettext as _l
from tracker.items.forms.naming import PEOPLE, UNITS, SeenForm

LINES_MAX = 200


class IssueForm(SeenForm):
    """Drafts to their units."""

    on = CivilDateField(
        _l("下发日期"),
        validators=[Required(_l("请填写此项。"))],
        description=_l("一般为今天；线下已先下发的，可填实际下发的日期。"),
    )


class ReasonForm(VersionedForm):
    """An act that must say why."""

    reason = text(_l("理由"), 1000, required=True, area=True)


class ReadersForm(VersionedForm):
    """Who alone may know of a source or an item."""

    names = text(
        _l("知悉人员"),
        2000,
        area=True,
        description=_l("几个人之间用顿号隔开或每行一个；同名时写成“王敏（组织部）”。留空即不限定。"),
    )


class AcceptForm(VersionedForm):
    """One item, with who does the work."""

    handler = text(_l("经办人"), 40, required=True, render_kw=PEOPLE, description=_l("本单位具体办理的人。"))
    adds_people = BooleanField(_l("新增这些人员"))


class AcceptLine(Form):
    """One item among many."""

    class Meta:
        csrf = False

    number = HiddenField()
    version = HiddenField()
    handler = text(_l("经办人"), 40, required=True, render_kw=PEOPLE)

    @property
    def seen_version(self) -> int:
        """The version the person saw."""
        return number_in(self.version.data)


class AcceptManyForm(Form):
    """Many items, each with who does the work."""

    lines: Any = Lines(FormField(AcceptLine), max_entries=LINES_MAX)
    adds_people = BooleanField(_l("新增这些人员"))


class AskReassignmentForm(Form):
    """A unit says that an item is not its own."""

    reason = text(_l("申请改派的理由"), 1000, required=True, area=True)
    unit = text(_l("建议改派到"), 800, render_kw=UNITS, description=_l("可以不填，由整改办决定。"))


class ReassignForm(VersionedForm):
    """The office gives an item to another unit."""

    unit = text(_l("新的牵头单位"), 800, required=True, render_kw=UNITS)
    reason = text(_l("改派说明"), 1000, required=True, area=True)


class RefuseForm(Form):
    """The office leaves an item where it is."""

    answer = text(_l("不同意改派的理由"), 1000, required=True, area=True)


class SplitForm(VersionedForm):
    """One common problem to many units."""

    units = text(_l("承担分项的单位"), 20_000, required=True, area=True, description=_l("每行一个单位，或用顿号隔开。"))
