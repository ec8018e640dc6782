"""The blueprint of nudges and supervision notices, and what their pages share."""

from collections.abc import Callable, Sequence

from flask import Blueprint, flash, request
from werkzeug.wrappers import Response

from tracker.access.guard import present_actor
from tracker.access.rules import Action, reach
from tracker.core import clock
from tracker.core.db import db, writing
from tracker.core.errors import AlreadyThere, DomainError
from tracker.core.i18n import gettext as _
from tracker.items import queries as ledger
from tracker.items.addresses import read_address
from tracker.items.models import Item

blueprint = Blueprint("nudges", __name__)

Answer = Response | tuple[str, int]
CHOSEN_MAX = 200


def chosen_items(action: Action) -> Sequence[Item]:
    """The items that the address chooses: by number, or all that match its conditions within reach of an action.

    Raises NotFound when one is out of reach, DomainError when they are too many for one go.
    """
    actor, session, numbers = present_actor(), db.session(), request.args.getlist("chosen")
    if request.args.get("all_matching"):
        chosen = read_address(request.args).chosen(clock.today())
        found = ledger.list_chosen(session, ledger.select_items(reach(actor, action), chosen), limit=CHOSEN_MAX + 1)
    else:
        found = ledger.list_items(session, numbers[: CHOSEN_MAX + 1], reach(actor)) if numbers else ()
    check_count(len(found))
    return found


def held_items(numbers: Sequence[str]) -> Sequence[Item]:
    """The items of a form, held until the end of the transaction."""
    if not numbers:
        raise DomainError(_("没有选中任何事项。"))
    check_count(len(numbers))
    return ledger.list_items(db.session(), numbers, reach(present_actor()), lock=True)


def check_count(count: int) -> None:
    """Raise DomainError for more items than one press is meant for."""
    if count > CHOSEN_MAX:
        raise DomainError(_("一次最多处理 %(max)d 条，请先按来源、单位或状态缩小范围。", max=CHOSEN_MAX))


def press(act: Callable[[], object], *, done: str) -> None:
    """Carry out what one button without a form asks; a second press of it is told as done."""
    try:
        with writing():
            act()
    except AlreadyThere as refusal:
        flash(str(refusal), "info")
    else:
        flash(done, "success")
