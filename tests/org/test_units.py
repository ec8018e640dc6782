"""The tree of units keeps its shape, its paths and its closure."""

import random

import pytest
from factories import a_unit, actor_of, an_account
from flask import Flask

from tracker.access.rules import SYSTEM, Role
from tracker.core.db import db, writing
from tracker.core.errors import Conflict, DomainError, Forbidden, Stale
from tracker.org import operations, queries
from tracker.org.models import Unit, UnitAncestor


def links() -> set[tuple[int, int, int]]:
    return {(link.unit_id, link.ancestor_id, link.distance) for link in db.session.query(UnitAncestor)}


def expected_links() -> set[tuple[int, int, int]]:
    """The closure as it follows from the parents alone."""
    found = set()
    for unit in db.session.query(Unit):
        above, distance = unit, 0
        while above is not None:
            found.add((unit.id, above.id, distance))
            above, distance = above.parent, distance + 1
    return found


def path_by_parents(unit: Unit) -> str:
    return f"{path_by_parents(unit.parent)}/{unit.name}" if unit.parent else unit.name


def fresh(unit: Unit) -> Unit:
    return queries.get_unit(db.session(), unit.id)


def move(unit: Unit, parent: Unit | None, *, name: str | None = None) -> None:
    unit = fresh(unit)
    parent = fresh(parent) if parent else None
    operations.change_unit(unit, name=name or unit.name, parent=parent, position=unit.position, actor=SYSTEM)


def test_a_second_organ_is_refused(app: Flask) -> None:
    with writing():
        a_unit()
        with pytest.raises(Conflict):
            operations.add_unit("另一个机关", parent=None, actor=SYSTEM)


def test_two_sisters_never_bear_one_name(app: Flask) -> None:
    with writing():
        unit = a_unit("组织部")
        a_unit("干部科", unit)
        a_unit("组织部", unit)
        with pytest.raises(DomainError) as refused:
            a_unit("干部科", unit)
    assert refused.value.field == "name"


def test_units_stand_in_the_order_they_were_added(app: Flask) -> None:
    with writing():
        for name in ("宣传部", "办公室", "组织部"):
            a_unit(name)
    assert [unit.name for unit in queries.list_units(db.session())] == ["市直机关工委", "宣传部", "办公室", "组织部"]


def test_a_moved_unit_takes_everything_below_it_along(app: Flask) -> None:
    with writing():
        department = a_unit("组织部")
        section = a_unit("干部科", department)
        group = a_unit("一组", section)
        target = a_unit("宣传部")
        leaf = a_unit("二组", group)
    with writing():
        move(section, target)
    assert links() == expected_links()
    assert fresh(leaf).path == "市直机关工委/宣传部/干部科/一组/二组"
    assert fresh(department).path == "市直机关工委/组织部"


def test_a_new_name_changes_the_paths_of_everything_below(app: Flask) -> None:
    with writing():
        section = a_unit("组织部", a_unit("组织部"))
        leaf = a_unit("组织部一组", section)
    with writing():
        move(a_unit_named("市直机关工委/组织部"), queries.find_root(db.session()), name="干部部")
    assert fresh(leaf).path == "市直机关工委/干部部/组织部/组织部一组"
    assert fresh(section).version > 1


def a_unit_named(path: str) -> Unit:
    return queries.find_units(db.session(), [path])[path]


def test_a_unit_is_never_moved_below_itself(app: Flask) -> None:
    with writing():
        department = a_unit("组织部")
        leaf = a_unit("一组", a_unit("干部科", department))
    for target in (department, leaf):
        with pytest.raises(DomainError) as refused, writing():
            move(department, target)
        assert refused.value.field == "parent"
    with pytest.raises(DomainError), writing():
        move(queries.find_root(db.session()) or department, leaf)


