"""The page of one item."""

from flask import render_template, request

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action, reach
from tracker.closure.rules import APPLICATION_LABELS, DECISION_LABELS
from tracker.core import clock, hooks
from tracker.core.db import db
from tracker.desk.blueprint import blueprint
from tracker.desk.item_page import ItemPage, paragraphs_for, tab_named
from tracker.desk.item_parts import TabName
from tracker.desk.queries.item import get_whole_item
from tracker.desk.queries.pieces import list_pieces
from tracker.desk.receipts import SHOWN, ShownReceipt, shown
from tracker.desk.rules.pieces import Whole, seen_by
from tracker.desk.wording import step_words, tell_outcome, told_at
from tracker.extensions.rules import EXTENSION_LABELS
from tracker.items.headings import FIELD_LABELS
from tracker.items.models import Item
from tracker.items.rules import OWN_WORD_LABELS
from tracker.progress.rules import STANDING_LABELS
from tracker.reinspections.rules import LOOK_LABELS
from tracker.reminders.queries import list_receipts


@blueprint.get("/items/<number>")
@allow(Action.READ_ITEM)
def item(number: str) -> str:
    """Everything about one item, and what this person can do with it now."""
    session, actor, tab = db.session(), present_actor(), tab_named(request.args.get("tab"))
    today = clock.today()
    found, left, archived = get_whole_item(session, number, reach(actor), today=today)
    pieces = list_pieces(session, found, paragraphs=paragraphs_for(found, actor, tab))
    page = ItemPage(found, Whole(seen_by(pieces, actor, found)), actor, today, tab, left, archived is not None)
    return render_template(
        "desk/item.html",
        page=page,
        item=found,
        archived=archived,
        whole=page.whole,
        next_reminder=next((told for told in hooks.call("next_reminder", found) if told), None),
        receipts=_receipts(found) if tab is TabName.SENT else (),
        receipts_shown=SHOWN,
        step_words=step_words,
        decisions=DECISION_LABELS,
        application_states=APPLICATION_LABELS,
        own_words=OWN_WORD_LABELS,
        looks=LOOK_LABELS,
        extension_states=EXTENSION_LABELS,
        printed=page.printed,
        field_labels=FIELD_LABELS,
        standings=STANDING_LABELS,
        tell_outcome=tell_outcome,
        told_at=told_at,
    )


def _receipts(found: Item) -> list[ShownReceipt]:
    return [shown(each) for each in list_receipts(db.session(), found, limit=SHOWN)]
