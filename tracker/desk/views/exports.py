"""The lists as files: exactly what a list shows, as a workbook or a Word file."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import request
from werkzeug.wrappers import Response

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action, reach
from tracker.audit.operations import record
from tracker.core import clock
from tracker.core.db import db, writing
from tracker.core.downloads import hand_out
from tracker.core.errors import DomainError
from tracker.core.i18n import gettext as _
from tracker.desk.blueprint import blueprint
from tracker.exports import files, fill_in, plan
from tracker.exports import rounds as round_table
from tracker.exports.queries import list_print_rows
from tracker.exports.rows import PrintRow
from tracker.items import queries
from tracker.items.addresses import ListAddress, read_address
from tracker.items.lists import ListName
from tracker.items.queries import ItemFilter
from tracker.org.signing_in import origin
from tracker.rounds import queries as rounds
from tracker.rounds.rules import Show
from tracker.settings.queries import load
from tracker.sources import queries as sources
from tracker.sources.rules import TASK_KINDS

XLSX_MAX, DOCX_MAX = 10_000, 2_000


@blueprint.get("/items/export.xlsx")
@allow(Action.READ_ITEM)
def item_workbook() -> Response:
    """The rows of a list as a workbook that may be edited and taken back in; ``what=ledger`` with all columns."""
    return _send("xlsx")


@blueprint.get("/items/fill-in.xlsx")
@allow(Action.READ_ITEM)
def fill_in_workbook() -> Response:
    """The rows of a list that their units may report on, as a workbook in which only that can be filled in."""
    address = read_address(request.args)
    chosen = replace(address.chosen(clock.today()), states=fill_in.STATES)
    rows, handing = _rows(address, chosen, most=XLSX_MAX), present_handing()
    content = fill_in.to_fill_in(rows, handing)
    name = f"{address.unit or handing.organ}{fill_in.TITLE}（{handing.on:%Y%m%d}）.xlsx"
    return _handed_out(content, name, "fill-in.xlsx", {"rows": len(rows), "conditions": address.args()})


@blueprint.get("/items/export.docx")
@allow(Action.READ_ITEM)
def item_document() -> Response:
    """The rows of a list as a Word file on lying paper; ``what=ledger`` with all columns."""
    return _send("docx")


@blueprint.get("/sources/<int:source_id>/plan.docx")
@allow(Action.READ_SOURCE)
def source_plan(source_id: int) -> Response:
    """The rectification plan of a source as a Word file, with the items within reach."""
    source = sources.get_known(db.session(), source_id, present_actor())
    address = read_address({"list": ListName.TASKS if source.kind in TASK_KINDS else ListName.PROBLEMS})
    address = replace(address, source=source_id)
    rows, handing = _rows(address, address.chosen(clock.today()), most=DOCX_MAX), present_handing()
    if not rows:
        raise DomainError(_("这个来源还没有您可以查看的事项。"))
    content = plan.to_plan(source, rows, handing)
    return _handed_out(content, f"{plan.plan_title(source)}.docx", f"{source.number} plan.docx", {"rows": len(rows)})


@blueprint.get("/rounds/<int:round_id>/export.xlsx")
@allow(Action.REVIEW_REPORT)
def round_workbook(round_id: int) -> Response:
    """应报/已报/未报 of a round as a workbook, within reach."""
    session, seen_by = db.session(), reach(present_actor(), Action.REVIEW_REPORT)
    found = rounds.get_round(session, round_id, seen_by)
    tallies = rounds.list_tallies(session, seen_by, round_id)
    missing = rounds.select_reports(seen_by, round_id, show=Show.UNREPORTED, unit_id=None).limit(XLSX_MAX)
    contacts = rounds.list_contacts(session, {each.unit_id for each in tallies})
    handing = present_handing()
    content = round_table.to_round_table(found, tallies, rounds.list_reports(session, missing), contacts, handing)
    name = f"{found.source.title}{round_table.TITLE}（{found.due_on:%Y%m%d}）.xlsx"
    told = {"rows": len(tallies), "due_on": found.due_on}
    return _handed_out(content, name, f"{found.source.number} rounds.xlsx", told)


def _send(kind: str) -> Response:
    address, is_ledger = read_address(request.args), request.args.get("what") == "ledger"
    most = XLSX_MAX if kind == "xlsx" else DOCX_MAX
    rows, handing = _rows(address, address.chosen(clock.today()), most=most), present_handing()
    write = files.to_xlsx if kind == "xlsx" else files.to_docx
    content = write(address.list, rows, handing, is_ledger=is_ledger)
    name = files.file_name(address.list, handing, f".{kind}", is_ledger=is_ledger)
    told = {"rows": len(rows), "ledger": is_ledger, "conditions": address.args()}
    return _handed_out(content, name, f"{address.list}.{kind}", told)


def _rows(address: ListAddress, chosen: ItemFilter, *, most: int) -> list[PrintRow]:
    """The rows that the list shows, in its order; raises DomainError when they are too many for one file."""
    query = queries.select_items(reach(present_actor()), chosen)
    order = queries.ordering(address.sort, is_descending=address.is_descending, in_outline=True)
    rows = list_print_rows(db.session(), query, order, limit=most + 1)
    if len(rows) > most:
        raise DomainError(_("超过 %(max)d 条，一个文件装不下。请先按来源、单位或状态缩小范围。", max=most))
    return rows


def present_handing() -> files.Handing:
    """Who hands something in or out now."""
    settings = load(db.session())
    organ = settings["organ.name"] or settings["organ.short_name"]
    return files.Handing(organ, clock.today(), present_actor().signature, clock.local(clock.now()), origin())


def _handed_out(content: bytes, name: str, subject: str, told: Mapping[str, Any]) -> Response:
    """The file as a download, noted in the trail."""
    # The reading ends here, so that noting the export waits for nothing.
    db.session().rollback()
    with writing():
        record(present_actor(), "list.export", subject, **told)
    return hand_out(content, name)
