"""An item by hand."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from wtforms import SelectChoice, SelectField

from tracker.core.forms import CivilDateField, Form, text
from tracker.core.i18n import lazy_gettext as _l
from tracker.items.rules import KIND_LABELS, ItemKind
from tracker.sources.models import Section, Source
from tracker.sources.rules import KIND_LABELS as SOURCE_LABELS
from tracker.sources.rules import SourceKind

# Sources that are a line in a book, not a text to be read in.
SIMPLE_KINDS = (SourceKind.WORK_PLAN, SourceKind.MEETING, SourceKind.ASSIGNMENT, SourceKind.SELF_CHECK)


class RecurrenceForm(Form):
    """Which closed item a draft is a relapse of."""

    number = text(_l("是哪个已销号事项的反弹"), 60, required=True, description=_l("填写它的编号。"))


class DrawUpForm(Form):
    """A problem or a plain task, below a source that is there or a new one."""

    source = SelectField(_l("来源"), coerce=int)
    new_kind = SelectField(
        _l("新来源的类型"), choices=[SelectChoice(kind.value, SOURCE_LABELS[kind]) for kind in SIMPLE_KINDS]
    )
    new_title = text(_l("新来源的标题"), 200, description=_l("如“2026年度重点任务”“第8次书记办公会”。"))
    new_received_on = CivilDateField(_l("新来源的日期"))
    section = SelectField(_l("方面、类别"), coerce=int, default=0)
    kind = SelectField(
        _l("类型"), choices=[SelectChoice(kind.value, label) for kind, label in KIND_LABELS.items()], default="problem"
    )
    finding = text(_l("具体问题（工作任务）"), 4000, area=True)
    goal = text(_l("整改目标"), 4000, area=True)
    measures = text(
        _l("整改措施"), 20_000, area=True, description=_l("每行一条，可从 Word 或 Excel 整段粘贴；可以以后再填。")
    )

    paper_number = text(
        _l("涉密事项的纸质件号"),
        60,
        description=_l("涉密事项只填这一项，如 3；系统登记“涉密事项，详见纸质件第3号”，照常计数，其他内容不得录入。"),
    )

    def offer(self, sources: Sequence[Source], sections: Sequence[Section]) -> None:
        """Fill the lists one chooses from."""
        there = [SelectChoice(each.id, f"{each.number} {each.title}") for each in sources]
        self.source.choices = [SelectChoice(0, _l("新建一个来源（填下面三项）")), *there]
        indented = [("　" if each.parent_id else "", each) for each in sections]
        headings = [SelectChoice(each.id, f"{indent}{each.number}{each.title}") for indent, each in indented]
        self.section.choices = [SelectChoice(0, _l("（不归类）")), *headings]

    @property
    def new_source(self) -> tuple[SourceKind, str, date | None]:
        """Kind, title and day of a source that is not there yet."""
        return SourceKind(self.new_kind.data), self.new_title.data or "", self.new_received_on.data

    @property
    def item_kind(self) -> ItemKind:
        """Problem or task."""
        return ItemKind(self.kind.data)

    def start(self, **values: Any) -> None:
        """What an empty form begins with."""
        for name, value in values.items():
            if value is not None:
                self._fields[name].data = value
