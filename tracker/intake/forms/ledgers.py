"""The forms of ledgers: what came in, and what is chosen for the whole of it."""

from collections.abc import Mapping
from typing import Any

from flask_wtf.file import FileField
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice

from tracker.core.errors import DomainError
from tracker.core.forms import CivilDateField, Form, VersionedForm, text
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.signed import PaperFields
from tracker.intake.operations.ledger import Choices
from tracker.items.headings import FIELD_LABELS, Field
from tracker.items.rules import State
from tracker.sources.rules import KIND_LABELS, SourceKind

NEW, EDITED = "new", "edited"
BY_LEDGER = "auto"
ADD = "+"


class BeginLedgerForm(Form):
    """A table that came in: a ledger of a source, or a list from here that was edited."""

    file = FileField(_l("表格文件"), render_kw={"accept": ".xlsx,.docx,.csv,.xls,.et,.doc,.wps"})
    what = RadioField(
        _l("这份表格是"),
        choices=[
            SelectChoice(NEW, _l("一份台账：表里的事项归到下面填写的来源，已有的事项对照更新")),
            SelectChoice(EDITED, _l("从本系统导出后改过的清单：按编号更新已有事项，不新增")),
        ],
        default=NEW,
    )
    kind = SelectField(
        _l("来源类型"),
        choices=[SelectChoice(kind.value, label) for kind, label in KIND_LABELS.items()],
        default=SourceKind.INSPECTION.value,
    )
    title = text(
        _l("来源标题"), 200, description=_l("类型、标题和反馈日期都相同的来源视为同一个，再次导入只更新有变化的内容。")
    )
    received_on = CivilDateField(_l("反馈日期"), description=_l("“90天”“半年内”“6月底前”等时限从这一天算起。"))
    issuing_body = text(_l("反馈机构"), 200, description=_l("如“市委第二巡察组”，可以不填。"))

    def check(self) -> None:
        """Raise DomainError at the first field that a ledger of a source needs and that is empty."""
        if self.what.data != NEW:
            return
        for name in ("title", "received_on"):
            if not self._fields[name].data and not self._fields[name].errors:
                raise DomainError(_l("请填写此项。"), field=name)

    @property
    def source(self) -> dict[str, Any]:
        """What is told of the source; empty for an edited list."""
        if self.what.data != NEW:
            return {}
        told = {"title": self.title.data, "received_on": self.received_on.data, "issuing_body": self.issuing_body.data}
        return {"kind": SourceKind(self.kind.data), **told}


class LedgerChoicesForm(PaperFields, VersionedForm):
    """What is chosen for the whole ledger; names and headings are read by ``typed_names`` and ``typed_meanings``."""

    state = RadioField(
        _l("新事项从哪里开始"),
        choices=[
            SelectChoice(BY_LEDGER, _l("按台账内容：填有进展或完成情况的台账视为已在整改中，否则待下发")),
            SelectChoice(State.DRAFT.value, _l("待下发：由整改办审核后下发，单位签收")),
            SelectChoice(State.WORKING.value, _l("整改中：此前已经下发签收，不再重复")),
        ],
        default=BY_LEDGER,
    )
    closed_on = CivilDateField(
        _l("没有写明销号时间的，销号时间按"),
        description=_l("表中“是否销号”为“是”而没有销号时间的事项用这一天；不填则为导入当天。"),
    )
    creates_missing = BooleanField(_l("核对无误，新增这些单位和人员"))
    only_good = BooleanField(_l("只导入没有问题的行，其余留待改正后再导"))

    why = text(
        _l("变更理由"),
        2000,
        area=True,
        render_kw={"rows": 3},
        description=_l("已下发的事项按变更申请办理：一个理由，一份批准文件；没有文件的，由领导在系统里逐项审批。"),
    )

    def fill(self, choices: Choices) -> None:
        """Show what was chosen before."""
        self.state.data = choices.state.value if choices.state else BY_LEDGER
        self.closed_on.data = choices.closed_on
        self.creates_missing.data, self.only_good.data = choices.creates_missing, choices.only_good
        self.why.data, self.paper_on.data = choices.why, choices.paper_on
        self.decider.data, self.body.data = choices.decider, choices.body

    def chosen(self, names: Mapping[str, str], scan: tuple[str, str]) -> Choices:
        """What is chosen now; ``scan`` is the hash and name of the paper, if any."""
        return Choices(
            creates_missing=bool(self.creates_missing.data),
            only_good=bool(self.only_good.data),
            state=None if self.state.data in (BY_LEDGER, None) else State(self.state.data),
            closed_on=self.closed_on.data,
            names=names,
            why=self.why.data or "",
            decider=self.decider.data or "",
            body=self.body.data or "",
            paper_on=self.paper_on.data,
            scan_sha256=scan[0],
            scan_name=scan[1],
        )


def typed_names(sent: "MultiDict[str, str]") -> dict[str, str]:
    """The known unit chosen for each name that was not known; names to be added are left out."""
    pairs = zip(sent.getlist("unknown_unit"), sent.getlist("meant_unit"), strict=False)
    return {name[:100]: meant[:200] for name, meant in pairs if meant and meant != ADD}


def typed_meanings(sent: "MultiDict[str, str]") -> dict[str, Field]:
    """The field chosen for each heading that was not understood; those left open are left out."""
    pairs = zip(sent.getlist("unknown_heading"), sent.getlist("meant_field"), strict=False)
    return {heading[:60]: Field(chosen) for heading, chosen in pairs if heading and chosen in set(Field)}


def field_choices() -> list[tuple[str, object]]:
    """What a heading may stand for."""
    return [(field.value, FIELD_LABELS[field]) for field in Field]
