"""Accepting texts, or returning them with a reason."""

from collections.abc import Sequence

from tracker.access.rules import Action, Actor, ensure
from tracker.audit.operations import record
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import AlreadyThere, Conflict, DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.outbox import operations as outbox
from tracker.progress.models import Entry
from tracker.progress.rules import EntryStanding
from tracker.rounds import queries
from tracker.rounds.models import OwedReport
from tracker.rounds.rules import ANSWER_LIMIT, ReportState


def accept_reports(reports: Sequence[OwedReport], *, actor: Actor) -> int:
    """Let the texts of these reports count, all or none; how many are new. The reports must be locked.

    Raises AlreadyThere when all of them are accepted already, Conflict when one was returned.
    """
    accepted = 0
    for report in reports:
        ensure(actor, Action.REVIEW_REPORT, report.item)
        if report.state is ReportState.ACCEPTED:
            continue
        entry = _waiting(report)
        _review(entry, EntryStanding.ACCEPTED, actor=actor)
        report.state = ReportState.ACCEPTED
        accepted += 1
        record(actor, "entry.accept", report.item.number, unit_id=report.unit_id, text=entry.text)
    if not accepted:
        raise AlreadyThere(_l("这些内容已经采用。"))
    db.session().flush()
    return accepted


def return_report(report: OwedReport, reason: str, *, actor: Actor) -> None:
    """Return a text with a reason: it does not count, the report is owed again, and the unit is told.

    Where an earlier text of the same round was accepted, that one stands again. The report must be locked.
    """
    ensure(actor, Action.REVIEW_REPORT, report.item)
    reason = reason.strip()
    if not reason:
        raise DomainError(_l("请写明退回的理由。"), field="reason")
    if len(reason) > ANSWER_LIMIT:
        raise DomainError(_l("最多 %(max)d 个字，请缩短。", max=ANSWER_LIMIT), field="reason")
    if report.state is ReportState.RETURNED:
        raise AlreadyThere(_l("这份内容已经退回。"))
    session, entry = db.session(), _waiting(report)
    _review(entry, EntryStanding.RETURNED, actor=actor)
    entry.return_reason = reason
    before = queries.find_accepted_before(session, report, clock.instant_at(report.round.begins_on))
    report.state = ReportState.ACCEPTED if before else ReportState.RETURNED
    report.entry = before or entry
    record(actor, "entry.return", report.item.number, unit_id=report.unit_id, text=entry.text, reason=reason)
    session.flush()
    _tell(report, entry)


def _waiting(report: OwedReport) -> Entry:
    if report.state is not ReportState.GIVEN or report.entry is None:
        raise Conflict(_l("%(number)s 的内容不在待审，请刷新页面。", number=report.item.number))
    return report.entry


def _review(entry: Entry, standing: EntryStanding, *, actor: Actor) -> None:
    entry.standing, entry.reviewed_by_id, entry.reviewed_at = standing, actor.person_id, clock.now()


def _tell(report: OwedReport, entry: Entry) -> None:
    also = {person_id for person_id in (entry.by_id, report.item.handler_id if report.is_lead else None) if person_id}
    for person in queries.list_people_of_line(db.session(), report.unit_id, also):
        data = {"entry": entry.id}
        outbox.queue(queries.RETURNED, person, slot=str(entry.id), data=data, numbers=[report.item.number])
