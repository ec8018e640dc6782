"""What is done on an item that carries others is done on all of them: measures, entries, evidence."""

from collections.abc import Mapping, Sequence
from typing import Any

from tracker.access.rules import Actor
from tracker.audit.operations import record
from tracker.core import hooks
from tracker.core.db import db
from tracker.items.models import Item
from tracker.progress import queries
from tracker.progress.models import Entry, Evidence, Measure
from tracker.progress.rules import REPORTABLE

_SHARED = ("text", "owner_id", "due_on", "dated_on", "done_on")


def share_measures(carrier: Item, joined: Sequence[Item] | None = None) -> None:
    """Let every item that a carrier carries have its measures, ticks and days; which row is which is told by text."""
    session = db.session()
    session.flush()
    followers = queries.list_carried(session, [carrier.id]) if joined is None else joined
    if not followers:
        return
    rows = [{name: getattr(each, name) for name in _SHARED} for each in queries.list_measures(session, carrier.id)]
    for item in followers:
        replace_rows(item, rows)


def replace_rows(item: Item, rows: Sequence[Mapping[str, Any]]) -> None:
    """Let an item have just these measures; those with the same words stay the rows they are."""
    session = db.session()
    left = list(queries.list_measures(session, item.id))
    for position, values in enumerate(rows, start=1):
        measure = next((each for each in left if each.text == values["text"]), None)
        if measure is None:
            measure = Measure(item_id=item.id)
            session.add(measure)
        else:
            left.remove(measure)
        for name, value in values.items():
            setattr(measure, name, value)
        measure.position = position
    for measure in left:
        session.delete(measure)
    session.flush()


def share_entry(entry: Entry, carrier: Item, *, actor: Actor) -> None:
    """Let a report on a carrier be one on all that it carries and its unit works on; each answers its own round."""
    session = db.session()
    for item in queries.list_carried(session, [carrier.id]):
        works = entry.unit_id == item.lead_unit_id or entry.unit_id in item.supporting_unit_ids
        if not works or item.state not in REPORTABLE:
            continue
        names = (
            "unit_id",
            "by_id",
            "for_id",
            "text",
            "obstacle",
            "next_step",
            "made_at",
            "is_for_others",
            "is_unchanged",
        )
        copy = Entry(item_id=item.id, is_joint=True, **{name: getattr(entry, name) for name in names})
        session.add(copy)
        session.flush()
        hooks.call("entry_written", copy, item, None)
        record(actor, "entry.write", item.number, text=entry.text, unit_id=entry.unit_id, carrier=carrier.number)


def share_evidence(evidence: Evidence, carrier: Item, *, actor: Actor) -> None:
    """Let a file added to a carrier prove all that it carries."""
    for item in queries.list_carried(db.session(), [carrier.id]):
        if item.state in REPORTABLE and (copy := _copy(evidence, item)):
            told = {"serial": copy.serial, "name": copy.name, "sha256": copy.sha256}
            record(actor, "evidence.add", item.number, **told, size_bytes=copy.size_bytes, carrier=carrier.number)


def share_all_evidence(carrier: Item, item: Item) -> None:
    """Let all files of a carrier prove an item as well."""
    for evidence in queries.list_evidence(db.session(), carrier.id):
        _copy(evidence, item)


def _copy(evidence: Evidence, item: Item) -> Evidence | None:
    """The file under a number of the item's own; None where the item has it already."""
    session = db.session()
    if queries.find_same_evidence(session, item.id, name=evidence.name, sha256=evidence.sha256):
        return None
    names = ("name", "sha256", "size_bytes", "media_type", "by_id", "for_id", "added_at", "is_for_others")
    copy = Evidence(
        item_id=item.id,
        serial=queries.last_serial(session, item.id) + 1,
        is_joint=True,
        **{name: getattr(evidence, name) for name in names},
    )
    session.add(copy)
    session.flush()
    return copy


def remove_shared(evidence: Evidence, carrier: Item, *, actor: Actor) -> None:
    """Take a file that was taken off a carrier off what it carries, but for what was filed or closed with it."""
    session = db.session()
    for item in queries.list_carried(session, [carrier.id]):
        same = queries.find_same_evidence(session, item.id, name=evidence.name, sha256=evidence.sha256)
        if same is None or not same.is_joint or item.state not in REPORTABLE:
            continue
        same.removed_at, same.removed_by_id = evidence.removed_at, evidence.removed_by_id
        told = {"serial": same.serial, "name": same.name, "sha256": same.sha256}
        record(actor, "evidence.remove", item.number, **told, carrier=carrier.number)
