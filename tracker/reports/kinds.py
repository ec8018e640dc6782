"""The kinds of reports, the editions of one text, the states of a report, and what they are limited to."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from tracker.core.errors import Conflict, DomainError
from tracker.core.i18n import lazy_gettext as _l

TITLE_LIMIT, TEXT_LIMIT, NUMBER_LIMIT, NAME_LIMIT, SIGNER_LIMIT = 120, 100_000, 80, 60, 40
# How many items one report may be about: its facts are kept whole and its tables list every one.
ITEMS_LIMIT = 20_000
TYPICAL_LIMIT = 10


class ReportKind(StrEnum):
    """What a report is written for."""

    ANNUAL = "annual"
    PROGRESS = "progress"
    PUBLIC = "public"
    SOURCE = "source"


KIND_LABELS: Mapping[ReportKind, object] = {
    ReportKind.ANNUAL: _l("述职报告整改部分"),
    ReportKind.PROGRESS: _l("进展情况报告"),
    ReportKind.PUBLIC: _l("整改情况公开通报"),
    ReportKind.SOURCE: _l("单个来源整改情况"),
}


class Edition(StrEnum):
    """For whom a text is: the body above, the Party organisation, the public."""

    ABOVE = "above"
    INNER = "inner"
    PUBLIC = "public"


EDITION_LABELS: Mapping[Edition, object] = {
    Edition.ABOVE: _l("上报稿"),
    Edition.INNER: _l("党内通报稿"),
    Edition.PUBLIC: _l("向社会公开稿"),
}


class ReportState(StrEnum):
    """A report is a draft until it is issued (印发) or given up."""

    DRAFT = "draft"
    ISSUED = "issued"
    DROPPED = "dropped"


STATE_LABELS: Mapping[ReportState, object] = {
    ReportState.DRAFT: _l("起草中"),
    ReportState.ISSUED: _l("已印发"),
    ReportState.DROPPED: _l("已作废"),
}
# The wordings that come with the program, by the kind of report; the first is taken unless another is chosen.
SHIPPED: Mapping[ReportKind, tuple[str, ...]] = {
    ReportKind.ANNUAL: ("annual", "annual-process", "appraisal"),
    ReportKind.PROGRESS: ("progress",),
    ReportKind.PUBLIC: ("public",),
    ReportKind.SOURCE: ("source",),
}
SHIPPED_LABELS: Mapping[str, object] = {
    "annual": _l("述职报告整改部分（有数字）"),
    "annual-process": _l("述职报告整改部分（只写做法，不列数字）"),
    "appraisal": _l("述职评议点评问题整改情况（逐条）"),
    "progress": _l("进展情况报告"),
    "public": _l("整改情况公开通报"),
    "source": _l("单个来源整改情况"),
}


def check_draft(state: ReportState) -> None:
    """Raise Conflict for a report that can't be changed any more."""
    if state is ReportState.ISSUED:
        raise Conflict(_l("报告已经印发，不能再改；数据的变动列在报告页上。"))
    if state is ReportState.DROPPED:
        raise Conflict(_l("报告已经作废。"))


def check_period(first_on: date, as_of: date) -> None:
    """Raise DomainError for a period that ends before it begins."""
    if as_of < first_on:
        raise DomainError(_l("统计截止日早于起始日期。"), field="as_of")


def check_size(count: int) -> None:
    """Raise DomainError for more items than one report can list."""
    if count > ITEMS_LIMIT:
        message = _l("范围内有 %(n)d 个事项，一份报告最多 %(max)d 个，请缩小范围。", n=count, max=ITEMS_LIMIT)
        raise DomainError(message, field="unit")


def check_text(text: str) -> None:
    """Raise DomainError for a draft that is too long to keep; the names of its figures count too."""
    if len(text) > TEXT_LIMIT:
        told = {"n": len(text), "max": TEXT_LIMIT}
        message = _l("正文连同数字的标记有 %(n)d 字，最多 %(max)d 字，请删减，或者缩小报告的范围。", **told)
        raise DomainError(message, field="text")


def words_of(key: str, value: Any) -> object | None:
    """The words for a code of reports in the trail."""
    if key == "report_kind" and value in set(ReportKind):
        return KIND_LABELS[ReportKind(value)]
    if key == "edition" and value in set(Edition):
        return EDITION_LABELS[Edition(value)]
    if key == "report_state" and value in set(ReportState):
        return STATE_LABELS[ReportState(value)]
    return SHIPPED_LABELS.get(value) if key == "wording" and isinstance(value, str) else None
