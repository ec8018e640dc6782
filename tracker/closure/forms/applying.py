"""The form of an application."""

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from wtforms import BooleanField, FormField, HiddenField

from tracker.closure.rules import MORE_LIMIT, STATEMENT_LIMIT, TOLD_LIMIT, Incomplete, Missing, Telling, told_field
from tracker.core.errors import DomainError
from tracker.core.forms import Form, Lines, VersionedForm, number_in
from tracker.core.forms import text as words
from tracker.core.i18n import lazy_gettext as _l

LINES_MAX = 200


class MeasureLine(Form):
    """What was done about one measure."""

    class Meta:
        csrf = False

    measure = HiddenField()
    told = words(_l("措施完成情况"), TOLD_LIMIT, area=True, render_kw={"rows": 2})


class ApplicationForm(VersionedForm):
    """What was done, measure by measure and as a whole, and the pledge that it is true."""

    lines: Any = Lines(FormField(MeasureLine), max_entries=LINES_MAX)
    statement = words(_l("完成情况"), STATEMENT_LIMIT, area=True, render_kw={"rows": 6})
    explanation = words(_l("未完成的原因"), MORE_LIMIT, area=True, render_kw={"rows": 3})
    similar_checked = words(_l("举一反三排查"), MORE_LIMIT, area=True, render_kw={"rows": 3})
    similar_found = words(_l("举一反三结果"), MORE_LIMIT, area=True, render_kw={"rows": 3})
    mechanism = words(_l("长效机制"), MORE_LIMIT, area=True, render_kw={"rows": 3})
    is_pledged = BooleanField(_l("我承诺以上内容属实"))

    @property
    def telling(self) -> Telling:
        """What was filled in."""
        return Telling(
            statement=self.statement.data or "",
            measures={number_in(line.measure.data): line.told.data or "" for line in self.lines},
            similar_checked=self.similar_checked.data or "",
            similar_found=self.similar_found.data or "",
            mechanism=self.mechanism.data or "",
            explanation=self.explanation.data or "",
            is_pledged=bool(self.is_pledged.data),
        )

    @property
    def told_by_measure(self) -> Mapping[int, Any]:
        """The fields of the measures, by the id of the measure."""
        return {number_in(line.measure.data): line.form for line in self.lines}

    def have_lines(self, measures: Iterable[int]) -> None:
        """Have a line for each of these measures, also for those that were laid down since the page was drawn."""
        told = self.told_by_measure
        for measure_id in measures:
            if measure_id not in told and len(self.lines) < LINES_MAX:
                self.lines.append_entry({"measure": str(measure_id), "told": ""})

    def refuse(self, error: DomainError) -> None:
        """Show all that is missing, each at its field."""
        if not isinstance(error, Incomplete):
            super().refuse(error)
            return
        fields = self._fields | {told_field(key): line.told for key, line in self.told_by_measure.items()}
        for each in error.missing:
            if each.field in fields:
                fields[each.field].errors = [*fields[each.field].errors, each.message]
            else:
                self.form_errors.append(each.message)

    def anchors(self, missing: Iterable[Missing]) -> list[tuple[str | None, object]]:
        """What is missing, with the id of the field to jump to."""
        ids = {told_field(key): line.told.id for key, line in self.told_by_measure.items()}
        return [(ids.get(each.field or "", each.field), each.message) for each in missing]


def form_for(telling: Telling, *, version: int) -> ApplicationForm:
    """The form as it is filled in before anybody typed."""
    lines = [{"measure": str(key), "told": text} for key, text in islice(telling.measures.items(), LINES_MAX)]
    names = ("statement", "explanation", "similar_checked", "similar_found", "mechanism", "is_pledged")
    values = {name: getattr(telling, name) for name in names}
    return ApplicationForm(formdata=None, data={**values, "lines": lines, "version": str(version)})
