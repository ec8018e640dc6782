"""A list shows exactly the items that the permission table lets a person see, on both databases."""

import random

import pytest
from factories import a_person, a_source, a_unit, actor_of, an_account, an_item
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tracker.access.rules import SYSTEM, Action, Actor, Role, UnitSet, can, reach
from tracker.core.db import db, writing
from tracker.items.models import Item, ItemReader, ItemSupport
from tracker.items.queries import within
from tracker.org import operations
from tracker.org.models import Person, Unit

ACTIONS = [action for action in Action if action not in (Action.ENTER, Action.SIGN_IN)]


@pytest.fixture
def world(app: Flask) -> tuple[list[int], list[int]]:
    """Sixty items strewn over seven units and five people; the ids of units and people."""
    chance = random.Random(20260316)
    with writing():
        units = [a_unit("市直机关工委")]
        for number in range(6):
            units.append(a_unit(f"单位{number}", chance.choice(units)))
        people = [a_person(f"人{number}", chance.choice(units)) for number in range(5)]
        source = a_source()
        for _ in range(60):
            strewn(an_item(source), units, people, chance)
    return [unit.id for unit in units], [person.id for person in people]


def strewn(item: Item, units: list[Unit], people: list[Person], chance: random.Random) -> None:
    item.lead_unit_id = chance.choice([None, *(unit.id for unit in units)])
    for relation in ("leader", "supervisor", "owner", "handler"):
        if chance.random() < 0.3:
            setattr(item, f"{relation}_id", chance.choice(people).id)
    for unit in chance.sample(units, chance.choice([0, 0, 1, 2])):
        db.session.add(ItemSupport(item_id=item.id, unit_id=unit.id))
    if chance.random() < 0.3:
        item.is_restricted = True
        item.readers = [ItemReader(person_id=each.id) for each in chance.sample(people, chance.choice([1, 2]))]


@st.composite
def grants(draw: st.DrawFn) -> dict[Role, frozenset[int] | None]:
    """Some roles, each in some of the units by their place; None stands for everywhere."""
    places = st.one_of(st.none(), st.frozensets(st.integers(0, 6), max_size=4))
    found: dict[Role, frozenset[int] | None] = draw(st.dictionaries(st.sampled_from(list(Role)), places, max_size=3))
    return found


def test_reach_and_can_agree_for_any_actor_and_item(world: tuple[list[int], list[int]]) -> None:
    units, people = world
    items = list(db.session.query(Item))
    seen_sizes = set()

    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
    @given(grants(), st.sampled_from([None, *range(5)]), st.sampled_from(ACTIONS))
    def agree(granted: dict[Role, frozenset[int] | None], who: int | None, action: Action) -> None:
        reached = {
            role: UnitSet(everywhere=places is None, ids=frozenset(units[place] for place in places or ()))
            for role, places in granted.items()
        }
        actor = Actor(None if who is None else people[who], "某人", reached)
        listed = set(db.session.scalars(select(Item.id).where(within(reach(actor, action)))))
        assert listed == {item.id for item in items if can(actor, action, item)}
        seen_sizes.add(len(listed))

    agree()
    assert len(seen_sizes) > 5, "the examples never reached a part of the items only"


def test_the_system_reaches_all(world: tuple[list[int], list[int]]) -> None:
    assert count(SYSTEM) == 60


def test_a_grant_reaches_units_added_below_and_units_moved_there(app: Flask) -> None:
    with writing():
        own, other = a_unit("组织部"), a_unit("宣传部")
        liaison = an_account("王敏", Role.LIAISON, own)
        section = a_unit("干部科", other)
        an_item(lead_unit=section)
    assert visible(liaison) == 0
    with writing():
        section, own = db.session.get_one(Unit, section.id), db.session.get_one(Unit, own.id)
        operations.change_unit(section, name="干部科", parent=own, position=1, actor=SYSTEM)
    assert visible(liaison) == 1


def test_a_grant_in_the_organ_reaches_units_of_tomorrow_and_items_without_a_unit(app: Flask) -> None:
    with writing():
        viewer = an_account("赵云", Role.VIEWER, a_unit("市直机关工委"))
        source = a_source()
        an_item(source, lead_unit=a_unit("新单位"))
        an_item(source)
    assert visible(viewer) == 2


def visible(person: Person) -> int:
    db.session.rollback()
    return count(actor_of(db.session.get_one(Person, person.id)))


def count(actor: Actor) -> int:
    return db.session.query(Item).where(within(reach(actor))).count()
