"""Who answers and by when: for one item, for many, out of a spreadsheet."""

from typing import Any

from wtforms import BooleanField, HiddenField, SelectChoice, SelectField
from wtforms.fields import Field as AnyField
from wtforms.widgets import TextArea

from tracker.core.files import StoredFile
from tracker.core.forms import CivilDateField, Form, VersionedForm, number_in, refuse_control_characters, text
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.signed import PaperFields
from tracker.items.headings import FIELD_LABELS, SETTABLE, Field
from tracker.items.models import Item
from tracker.items.operations import Approval, Typed, approval_of
from tracker.items.operations.assignment import FREE
from tracker.items.rules import DEADLINE_LABELS, Deadline, DeadlineKind
from tracker.items.wording import told_names

NAMES_LIMIT = 400
PASTE_LIMIT = 2_000_000
UNITS = {"list": "units", "autocomplete": "off"}
PEOPLE = {"list": "people", "autocomplete": "off"}


class _Names:
    """The fields that name units and people; pinyin finds them while one types."""

    lead_unit = text(_l("牵头单位"), 800, render_kw=UNITS)
    supporting_units = text(_l("配合单位"), NAMES_LIMIT, description=_l("几个单位之间用顿号隔开。"))
    leader = text(_l("责任领导"), 80, render_kw=PEOPLE)
    supervisor = text(_l("分管领导"), 80, render_kw=PEOPLE)
    owner = text(_l("责任人"), 80, render_kw=PEOPLE, description=_l("同名时写成“王敏（组织部）”。"))
    adds_people = BooleanField(_l("新增这些人员"))


class AssignForm(_Names, VersionedForm):
    """One item."""

    deadline_kind = SelectField(
        _l("整改类别"),
        choices=[
            SelectChoice("", _l("（未定）")),
            *(SelectChoice(kind.value, label) for kind, label in DEADLINE_LABELS.items()),
        ],
    )
    due_on = CivilDateField(_l("整改时限"), description=_l("“立行立改”不填时按来源规定的天数计算。"))
    due_text = text(
        _l("时限的文字表述"),
        200,
        description=_l("按文件原样保留，如“2026年底前，并长期坚持”；只填这一项时由系统认出类别和日期。"),
    )
    then_sustained = BooleanField(_l("到期后长期坚持"))
    cause = text(_l("产生原因"), 4000, area=True)
    goal = text(_l("整改目标"), 4000, area=True)
    remark = text(_l("备注"), 1000, area=True)

    def typed(self) -> Typed:
        """All that was typed; an empty field clears what stands there."""
        names = ("lead_unit", "supporting_units", "leader", "supervisor", "owner", "cause", "goal", "remark")
        typed: dict[str, Any] = {name: self._fields[name].data or "" for name in names if name in self._fields}
        return Typed(**typed, **({"deadline": self._deadline()} if "due_on" in self._fields else {}))

    def leave_free(self) -> None:
        """Leave what of an issued item is changed without a request."""
        for name in [name for name in self._fields if name not in (*FREE, "version", "csrf_token", "adds_people")]:
            del self._fields[name]

    def _deadline(self) -> Any:
        words = self.due_text.data or ""
        if self.deadline_kind.data:
            kind = DeadlineKind(self.deadline_kind.data)
            return Deadline(kind, self.due_on.data, words, self.then_sustained.data)
        if self.due_on.data:
            return Deadline(DeadlineKind.BY_DATE, self.due_on.data, words, self.then_sustained.data)
        return words or None


def stored_values(item: Item) -> dict[str, Any]:
    """What stands on an item, for the fields of its form."""
    names = {str(field): words for field, words in told_names(item).items() if field is not Field.DEADLINE}
    deadline = {name: getattr(item, name) for name in ("due_on", "due_text", "then_sustained", "version")}
    return {**names, **deadline, "deadline_kind": item.deadline_kind.value if item.deadline_kind else ""}


class ApprovalFields(PaperFields):
    """Why what was issued is changed, and who approved it on paper; without a paper a leader is asked here."""

    why = text(
        _l("变更理由"),
        2000,
        area=True,
        render_kw={"rows": 3},
        description=_l("已下发的事项按变更申请办理：一个理由，一份批准文件；没有文件的，由领导在系统里逐项审批。"),
    )

    def approval(self, kept: tuple[StoredFile, str] | None) -> Approval:
        """What was told of it, with the scan that was kept; raises DomainError for half a paper."""
        names = {"decider": self.decider.data or "", "body": self.body.data or ""}
        return approval_of(self.why.data or "", **names, paper_on=self.paper_on.data, kept=kept)


class SeenForm(Form):
    """A form about many items, with the number and version of each as it was seen: 巡察2026-1-001@3."""

    seen = HiddenField()

    @property
    def versions(self) -> dict[str, int]:
        """Number to version."""
        pairs = [part.rpartition("@") for part in str(self.seen.data or "").split()]
        return {number: number_in(version) for number, _at, version in pairs}


class AssignManyForm(_Names, ApprovalFields, SeenForm):
    """Many items: only what is filled in is set."""

    deadline = text(_l("整改时限"), 200, description=_l("如 2026年6月30日、2026年6月底前、90天、立行立改、长期坚持。"))
    remark = text(_l("备注"), 1000, area=True)

    def typed(self) -> Typed:
        """What was filled in."""
        names = ("lead_unit", "supporting_units", "leader", "supervisor", "owner", "deadline", "remark")
        return Typed(**{name: self._fields[name].data for name in names if self._fields[name].data})


class PastedField(AnyField):
    """A pasted block, kept as it came: empty cells and lines at its edges count."""

    widget = TextArea()

    def process_formdata(self, valuelist: list[str]) -> None:
        """Keep every sign."""
        self.data = valuelist[0] if valuelist else ""

    def _value(self) -> str:
        return self.data or ""


class PasteForm(ApprovalFields, SeenForm):
    """A column or a block out of a spreadsheet."""

    source = SelectField(_l("来源"), coerce=int, validate_choice=False)
    column = SelectField(
        _l("粘贴的内容"),
        choices=[
            SelectChoice("", _l("带表头的几列（自动识别）")),
            *(SelectChoice(field.value, FIELD_LABELS[field]) for field in SETTABLE),
        ],
    )
    text = PastedField(
        _l("从表格复制后粘贴到这里"),
        validators=[refuse_control_characters],
        render_kw={"rows": 10, "wrap": "off", "spellcheck": "false"},
    )

    @property
    def chosen_column(self) -> Field | None:
        """The field of a single column, when one was chosen."""
        return Field(self.column.data) if self.column.data else None
