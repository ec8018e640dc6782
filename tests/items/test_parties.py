"""Who is a party to an item: the rule and its SQL say the same of every small office."""

from dataclasses import replace

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tests.closure.test_recusal import trying
from tests.factories import a_source, a_unit, an_account, an_item
from tracker.access.rules import Action, Role
from tracker.core.db import db
from tracker.core.errors import DomainError, Forbidden
from tracker.items import queries
from tracker.items.four_eyes import Decider, check_entering, check_four_eyes, is_party
from tracker.items.models import Item
from tracker.items.papers import check_signed
from tracker.org.models import Grant, Person

PERSON = st.one_of(st.none(), st.integers(0, 3))


@given(
    lead=st.one_of(st.none(), st.integers(0, 3)),
    homes=st.lists(st.one_of(st.none(), st.integers(0, 3)), min_size=4, max_size=4),
    grants=st.lists(
        st.tuples(st.integers(0, 3), st.sampled_from([Role.UNIT_HEAD, Role.OFFICE, Role.LIAISON]), st.integers(0, 3)),
        max_size=6,
        unique=True,
    ),
    owner=PERSON,
    handler=PERSON,
)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_rule_and_sql_name_the_same_parties_in_every_small_office(
    app: Flask,
    lead: int | None,
    homes: list[int | None],
    grants: list[tuple[int, Role, int]],
    owner: int | None,
    handler: int | None,
) -> None:
    with trying():
        session = db.session()
        root, office = a_unit("市直机关工委"), a_unit("组织部")
        units = [root, office, a_unit("干部科", office), a_unit("宣传部")]
        people = [an_account(f"第{n}人", None, root) for n in range(4)]
        for person, home in zip(people, homes, strict=True):
            person.unit_id = None if home is None else units[home].id
        session.add_all(Grant(person_id=people[n].id, role=role, unit_id=units[at].id) for n, role, at in grants)
        item = an_item(a_source(), lead_unit=office)
        item.lead_unit_id = None if lead is None else units[lead].id
        item.owner_id, item.handler_id = (None if n is None else people[n].id for n in (owner, handler))
        session.flush()
        ids = [person.id for person in people]
        of_rule = {each for each in ids if is_party(queries.load_decider(session, {each}), item)}
        of_column = select(Person.id).join(Item, queries.is_party(Person.id, Item)).where(Item.id == item.id)
        assert set(session.scalars(of_column)) == of_rule
        for pair in (frozenset(), frozenset(ids[:2]), frozenset(ids[2:]), *(frozenset({each}) for each in ids)):
            found = session.scalar(select(Item.id).where(Item.id == item.id, queries.is_party(pair, Item)))
            as_one = is_party(queries.load_decider(session, pair), item)
            assert (found is not None) == as_one == bool(pair & of_rule), "a substitute and the absent person are one"
        told = {each.id for each in queries.list_deciders(session, item, Action.DECIDE_AS_OFFICE, excluded=())}
        assert not told & of_rule


def test_without_a_lead_unit_only_owner_and_handler_are_parties() -> None:
    decider = Decider(frozenset({1}), units=frozenset({10}), heads=frozenset({10}))

    class Free:
        lead_unit_id = leader_id = supervisor_id = owner_id = handler_id = None
        supporting_unit_ids = frozenset[int]()
        reader_ids = None

    free = Free()
    assert not is_party(decider, free)
    assert is_party(replace(decider, identities=frozenset({1, 2})), _owned(2))


def _owned(person_id: int) -> Item:
    return Item(owner_id=person_id)


@pytest.mark.parametrize(("asking", "earlier"), [({7, 8}, ()), ({1}, (8,)), ({7}, ()), ({1}, (7,))])
def test_a_substitute_and_whom_they_act_for_are_one_person(asking: set[int], earlier: tuple[int, ...]) -> None:
    with pytest.raises(Forbidden):
        check_four_eyes({7, 8}, asking=asking, earlier=earlier)
    check_four_eyes({7, 8}, asking={1, 2, None}, earlier=[3, None])


def test_the_applicant_decides_nothing_and_nobody_two_steps_and_each_is_told_why() -> None:
    with pytest.raises(Forbidden, match="申请人"):
        check_four_eyes({7}, asking={7})
    with pytest.raises(Forbidden, match="两个环节"):
        check_four_eyes({8}, asking={7}, earlier=[8])
    with pytest.raises(Forbidden, match="代录"):
        check_entering({7}, asking={7})
    check_entering({8}, asking={7, None})


@pytest.mark.parametrize(("has_person", "body"), [(True, "工委会议"), (False, " ")])
def test_a_paper_names_one_who_decided(has_person: bool, body: str) -> None:
    with pytest.raises(DomainError) as refusal:
        check_signed(has_person=has_person, body=body)
    assert refusal.value.field == "decider"
    check_signed(has_person=not has_person, body=body)
