"""Setting how often a source wants to hear."""

from datetime import date

from sqlalchemy import delete, update

from tracker.access.rules import Action, Actor, ensure_may
from tracker.audit.operations import record
from tracker.core import clock
from tracker.core.db import db
from tracker.core.versions import check_version
from tracker.progress.models import Entry
from tracker.progress.rules import EntryStanding
from tracker.rounds import queries
from tracker.rounds.models import OwedReport, ReportingRound, Rhythm, RoundNudge
from tracker.rounds.operations.opening import open_rounds
from tracker.rounds.rules import RhythmKind, Shift, check_day
from tracker.sources.models import Source


def set_rhythm(
    source: Source,
    kind: RhythmKind,
    *,
    day: int,
    shift: Shift,
    starts_on: date,
    actor: Actor,
    version: int | None = None,
) -> Rhythm:
    """Let a source want reports in a rhythm, from its first day on or after ``starts_on``; the present round opens.

    A round that runs and for which nobody has written yet is made anew, one that has texts runs out first. Raises
    DomainError for an impossible day, Stale for an older ``version``.
    """
    ensure_may(actor, Action.INTAKE)
    check_day(kind, day)
    session = db.session()
    after = {"kind": kind, "day": day, "shift": shift, "starts_on": starts_on}
    rhythm = queries.find_rhythm(session, source.id, lock=True)
    before = {name: getattr(rhythm, name) for name in after} if rhythm else None
    if rhythm is None:
        rhythm = Rhythm(source_id=source.id, **after)
        session.add(rhythm)
    else:
        if before == after:
            return rhythm
        check_version(rhythm, version, typed=after, stored=before)
        for name, value in after.items():
            setattr(rhythm, name, value)
    record(actor, "rhythm.set", source.number, before=before, after=after)
    session.flush()
    _discard_untouched(source.id)
    open_rounds(clock.now())
    return rhythm


def drop_rhythm(rhythm: Rhythm, *, actor: Actor, version: int | None = None) -> None:
    """Let a source want no more rounds: what waits for review counts at once, past rounds stay."""
    ensure_may(actor, Action.INTAKE)
    check_version(rhythm, version)
    session, source = db.session(), rhythm.source
    record(actor, "rhythm.drop", source.number, kind=rhythm.kind, day=rhythm.day)
    session.delete(rhythm)
    session.flush()
    _discard_untouched(source.id)
    waiting = update(Entry).where(Entry.id.in_(queries.select_waiting_of_source(source.id)))
    session.execute(waiting.values(standing=EntryStanding.FREE))


def _discard_untouched(source_id: int) -> None:
    session = db.session()
    ids = queries.list_untouched_ids(session, source_id, clock.today())
    for table in (OwedReport, RoundNudge):
        session.execute(delete(table).where(table.round_id.in_(ids)))
    session.execute(delete(ReportingRound).where(ReportingRound.id.in_(ids)))
