"""New items: numbered, and counted as fed back from the source's date."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tracker.access.rules import Action, Actor, ensure, ensure_may
from tracker.audit.operations import record
from tracker.core import hooks
from tracker.core.db import db
from tracker.core.errors import AlreadyThere, Conflict, DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.items import queries
from tracker.items.models import Item, ItemReader, ItemSupport
from tracker.items.operations.changes import append
from tracker.items.rules import Event, ItemKind, OwnWord, State, placeholder, refuse_text
from tracker.org.models import Unit
from tracker.sources.models import Section, Source
from tracker.sources.rules import child_number, item_number


@dataclass(frozen=True)
class Draft:
    """An item to be drawn up; ``values`` may name ``original_number``, ``paragraph``, ``cause``, ``lead_unit_id`` …"""

    finding: str
    section: Section | None = None
    values: Mapping[str, Any] = field(default_factory=dict)


def draw_up(
    source: Source,
    finding: str,
    *,
    actor: Actor,
    kind: ItemKind = ItemKind.PROBLEM,
    section: Section | None = None,
    **details: Any,
) -> Item:
    """Draw up a draft with the source's next number. ``source`` must have been read with a lock.

    ``details`` may name ``original_number``, ``paragraph``, ``position``, ``cause``, ``goal`` and ``remark``.
    """
    return draw_up_many(source, [Draft(finding, section, details)], actor=actor, kind=kind)[0]


def draw_up_many(
    source: Source,
    drafts: Sequence[Draft],
    *,
    actor: Actor,
    kind: ItemKind = ItemKind.PROBLEM,
    then: Callable[[Sequence[Item]], None] = lambda _items: None,
) -> list[Item]:
    """Draw up drafts with the source's next numbers, in one go. ``source`` must have been read with a lock.

    ``then`` may carry their first events out before they are written, so that each is written once.
    """
    ensure_may(actor, Action.DRAW_UP)
    if any(not draft.finding.strip() for draft in drafts):
        raise DomainError(_l("请填写具体问题。"), field="finding")
    items, is_restricted = [], bool(source.reader_ids)
    for serial, draft in enumerate(drafts, start=source.last_serial + 1):
        item = Item(
            number=item_number(source.number, serial),
            source_id=source.id,
            source=source,
            section=draft.section,
            kind=kind,
            finding=draft.finding.strip(),
            state=State.DRAFT,
            own_word=OwnWord.NONE,
            changed_on=source.received_on,
            is_restricted=is_restricted,
            **draft.values,
        )
        items.append(item)
    source.last_serial += len(items)
    return _add(items, actor=actor, then=then)


def draw_up_by_hand(
    source: Source, finding: str, *, actor: Actor, measures: str = "", section: Section | None = None, **details: Any
) -> Item:
    """Draw up one item with its measures, one per line; hook ``measures_typed(item, text, actor)`` lays them down.

    With a ``paper_number`` it is the placeholder of a secret one, and takes no text at all. Raises AlreadyThere when
    the source has the same words below the same heading: a second press.
    """
    ensure_may(actor, Action.DRAW_UP)
    if section is not None and section.source_id != source.id:
        raise DomainError(_l("所选的方面或类别不属于这个来源。"), field="section")
    if paper_number := details.get("paper_number", ""):
        refuse_text(finding=finding, goal=details.get("goal", ""), measures=measures)
        finding = placeholder(paper_number)
    section_id = section.id if section else None
    same = queries.find_same(db.session(), source.id, finding=finding.strip(), section_id=section_id)
    if same is not None:
        raise AlreadyThere(_l("%(number)s 已是同样的内容，没有重复新增。", number=same.number))
    item = draw_up(source, finding, actor=actor, section=section, **details)
    if measures.strip():
        hooks.call("measures_typed", item, measures, actor)
    return item


def link_recurrence(item: Item, old: Item, *, actor: Actor) -> None:
    """Note that a draft is a relapse of a closed item; raises Conflict once the draft was issued."""
    ensure(actor, Action.DRAW_UP, item)
    if item.recurs_of_id == old.id:
        raise AlreadyThere(_l("已经登记为 %(number)s 的反弹。", number=old.number))
    if item.state is not State.DRAFT or item.parent_id is not None:
        raise Conflict(_l("下发以前才能登记是哪个事项的反弹。"))
    if old.state is not State.CLOSED or old.id == item.id:
        raise DomainError(_l("%(number)s 没有销号，不能登记为它的反弹。", number=old.number), field="number")
    item.recurs_of_id = old.id
    record(actor, "item.link_recurrence", item.number, recurs_of=old.number)


def split(item: Item, units: Collection[Unit], *, actor: Actor) -> list[Item]:
    """Give one common problem to many units: a child item for each, with the parent's finding and deadline.

    Raises Conflict once the item has been issued or is itself a child.
    """
    ensure(actor, Action.DRAW_UP, item)
    if item.state is not State.DRAFT or item.parent_id is not None:
        raise Conflict(_l("只有尚未下发的总项可以拆分为分项。"))
    session = db.session()
    taken = {child.lead_unit_id for child in queries.list_children(session, item.id)}
    new = [unit for unit in units if unit.id not in taken]
    first = queries.count_children(session, item.id) + 1
    children = [_child(item, unit, serial) for serial, unit in enumerate(new, start=first)]
    return _add(children, actor=actor)


def _child(parent: Item, unit: Unit, serial: int) -> Item:
    copied = (
        "kind",
        "finding",
        "original_number",
        "paragraph",
        "position",
        "cause",
        "goal",
        "leader_id",
        "supervisor_id",
        "paper_number",
        "is_restricted",
    )
    deadline = ("deadline_kind", "due_on", "first_due_on", "due_text", "then_sustained")
    child = Item(
        number=child_number(parent.number, serial),
        source_id=parent.source_id,
        source=parent.source,
        section=parent.section,
        parent_id=parent.id,
        lead_unit_id=unit.id,
        state=State.DRAFT,
        own_word=OwnWord.NONE,
        changed_on=parent.changed_on,
        **{name: getattr(parent, name) for name in (*copied, *deadline)},
    )
    child.readers = [ItemReader(person_id=each.person_id) for each in parent.readers]
    child.supports = [ItemSupport(unit_id=each.unit_id, position=each.position) for each in parent.supports]
    return child


def _add(
    items: Sequence[Item], *, actor: Actor, then: Callable[[Sequence[Item]], None] = lambda _items: None
) -> list[Item]:
    session = db.session()
    with session.no_autoflush:
        session.add_all(items)
        for item in items:
            append(item, Event.DRAW_UP, actor=actor)
            record(actor, f"item.{Event.DRAW_UP}", item.number, finding=item.finding, on=item.changed_on)
        then(items)
    session.flush()
    return list(items)
