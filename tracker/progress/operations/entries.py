"""Writing how the work goes on."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta

from sqlalchemy import insert

from tracker.access.rules import Action, Actor
from tracker.audit.operations import record
from tracker.core import clock, hooks
from tracker.core.db import db
from tracker.core.errors import AlreadyThere, DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.items.models import Item
from tracker.progress import queries
from tracker.progress.models import Entry
from tracker.progress.operations.readiness import ensure_reportable
from tracker.progress.operations.sharing import share_entry
from tracker.progress.rules import ENTRY_LIMIT, UNCHANGED_WORDS, own_line

TWICE = timedelta(minutes=1)


@dataclass(frozen=True)
class Aside:
    """What may be told beside a text, for meetings: what is in the way, and what comes next."""

    obstacle: str = ""
    next_step: str = ""


def write_entry(
    item: Item,
    text: str,
    *,
    actor: Actor,
    unit_id: int | None = None,
    answers: int | None = None,
    aside: Aside = Aside(),
) -> Entry:
    """Write how the work goes on, in the line of the person's own unit; the office writes for others and is marked.

    ``item`` must have been read with a lock. ``answers`` is the id of the owed report it is meant for, when that is
    known; hook ``entry_written`` finds it otherwise. Raises AlreadyThere for the same text by the same person for the
    same unit within a minute.
    """
    return _write(item, text.strip(), actor=actor, unit_id=unit_id, answers=answers, is_unchanged=False, aside=aside)


def write_unchanged(
    item: Item,
    reason: str,
    *,
    actor: Actor,
    unit_id: int | None = None,
    answers: int | None = None,
    aside: Aside = Aside(),
) -> Entry:
    """Write that nothing has changed, and why; otherwise like ``write_entry``."""
    if not (reason := reason.strip()):
        raise DomainError(_l("请写明无变化的理由。"), field="text")
    text = f"{UNCHANGED_WORDS}{reason}"
    return _write(item, text, actor=actor, unit_id=unit_id, answers=answers, is_unchanged=True, aside=aside)


def _write(
    item: Item, text: str, *, actor: Actor, unit_id: int | None, answers: int | None, is_unchanged: bool, aside: Aside
) -> Entry:
    ensure_reportable(item, actor=actor, action=Action.REPORT_OWN_LINE)
    line = own_line(actor, item, unit_id)
    if not text:
        raise DomainError(_l("请填写进展情况。"), field="text")
    if len(text) > ENTRY_LIMIT:
        raise DomainError(_l("最多 %(max)d 个字，请缩短。", max=ENTRY_LIMIT), field="text")
    session, now = db.session(), clock.now()
    known = {"unit_id": line.unit_id, "by_id": actor.person_id}
    # What answers a certain report stands twice only there: two rounds may be told the same.
    if answers is None and queries.find_same_entry(session, item.id, **known, text=text, since=now - TWICE):
        raise AlreadyThere(_l("相同的进展刚刚已经保存，没有重复记录。"))
    entry = Entry(
        item_id=item.id,
        unit_id=line.unit_id,
        by_id=actor.person_id,
        for_id=actor.for_id,
        text=text,
        made_at=now,
        is_for_others=line.is_for_others,
        is_unchanged=is_unchanged,
        **asdict(aside),
    )
    session.add(entry)
    session.flush()
    hooks.call("entry_written", entry, item, answers)
    told = {name: words for name, words in asdict(aside).items() if words}
    of = {"unit_id": line.unit_id, "is_for_others": line.is_for_others}
    record(actor, "entry.write", item.number, text=text, **of, **told)
    share_entry(entry, item, actor=actor)
    return entry


def keep_imported(texts: Sequence[tuple[Item, str]], *, actor: Actor) -> None:
    """Keep what a ledger told of new items' progress, as entries of their lead units, in one go."""
    now = clock.now()
    rows = []
    for item, text in texts:
        told = {"unit_id": item.lead_unit_id, "text": text, "is_for_others": True}
        rows.append({"item_id": item.id, "by_id": actor.person_id, "made_at": now, **told})
        record(actor, "entry.write", item.number, **told)
    if rows:
        db.session().execute(insert(Entry), rows)
