"""A ledger that came in: kept, planned as often as choices change, carried out once or discarded."""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from hashlib import sha256
from typing import Any

from sqlalchemy.orm import Session

from tracker.access.rules import Action, Actor, ensure_may
from tracker.audit.operations import record
from tracker.core import clock, files
from tracker.core.db import db
from tracker.core.errors import Conflict, DomainError, Forbidden, NotFound
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.versions import check_version
from tracker.intake import queries
from tracker.intake.models import ColumnMeaning, LedgerDraft
from tracker.intake.operations.ledger.carrying_out import CarriedOut, carry_out_ledger
from tracker.intake.operations.ledger.plan import Choices, LedgerPlan
from tracker.intake.operations.ledger.planning import Tell, plan_ledger
from tracker.intake.operations.ledger.receiving import Table, kept_table
from tracker.intake.operations.ledger.target import target
from tracker.intake.operations.ledger.telling import plan_as_data
from tracker.items.headings import Field, heading_key
from tracker.items.rules import State
from tracker.sources.models import Source
from tracker.sources.rules import SourceKind
from tracker.work import operations as work


def begin_ledger(
    table: Table,
    *,
    actor: Actor,
    kind: SourceKind | None = None,
    title: str = "",
    received_on: date | None = None,
    issuing_body: str = "",
) -> LedgerDraft:
    """Keep a ledger that was read. Without a kind its rows must name items that are there, which units may do too."""
    ensure_may(actor, Action.IMPORT_LIST if kind is None else Action.INTAKE)
    if actor.person_id is None:
        raise Forbidden(_l("草稿要有录入人。"))
    if received_on is not None and received_on > clock.today():
        raise DomainError(_l("反馈日期晚于今天，请核对。"), field="received_on")
    draft = LedgerDraft(
        by_id=actor.person_id,
        kind=kind,
        title=title,
        received_on=received_on,
        issuing_body=issuing_body,
        file_name=table.file_name,
        file_sha256=table.file_sha256,
        made_at=clock.now(),
    )
    session = db.session()
    session.add(draft)
    session.flush()
    record(actor, "ledger.begin", title or table.file_name, draft=draft.id, sha256=table.file_sha256)
    return draft


def ensure_own(draft: LedgerDraft, *, actor: Actor) -> None:
    """Raise NotFound for a ledger that somebody else brought in."""
    if draft.by_id != actor.person_id:
        raise NotFound(_l("没有找到这份台账，可能已经放弃。"))


def choices_of(draft: LedgerDraft) -> Choices:
    """What was chosen for it so far."""
    kept: dict[str, Any] = json.loads(draft.choices)
    return Choices(
        creates_missing=kept.get("creates_missing", False),
        only_good=kept.get("only_good", False),
        state=State(kept["state"]) if kept.get("state") else None,
        closed_on=date.fromisoformat(kept["closed_on"]) if kept.get("closed_on") else None,
        names=kept.get("names", {}),
        paper_on=date.fromisoformat(kept["paper_on"]) if kept.get("paper_on") else None,
        **{name: kept.get(name, "") for name in ("why", "decider", "body", "scan_sha256", "scan_name")},
    )


def choose(
    draft: LedgerDraft,
    choices: Choices,
    *,
    actor: Actor,
    meanings: Mapping[str, Field] | None = None,
    version: int | None = None,
) -> None:
    """Keep what was chosen; ``meanings`` of headings are remembered for every ledger to come."""
    ensure_open(draft, actor=actor)
    check_version(draft, version)
    draft.choices = json.dumps(asdict(choices), ensure_ascii=False, default=str)
    draft.plan = draft.plan_hash = ""
    session = db.session()
    for heading, field in (meanings or {}).items():
        key = heading_key(heading)[:60]
        meaning = session.get(ColumnMeaning, key) or ColumnMeaning(heading=key)
        meaning.field, meaning.by_id, meaning.said_at = field, actor.person_id, clock.now()
        session.add(meaning)
        record(actor, "ledger.explain_heading", heading, field=field)


def ensure_open(draft: LedgerDraft, *, actor: Actor) -> None:
    """Raise unless the ledger is the person's own and not carried out yet."""
    ensure_own(draft, actor=actor)
    if draft.carried_out_at is not None:
        raise Conflict(_l("这份台账已经导入。"))


def plan_of(
    session: Session, draft: LedgerDraft, *, actor: Actor, lock: bool = False, tell: Tell | None = None
) -> LedgerPlan:
    """What carrying the kept file out would do as things stand."""
    table = kept_table(draft.file_sha256, draft.file_name)
    source: Source | None = None
    if draft.kind is not None and draft.received_on is not None:
        source = target(session, draft.kind, draft.title, draft.received_on, issuing_body=draft.issuing_body, lock=lock)
    return plan_ledger(
        session,
        table.read(session, draft.received_on or clock.today()),
        source,
        choices_of(draft),
        actor=actor,
        base=table.base,
        lock=lock,
        **({"tell": tell} if tell else {}),
    )


def keep_plan(draft: LedgerDraft, data: Mapping[str, Any]) -> None:
    """Keep what was planned, for the page and for whoever confirms it."""
    shown = {name: value for name, value in data.items() if name != "writes"}
    draft.plan, draft.plan_hash = json.dumps(shown, ensure_ascii=False), _hash(data)


def _hash(data: Mapping[str, Any]) -> str:
    return sha256(json.dumps(data["writes"], ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def carry_out_draft(draft: LedgerDraft, *, actor: Actor) -> CarriedOut:
    """Carry out just what was shown; ``draft`` must have been read with a lock.

    Raises Conflict when it would do something else by now: the page shows the new plan then.
    """
    ensure_open(draft, actor=actor)
    plan = plan_of(db.session(), draft, actor=actor, lock=True)
    data = plan_as_data(plan)
    if _hash(data) != draft.plan_hash:
        raise Conflict(_l("核对之后，系统里的数据有变化。下面是按最新数据重新核对的结果，请再看一遍后确认。"))
    done = carry_out_ledger(plan, choices_of(draft), actor=actor)
    draft.carried_out_at = clock.now()
    draft.source_id = done.source.id if done.source else None
    draft.result = json.dumps({**plan.counts, "added": len(done.added), "changed": len(done.changed)})
    return done


def queue(draft: LedgerDraft, *, actor: Actor, shown: str | None = None) -> None:
    """Let the scheduler find out what a large ledger would do; and do it, if that is just what was ``shown``."""
    ensure_open(draft, actor=actor)
    draft.task_id = work.enqueue("ledger", {"draft_id": draft.id, "shown": shown}, by_id=actor.person_id).id


def size_bytes(draft: LedgerDraft) -> int:
    """The size of the kept file."""
    return files.path_of(draft.file_sha256).stat().st_size


def discard_ledger(draft: LedgerDraft, *, actor: Actor) -> None:
    """Throw a ledger away that was not carried out."""
    ensure_open(draft, actor=actor)
    record(actor, "ledger.discard", draft.title or draft.file_name, draft=draft.id)
    db.session().delete(draft)


def get_own(session: Session, draft_id: int, *, actor: Actor, lock: bool = False) -> LedgerDraft:
    """A person's own ledger; raises NotFound for one of somebody else."""
    draft = queries.get_ledger(session, draft_id, lock=lock)
    ensure_own(draft, actor=actor)
    return draft
