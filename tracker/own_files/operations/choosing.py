"""The report whose text is put in: whether it is still there, and whether it may be put in as it stands."""

from sqlalchemy.orm import Session

from tracker.access.rules import Actor
from tracker.core.errors import NotFound
from tracker.core.i18n import gettext as _
from tracker.reports.examination import Found
from tracker.reports.kinds import ReportState
from tracker.reports.models import Report
from tracker.reports.operations.issuing import found_in
from tracker.reports.queries import get_report


def find_chosen(session: Session, report_id: int, actor: Actor) -> Report | None:
    """The report whole; None for one that was given up, or that the person may not know of."""
    try:
        return get_report(session, report_id, actor)
    except NotFound:
        return None


def against(report: Report, year: int) -> list[Found]:
    """What keeps the text of a report out of a file about a year; of a draft all that keeps it from being issued."""
    wrong_year = [Found("", why)] if (why := wrong_period(report, year)) else []
    examined = found_in(report) if report.state is ReportState.DRAFT else []
    return wrong_year + [each for each in examined if each.is_grave]


def wrong_period(report: Report, year: int) -> str | None:
    """Why a report tells nothing of a year, or None."""
    if report.first_on.year <= year <= report.as_of.year:
        return None
    told = {"first": report.first_on, "last": report.as_of, "year": year}
    return str(_("所选报告写的是 %(first)s 至 %(last)s，不包括报告年度 %(year)d。", **told))
