"""Moving an item to another heading of its source's outline."""

from tracker.access.rules import Action, Actor, ensure
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.items import queries
from tracker.items.models import Item
from tracker.items.operations.changes import move_on
from tracker.items.rules import Event, State
from tracker.sources.models import Section


def place(item: Item, section: Section | None, *, actor: Actor) -> None:
    """Put an item, with its children, below another heading; figures by aspect follow from that day on.

    Nothing is recorded when it stands there already. Raises Conflict for an item whose work is over.
    """
    ensure(actor, Action.EDIT_ITEM, item)
    if section is not None and section.source_id != item.source_id:
        raise DomainError(_l("只能移到同一来源的方面或类别下。"), field="section")
    section_id = section.id if section else None
    if section_id == item.section_id:
        return
    on = item.changed_on if item.state is State.DRAFT else clock.today()
    # The change carries aspect and category out of the relationship, which the id alone would set only at the flush.
    item.section = section
    move_on(item, Event.ASSIGN, actor=actor, on=on, section_id=section_id)
    for child in queries.list_children(db.session(), item.id):
        place(child, section, actor=actor)
