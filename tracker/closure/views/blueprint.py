"""The blueprint of closing, and what its pages share."""

from collections.abc import Collection

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from tracker.access.guard import present_actor
from tracker.access.rules import reach
from tracker.core import files
from tracker.core.db import db
from tracker.core.errors import DomainError
from tracker.core.files import StoredFile
from tracker.core.i18n import gettext as _
from tracker.items import queries as items
from tracker.items.models import Item
from tracker.org import queries as org
from tracker.settings.queries import load

blueprint = Blueprint("closure", __name__)


Answer = Response | tuple[str, int]


def item_of(number: str, *, lock: bool = False) -> Item:
    """The item of the page; raises NotFound out of reach. ``lock`` holds it until the end of the transaction."""
    return items.get_item(db.session(), number, reach(present_actor()), lock=lock)


def kept_scan(upload: object) -> tuple[StoredFile, str]:
    """The scan that a form got, kept in the store; raises DomainError when there is none."""
    limit_bytes = load(db.session())["rules.evidence_mb"] << 20
    kept = files.receive(upload, limit_bytes=limit_bytes)
    if kept is None:
        raise DomainError(_("请选择扫描件。"), field="scan")
    return kept


def one_named(name: str, meant: Collection[int] = ()) -> int:
    """The id of the person of this name, of namesakes the one who is meant; raises DomainError when it is not one."""
    found = org.find_people(db.session(), [name]).get(name, ()) if name else ()
    wanted = [person for person in found if person.id in meant] or found
    if len(wanted) != 1:
        message = _("人员名册里没有唯一叫“%(name)s”的人，请从列表中选择，或先在“人员”里增加。", name=name)
        raise DomainError(message if name else _("请填写姓名。"), field="person")
    return wanted[0].id


def to_item(number: str) -> Response:
    """Back to what the item's page tells of closing."""
    return redirect(url_for("desk.item", number=number, tab="closure"), 303)
