"""What the pages of rounds show, put together from reports, their texts and what was typed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tracker.core.forms import number_in
from tracker.progress.models import Entry
from tracker.progress.rules import REPORTABLE
from tracker.rounds.forms import ReportForm
from tracker.rounds.models import OwedReport
from tracker.rounds.queries import Tally
from tracker.rounds.rules import STATE_LABELS, ReportState, Show


@dataclass(frozen=True)
class OwedLine:
    """One owed report as its unit sees it; ``line`` is its part of the form, None while the item is not accepted."""

    report: OwedReport
    line: Any
    last: Entry | None
    cooperating: Sequence[OwedReport]
    today: date

    @property
    def is_late(self) -> bool:
        """Whether the day has passed."""
        return self.report.round.due_on < self.today

    @property
    def return_reason(self) -> str:
        """Why the last text was returned; empty when it was not."""
        entry = self.report.entry
        return entry.return_reason if self.report.state is ReportState.RETURNED and entry else ""


def typed_before(report: OwedReport) -> str:
    """What stands in the box at first: the draft kept, else a returned text, so that nothing is typed again."""
    if report.draft:
        return report.draft
    return report.entry.text if report.state is ReportState.RETURNED and report.entry else ""


def form_for(reports: Sequence[OwedReport]) -> ReportForm:
    """The form for these reports as they stand."""
    lines = [
        {"report": str(each.id), "version": str(each.version), "text": typed_before(each)}
        for each in reports
        if can_write(each)
    ]
    return ReportForm(formdata=None, data={"lines": lines})


def can_write(report: OwedReport) -> bool:
    """Whether a text may be written now; what is not accepted yet must be accepted first."""
    return report.item.state in REPORTABLE


def owed_lines(
    reports: Sequence[OwedReport],
    form: ReportForm,
    *,
    last: Mapping[tuple[int, int | None], Entry],
    cooperating: Mapping[tuple[int, int], Sequence[OwedReport]],
    today: date,
) -> list[OwedLine]:
    """The reports beside their parts of the form."""
    lines = {number_in(line.report.data): line for line in form.lines}
    return [
        OwedLine(
            report=each,
            line=lines.get(each.id),
            last=last.get((each.item_id, each.unit_id)),
            cooperating=cooperating.get((each.round_id, each.item_id), ()) if each.is_lead else (),
            today=today,
        )
        for each in reports
    ]


def state_of(report: OwedReport) -> tuple[str, object]:
    """The code and the words of a report's chip; the code is one of an item's, for its colour."""
    colours = {
        ReportState.OWED: "draft",
        ReportState.GIVEN: "applied",
        ReportState.ACCEPTED: "closed",
        ReportState.RETURNED: "returned",
        ReportState.SETTLED: "sustained",
    }
    return colours[report.state], STATE_LABELS[report.state]


def shown_first(tally: Tally, support: Tally) -> Show:
    """What the office looks at first: what waits for it, else what is missing."""
    return Show.WAITING if tally.waiting or support.waiting else Show.UNREPORTED
