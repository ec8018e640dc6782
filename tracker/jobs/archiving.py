"""Making archives for whoever archived a source."""

from collections.abc import Mapping
from typing import Any

from tracker.access.rules import SYSTEM
from tracker.archives import operations, queries
from tracker.archives.making import make
from tracker.core.db import db, writing
from tracker.jobs.ledgers import Tell


def make_archive(payload: Mapping[str, Any], tell: Tell) -> Mapping[str, Any]:
    """Make the ZIP and the list of files of an archive; one that is made or lifted meanwhile is left as it is."""
    session, archive_id = db.session(), payload["archive_id"]
    archive = queries.get_archive(session, archive_id, SYSTEM)
    if archive.is_made or archive.is_lifted:
        return {}
    placed, zipped, item_ids = make(session, archive, tell)
    with writing():
        archive = queries.get_archive(session, archive_id, SYSTEM, lock=True)
        if archive.is_made or archive.is_lifted:
            return {}
        operations.keep(archive, placed, zipped, item_ids=item_ids, actor=SYSTEM)
    return {"folders": len(item_ids), "files": len(placed), "size_bytes": zipped.size_bytes}
