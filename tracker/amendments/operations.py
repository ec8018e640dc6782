"""Asking that something issued be changed; approved, it is changed at once."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from sqlalchemy.orm import selectinload

from tracker.access.rules import Action, Actor, Role, ensure
from tracker.amendments.models import Amendment, AmendmentLine
from tracker.amendments.rules import (
    AMENDED_LABELS,
    Amended,
    approved_by,
    check_amendable,
    check_asked,
    check_reason,
    differences,
    list_differences,
)
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Conflict, DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.items import operations as items
from tracker.items.headings import Field
from tracker.items.models import Item
from tracker.items.operations import Approval, Assignment, Names, Typed
from tracker.items.rules import refuse_text
from tracker.items.wording import told_names
from tracker.progress import operations as progress
from tracker.progress import queries as measures
from tracker.progress.models import Measure
from tracker.progress.rules import split_measures
from tracker.requests import operations as requests
from tracker.requests.queries import find_pending, list_pending
from tracker.requests.rules import RequestEvent, RequestState

FIELDS: Mapping[Amended, Field] = {
    Amended.SUPPORTING_UNITS: Field.SUPPORTING_UNITS,
    Amended.LEADER: Field.LEADER,
    Amended.SUPERVISOR: Field.SUPERVISOR,
    Amended.OWNER: Field.OWNER,
    Amended.GOAL: Field.GOAL,
    Amended.DEADLINE: Field.DEADLINE,
}
_ASKED = {**{field: name for name, field in FIELDS.items()}, Field.MEASURES: Amended.MEASURES}

# What tells of the matter itself; of a secret item it stands on paper.
OF_THE_MATTER = (Amended.GOAL, Amended.MEASURES)


def standing(item: Item) -> dict[Amended, str]:
    """What stands on an item now, as people read it; measures one per line."""
    return _standing(item, measures.list_measures(db.session(), item.id))


def _standing(item: Item, there: Sequence[Measure]) -> dict[Amended, str]:
    told, texts = told_names(item), [each.text for each in there]
    return {Amended.MEASURES: "\n".join(texts), **{field: told[heading] for field, heading in FIELDS.items()}}


def ensure_askable(item: Item, *, actor: Actor) -> None:
    """Raise Forbidden or Conflict unless the person may ask that this item be changed."""
    ensure(actor, Action.ASK_AMENDMENT, item)
    items.refuse_parent(item)
    check_amendable(item.state)


def ask(item: Item, wanted: Mapping[Amended, str], reason: str, *, actor: Actor) -> Amendment:
    """Ask; nothing changes until it is approved. ``item`` must have been read with a lock.

    Raises DomainError when nothing differs or a name is not known, Conflict while another request waits.
    """
    ensure_askable(item, actor=actor)
    check_reason(reason)
    pending = find_pending(db.session(), Amendment, item.id)
    is_same = pending is not None and pending.reason == reason.strip()
    requests.refuse_second(pending, is_same=is_same, waits=_l("本事项已有变更申请，正等待审批。"), actor=actor)
    amendment = _put_together(item, differences(standing(item), wanted), reason, actor=actor)
    return requests.file(KIND, amendment, actor=actor)


def _put_together(item: Item, changed: Mapping[Amended, tuple[str, str]], reason: str, *, actor: Actor) -> Amendment:
    is_by_office = actor.is_system or item.lead_unit_id not in actor.units((Role.UNIT_HEAD, Role.LIAISON))
    check_asked(changed, is_by_office=is_by_office)
    if item.is_secret:
        refuse_text(**{field: changed[field][1] for field in OF_THE_MATTER if field in changed})
    if Amended.MEASURES in changed:
        progress.refuse_carried(item)
    assignment, _texts = _understand(item, {field: after for field, (_old, after) in changed.items()}, actor=actor)
    items.refuse_after_issue(item, assignment)
    amendment = Amendment(
        item_id=item.id,
        item=item,
        reason=reason.strip(),
        is_by_office=is_by_office,
        asked_by_id=actor.person_id,
        asked_for_id=actor.for_id,
        asked_at=clock.now(),
        state=RequestState.PENDING,
    )
    amendment.lines = [AmendmentLine(field=field, before=old, after=new) for field, (old, new) in changed.items()]
    return amendment


def change_issued(
    wanted: Sequence[tuple[Item, Mapping[Field, str]]], approval: Approval, *, actor: Actor
) -> list[Amendment]:
    """Hook ``change_issued``: one request for each item that would differ, all under one reason, all or none.

    With a paper they are approved by whoever signed it; without one they wait. Raises DomainError with the field
    ``why`` without a reason, Conflict naming the items that have a request waiting.
    """
    there = measures.measures_of(db.session(), [item.id for item, _fields in wanted])
    differing = []
    for item, fields in wanted:
        named = {_ASKED[field]: words for field, words in fields.items() if field in _ASKED}
        if changed := list_differences(_standing(item, there.get(item.id, ())), named):
            differing.append((item, changed))
    if not differing:
        return []
    check_reason(approval.reason, field="why")
    _refuse_pending([item for item, _changed in differing])
    asked = []
    for item, changed in differing:
        try:
            asked.append(_change(item, changed, approval, actor=actor))
        except DomainError as error:
            raise items.name_item(item, error) from error
    return asked


def _change(item: Item, changed: Mapping[Amended, tuple[str, str]], approval: Approval, *, actor: Actor) -> Amendment:
    ensure_askable(item, actor=actor)
    amendment = _put_together(item, changed, approval.reason, actor=actor)
    if approval.paper is None:
        return requests.file(KIND, amendment, actor=actor)
    requests.note_asked(KIND, amendment, actor=actor)
    decide_on_paper(amendment, RequestEvent.APPROVE, "", approval.paper, actor=actor)
    return amendment


def _refuse_pending(of: Sequence[Item]) -> None:
    waiting = set(list_pending(db.session(), Amendment, [item.id for item in of]))
    numbers = [item.number for item in of if item.id in waiting]
    if numbers:
        message = _l("以下事项已有变更申请，正等待审批，什么都没有保存：%(numbers)s。", numbers="、".join(numbers))
        raise Conflict(message)


def _told(amendment: Amendment) -> dict[str, Any]:
    changed = {str(AMENDED_LABELS[line.field]): [line.before, line.after] for line in amendment.lines}
    return {"changed": changed}


def _understand(item: Item, wanted: Mapping[Amended, str], *, actor: Actor) -> tuple[Assignment, list[str] | None]:
    """What was asked for as an assignment, and the measures when they are to change."""
    named = {field.value: text for field, text in wanted.items() if field is not Amended.MEASURES}
    typed = Typed(**named)
    assignment = items.understand(typed, Names(db.session(), [typed]), item=item, actor=actor, adds_people=False)
    texts = wanted.get(Amended.MEASURES)
    return assignment, None if texts is None else split_measures(texts)


def _carry_out(amendment: Amendment, actor: Actor) -> None:
    """Change the item in the name of whoever approved; that they may was asked before."""
    item, now = amendment.item, standing(amendment.item)
    check_amendable(item.state)
    if any(now[line.field] != line.before for line in amendment.lines):
        raise Conflict(_l("申请之后这些内容又有变动，这份申请不能再批准；请不批准，由申请人重新申请。"))
    hand = replace(actor, is_system=True)
    assignment, texts = _understand(item, {line.field: line.after for line in amendment.lines}, actor=hand)
    items.amend(item, assignment, reason=amendment.reason, actor=hand)
    if texts is not None:
        progress.amend_measures(item, measures.list_measures(db.session(), item.id), texts, actor=hand)
    item.amendments += 1


KIND = requests.Kind(
    "amendment",
    Amendment,
    lambda amendment: [approved_by(is_by_office=amendment.is_by_office)],
    _told,
    _carry_out,
    words={
        "title": _l("变更申请"),
        "fields": AMENDED_LABELS,
        "decided_by": _l("单位申请的由整改办决定，整改办申请的由领导决定。"),
    },
    is_own=lambda amendment: amendment.is_by_office,
    loads=[selectinload(Amendment.lines)],
)
decide = partial(requests.decide, KIND)
ensure_decidable = partial(requests.ensure_decidable, KIND)
decide_on_paper = partial(requests.decide_on_paper, KIND)
retract = partial(requests.retract, KIND)
