"""The three lists and the list of tasks."""

from typing import Any

from flask import current_app, render_template, request
from sqlalchemy.orm import Session

from tracker.access.guard import allow, present_actor
from tracker.access.rules import Action, Reach, may, reach
from tracker.core import clock
from tracker.core.db import db
from tracker.core.i18n import gettext as _
from tracker.core.paging import PAGE_SIZE, Page, page_number
from tracker.desk import tables
from tracker.desk.blueprint import blueprint
from tracker.desk.queries.lists import ListRow, list_rows, list_source_choices
from tracker.figures.rules import print_rate
from tracker.items import queries
from tracker.items.addresses import ListAddress, read_address
from tracker.items.lists import LIST_LABELS, ListName
from tracker.items.queries import Heading, Totals
from tracker.items.rules import STATE_LABELS, State
from tracker.nudges.rules.nudging import presses_by_role
from tracker.settings.queries import load


@blueprint.get("/items")
@allow(Action.READ_ITEM)
def item_list() -> str:
    """A list: its tabs, conditions, counts and one page of rows."""
    session, actor, today = db.session(), present_actor(), clock.today()
    seen_by, address = reach(actor), read_address(request.args)
    chosen = address.chosen(today)
    totals = queries.count_list(session, seen_by, chosen)
    page = _page(session, seen_by, address, totals)
    headings = _headings(session, seen_by, address, page.rows)
    sources = dict(list_source_choices(session, actor, chosen_id=address.source))
    aspects = {each.id: f"{each.number}{each.title}" for each in headings.values() if each.source_id == address.source}
    return render_template(
        "desk/list.html",
        title=LIST_LABELS[address.list],
        address=address,
        sorting=tables.Sorting(address),
        tabs=tables.tabs(address, totals),
        chips=tables.chips(address, sources=sources, aspects=aspects),
        page=page,
        columns=tables.COLUMNS[address.list],
        groups=tables.groups(page.rows, address, today=today, headings=headings),
        words=_words(session, address, totals),
        sources=sources,
        aspects=aspects,
        states=_states(actor),
        has_bad_due=address.has_bad_due(today),
        taken_at=clock.local(clock.now()),
        acts=_bulk_acts(actor, address),
        may_draw_up=may(actor, Action.DRAW_UP) and "items.draw_up" in current_app.view_functions,
        may_take_in=may(actor, Action.INTAKE),
    )


def _page(session: Session, seen_by: Reach, address: ListAddress, totals: Totals) -> Page[ListRow]:
    """The page asked for; the last one when there are fewer. The counts are known, so nothing is counted again."""
    number = min(page_number(), max(1, -(-totals.rows // PAGE_SIZE)))
    chosen = address.chosen(clock.today())
    rows = list_rows(
        session,
        queries.select_items(seen_by, chosen),
        queries.ordering(address.sort, is_descending=address.is_descending, in_outline=address.source is not None),
        limit=PAGE_SIZE,
        offset=(number - 1) * PAGE_SIZE,
    )
    return Page(rows, number, PAGE_SIZE, totals.rows, False)


def _headings(session: Session, seen_by: Reach, address: ListAddress, rows: Any) -> dict[int, Heading]:
    """The aspects that the page and the query bar show, by id."""
    aspect_ids = {aspect_id for row in rows if (aspect_id := tables.aspect_of(row.item)) is not None}
    if not aspect_ids and address.source is None:
        return {}
    found = queries.list_headings(session, seen_by, address.chosen(clock.today()), aspect_ids=aspect_ids)
    return {heading.id: heading for heading in found}


def _words(session: Session, address: ListAddress, totals: Totals) -> dict[str, Any]:
    """What is said of the counts: closed, rate, and parts when problems were given to several units."""
    decimals = load(session)["rules.rate_decimals"]
    return {
        "closed": totals.wholes_closed,
        "wholes": totals.wholes,
        "rate": print_rate(totals.wholes_closed, totals.wholes - totals.wholes_left_out, decimals),
        "parts": totals.parts,
        "parts_closed": totals.parts_closed,
        "is_tasks": address.list is ListName.TASKS,
    }


def _states(actor: Any) -> dict[str, object]:
    """The states one may ask for; drafts and void ones are the office's."""
    hidden = set() if may(actor, Action.ISSUE) else {State.VOID}
    return {state.value: label for state, label in STATE_LABELS.items() if state not in hidden}


def _bulk_acts(actor: Any, address: ListAddress) -> list[tuple[str, object]]:
    """What may be done to chosen rows, as (endpoint, label)."""
    acts = (
        (Action.EDIT_ITEM, "items.assign_many", _("批量指定")),
        (Action.ISSUE, "items.issue", _("下发")),
        (Action.ACCEPT, "items.accept_many", _("签收")),
        (Action.SUPERVISE, "nudges.draft_notice", _("拟督办单")),
    )
    there = current_app.view_functions
    found = [(endpoint, label) for action, endpoint, label in acts if may(actor, action) and endpoint in there]
    return [*found, ("nudges.nudge", _("催办"))] if presses_by_role(actor) else found
