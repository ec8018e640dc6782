"""Dates inside an item, and what was handed in at them."""

from datetime import date

from tracker.access.rules import Action, Actor, ensure
from tracker.audit.operations import record
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Conflict
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.versions import check_version
from tracker.items import queries
from tracker.items.models import Item, Milestone
from tracker.items.rules import check_staged, check_works, refuse_text
from tracker.sources.operations import Handed, note_handed_in
from tracker.sources.rules import check_milestone


def add_milestone(item: Item, title: str, due_on: date, *, actor: Actor, owner_id: int | None = None) -> Milestone:
    """Lay down a date inside an item; without an owner of its own the item's answers.

    Raises DomainError for one before the feedback or after the deadline, Conflict for a name that is there already and
    for an item that is past it.
    """
    ensure(actor, Action.EDIT_ITEM, item)
    check_staged(item.state)
    if item.is_secret:
        refuse_text(title=title)
    title = _checked(item, title, due_on)
    milestone = Milestone(item_id=item.id, title=title, due_on=due_on, owner_id=owner_id, set_on=clock.today())
    session = db.session()
    session.add(milestone)
    session.flush()
    record(actor, "milestone.add", item.number, title=title, due_on=due_on, owner_id=owner_id)
    return milestone


def edit_milestone(
    milestone: Milestone,
    title: str,
    due_on: date,
    *,
    owner_id: int | None,
    actor: Actor,
    version: int | None = None,
) -> None:
    """Change a date; refused as ``add_milestone`` refuses, Stale for an older ``version``."""
    item = milestone.item
    ensure(actor, Action.EDIT_ITEM, item)
    check_staged(item.state)
    typed = {str(_l("节点名称")): title, str(_l("日期")): due_on}
    standing = {str(_l("节点名称")): milestone.title, str(_l("日期")): milestone.due_on}
    check_version(milestone, version, typed=typed, stored=standing)
    values = {"title": _checked(item, title, due_on, milestone), "due_on": due_on, "owner_id": owner_id}
    changed = {name: [old, new] for name, new in values.items() if (old := getattr(milestone, name)) != new}
    for name, (_old, new) in changed.items():
        setattr(milestone, name, new)
    if "due_on" in changed:
        milestone.set_on = clock.today()
    if changed:
        record(actor, "milestone.edit", item.number, milestone=milestone.id, changed=changed)


def _checked(item: Item, title: str, due_on: date, milestone: Milestone | None = None) -> str:
    title = " ".join(title.split())
    check_milestone(title, due_on, earliest=item.source.received_on, latest=item.due_on)
    there = queries.find_milestone(db.session(), item.id, title)
    if there is not None and there is not milestone:
        raise Conflict(_l("这个节点已经有了，请修改那一个。"), field="title")
    return title


def hand_in_milestone(milestone: Milestone, told: Handed, *, actor: Actor, version: int | None = None) -> None:
    """Note what was handed in at a date of an item; a file that is there stays without a new one.

    Raises DomainError for a day before the feedback or to come, Stale for an older ``version``.
    """
    item = milestone.item
    ensure(actor, Action.REPORT, item)
    check_works(item.state)
    note_handed_in(milestone, told, received_on=item.source.received_on, version=version)
    names = ("title", "handed_in_on", "document_number", "file_name", "file_sha256")
    record(actor, "milestone.hand_in", item.number, **{name: getattr(milestone, name) for name in names})


def remove_milestone(milestone: Milestone, *, actor: Actor) -> None:
    """Take away a date that was laid down by mistake; raises Conflict once something was handed in."""
    item = milestone.item
    ensure(actor, Action.EDIT_ITEM, item)
    if milestone.handed_in_on is not None:
        raise Conflict(_l("已经报送的节点不能删除。"))
    record(actor, "milestone.remove", item.number, title=milestone.title, due_on=milestone.due_on)
    session = db.session()
    session.delete(milestone)
    session.flush()
