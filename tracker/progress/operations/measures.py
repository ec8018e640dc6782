"""Laying down measures and ticking them off."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import insert

from tracker.access.rules import Actor
from tracker.audit.operations import record
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import AlreadyThere, DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.versions import check_version
from tracker.items.models import Item
from tracker.progress import queries
from tracker.progress.models import Measure
from tracker.progress.operations.readiness import ensure_plannable, ensure_reportable
from tracker.progress.operations.sharing import share_measures
from tracker.progress.rules import MEASURE_LIMIT, check_own_measures, check_unprinted, split_measures


def add_measures(
    item: Item, texts: Sequence[str], *, actor: Actor, owner_id: int | None = None, due_on: date | None = None
) -> list[Measure]:
    """Add measures after the last one; owner and date, when given, are those of all of them.

    Raises AlreadyThere when every one of them stands on the item already.
    """
    ensure_plannable(item, actor=actor)
    _check_due(item, due_on)
    there = queries.list_measures(db.session(), item.id)
    if texts and {_checked(text) for text in texts} <= {each.text for each in there}:
        raise AlreadyThere(_l("这些措施已在清单中，没有重复添加。"))
    check_unprinted(item.state, has_measures=bool(there))
    refuse_carried(item)
    added = _add(item, texts, actor=actor, owner_id=owner_id, due_on=due_on)
    share_measures(item)
    return added


def refuse_carried(item: Item) -> None:
    """Raise Conflict for an item that is handled jointly with another, whose measures it has."""
    if item.carrier is not None:
        check_own_measures(item.carrier.number, item.carrier.state)


def _add(
    item: Item, texts: Sequence[str], *, actor: Actor, owner_id: int | None = None, due_on: date | None = None
) -> list[Measure]:
    session = db.session()
    first = queries.last_position(session, item.id) + 1
    added = [
        Measure(
            item_id=item.id,
            position=position,
            text=_checked(text),
            owner_id=owner_id,
            due_on=due_on,
            dated_on=clock.today() if due_on else None,
        )
        for position, text in enumerate(texts, start=first)
    ]
    session.add_all(added)
    session.flush()
    record(actor, "measure.add", item.number, texts=[each.text for each in added], owner_id=owner_id, due_on=due_on)
    return added


def lay_down(texts: Sequence[tuple[Item, Sequence[str]]], *, actor: Actor) -> None:
    """Lay down the first measures of many new items in one go."""
    rows = []
    for item, lines in texts:
        ensure_plannable(item, actor=actor)
        rows += [
            {"item_id": item.id, "position": position, "text": _checked(line), "version": 1}
            for position, line in enumerate(lines, start=1)
        ]
        if lines:
            record(actor, "measure.add", item.number, texts=list(lines), owner_id=None, due_on=None)
    if rows:
        db.session().execute(insert(Measure), rows)


def replace_measures(item: Item, there: Sequence[Measure], texts: Sequence[str], *, actor: Actor) -> None:
    """Let an item have just these measures in this order; raises Conflict where a plan was issued with others."""
    ensure_plannable(item, actor=actor)
    check_unprinted(item.state, has_measures=bool(there))
    amend_measures(item, there, texts, actor=actor)


def amend_measures(item: Item, there: Sequence[Measure], texts: Sequence[str], *, actor: Actor) -> None:
    """Carry out an approved change of measures; those that stay keep their owner, date and tick."""
    refuse_carried(item)
    left = list(there)
    kept: list[Measure | None] = []
    for line in texts:
        same = next((measure for measure in left if measure.text == line), None)
        kept.append(same)
        if same is not None:
            left.remove(same)
    for measure in left:
        _remove(measure, actor=actor)
    new = [line for line, measure in zip(texts, kept, strict=True) if measure is None]
    added = iter(_add(item, new, actor=actor) if new else ())
    for position, stays in enumerate(kept, start=1):
        (stays or next(added)).position = position
    share_measures(item)


def lay_down_typed(item: Item, typed: str, actor: Actor) -> None:
    """Hook: the measures typed with a new item, one per line, numbering stripped."""
    add_measures(item, split_measures(typed), actor=actor)


def edit_measure(
    measure: Measure,
    text: str,
    *,
    owner_id: int | None,
    due_on: date | None,
    actor: Actor,
    version: int | None = None,
) -> None:
    """Change a measure; nothing is recorded when nothing differs. Raises Stale for an older ``version``."""
    ensure_plannable(measure.item, actor=actor)
    values = {"text": _checked(text), "owner_id": owner_id, "due_on": due_on}
    stored = {name: getattr(measure, name) for name in values}
    told = {str(_l("措施")): values["text"], str(_l("完成时间")): due_on}
    standing = {str(_l("措施")): measure.text, str(_l("完成时间")): measure.due_on}
    check_version(measure, version, typed=told, stored=standing)
    _check_due(measure.item, due_on)
    changed = {name: [stored[name], value] for name, value in values.items() if stored[name] != value}
    if "text" in changed:
        check_unprinted(measure.item.state, has_measures=True)
    if changed:
        refuse_carried(measure.item)
    for name, (_old, new) in changed.items():
        setattr(measure, name, new)
    if "due_on" in changed:
        measure.dated_on = clock.today()
    if changed:
        record(actor, "measure.edit", measure.item.number, measure=measure.id, changed=changed)
        share_measures(measure.item)


def remove_measure(measure: Measure, *, actor: Actor) -> None:
    """Take a measure away; its text stays in the trail."""
    ensure_plannable(measure.item, actor=actor)
    check_unprinted(measure.item.state, has_measures=True)
    refuse_carried(measure.item)
    _remove(measure, actor=actor)


def _remove(measure: Measure, *, actor: Actor) -> None:
    session = db.session()
    record(actor, "measure.remove", measure.item.number, text=measure.text, done_on=measure.done_on)
    session.delete(measure)
    session.flush()


def tick(measure: Measure, *, actor: Actor) -> None:
    """The measure was carried out, today; ticking it twice changes nothing."""
    ensure_reportable(measure.item, actor=actor)
    refuse_carried(measure.item)
    if measure.done_on is None:
        measure.done_on = clock.today()
        record(actor, "measure.tick", measure.item.number, text=measure.text)
        share_measures(measure.item)


def untick(measure: Measure, *, actor: Actor) -> None:
    """The measure was not carried out after all."""
    ensure_reportable(measure.item, actor=actor)
    refuse_carried(measure.item)
    if measure.done_on is not None:
        record(actor, "measure.untick", measure.item.number, text=measure.text, done_on=measure.done_on)
        measure.done_on = None
        share_measures(measure.item)


def _checked(text: str) -> str:
    text = text.strip()
    if not text:
        raise DomainError(_l("请填写整改措施。"), field="text")
    if len(text) > MEASURE_LIMIT:
        raise DomainError(_l("一条措施最多 %(max)d 个字，请拆成几条。", max=MEASURE_LIMIT), field="text")
    return text


def _check_due(item: Item, due_on: date | None) -> None:
    received_on = item.source.received_on
    if due_on is not None and due_on < received_on:
        message = _l("完成时间 %(due)s 早于反馈日期 %(received)s，请核对。", due=due_on, received=received_on)
        raise DomainError(message, field="due_on")