def test_after_any_moves_closure_and_paths_follow_from_the_parents(app: Flask) -> None:
    chance = random.Random(7)
    with writing():
        units = [a_unit("单位0")]
        for number in range(1, 12):
            units.append(a_unit(f"单位{number}", chance.choice(units)))
    moved = 0
    for _ in range(25):
        try:
            with writing():
                move(chance.choice(units), chance.choice(units))
            moved += 1
        except DomainError:
            continue
    assert moved > 3
    assert links() == expected_links()
    assert [unit.path for unit in db.session.query(Unit) if unit.path != path_by_parents(unit)] == []


def test_a_path_too_long_to_write_down_is_refused(app: Flask) -> None:
    with writing():
        unit = a_unit("层" * 80)
        for _ in range(8):
            unit = a_unit("层" * 80, unit)
        short = a_unit("短")
        a_unit("层" * 80, a_unit("层" * 60, short))
    with pytest.raises(DomainError), writing():
        a_unit("再" * 80, fresh(unit))
    with pytest.raises(DomainError), writing():
        move(short, unit)


def test_a_unit_saved_against_an_older_version_is_refused(app: Flask) -> None:
    with writing():
        unit = a_unit("组织部")
    with writing():
        move(unit, queries.find_root(db.session()), name="干部部")
    with pytest.raises(Stale) as refused, writing():
        unit = fresh(unit)
        operations.change_unit(unit, name="人事部", parent=unit.parent, position=1, actor=SYSTEM, seen_version=1)
    assert refused.value.typed["单位名称"] == "人事部"
    assert refused.value.stored["单位名称"] == "干部部"


def test_a_unit_is_shut_only_when_nothing_open_lies_below(app: Flask) -> None:
    with writing():
        department = a_unit("组织部")
        section = a_unit("干部科", department)
        with pytest.raises(Conflict):
            operations.shut_unit(department, actor=SYSTEM)
        operations.shut_unit(section, actor=SYSTEM)
        operations.shut_unit(department, actor=SYSTEM)
        with pytest.raises(Conflict):
            operations.reopen_unit(section, actor=SYSTEM)
        with pytest.raises(DomainError):
            a_unit("新科室", department)
    assert queries.find_units(db.session(), ["组织部", "干部科"]) == {}
    with pytest.raises(Conflict), writing():
        operations.shut_unit(queries.find_root(db.session()) or department, actor=SYSTEM)


def test_an_administrator_of_one_unit_changes_no_other(app: Flask) -> None:
    with writing():
        own, other = a_unit("组织部"), a_unit("宣传部")
        actor = actor_of(an_account("李强", Role.ADMINISTRATOR, own))
    with writing():
        for act in (operations.shut_unit, operations.reopen_unit):
            with pytest.raises(Forbidden):
                act(fresh(other), actor=actor)
        with pytest.raises(Forbidden):
            operations.change_unit(fresh(other), name="外", parent=fresh(own), position=1, actor=actor)
        operations.shut_unit(fresh(own), actor=actor)


def test_missing_units_on_the_way_are_grown(app: Flask) -> None:
    with writing():
        leaf = operations.grow_units(["市直机关工委", "组织部", "干部科"], actor=SYSTEM)
        again = operations.grow_units(["组织部", "干部科"], actor=SYSTEM)
    assert leaf.id == again.id
    assert leaf.path == "市直机关工委/组织部/干部科"


def test_choices_name_a_unit_by_its_path_where_two_bear_one_name(app: Flask) -> None:
    with writing():
        for name in ("组织部", "宣传部"):
            a_unit("综合科", a_unit(name))
    values = {choice.value: choice.words for choice in queries.list_unit_choices(db.session())}
    assert set(values) == {
        "市直机关工委",
        "组织部",
        "宣传部",
        "市直机关工委/组织部/综合科",
        "市直机关工委/宣传部/综合科",
    }
    assert values["组织部"] == "zuzhibu zzb"
    assert set(queries.find_units(db.session(), list(values))) == set(values)
