"""The lists on paper: A4 lying, as they are handed in."""

from flask import render_template, request

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action, reach
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import DomainError
from tracker.core.i18n import gettext as _
from tracker.desk.blueprint import blueprint
from tracker.exports.columns import DRAFT_MARK, SUM, TITLES, note, number_of_paper
from tracker.exports.queries import list_print_rows
from tracker.exports.tables import table_of
from tracker.items import queries
from tracker.items.addresses import read_address
from tracker.items.rules import State
from tracker.settings.queries import load

PRINT_MAX = 2_000


@blueprint.get("/items/print")
@allow(Action.READ_ITEM)
def item_print() -> str:
    """All rows of a list as a sheet to print, marked 送审稿 while one of them is a draft."""
    session, actor = db.session(), present_actor()
    address = read_address(request.args)
    chosen = queries.select_items(reach(actor), address.chosen(clock.today()))
    order = queries.ordering(address.sort, is_descending=address.is_descending, in_outline=True)
    rows = list_print_rows(session, chosen, order, limit=PRINT_MAX + 1)
    if len(rows) > PRINT_MAX:
        raise DomainError(_("超过 %(max)d 条，一次打印不下。请先按来源、单位或状态缩小范围。", max=PRINT_MAX))
    settings = load(session)
    organ = settings["organ.name"] or settings["organ.short_name"]
    return render_template(
        "desk/print.html",
        title=f"{organ}{TITLES[address.list]}",
        list_title=TITLES[address.list],
        address=address,
        table=table_of(address.list, rows),
        is_draft=any(row.item.state is State.DRAFT for row in rows),
        note=note(organ, clock.today(), number_of_paper(rows)),
        draft_words=DRAFT_MARK,
        sum_words=SUM,
    )
