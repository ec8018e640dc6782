"""Who does the work of an item: a person of its lead unit, by name."""

from tracker.access.rules import Action, Actor, ensure
from tracker.core.db import db
from tracker.core.errors import Conflict
from tracker.core.i18n import lazy_gettext as _l
from tracker.items.models import Item
from tracker.items.operations.issuing import accept
from tracker.items.operations.naming import UnknownPeople
from tracker.org import queries as org
from tracker.org.models import Unit
from tracker.org.operations import name_handler


def accept_naming(item: Item, handler: str, *, actor: Actor, version: int | None, adds_people: bool) -> None:
    """Accept an item and name its handler, a person of the lead unit or below.

    A name nobody of the unit bears is added when ``adds_people``, else UnknownPeople is raised.
    """
    ensure(actor, Action.ACCEPT, item)
    unit = lead_unit_of(item)
    if not adds_people and not org.list_in_unit(db.session(), handler.strip(), unit.id):
        raise UnknownPeople([handler.strip()])
    handler_id = name_handler(handler, unit=unit, actor=actor).id
    accept(item, handler_id=handler_id, actor=actor, version=version)


def lead_unit_of(item: Item) -> Unit:
    """The lead unit, which an issued item always has; raises Conflict without one."""
    if item.lead_unit is None:
        raise Conflict(_l("%(number)s 还没有牵头单位。", number=item.number))
    return item.lead_unit
