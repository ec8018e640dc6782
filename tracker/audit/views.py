"""Pages of the trail, for the auditor: the list, an export, and whether the chain holds."""

import csv
import io
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, BinaryIO

from flask import Blueprint, Response, render_template, request, send_file

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action
from tracker.audit import queries, wording
from tracker.audit.forms import TrailQuery
from tracker.audit.models import AuditEntry
from tracker.audit.naming import namer, words_for
from tracker.audit.operations import record, verify_trail
from tracker.audit.rules import carried, safe_cell
from tracker.audit.wording import WordsOf
from tracker.audit.writing import write_workbook
from tracker.core import clock
from tracker.core.db import db, writing
from tracker.core.errors import DomainError
from tracker.core.i18n import gettext as _
from tracker.core.paging import page_number, paginate
from tracker.core.taken import taken_by

blueprint = Blueprint("audit", __name__, url_prefix="/trail")

# What is handed in is always Chinese.
HEADINGS = ("序号", "时间", "人员", "操作", "对象", "内容", "来源地址", "校验码")
BATCH = 500
# A sheet holds 1,048,576 rows.
WORKBOOK_MAX = 1_000_000
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Answer = str | tuple[str, int] | Response


@blueprint.get("")
@allow(Action.READ_TRAIL)
def trail() -> Answer:
    """Who did what, the newest first."""
    session, form = db.session(), TrailQuery(request.args)
    form.validate()
    query = queries.select_entries(**form.chosen())
    page = paginate(session, query, number=page_number(), rows=lambda rows: session.scalars(rows).all())
    names = _namer(page.rows)
    rows = [
        (entry, _at(entry), wording.act(entry.action), _subject(entry), _sentences(entry, names)) for entry in page.rows
    ]
    filters = {name: value for name, value in request.args.items() if value and name != "page"}
    return render_template("audit/trail.html", page=page, form=form, rows=rows, filters=filters)


@blueprint.get("/verification")
@allow(Action.READ_TRAIL)
def verification() -> Answer:
    """Whether every entry still is what was written, from the first to the head."""
    count, head, breaks = verify_trail(db.session())
    at = clock.local(clock.now()).strftime("%Y-%m-%d %H:%M:%S")
    shown = [(each.row, wording.FAULTS[each.what]) for each in breaks[:100]]
    return render_template("audit/verification.html", count=count, head=head, breaks=breaks, shown=shown, at=at)


@blueprint.get("/export.csv")
@allow(Action.READ_TRAIL)
def export() -> Answer:
    """The entries of the present query as CSV; taking them away is itself noted."""
    form = TrailQuery(request.args)
    form.validate()
    with writing():
        record(present_actor(), "trail.export", "操作日志", filter=form.told())
    name = f"操作日志-{clock.today():%Y%m%d}.csv"
    return send_file(_file(form.chosen()), "text/csv", as_attachment=True, download_name=name, max_age=0)


@blueprint.get("/export.xlsx")
@allow(Action.READ_TRAIL)
def export_workbook() -> Answer:
    """The entries of the present query as a workbook; taking them away is itself noted, with how many they are."""
    form = TrailQuery(request.args)
    form.validate()
    query = queries.select_entries(**form.chosen())
    count = queries.count_entries(db.session(), query)
    if count > WORKBOOK_MAX:
        raise DomainError(_("超过 %(max)d 条，一张工作表装不下。请先缩小范围，或导出 CSV。", max=WORKBOOK_MAX))
    db.session().rollback()
    with writing():
        record(present_actor(), "trail.export", "操作日志", filter=form.told(), rows=count)
    name, taken_at = f"操作日志-{clock.today():%Y%m%d}.xlsx", clock.local(clock.now())
    told = taken_by(present_actor().name, taken_at, request.remote_addr or "")
    target = tempfile.TemporaryFile()  # noqa: SIM115 (the answer closes it)
    write_workbook(target, HEADINGS, _rows(form.chosen()), told=told)
    target.seek(0)
    return send_file(target, XLSX_TYPE, as_attachment=True, download_name=name, max_age=0)


def _rows(chosen: Mapping[str, Any]) -> Iterator[Sequence[str]]:
    """The entries as rows of texts, however many, a batch at a time."""
    entries = queries.list_streamed(db.session(), queries.select_entries(**chosen))
    while batch := list(islice(entries, BATCH)):
        names = _namer(batch)
        yield from (_cells(entry, names) for entry in batch)


def _file(chosen: Mapping[str, Any]) -> BinaryIO:
    """The entries on disk, however many; they begin with a mark by which WPS and Excel know the encoding."""
    target = tempfile.TemporaryFile()  # noqa: SIM115 (the answer closes it)
    text = io.TextIOWrapper(target, encoding="utf-8-sig", newline="")
    writer = csv.writer(text)
    writer.writerow(HEADINGS)
    writer.writerows([safe_cell(cell) for cell in row] for row in _rows(chosen))
    text.detach().seek(0)
    return target


def _cells(entry: AuditEntry, names: WordsOf) -> Sequence[str]:
    words = "；".join(_sentences(entry, names))
    told = (entry.actor_name, wording.act(entry.action), _subject(entry), words)
    return (str(entry.id), _at(entry), *told, entry.origin, entry.hash)


def _at(entry: AuditEntry) -> str:
    return clock.local(entry.recorded_at).strftime("%Y-%m-%d %H:%M:%S")


def _sentences(entry: AuditEntry, names: WordsOf) -> list[str]:
    return wording.sentences(entry.action, entry.details, names)


def _subject(entry: AuditEntry) -> str:
    return words_for(f"subject of {entry.action}", entry.subject) or entry.subject


def _namer(entries: Sequence[AuditEntry]) -> WordsOf:
    return namer(carried(entry.details) for entry in entries)
