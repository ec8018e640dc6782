"""The forms of meetings."""

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, FormField, HiddenField, IntegerField, SelectChoice, SelectField
from wtforms import Form as PlainForm
from wtforms.validators import NumberRange, Optional

from tracker.core import clock
from tracker.core.addresses import read_id
from tracker.core.forms import CivilDateField, Form, Lines, Required, VersionedForm
from tracker.core.forms import text as words
from tracker.core.i18n import lazy_gettext as _l
from tracker.figures.queries import Choices
from tracker.items.rules import KIND_LABELS as ITEM_KINDS
from tracker.items.rules import ItemKind
from tracker.meetings.models import Meeting, MeetingPoint
from tracker.meetings.operations import Called, Point
from tracker.meetings.rules import (
    KIND_LABELS,
    NAME_LIMIT,
    POINT_LABELS,
    POINTS_LIMIT,
    TEXT_LIMIT,
    TITLE_LIMIT,
    MeetingKind,
    PointKind,
)

MUST = Required(_l("请填写此项。"))
UNITS = {"list": "units", "autocomplete": "off"}


class CallForm(VersionedForm):
    """A meeting as it is called. The version is empty for a new one."""

    kind = SelectField(_l("会议类型"), choices=[SelectChoice(kind.value, label) for kind, label in KIND_LABELS.items()])
    title = words(_l("会议名称"), TITLE_LIMIT, required=True, description=_l("如“7月整改工作调度会”。"))
    held_on = CivilDateField(_l("会议日期"), validators=[MUST])
    as_of = CivilDateField(_l("统计截止日"), description=_l("数字截至哪一天；不填即会议当天。"))
    unit = SelectField(_l("单位范围（含下级）"), coerce=read_id, default=None)
    source = SelectField(_l("来源范围"), coerce=read_id, default=None)
    item_kind = SelectField(_l("类型"), default=ItemKind.PROBLEM.value)
    host = words(_l("主持人"), NAME_LIMIT)
    attendees = words(_l("参会人员"), TEXT_LIMIT, area=True)

    def offer(self, choices: Choices, *, is_everywhere: bool) -> None:
        """Fill the lists one chooses from; the whole organ only for whom it belongs to."""
        whole = [SelectChoice("", _l("全部单位"))] if is_everywhere else []
        self.unit.choices = whole + [SelectChoice(str(id_), words) for id_, words in choices.units]
        kinds = [SelectChoice(kind.value, label) for kind, label in ITEM_KINDS.items()]
        self.item_kind.choices = [*kinds, SelectChoice("", _l("问题和任务"))]
        self.source.choices = [SelectChoice("", _l("全部来源"))]
        self.source.choices += [SelectChoice(str(id_), words) for id_, words in choices.sources]

    def show(self, meeting: Meeting) -> None:
        """Fill in what was called."""
        for name in ("title", "held_on", "as_of", "host", "attendees"):
            self[name].data = getattr(meeting, name)
        self.kind.data, self.version.data = meeting.kind.value, str(meeting.version)
        self.item_kind.data = meeting.item_kind.value if meeting.item_kind else ""
        self.unit.data, self.source.data = meeting.unit_id, meeting.source_id

    def called(self) -> Called:
        """What was typed."""
        return Called(
            kind=MeetingKind(self.kind.data),
            title=self.title.data or "",
            held_on=self.held_on.data,
            as_of=self.as_of.data or self.held_on.data,
            unit_id=self.unit.data,
            source_id=self.source.data,
            item_kind=ItemKind(self.item_kind.data) if self.item_kind.data else None,
            host=self.host.data or "",
            attendees=self.attendees.data or "",
        )


class PointLine(PlainForm):
    """A point of the agenda: its place, what it is about, and whether it is dropped."""

    kind = HiddenField()
    order = IntegerField(_l("顺序"), validators=[Optional(), NumberRange(1, 99, _l("请填写 1 到 99 之间的整数。"))])
    title = words(_l("议题"), TITLE_LIMIT)
    note = words(_l("说明"), TEXT_LIMIT)
    is_dropped = BooleanField(_l("删除"))


class AgendaForm(VersionedForm):
    """All points of an agenda, and room for new ones."""

    points: Any = Lines(FormField(PointLine), max_entries=POINTS_LIMIT + 3)

    def show(self, points: Sequence[MeetingPoint], version: int) -> None:
        """Fill in the points that are there, the kinds that are missing ready to be taken, and an empty line."""
        self.version.data = str(version)
        for nth, point in enumerate(points, 1):
            told = {"kind": point.kind.value, "order": nth, "title": point.title, "note": point.note}
            self.points.append_entry(told)
        there = {point.kind for point in points}
        for kind in PointKind:
            if kind is PointKind.OWN or kind not in there:
                title = "" if kind is PointKind.OWN else str(POINT_LABELS[kind])
                is_offered = kind is not PointKind.OWN
                self.points.append_entry({"kind": kind.value, "title": title, "is_dropped": is_offered})

    def typed(self) -> list[Point]:
        """The points in their order; lines without a title or ticked as dropped are left out."""
        lines = [line.form for line in self.points if line.form.title.data and not line.form.is_dropped.data]
        ordered = sorted(enumerate(lines), key=lambda each: (each[1].order.data or 100, each[0]))
        return [Point(_kind(line.kind.data), line.title.data, line.note.data or "") for _nth, line in ordered]


def _kind(sent: Any) -> PointKind:
    return PointKind(sent) if sent in set(PointKind) else PointKind.OWN


class FreezeForm(Form):
    """Freezing; a reason is asked for when data are frozen already."""

    reason = words(_l("重新锁定的原因"), TEXT_LIMIT)


class DecisionForm(Form):
    """A decision in one line."""

    text = words(_l("议定事项"), TEXT_LIMIT, required=True)
    lead_unit = words(_l("牵头单位"), 80, required=True, render_kw=UNITS)
    supporting_units = words(_l("配合单位"), NAME_LIMIT, render_kw=UNITS, description=_l("多个用顿号隔开。"))
    deadline = words(_l("完成时限"), 100, description=_l("如“8月20日前”；不填则请牵头单位负责人提出。"))
    acceptance = words(_l("验收标准"), NAME_LIMIT)


class DropForm(VersionedForm):
    """Taking a decision back."""

    reason = words(_l("理由"), NAME_LIMIT, required=True)


class DeadlineForm(VersionedForm):
    """The deadline that a meeting left open."""

    deadline = words(_l("完成时限"), 100, required=True, description=_l("如 8月20日、2026年10月底前。"))


class BulletinForm(Form):
    """What a bulletin is asked for; its state is the address."""

    class Meta:
        csrf = False

    number = words(_l("期号"), 80, description=_l("如 2026年第3期（总第17期）；可不填。"))
    issued_on = CivilDateField(_l("印发日期"))
    demands = words(_l("工作要求"), TEXT_LIMIT, area=True, description=_l("一行一段，写在通报末尾；可不填。"))


class MinutesForm(VersionedForm):
    """Issuing the minutes."""

    number = words(_l("纪要编号"), 80, description=_l("如 市直工委会议纪要〔2026〕12号；可不填。"))
    issued_on = CivilDateField(_l("印发日期"), validators=[MUST], default=clock.today)
