"""The blueprint of items, and what its pages share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from tracker.access.guard import present_actor
from tracker.access.rules import Action, can, reach
from tracker.core import clock
from tracker.core.acts import DONE
from tracker.core.db import db
from tracker.core.errors import DomainError, Stale
from tracker.core.files import StoredFile, receive
from tracker.core.forms import Form
from tracker.core.i18n import gettext as _
from tracker.items import queries
from tracker.items.addresses import read_address
from tracker.items.models import Item
from tracker.items.rules import TRANSITIONS, Event
from tracker.org import queries as org
from tracker.settings.queries import load

blueprint = Blueprint("items", __name__, url_prefix="/items")

Answer = Response | tuple[str, int]
CHOSEN_MAX = 2_000


def item_of(number: str) -> Item:
    """The item of the page, for reading; raises NotFound out of reach."""
    return queries.get_item(db.session(), number, reach(present_actor()))


def locked(number: str) -> Item:
    """The item of the page, held until the end of the transaction."""
    return queries.get_item(db.session(), number, reach(present_actor()), lock=True)


def locked_many(numbers: Sequence[str] | Mapping[str, int]) -> Sequence[Item]:
    """The items of a form, held until the end of the transaction; raises NotFound when one is out of reach."""
    if not numbers:
        raise DomainError(_("没有选中任何事项。"))
    if len(numbers) > CHOSEN_MAX:
        raise DomainError(_("一次最多处理 %(max)d 条，请分批进行。", max=CHOSEN_MAX))
    return queries.list_items(db.session(), list(numbers), reach(present_actor()), lock=True)


def item_url(number: str) -> str:
    """The item's page."""
    return url_for("desk.item", number=number)


def back_url() -> str:
    """The list that led here."""
    address = request.args.get("list")
    return url_for("desk.item_list", list=address or "problems", source=request.args.get("source") or None)


@dataclass(frozen=True)
class Chosen:
    """The items that were chosen and can be acted upon, and how many can't."""

    items: Sequence[Item]
    left_out: int

    @property
    def seen(self) -> str:
        """Numbers with versions, for the hidden field."""
        return " ".join(f"{item.number}@{item.version}" for item in self.items)


def chosen_items(action: Action, event: Event) -> Chosen:
    """The items that the address chooses: by number, or all that match its conditions.

    Those that the person may not act upon, or that are past it, are counted as left out. Raises DomainError when there
    are too many for one go.
    """
    actor, session = present_actor(), db.session()
    numbers = request.args.getlist("chosen")
    address = read_address(request.args)
    if request.args.get("all_matching") or (not numbers and address.source):
        chosen = address.chosen(clock.today())
        if "list" not in request.args:
            chosen = replace(chosen, kind=None)
        found = queries.list_chosen(session, queries.select_items(reach(actor), chosen), limit=CHOSEN_MAX + 1)
    else:
        found = queries.list_items(session, numbers[: CHOSEN_MAX + 1], reach(actor)) if numbers else ()
    if len(found) > CHOSEN_MAX:
        raise DomainError(_("一次最多处理 %(max)d 条，请先按来源、单位或状态缩小范围。", max=CHOSEN_MAX))
    fit = [item for item in found if (item.state, event) in TRANSITIONS and can(actor, action, item)]
    return Chosen(fit, len(found) - len(fit))


def name_choices() -> dict[str, Any]:
    """The names one may choose from while typing."""
    session = db.session()
    return {"unit_choices": org.list_unit_choices(session), "people_choices": org.list_people_choices(session)}


def told(form: Form) -> dict[str, Any]:
    """What was typed, by label, for the page that shows a conflict."""
    fields = [field for field in form if field.type not in ("HiddenField", "CSRFTokenField", "SubmitField")]
    return {str(field.label.text): _shown(field.data) for field in fields}


def stale_of(form: Form, stored: Form, error: Stale) -> Stale:
    """The refusal with both texts, told by the labels of the form."""
    return Stale(error.message, typed=told(form), stored=told(stored))


def _shown(value: Any) -> Any:
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return value


def kept_scan(form: Any) -> tuple[StoredFile, str] | None:
    """The scan of a form that may have one, kept before the transaction."""
    limit_mb = load(db.session())["rules.evidence_mb"]
    return receive(form.scan.data, limit_bytes=limit_mb << 20)


def is_done(status: int) -> bool:
    """Whether the form was carried out."""
    return status == DONE
