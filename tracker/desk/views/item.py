"""The page of one item."""

from flask import render_template, request

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action, reach
from tracker.closure.rules import APPLICATION_LABELS, DECISION_LABELS
from tracker.core import clock, hooks
from tracker.core.db import db
from tracker.desk.blueprint import blueprint
from tracker.desk.item_page import ItemPage, paragraphs_for, tab_named
from tracker.desk.queries.item import get_whole_item
from tracker.desk.queries.pieces import list_pieces
from tracker.desk.rules.pieces import Whole
from tracker.desk.wording import tell_outcome, told_at
from tracker.items.rules import OWN_WORD_LABELS
from tracker.sources.rules import STEP_LABELS


@blueprint.get("/items/<number>")
@allow(Action.READ_ITEM)
def item(number: str) -> str:
    """Everything about one item, and what this person can do with it now."""
    session, actor, tab = db.session(), present_actor(), tab_named(request.args.get("tab"))
    found = get_whole_item(session, number, reach(actor))
    pieces = list_pieces(session, found, paragraphs=paragraphs_for(found, actor, tab))
    page = ItemPage(found, Whole(pieces), actor, clock.today(), tab)
    return render_template(
        "desk/item.html",
        page=page,
        item=found,
        whole=page.whole,
        next_reminder=next((told for told in hooks.call("next_reminder", found) if told), None),
        steps=STEP_LABELS,
        decisions=DECISION_LABELS,
        application_states=APPLICATION_LABELS,
        own_words=OWN_WORD_LABELS,
        tell_outcome=tell_outcome,
        told_at=told_at,
    )
