"""Reading recusal routes, and whom the chains of items would find."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from tracker.closure.models import Recusal
from tracker.closure.queries.deciders import list_chain_bearers
from tracker.closure.rules import Route, UsualStep
from tracker.core.errors import NotFound
from tracker.core.i18n import lazy_gettext as _l
from tracker.items.models import Item
from tracker.items.queries import is_party
from tracker.org.models import Person
from tracker.sources.rules import StepKind


class Manning(NamedTuple):
    """What ``rules.plan_chain`` asks of one item; of parties only those who are meant for a step."""

    steps: Sequence[UsualStep]
    parties: frozenset[int]
    own: Mapping[StepKind, Route]
    of_source: Mapping[StepKind, Route]


def list_manning(session: Session, items: Sequence[Item]) -> dict[int, Manning]:
    """Whom the chains of these items find, by item; three queries however many items."""
    ids = [item.id for item in items]
    rows = {of: list(group) for of, group in groupby(list_chain_bearers(session, ids), key=lambda row: row.item_id)}
    routes = _list_routes(session, items)
    parties = _list_parties(session, ids, {each.person_id for each in routes} - {None})
    return {
        item.id: Manning(
            _steps(rows.get(item.id, [])),
            frozenset(row.person_id for row in rows.get(item.id, []) if row.is_party) | parties.get(item.id, set()),
            _routes(each for each in routes if each.item_id == item.id),
            _routes(each for each in routes if each.source_id == item.source_id),
        )
        for item in items
    }


def _steps(rows: Sequence[Any]) -> list[UsualStep]:
    steps = []
    for _step_id, group in groupby(rows, key=lambda row: row.step_id):
        of_step = list(group)
        bearers = frozenset(row.person_id for row in of_step if row.person_id is not None)
        steps.append(UsualStep(StepKind(of_step[0].kind), of_step[0].named_id, bearers))
    return steps


def _routes(recusals: Iterable[Recusal]) -> dict[StepKind, Route]:
    return {each.step: Route(each.route, each.person_id) for each in recusals}


def _list_routes(session: Session, items: Sequence[Item]) -> Sequence[Recusal]:
    of_items = Recusal.item_id.in_([item.id for item in items])
    of_sources = Recusal.source_id.in_(sorted({item.source_id for item in items}))
    return session.scalars(select(Recusal).where(or_(of_items, of_sources))).all()


def _list_parties(session: Session, item_ids: Sequence[int], person_ids: Collection[Any]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = {}
    if person_ids:
        query = select(Item.id, Person.id).select_from(Item).join(Person, is_party(Person.id, Item))
        query = query.where(Item.id.in_(item_ids), Person.id.in_(sorted(person_ids)))
        for item_id, person_id in session.execute(query):
            found.setdefault(item_id, set()).add(person_id)
    return found


def list_recusals(session: Session, *, source_id: int | None = None, item_id: int | None = None) -> Sequence[Recusal]:
    """The routes set for a source, or for an item, with names."""
    query = select(Recusal).filter_by(source_id=source_id, item_id=item_id).order_by(Recusal.id)
    return session.scalars(query.options(joinedload(Recusal.person), joinedload(Recusal.set_by))).all()


def find_recusal(
    session: Session, step: StepKind, *, source_id: int | None = None, item_id: int | None = None
) -> Recusal | None:
    """The route of one step of a source, or of an item."""
    query = select(Recusal).filter_by(source_id=source_id, item_id=item_id, step=step)
    return session.scalar(query)


def get_recusal(session: Session, recusal_id: int) -> Recusal:
    """A route by id; raises NotFound."""
    found = session.get(Recusal, recusal_id)
    if found is None:
        raise NotFound(_l("没有找到这条回避设置，可能已被删除。"))
    return found
