"""All evidence of a source or of an item as one ZIP, sent while it is written."""

from collections.abc import Sequence
from urllib.parse import quote

from flask import current_app
from werkzeug.wrappers import Response

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action, reach
from tracker.audit.operations import record
from tracker.core.db import db, writing
from tracker.core.errors import DomainError
from tracker.core.i18n import gettext as _
from tracker.desk.blueprint import blueprint
from tracker.desk.views.exports import present_handing
from tracker.exports.evidence import file_all, to_archive
from tracker.exports.queries import list_evidence
from tracker.items import queries as items
from tracker.progress.models import Evidence
from tracker.sources import queries as sources


@blueprint.get("/sources/<int:source_id>/evidence.zip")
@allow(Action.READ_SOURCE)
def source_evidence_archive(source_id: int) -> Response:
    """What proves the work on a source's items within reach, with an index."""
    session = db.session()
    source = sources.get_known(session, source_id, present_actor())
    found = list_evidence(session, reach(present_actor()), source_id=source.id)
    return _sent(found, source.title, source.number)


@blueprint.get("/items/<number>/evidence.zip")
@allow(Action.READ_ITEM)
def item_evidence_archive(number: str) -> Response:
    """What proves the work on one item, with an index."""
    session, seen_by = db.session(), reach(present_actor())
    item = items.get_item(session, number, seen_by)
    return _sent(list_evidence(session, seen_by, item_id=item.id), item.number, item.number)


def _sent(found: Sequence[Evidence], title: str, subject: str) -> Response:
    """The ZIP as a download; all that it tells is read before, and who took it is noted, with how much."""
    if not found:
        raise DomainError(_("这里还没有您可以查看的佐证材料。"))
    handing, filed = present_handing(), file_all(found)
    parts = to_archive(title, filed, handing)
    size_bytes = sum(each.evidence.size_bytes for each in filed)
    db.session().expunge_all()
    db.session().rollback()
    with writing():
        record(present_actor(), "evidence.archive", subject, rows=len(filed), size_bytes=size_bytes)
    answer = current_app.response_class(parts, mimetype="application/zip")
    name = f"{title}佐证材料（{handing.on:%Y%m%d}）.zip"
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
