"""Finding items by anything that people remember of them."""

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from tracker.access.rules import Reach
from tracker.desk.queries.lists import ListRow, list_rows
from tracker.items.models import Item
from tracker.items.queries import select_units_like, within_list
from tracker.items.rules import State
from tracker.progress.models import Measure

LIMIT = 50


def search_items(session: Session, words: str, seen_by: Reach) -> list[ListRow]:
    """Items within reach whose number, text, measures or lead unit hold every word; at most LIMIT, the newest first."""
    chosen = select(Item).where(within_list(seen_by), Item.state != State.VOID)
    for word in words.split():
        # Asked of each item that its own words left: a list of all measures that say it is dear for few items.
        measures = exists().where(Measure.item_id == Item.id, Measure.text.icontains(word, autoescape=True))
        chosen = chosen.where(
            or_(
                Item.number.icontains(word, autoescape=True),
                Item.finding.icontains(word, autoescape=True),
                Item.lead_unit_id.in_(select_units_like(word)),
                measures,
            )
        )
    return list_rows(session, chosen, (Item.source_id.desc(), Item.number), limit=LIMIT)
