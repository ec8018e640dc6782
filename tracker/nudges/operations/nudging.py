"""Nudging items and replying for the unit."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from tracker.access.rules import Action, Actor, can, ensure
from tracker.audit.operations import record
from tracker.core import clock, hooks
from tracker.core.db import db
from tracker.core.errors import AlreadyThere, Conflict, DomainError
from tracker.core.i18n import format_datetime
from tracker.core.i18n import lazy_gettext as _l
from tracker.items import queries as ledger
from tracker.items.models import Item
from tracker.nudges import queries
from tracker.nudges.models import Nudge, NudgeReader
from tracker.nudges.rules.nudging import (
    Told,
    check_chosen,
    check_reply,
    check_unanswered,
    ensure_may_reply,
    may_nudge_again,
    readers,
    why_not_now,
)
from tracker.reminders import queries as recipients
from tracker.settings.queries import load


@dataclass(frozen=True)
class Sorted:
    """Items that can be nudged now, and those that cannot, by number, with the reason."""

    fit: Sequence[Item]
    refused: Mapping[str, object]


def sort_out(items: Sequence[Item], *, actor: Actor) -> Sorted:
    """Which of these items a person may nudge now; three queries however many."""
    session, today = db.session(), clock.today()
    days = load(session)["reminders.nudge_days"]
    ids = [item.id for item in items]
    parents, last = ledger.list_parent_ids(session, ids), queries.list_last(session, ids)
    refused: dict[str, object] = {}
    for item in items:
        nudge = last.get(item.id)
        last_on = clock.civil_date(nudge.nudged_at) if nudge else None
        if not can(actor, Action.NUDGE, item):
            refused[item.number] = _l("您没有权限催办这个事项。")
        elif why := why_not_now(item.state, has_children=item.id in parents):
            refused[item.number] = why
        elif nudge and not may_nudge_again(last_on, today, days=days):
            refused[item.number] = _nudged_lately(nudge, days)
    return Sorted([item for item in items if item.number not in refused], refused)


def _nudged_lately(nudge: Nudge, days: int) -> object:
    return _l(
        "%(who)s已于 %(when)s 催办，%(days)d 天内不重复催办。",
        who=nudge.by.name,
        when=format_datetime(nudge.nudged_at, "yyyy-MM-dd HH:mm"),
        days=days,
    )


def nudge(
    items: Sequence[Item], chosen: Collection[Told], sentence: str, *, batch: str, actor: Actor
) -> Sequence[Nudge]:
    """Nudge items with one press, all or none; everybody told gets one message however many items it is about.

    ``items`` must have been read with a lock, ``batch`` names the press: the same one again raises AlreadyThere.
    Raises DomainError naming the first item that was nudged too lately or whose unit nobody can be told of.
    """
    session = db.session()
    check_chosen(chosen)
    for item in items:
        ensure(actor, Action.NUDGE, item)
    if there := queries.list_of_batch(session, batch):
        _refuse_second(there, actor)
    for number, why in sort_out(items, actor=actor).refused.items():
        raise Conflict(_l("%(number)s：%(why)s", number=number, why=why))
    told = _told(items, chosen, actor=actor)
    now = clock.now()
    nudges = [
        Nudge(
            item=item,
            batch=batch,
            by_id=actor.person_id,
            for_id=actor.for_id,
            sentence=sentence.strip(),
            nudged_at=now,
            readers=[NudgeReader(person_id=person, relation=relation) for person, relation in told[item.id].items()],
        )
        for item in items
    ]
    session.add_all(nudges)
    session.flush()
    for each in nudges:
        told_ids = [reader.person_id for reader in each.readers]
        record(actor, "nudge.send", each.item.number, person_id=told_ids, sentence=each.sentence)
    hooks.call("nudged", nudges)
    return nudges


def _refuse_second(there: Sequence[Nudge], actor: Actor) -> None:
    if all(each.by_id == actor.person_id for each in there):
        raise AlreadyThere(_l("这次催办已经发出，没有重复发送。"))
    raise DomainError(_l("页面已过期，请刷新后再催办。"))


def _told(items: Sequence[Item], chosen: Collection[Told], *, actor: Actor) -> Mapping[int, Mapping[int, Told]]:
    """Item to person to relation; raises DomainError naming an item of which nobody can be told."""
    present: defaultdict[int, defaultdict[Told, list[int]]] = defaultdict(lambda: defaultdict(list))
    for item_id, relation, person in recipients.list_answerable(db.session(), [item.id for item in items]):
        if relation.value in set(Told):
            present[item_id][Told(relation.value)].append(person.id)
    told = {item.id: readers(chosen, present[item.id], sender=actor.identities) for item in items}
    for item in items:
        if not told[item.id]:
            message = _l(
                "%(number)s：没有可以收到催办的人，责任人、经办人、联络员和单位负责人都还没有账号，请电话联系。",
                number=item.number,
            )
            raise DomainError(message, field="told")
    return told


def reply(nudge: Nudge, text: str, *, actor: Actor) -> None:
    """Answer a nudge for the unit, in one line; the sender is told. ``nudge`` must have been read with a lock."""
    ensure_may_reply(actor, nudge.item, [reader.person_id for reader in nudge.readers])
    check_unanswered(nudge.replied_by.name if nudge.replied_by else None)
    nudge.reply, nudge.replied_at = check_reply(text), clock.now()
    nudge.replied_by_id, nudge.replied_for_id = actor.person_id, actor.for_id
    session = db.session()
    session.flush()
    session.expire(nudge, ["replied_by"])
    record(actor, "nudge.reply", nudge.item.number, reply=nudge.reply)
    hooks.call("nudge_answered", nudge)
