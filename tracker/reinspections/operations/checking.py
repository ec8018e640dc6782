"""Checking on a rhythm what is kept up for ever. A check closes nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tracker.access.rules import Action, Actor, ensure
from tracker.audit.operations import record
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import AlreadyThere, Conflict
from tracker.core.i18n import lazy_gettext as _l
from tracker.items import operations as items
from tracker.items.models import Item
from tracker.items.rules import is_lasting
from tracker.progress.operations import Received
from tracker.reinspections import queries
from tracker.reinspections.models import LastingCheck, LastingCheckFile
from tracker.reinspections.rules import check_lasting
from tracker.sources.rules import months_later


@dataclass(frozen=True)
class Seen:
    """Whether it is kept up, what was seen on which day, when to look again, and files that show it."""

    is_kept: bool
    checked_on: date
    findings: str
    next_on: date
    files: Sequence[Received] = ()


def next_by_rhythm(item: Item) -> date:
    """The day of the next check by the rhythm of the source, counted from today."""
    return months_later(clock.today(), item.source.check_months)


def ensure_checkable(item: Item, *, actor: Actor) -> None:
    """Raise Forbidden or Conflict unless the person may note a check of this item now."""
    ensure(actor, Action.REINSPECT, item)
    items.refuse_parent(item)
    if not is_lasting(item.state, item.deadline_kind):
        raise Conflict(_l("只有持续整改和长期坚持的事项需要定期检查。"))


def check(item: Item, seen: Seen, *, actor: Actor) -> LastingCheck:
    """Note a check and the day of the next one; ``item`` must have been read with a lock."""
    ensure_checkable(item, actor=actor)
    session, findings = db.session(), seen.findings.strip()
    if queries.find_same_check(session, item.id, checked_on=seen.checked_on, findings=findings):
        raise AlreadyThere(_l("这次检查已经登记，没有重复登记。"))
    check_lasting(findings, seen.checked_on, seen.next_on, since=item.issued_on, today=clock.today())
    made = LastingCheck(
        item_id=item.id,
        checked_on=seen.checked_on,
        is_kept=seen.is_kept,
        findings=findings,
        next_on=seen.next_on,
        by_id=actor.person_id,
        for_id=actor.for_id,
        recorded_at=clock.now(),
    )
    made.files = [
        LastingCheckFile(serial=serial, name=each.name, **vars(each.stored))
        for serial, each in enumerate(seen.files, start=1)
    ]
    session.add(made)
    item.next_check_on = seen.next_on
    session.flush()
    told = {"is_kept": seen.is_kept, "inspected_on": seen.checked_on, "findings": findings, "next_on": seen.next_on}
    record(actor, "lasting_check.record", item.number, **told, files=[each.name for each in seen.files])
    return made


def note_check_download(made: LastingCheck, name: str, *, actor: Actor) -> None:
    """Note in the trail who takes a file out of the house."""
    record(actor, "lasting_check.download", made.item.number, name=name)
