"""People: names first, details later, accounts last."""

import pytest
from factories import a_person, a_unit, actor_of, an_account
from flask import Flask

from tracker.access.rules import SYSTEM, Role, UnitSet
from tracker.core.db import db, writing
from tracker.core.errors import DomainError, Forbidden, Stale
from tracker.org import operations, queries
from tracker.org.models import Person
from tracker.org.operations import Details, Namesakes


def fresh(person: Person) -> Person:
    return queries.get_person(db.session(), person.id)


def test_a_name_that_is_there_is_asked_about_before_a_second_person_gets_it(app: Flask) -> None:
    with writing():
        unit = a_unit()
        plain = a_person("王敏")
        with pytest.raises(Namesakes) as asked:
            operations.add_person(Details("王敏", unit.id), actor=SYSTEM)
        assert [person.id for person in asked.value.people] == [plain.id]
        second = operations.add_namesake(Details("王敏", unit.id), actor=SYSTEM)
    assert second.id != plain.id


def test_a_plain_name_keeps_its_row_when_an_account_is_opened(app: Flask) -> None:
    with writing():
        plain = a_person("王敏", a_unit())
    with writing():
        operations.open_account(fresh(plain), "Wang.Min", actor=SYSTEM)
    account = queries.find_account(db.session(), "wang.min")
    assert account is not None
    assert account.person_id == plain.id


def test_details_saved_against_an_older_version_are_refused_with_both_texts(app: Flask) -> None:
    with writing():
        person = a_person("王敏", a_unit())
    with writing():
        operations.change_person(fresh(person), Details("王敏", person.unit_id, title="部长"), actor=SYSTEM)
    with pytest.raises(Stale) as refused, writing():
        details = Details("王敏", person.unit_id, title="副部长")
        operations.change_person(fresh(person), details, actor=SYSTEM, seen_version=1)
    assert (refused.value.typed["职务"], refused.value.stored["职务"]) == ("副部长", "部长")


def test_a_new_name_is_found_by_its_pinyin(app: Flask) -> None:
    with writing():
        person = a_person("王敏", a_unit())
        operations.change_person(person, Details("李强", person.unit_id), actor=SYSTEM)
    for typed in ("李", "liq", "lq", "li qiang", "LQ"):
        assert db.session.scalars(queries.select_people(text=typed)).unique().all() == [person], typed
    assert db.session.scalars(queries.select_people(text="100%")).all() == []


def test_a_list_of_people_holds_only_units_within_reach(app: Flask) -> None:
    with writing():
        own, other = a_unit("组织部"), a_unit("宣传部")
        a_person("王敏", a_unit("干部科", own))
        a_person("李强", other)
        a_person("赵云")
    of_unit = db.session.scalars(queries.select_people(unit_id=own.id)).unique().all()
    assert [person.name for person in of_unit] == ["王敏"]
    reached = UnitSet(ids=frozenset({other.id}))
    assert [person.name for person in db.session.scalars(queries.select_people(units=reached)).unique()] == ["李强"]
    assert len(db.session.scalars(queries.select_people(units=UnitSet(everywhere=True))).unique().all()) == 3
    assert db.session.scalars(queries.select_people(units=UnitSet())).all() == []


def test_an_administrator_of_one_unit_reaches_nobody_whose_role_lies_outside(app: Flask) -> None:
    with writing():
        own, other = a_unit("组织部"), a_unit("宣传部")
        actor = actor_of(an_account("李强", Role.ADMINISTRATOR, own))
        head = an_account("王敏", Role.LIAISON, own)
        operations.grant(head, Role.VIEWER, other, actor=SYSTEM)
        outsider, plain = a_person("赵云", other), a_person("周正")
    with writing():
        for person in (head, outsider):
            with pytest.raises(Forbidden):
                operations.change_person(fresh(person), Details("新名", own.id), actor=actor)
        with pytest.raises(Forbidden):
            operations.add_namesake(Details("新人", other.id), actor=actor)
        with pytest.raises(Forbidden):
            operations.change_person(fresh(plain), Details("周正", other.id), actor=actor)
        operations.change_person(fresh(plain), Details("周正", own.id), actor=actor)


def test_a_plain_name_that_was_granted_a_role_elsewhere_is_not_taken_up_by_the_administrator_of_a_unit(
    app: Flask,
) -> None:
    with writing():
        own = a_unit("组织部")
        actor = actor_of(an_account("李强", Role.ADMINISTRATOR, own))
        promised = a_person("周正")
        operations.grant(promised, Role.OFFICE, a_unit("市直机关工委"), actor=SYSTEM)
    with writing():
        with pytest.raises(Forbidden):
            operations.open_account(fresh(promised), "zhouzheng", actor=actor, code_hash="x")
        assert fresh(promised).account is None


def test_a_handler_is_somebody_of_the_unit_never_a_namesake_elsewhere(app: Flask) -> None:
    with writing():
        own, other = a_unit("组织部"), a_unit("宣传部")
        stranger = a_person("王敏", other)
        handler = operations.name_handler("王敏", unit=own, actor=SYSTEM)
        assert handler.id != stranger.id
        assert handler.unit_id == own.id
        assert operations.name_handler(" 王敏 ", unit=own, actor=SYSTEM) is handler


def test_a_handler_may_sit_below_the_unit_or_be_a_plain_name_of_no_unit(app: Flask) -> None:
    with writing():
        own = a_unit("组织部")
        below, plain = a_person("王敏", a_unit("干部科", own)), a_person("李强")
        assert operations.name_handler("王敏", unit=own, actor=SYSTEM) is below
        assert operations.name_handler("李强", unit=own, actor=SYSTEM) is plain
        a_person("赵云", own)
        a_person("赵云", own)
        with pytest.raises(DomainError):
            operations.name_handler("赵云", unit=own, actor=SYSTEM)


def test_each_name_is_offered_once_with_words_that_find_it(app: Flask) -> None:
    with writing():
        a_person("王敏", a_unit())
        a_person("王敏")
    choices = queries.list_people_choices(db.session())
    assert [(choice.value, choice.words) for choice in choices] == [("王敏", "组织部 wangmin wm")]
