"""Giving reports: a text answers the round it belongs to, wherever it was written."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from tracker.access.rules import Action, Actor, ensure
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import AlreadyThere, Conflict, DomainError, Forbidden
from tracker.core.i18n import lazy_gettext as _l
from tracker.items.models import Item
from tracker.progress import operations as progress
from tracker.progress.models import Entry
from tracker.progress.rules import UNCHANGED_WORDS, EntryStanding, own_units
from tracker.rounds import queries
from tracker.rounds.models import OwedReport
from tracker.rounds.rules import ReportState, answered


def entry_written(entry: Entry, item: Item, answers: int | None) -> None:
    """Hook ``entry_written``: where the source has a rhythm, the text answers a report that is owed and is reviewed.

    It answers the report it is meant for, else what ``rules.answered`` says. What the office enters for others is
    accepted by that; a text that nobody has reviewed yet gives way to this one.
    """
    session, today = db.session(), clock.today()
    if queries.find_rhythm(session, item.source_id) is None:
        return
    reports = queries.list_open(session, item.id, entry.unit_id, today)
    report = next((each for each in reports if each.id == answers), None) or answered(reports, today)
    report = report or _asked_now(entry, item)
    if report is None:
        return
    if report.entry is not None and report.entry.standing is EntryStanding.WAITING:
        report.entry.standing = EntryStanding.REPLACED
    report.entry, report.draft = entry, ""
    if entry.is_for_others:
        entry.standing, report.state = EntryStanding.ACCEPTED, ReportState.ACCEPTED
        entry.reviewed_by_id, entry.reviewed_at = entry.by_id, entry.made_at
    else:
        entry.standing, report.state = EntryStanding.WAITING, ReportState.GIVEN
    session.flush()


def _asked_now(entry: Entry, item: Item) -> OwedReport | None:
    """The report of the present round, made because the item joined it just now; None before the first round."""
    session = db.session()
    present = queries.find_present_round(session, item.source_id, clock.today())
    if present is None or entry.unit_id is None:
        return None
    is_lead = entry.unit_id == item.lead_unit_id
    report = OwedReport(round_id=present.id, item_id=item.id, unit_id=entry.unit_id, is_lead=is_lead)
    session.add(report)
    session.flush()
    return report


@dataclass(frozen=True)
class Told:
    """What was typed for one report: a text, or the reason why nothing changed; against which version."""

    report: OwedReport
    text: str
    is_unchanged: bool = False
    version: int | None = None


def give(told: Sequence[Told], *, actor: Actor) -> int:
    """Give several reports at once, all or none; how many are new.

    The items must have been read with a lock. Raises AlreadyThere when all of them stand already (a double click),
    DomainError naming the field ``text-<id>`` of the first report that is refused.
    """
    given = 0
    for each in told:
        try:
            given += _give(each, actor=actor)
        except Forbidden:
            raise
        except DomainError as error:
            refusal = Conflict if isinstance(error, Conflict) else DomainError
            raise refusal(error.message, field=f"text-{each.report.id}") from error
    if told and not given:
        raise AlreadyThere(_l("这些内容已经报过，没有重复记录。"))
    return given


def _give(told: Told, *, actor: Actor) -> int:
    report = told.report
    ensure_own(report, actor=actor)
    text = told.text.strip()
    stands = f"{UNCHANGED_WORDS}{text}" if told.is_unchanged else text
    if report.state is ReportState.GIVEN and report.entry and report.entry.text == stands:
        return 0
    _refuse_stale(told)
    write = progress.write_unchanged if told.is_unchanged else progress.write_entry
    write(report.item, text, actor=actor, unit_id=report.unit_id, answers=report.id)
    return 1


def keep_drafts(told: Sequence[Told], *, actor: Actor) -> int:
    """Keep what was typed for later; how many drafts differ from what was kept before."""
    kept = 0
    for each in told:
        ensure_own(each.report, actor=actor)
        if each.report.draft != each.text:
            _refuse_stale(each)
            each.report.draft = each.text
            kept += 1
    db.session().flush()
    return kept


class HandedIn(NamedTuple):
    """What came of a page of reports."""

    given: int
    kept: int


def hand_in(told: Sequence[Told], *, actor: Actor) -> HandedIn:
    """Give all that was filled in on a page; a returned text that stands as it was is none.

    Raises DomainError when nothing was filled in.
    """
    filled = [each for each in told if each.text and not _is_as_returned(each)]
    if not filled:
        raise DomainError(_l("还没有填写任何一项。"))
    return HandedIn(give(filled, actor=actor), 0)


def hand_in_unchanged(told: Sequence[Told], report_id: int, *, actor: Actor) -> HandedIn:
    """Report of one that nothing changed, with what was typed for it as the reason; the rest is kept as drafts."""
    chosen = [replace(each, is_unchanged=True) for each in told if each.report.id == report_id]
    given = give(chosen, actor=actor)
    rest = [each for each in told if each.report.id != report_id and not _is_as_returned(each)]
    return HandedIn(given, keep_drafts(rest, actor=actor))


def _is_as_returned(told: Told) -> bool:
    report = told.report
    return report.state is ReportState.RETURNED and report.entry is not None and report.entry.text == told.text


def _refuse_stale(told: Told) -> None:
    report = told.report
    if told.version is None or told.version == report.version:
        return
    there = report.draft or (report.entry.text if report.entry else "")
    message = _l("您打开页面之后，别人已经填写了：“%(there)s”。请对照后再提交。", there=there[:200])
    raise Conflict(message, field=f"text-{report.id}")


def ensure_own(report: OwedReport, *, actor: Actor) -> None:
    """Raise Forbidden unless the report is one of the person's own line."""
    ensure(actor, Action.REPORT_OWN_LINE, report.item)
    if report.unit_id not in own_units(actor, report.item):
        raise Forbidden(_l("您只能填报本单位的内容。"))
