"""Forms of drawing samples, giving second looks out and noting what was found."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask_wtf.file import MultipleFileField
from werkzeug.datastructures import FileStorage
from wtforms import IntegerField, RadioField, SelectChoice, SelectField
from wtforms.validators import NumberRange, Optional

from tracker.core.forms import CivilDateField, Form, Required, VersionedForm, text
from tracker.core.i18n import lazy_gettext as _l
from tracker.items.rules import KIND_LABELS, ItemKind
from tracker.org.models import Person, Unit
from tracker.reinspections.operations import Wish
from tracker.reinspections.rules import (
    EVENT_LABELS,
    FINDINGS_MAX,
    MONTHS_MAX,
    NUMBER_MAX,
    SEED_MAX,
    SHARE_MAX,
    LookEvent,
    Population,
    Size,
)
from tracker.sources.models import Source

NEEDED = Required(_l("请填写此项。"))


def _whole(label: object, limit: int, **more: Any) -> IntegerField:
    message = _l("请填写 %(low)d 到 %(high)d 之间的整数。", low=1, high=limit)
    return IntegerField(label, validators=[Optional(), NumberRange(1, limit, message)], **more)


class DrawForm(Form):
    """What is drawn from what."""

    source = SelectField(_l("来源"), coerce=int, default=0)
    unit = SelectField(_l("牵头单位（含下级单位）"), coerce=int, default=0)
    kind = SelectField(
        _l("类型"),
        default="",
        choices=[SelectChoice("", _l("不限")), *(SelectChoice(kind.value, KIND_LABELS[kind]) for kind in ItemKind)],
    )
    older = _whole(_l("销号至少几个月"), MONTHS_MAX, description=_l("不填为不限。"))
    younger = _whole(_l("销号至多几个月"), MONTHS_MAX, description=_l("不填为不限。"))
    share = _whole(_l("抽查比例（%）"), SHARE_MAX, description=_l("比例和数量只填一项；按比例的向上取整。"))
    number = _whole(_l("抽查数量（个）"), NUMBER_MAX, description=_l("多于总数的，全部抽取。"))
    seed = text(
        _l("随机种子"),
        SEED_MAX,
        required=True,
        description=_l("可以当众定一个，如摇出的数字；同一总数、同一种子，任何人重抽结果都一样。"),
    )
    note = text(_l("说明"), 200, description=_l("如“2026年第一次回头看”。"))

    def offer(self, sources: Sequence[Source], units: Iterable[Unit]) -> None:
        """Fill the lists one chooses from."""
        there = [SelectChoice(each.id, f"{each.number} {each.title}") for each in sources]
        self.source.choices = [SelectChoice(0, _l("不限")), *there]
        self.unit.choices = [SelectChoice(0, _l("不限")), *(SelectChoice(each.id, each.path) for each in units)]

    @property
    def population(self) -> Population:
        """What it is drawn from."""
        kind = ItemKind(self.kind.data) if self.kind.data in set(ItemKind) else None
        return Population(self.source.data or None, self.unit.data or None, kind, self.older.data, self.younger.data)

    @property
    def size(self) -> Size:
        """How many are drawn."""
        return Size(self.share.data, self.number.data)

    @property
    def wish(self) -> Wish:
        """All of it."""
        return Wish(self.population, self.size, self.seed.data or "", self.note.data or "")


class AssignForm(VersionedForm):
    """Whom second looks are given to, and until when."""

    inspector = SelectField(_l("检查人"), coerce=int)
    due_on = CivilDateField(_l("完成期限"), validators=[NEEDED], description=_l("到期前和逾期后会提醒检查人。"))

    def offer(self, people: Sequence[Person]) -> None:
        """Fill the list one chooses from."""
        told = [
            SelectChoice(each.id, f"{each.name}（{each.unit.name}）" if each.unit else each.name) for each in people
        ]
        self.inspector.choices = told


class _Files:
    files = MultipleFileField(_l("佐证材料"), description=_l("照片、复印件等，可选多个；涉密材料不得上传。"))

    @property
    def uploads(self) -> list[FileStorage]:
        """The files that were chosen."""
        return [each for each in self.files.data or () if isinstance(each, FileStorage) and each.filename]


class ResultForm(_Files, VersionedForm):
    """What was found."""

    event = RadioField(
        _l("检查结果"),
        choices=[SelectChoice(each.value, EVENT_LABELS[each]) for each in LookEvent],
        validators=[Required(_l("请选择一项。"))],
    )
    inspected_on = CivilDateField(_l("检查日期"), validators=[NEEDED])
    findings = text(_l("检查情况"), FINDINGS_MAX, required=True, area=True, render_kw={"rows": 5})


class CheckForm(_Files, Form):
    """What was seen of something that is kept up for ever."""

    kept = RadioField(
        _l("检查结果"),
        choices=[SelectChoice("kept", _l("坚持得好")), SelectChoice("slipped", _l("有所松懈"))],
        validators=[Required(_l("请选择一项。"))],
    )
    checked_on = CivilDateField(_l("检查日期"), validators=[NEEDED])
    findings = text(_l("检查情况"), FINDINGS_MAX, required=True, area=True, render_kw={"rows": 5})
    next_on = CivilDateField(_l("下次检查日期"), validators=[NEEDED])


class AgainForm(Form):
    """The new item in which a relapse is put right."""

    source = SelectField(_l("列入哪个来源"), coerce=int)
    finding = text(_l("具体问题"), 4000, required=True, area=True, render_kw={"rows": 4})

    def offer(self, sources: Sequence[Source]) -> None:
        """Fill the list one chooses from."""
        self.source.choices = [SelectChoice(each.id, f"{each.number} {each.title}") for each in sources]


class ReopenForm(Form):
    """Why the old item is taken up again."""

    reason = text(_l("理由"), FINDINGS_MAX, required=True, area=True, render_kw={"rows": 5})
