"""A draft of an intake: begun, corrected any number of times, then confirmed once or discarded."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

from tracker.access.rules import Action, Actor, ensure_may
from tracker.audit.operations import record
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Conflict, DomainError, Forbidden
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.versions import check_version
from tracker.intake import queries
from tracker.intake.models import IntakeDraft
from tracker.intake.operations.carrying_out import Plan, carry_out
from tracker.intake.operations.reading import Received
from tracker.intake.rules.corrections import dump, parse
from tracker.intake.rules.lines import Counts, Line, count_lines
from tracker.intake.rules.outcome import differences
from tracker.org import queries as people
from tracker.sources import queries as sources
from tracker.sources.models import Source
from tracker.sources.rules import SourceKind


def begin(
    kind: SourceKind, title: str, received_on: date, received: Received, *, actor: Actor, issuing_body: str = ""
) -> IntakeDraft:
    """Keep a text that was read, to be corrected and confirmed; no item stands before that.

    The same text sent again by the same person is the draft that waits already.

    Raises DomainError for a day in the future, Conflict when the same source has been taken in before.
    """
    ensure_may(actor, Action.INTAKE)
    if actor.person_id is None:
        raise Forbidden(_l("草稿要有录入人。"))
    if received_on > clock.today():
        raise DomainError(_l("反馈日期晚于今天，请核对。"), field="received_on")
    session = db.session()
    if there := sources.find_source(session, kind=kind, title=title, received_on=received_on):
        message = _l("同一类型、标题和反馈日期的来源已经录入，编号 %(number)s。", number=there.number)
        raise Conflict(message, field="title")
    # Of two clicks the second waits here and finds the draft of the first.
    people.get_person(session, actor.person_id, lock=True)
    paragraphs = json.dumps(received.paragraphs, ensure_ascii=False)
    known = {"kind": kind, "title": title, "received_on": received_on, "issuing_body": issuing_body}
    if same := queries.find_same_draft(session, actor.person_id, paragraphs=paragraphs, **known):
        return same
    draft = IntakeDraft(
        by_id=actor.person_id,
        **known,
        file_name=received.file_name,
        file_sha256=received.file_sha256,
        paragraphs=paragraphs,
        lines=dump(received.reading.lines),
        declared=json.dumps(asdict(received.reading.declared)),
        warnings=json.dumps(received.reading.warnings, ensure_ascii=False),
        made_at=clock.now(),
    )
    session.add(draft)
    session.flush()
    record(actor, "intake.begin", title, draft=draft.id, file=received.file_name, sha256=received.file_sha256)
    return draft


def correct(draft: IntakeDraft, lines: Sequence[Line], *, actor: Actor, version: int | None = None) -> None:
    """Keep the corrected lines. Raises Stale against an older version, Conflict once the draft is confirmed."""
    ensure_may(actor, Action.INTAKE)
    if draft.source_id is not None:
        raise Conflict(_l("这份材料已经确认录入，请到来源页面修改。"))
    check_version(draft, version)
    draft.lines = dump(lines)


def confirm(draft: IntakeDraft, *, is_checked: bool, actor: Actor) -> Source:
    """Draw up the source, its outline and its numbered items; ``draft`` must have been read with a lock.

    A second confirmation gives the source of the first. ``is_checked`` is the person's word that counts
    which differ from those declared in the text are right; without it they are refused.
    """
    ensure_may(actor, Action.INTAKE)
    session = db.session()
    if draft.source_id is not None:
        return sources.get_source(session, draft.source_id)
    plan = plan_of(draft)
    if differences(plan.declared, count_lines(plan.lines)) and not is_checked:
        message = _l("读取的数目与文中声明的不一致。核对无误后，请勾选“已核对，按读取结果录入”再确认。")
        raise DomainError(message, field="is_checked")
    source = carry_out(plan, actor=actor)
    draft.source_id = source.id
    session.flush()
    return source


def discard(draft: IntakeDraft, *, actor: Actor) -> None:
    """Throw an unconfirmed draft of one's own away."""
    ensure_may(actor, Action.INTAKE)
    if draft.by_id != actor.person_id and not actor.is_system:
        raise Forbidden(_l("只有录入人本人可以放弃这份草稿。"))
    if draft.source_id is not None:
        raise Conflict(_l("这份材料已经确认录入，请到来源页面修改。"))
    record(actor, "intake.discard", draft.title, draft=draft.id)
    db.session().delete(draft)


def plan_of(draft: IntakeDraft) -> Plan:
    """What the draft would draw up as it now stands."""
    return Plan(
        kind=draft.kind,
        title=draft.title,
        received_on=draft.received_on,
        issuing_body=draft.issuing_body,
        lines=tuple(parse(draft.lines)),
        declared=Counts(**json.loads(draft.declared)),
        paragraphs=tuple(json.loads(draft.paragraphs)),
        file_name=draft.file_name,
        file_sha256=draft.file_sha256,
    )
