"""Files that prove something. Their bytes lie in the store before the transaction begins."""

from tracker.access.rules import Action, Actor, ensure
from tracker.audit.operations import record
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import AlreadyThere, Forbidden
from tracker.core.files import StoredFile, bare_name
from tracker.core.i18n import lazy_gettext as _l
from tracker.items.models import Item
from tracker.progress import queries
from tracker.progress.models import Evidence
from tracker.progress.operations.readiness import ensure_reportable
from tracker.progress.operations.receiving import NAMELESS
from tracker.progress.operations.sharing import remove_shared, share_evidence
from tracker.progress.rules import check_room, may_remove, own_line
from tracker.settings.queries import load


def add_evidence(item: Item, stored: StoredFile, name: str, *, actor: Actor) -> Evidence:
    """Add a stored file under the next number of the item; numbers of removed files are not given again.

    ``item`` must have been read with a lock. Raises AlreadyThere for a file of the same name and bytes, TooLarge when
    the files of the item would become too many.
    """
    ensure_reportable(item, actor=actor, action=Action.REPORT_OWN_LINE)
    line = own_line(actor, item)
    session, name = db.session(), bare_name(name, otherwise=NAMELESS)
    if there := queries.find_same_evidence(session, item.id, name=name, sha256=stored.sha256):
        message = _l("“%(name)s”已在佐证材料中（第 %(serial)d 号），没有重复保存。", name=name, serial=there.serial)
        raise AlreadyThere(message)
    check_room(stored.size_bytes, queries.sum_evidence(session, item.id), load(session)["rules.evidence_item_mb"])
    evidence = Evidence(
        item_id=item.id,
        serial=queries.last_serial(session, item.id) + 1,
        name=name,
        sha256=stored.sha256,
        size_bytes=stored.size_bytes,
        media_type=stored.media_type,
        by_id=actor.person_id,
        for_id=actor.for_id,
        added_at=clock.now(),
        is_for_others=line.is_for_others,
    )
    session.add(evidence)
    session.flush()
    record(
        actor,
        "evidence.add",
        item.number,
        serial=evidence.serial,
        name=name,
        sha256=stored.sha256,
        size_bytes=stored.size_bytes,
    )
    share_evidence(evidence, item, actor=actor)
    return evidence


def remove_evidence(evidence: Evidence, *, actor: Actor) -> None:
    """Take a file off the item; the row and the bytes stay, and so does the act in the trail."""
    item = evidence.item
    ensure_reportable(item, actor=actor, action=Action.REPORT_OWN_LINE)
    if not may_remove(actor, item, evidence.by_id):
        raise Forbidden(_l("只能移除本单位上传的佐证材料。"))
    evidence.removed_at, evidence.removed_by_id = clock.now(), actor.person_id
    record(actor, "evidence.remove", item.number, serial=evidence.serial, name=evidence.name, sha256=evidence.sha256)
    remove_shared(evidence, item, actor=actor)


def note_download(evidence: Evidence, *, actor: Actor) -> None:
    """Note in the trail who takes a file out of the house."""
    item = evidence.item
    ensure(actor, Action.READ_ITEM, item)
    record(actor, "evidence.download", item.number, serial=evidence.serial, name=evidence.name)


def note_view(evidence: Evidence, *, actor: Actor, page: int | None) -> None:
    """Note in the trail who looked at a file on a page; ``page`` is that of a PDF."""
    item = evidence.item
    ensure(actor, Action.READ_ITEM, item)
    of_page = {} if page is None else {"page": page}
    record(actor, "evidence.view", item.number, serial=evidence.serial, name=evidence.name, **of_page)
