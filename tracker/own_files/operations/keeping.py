"""Keeping a report with what is marked in it; everything is told to the trail."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from tracker.access.rules import Action, Actor, ensure_may
from tracker.audit.operations import record
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import AlreadyThere, DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.versions import check_version
from tracker.figures.questions import check_knowable
from tracker.own_files import queries
from tracker.own_files.models import OwnFile
from tracker.own_files.operations.choosing import wrong_period
from tracker.own_files.operations.opening import Received
from tracker.own_files.rules.marks import Marks
from tracker.own_files.rules.sections import OldSection, Stretch
from tracker.reports.queries import get_report


def take_in(
    received: Received, *, year: int, as_of: date, decimals: int, report_id: int | None = None, actor: Actor
) -> OwnFile:
    """Keep a report that is to tell of a year, with the text of ``report_id`` where one is chosen.

    Day and decimals are then those of that report. Raises NotFound for a report out of sight, DomainError for one
    that does not tell of the year and for a day that has not come or lies before it, AlreadyThere for the same file.
    """
    ensure_may(actor, Action.WRITE_REPORT)
    as_of, decimals = _settled(year, as_of, decimals, report_id, actor)
    if queries.find_same(db.session(), actor, received.file_sha256, year) is not None:
        raise AlreadyThere(_l("这份文件已经上传过，标出的内容都还在。"))
    kept = OwnFile(
        file_name=received.file_name,
        file_sha256=received.file_sha256,
        year=year,
        as_of=as_of,
        decimals=decimals,
        report_id=report_id,
        marks=received.marks.as_text(),
        by_id=actor.person_id,
        taken_in_at=clock.now(),
    )
    db.session.add(kept)
    db.session.flush()
    record(actor, "own_file.take_in", kept.file_name, year=year, as_of=as_of, file_sha256=kept.file_sha256)
    return kept


def settle(
    kept: OwnFile,
    *,
    year: int,
    as_of: date,
    decimals: int,
    report_id: int | None = None,
    actor: Actor,
    version: int,
) -> None:
    """Say anew of which year and day the report tells. Raises as ``take_in`` does, Stale for an older ``version``."""
    ensure_may(actor, Action.WRITE_REPORT)
    as_of, decimals = _settled(year, as_of, decimals, report_id, actor)
    after = {"year": year, "as_of": as_of, "decimals": decimals, "report_id": report_id}
    before = {name: getattr(kept, name) for name in after}
    check_version(kept, version, typed=after, stored=before)
    changed = {name: [before[name], value] for name, value in after.items() if before[name] != value}
    for name, value in after.items():
        setattr(kept, name, value)
    if changed:
        record(actor, "own_file.settle", kept.file_name, **changed)


def _settled(year: int, as_of: date, decimals: int, report_id: int | None, actor: Actor) -> tuple[date, int]:
    """Day and decimals of the figures: those of the report whose text is put in, else as they were typed."""
    if report_id is not None:
        report = get_report(db.session(), report_id, actor)
        if why := wrong_period(report, year):
            raise DomainError(why, field="report_id")
        return report.as_of, report.decimals
    check_knowable(as_of, None, today=clock.today(), now=clock.now())
    if as_of < date(year, 1, 1):
        message = _l("统计截止日 %(day)s 早于报告年度 %(year)d。", day=as_of, year=year)
        raise DomainError(message, field="as_of")
    return as_of, decimals


def mark(kept: OwnFile, section: OldSection, stretch: Stretch | None, *, actor: Actor, version: int) -> None:
    """Mark the section and the sentences of it that go. Raises DomainError for sentences that are not there."""
    ensure_may(actor, Action.WRITE_REPORT)
    marks = Marks.read(kept.marks)
    typed = {"heading": section.heading, "marked": in_words(stretch)}
    check_version(kept, version, typed=typed, stored={**typed, "marked": in_words(marks.stretch)})
    if stretch is not None and not 0 <= stretch.first <= stretch.last < len(section.sentences):
        raise DomainError(_l("起止的句子不对：止句不能在起句之前。"), field="last")
    after = replace(marks, paragraph=section.paragraph, stretch=stretch)
    if after != marks:
        kept.marks = after.as_text()
        record(actor, "own_file.mark", kept.file_name, **typed)


def in_words(stretch: Stretch | None) -> str:
    """第1至2句."""
    return "" if stretch is None else f"第{stretch.first + 1}至{stretch.last + 1}句"


def fill(kept: OwnFile, after: Marks, *, told: Mapping[str, str], actor: Actor, version: int) -> None:
    """Answer blanks and years as ``after`` has them; sentences stay marked as they are.

    ``told`` are the answers in words by their keys, those of years behind ``year-``, for trail and conflict page.
    """
    ensure_may(actor, Action.WRITE_REPORT)
    before = Marks.read(kept.marks)
    check_version(kept, version, typed={words[:40]: words for words in told.values()})
    kept.marks = replace(before, answers=after.answers, years=after.years).as_text()
    answers = [told[key] for key, answer in after.answers.items() if before.answers.get(key) != answer]
    years = [told[f"year-{key}"] for key, year in after.years.items() if year and before.years.get(key) != year]
    if Marks.read(kept.marks) != before:
        record(actor, "own_file.fill", kept.file_name, answers=answers, years=years)


def drop(kept: OwnFile, *, actor: Actor) -> None:
    """Throw a report away with its marks."""
    ensure_may(actor, Action.WRITE_REPORT)
    record(actor, "own_file.drop", kept.file_name, year=kept.year, file_sha256=kept.file_sha256)
    db.session.delete(kept)
