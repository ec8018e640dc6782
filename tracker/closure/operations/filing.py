"""Keeping what stands at the moment an application is filed."""

from tracker.closure.rules import Filed, FiledEvidence, FiledMeasure, FiledOutcome, Telling
from tracker.core import clock
from tracker.core.db import db
from tracker.items.models import Item
from tracker.progress import queries as progress
from tracker.progress.rules import printed_amount


def standing(item: Item, telling: Telling) -> Filed:
    """Measures with what was told of each, files and counted results of an item as they stand now."""
    session = db.session()
    measures = [
        FiledMeasure(
            id=each.id,
            text=each.text,
            owner=each.owner.name if each.owner else "",
            due_on=each.due_on,
            done_on=each.done_on,
            told=telling.measures.get(each.id, "").strip(),
        )
        for each in progress.list_measures(session, item.id)
    ]
    evidence = [
        FiledEvidence(
            serial=each.serial,
            name=each.name,
            size_bytes=each.size_bytes,
            sha256=each.sha256,
            by=each.by.name,
            is_for_others=each.is_for_others,
            added_on=clock.local(each.added_at).date(),
            media_type=each.media_type,
        )
        for each in progress.list_evidence(session, item.id)
    ]
    outcomes = [
        FiledOutcome(each.kind, printed_amount(each.amount), each.note, each.counted_on)
        for each in progress.list_outcomes(session, item.id)
    ]
    return Filed(measures, evidence, outcomes)
