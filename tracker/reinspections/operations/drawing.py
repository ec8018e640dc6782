"""Drawing a sample of closed items."""

from dataclasses import dataclass

from tracker.access.rules import Action, Actor, ensure_may
from tracker.audit.operations import record
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import AlreadyThere, Conflict, DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.reinspections import queries
from tracker.reinspections.models import Draw, Reinspection
from tracker.reinspections.rules import LookState, Population, Size, check_months, check_size, draw_sample, sample_size


@dataclass(frozen=True)
class Wish:
    """What is drawn from what, how many, and with which seed."""

    population: Population
    size: Size
    seed: str
    note: str = ""


def draw(wish: Wish, *, actor: Actor) -> Draw:
    """Draw a sample of what is closed now and wait for a second look at each item of it.

    The same seed and conditions on one day are a second press (AlreadyThere); another draw takes another seed. Raises
    Conflict when nothing is closed that could be drawn.
    """
    ensure_may(actor, Action.REINSPECT)
    check_size(wish.size)
    check_months(wish.population.older, wish.population.younger)
    if not wish.seed.strip():
        raise DomainError(_l("请填写随机种子。"), field="seed")
    session, seed = db.session(), wish.seed.strip()
    if queries.find_same_draw(session, wish.population, wish.size, seed, actor):
        raise AlreadyThere(_l("今天已用同样的条件和种子抽取过，没有重复抽取。"))
    members = sorted(queries.list_population(session, wish.population, actor))
    if not members:
        raise Conflict(_l("没有符合条件的已销号事项，请放宽条件。"))
    drawn = draw_sample(members, sample_size(len(members), wish.size), seed)
    made = _make(wish, members, len(drawn), actor=actor)
    items = {item.number: item for item in queries.list_drawn(session, drawn)}
    for position, number in enumerate(drawn, start=1):
        item = items[number]
        look = Reinspection(position=position, item_id=item.id, unit_id=item.lead_unit_id, closed_on=item.closed_on)
        look.draw, look.state = made, LookState.WAITING
        session.add(look)
    session.flush()
    told = {"population": made.population, "size": made.size, "seed": seed, "numbers": drawn}
    record(actor, "reinspection_draw.draw", str(made.serial), **told)
    return made


def _make(wish: Wish, members: list[str], size: int, *, actor: Actor) -> Draw:
    made = Draw(
        serial=queries.last_serial(db.session()) + 1,
        drawn_on=clock.today(),
        drawn_at=clock.now(),
        by_id=actor.person_id,
        for_id=actor.for_id,
        note=wish.note.strip(),
        share=wish.size.share,
        wanted=wish.size.number,
        seed=wish.seed.strip(),
        population=len(members),
        size=size,
        members="\n".join(members),
        **vars(wish.population),
    )
    db.session().add(made)
    return made


def note_population(made: Draw, *, actor: Actor) -> None:
    """Note in the trail who took the population of a draw."""
    record(actor, "reinspection_draw.population", str(made.serial), count=made.population)


def note_record(made: Draw, name: str, *, actor: Actor) -> None:
    """Note in the trail who took the record of a draw."""
    record(actor, "reinspection_draw.download", str(made.serial), name=name)
