"""Finding items by anything that people remember of them."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from tracker.access.rules import Reach
from tracker.desk.queries.lists import ListRow, list_rows
from tracker.items.models import Item
from tracker.items.queries import select_units_like, within
from tracker.items.rules import COUNTED, State
from tracker.progress.models import Measure

LIMIT = 50


def search_items(session: Session, words: str, seen_by: Reach) -> list[ListRow]:
    """Items within reach whose number, text, measures or lead unit hold every word; at most LIMIT, the newest first."""
    chosen = select(Item).where(within(seen_by), Item.state.in_(sorted(COUNTED | {State.WITHDRAWN})))
    for word in words.split():
        measures = select(Measure.item_id).where(Measure.text.icontains(word, autoescape=True))
        chosen = chosen.where(
            or_(
                Item.number.icontains(word, autoescape=True),
                Item.finding.icontains(word, autoescape=True),
                Item.id.in_(measures),
                Item.lead_unit_id.in_(select_units_like(word)),
            )
        )
    return list_rows(session, chosen, (Item.source_id.desc(), Item.number), limit=LIMIT)
