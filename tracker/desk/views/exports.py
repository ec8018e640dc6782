"""The lists as files: exactly what a list shows, as a workbook or a Word file."""

from io import BytesIO

from flask import request, send_file
from werkzeug.wrappers import Response

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action, reach
from tracker.audit.operations import record
from tracker.core import clock
from tracker.core.db import db, writing
from tracker.core.errors import DomainError
from tracker.core.i18n import gettext as _
from tracker.desk.blueprint import blueprint
from tracker.exports import files
from tracker.exports.queries import list_print_rows
from tracker.items import queries
from tracker.items.addresses import read_address
from tracker.settings.queries import load

XLSX_MAX, DOCX_MAX = 10_000, 2_000


@blueprint.get("/items/export.xlsx")
@allow(Action.READ_ITEM)
def item_workbook() -> Response:
    """The rows of a list as a workbook that may be edited and taken back in; ``what=ledger`` with all columns."""
    return _send("xlsx")


@blueprint.get("/items/export.docx")
@allow(Action.READ_ITEM)
def item_document() -> Response:
    """The rows of a list as a Word file on lying paper; ``what=ledger`` with all columns."""
    return _send("docx")


def _send(kind: str) -> Response:
    session, actor = db.session(), present_actor()
    address, is_ledger = read_address(request.args), request.args.get("what") == "ledger"
    chosen = queries.select_items(reach(actor), address.chosen(clock.today()))
    order = queries.ordering(address.sort, is_descending=address.is_descending, in_outline=True)
    most = XLSX_MAX if kind == "xlsx" else DOCX_MAX
    rows = list_print_rows(session, chosen, order, limit=most + 1)
    if len(rows) > most:
        raise DomainError(_("超过 %(max)d 条，一个文件装不下。请先按来源、单位或状态缩小范围。", max=most))
    settings = load(session)
    organ = settings["organ.name"] or settings["organ.short_name"]
    handing = files.Handing(organ, clock.today(), actor.name, clock.local(clock.now()))
    write, mimetype = (files.to_xlsx, files.XLSX_TYPE) if kind == "xlsx" else (files.to_docx, files.DOCX_TYPE)
    content = write(address.list, rows, handing, is_ledger=is_ledger)
    # The reading ends here, so that noting the export waits for nothing.
    session.rollback()
    with writing():
        told = {"rows": len(rows), "ledger": is_ledger, "conditions": address.args()}
        record(actor, "list.export", f"{address.list}.{kind}", **told)
    name = files.file_name(address.list, handing, f".{kind}", is_ledger=is_ledger)
    return send_file(BytesIO(content), mimetype=mimetype, as_attachment=True, download_name=name)
