"""Parties keep out: found out before issuing, stood in for by a route, and told alike by every list."""

import pytest
from factories import a_person, a_source, a_telling, a_unit, an_account, an_issued_item, an_item
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.closure.closing_office import ClosingOffice
from tracker.access.rules import SYSTEM, Actor, Role
from tracker.closure import operations, queries
from tracker.closure.models import Application, Review
from tracker.closure.rules import ApplicationState, Decision, RecusalRoute
from tracker.core import clock
from tracker.core.db import db, trying, writing
from tracker.core.errors import DomainError, Forbidden
from tracker.items import operations as items
from tracker.items.models import Item
from tracker.items.rules import State
from tracker.org.models import Grant, Person, Unit
from tracker.org.queries import load_actor
from tracker.sources.rules import StepKind

PASS = Decision.PASS


@pytest.fixture
def office(app: Flask) -> ClosingOffice:
    with writing():
        return ClosingOffice()


def set_route(
    office: ClosingOffice, step: StepKind, route: RecusalRoute, person: Person | None = None, *, of_source: bool = False
) -> None:
    person_id = office.id_of(person) if person else None
    told = {"person_id": person_id, "reason": "整改办设在牵头单位", "actor": office.acts(office.clerk)}
    with writing():
        if of_source:
            operations.set_for_source(office.item().source, step, route, **told)
        else:
            operations.set_for_item(office.item(lock=True), step, route, **told)


def move_to(office: ClosingOffice, unit_id: int, *people: Person) -> None:
    """Let people belong to a unit."""
    with writing():
        for person in people:
            db.session.get_one(Person, office.id_of(person)).unit_id = unit_id


def kinds_of(application: Application) -> list[tuple[str, str | None, int | None]]:
    return [(each.kind, each.route, each.named_id) for each in application.reviews]


@pytest.mark.parametrize("relation", ["owner_id", "handler_id"])
def test_owner_and_handler_never_make_the_offices_check(office: ClosingOffice, relation: str) -> None:
    with writing():
        setattr(office.item(lock=True), relation, office.id_of(office.clerk))
    office.proved_and_applied()
    office.decide(office.head, 1, PASS)
    with pytest.raises(Forbidden, match="回避"):
        office.decide(office.clerk, 2, PASS)
    office.decide(office.clerk2, 2, PASS)


def test_whoever_belongs_below_the_lead_unit_keeps_out_even_as_leader(office: ClosingOffice) -> None:
    with writing():
        below = a_unit("干部科", db.session.get_one(Unit, office.lead_id))
        second = an_account("张敏", Role.LEADER, a_unit("市直机关工委"))
    move_to(office, below.id, office.leader)
    office.proved_and_applied()
    office.decide(office.head, 1, PASS)
    office.decide(office.clerk, 2, PASS)
    with pytest.raises(Forbidden, match="回避"):
        office.decide(office.leader, 3, PASS)
    office.decide(second, 3, PASS)
    assert office.item().state is State.CLOSED


def test_a_draft_whose_reviewers_are_all_parties_is_not_issued_before_a_route_is_set(office: ClosingOffice) -> None:
    move_to(office, office.lead_id, office.clerk, office.clerk2)
    with writing():
        lead = db.session.get_one(Unit, office.lead_id)
        draft = an_item(office.item().source, lead_unit=lead, leader_id=office.id_of(office.leader))
        number = draft.number
    with pytest.raises(DomainError, match=rf"{number}（整改办初审）"), writing():
        items.issue([items_of(office, number)], actor=SYSTEM)
    with pytest.raises(DomainError, match="回避"), writing():
        clerk = office.id_of(office.clerk)
        told = {"person_id": clerk, "reason": "本人", "actor": office.acts(office.clerk)}
        operations.set_for_item(items_of(office, number), StepKind.OFFICE, RecusalRoute.LEADER, **told)
    with writing():
        inspector = a_person("纪委书记", a_unit("办公室二"))
        told = {"person_id": inspector.id, "reason": "整改办设在本单位", "actor": office.acts(office.clerk)}
        operations.set_for_item(items_of(office, number), StepKind.OFFICE, RecusalRoute.DISCIPLINE, **told)
    with writing():
        items.issue([items_of(office, number)], actor=SYSTEM)
    assert items_of(office, number).state is State.ISSUED


def items_of(office: ClosingOffice, number: str) -> Item:
    kept, office.number = office.number, number
    found = office.item()
    office.number = kept
    return found


def test_an_item_given_to_the_offices_own_unit_asks_for_a_route_at_once(office: ClosingOffice) -> None:
    with writing():
        own = a_unit("综合处")
        item = an_issued_item(source=office.item().source, lead_unit=db.session.get_one(Unit, office.lead_id))
        number, own_id = item.number, own.id
    move_to(office, own_id, office.clerk, office.clerk2)
    with pytest.raises(DomainError, match="回避设置"), writing():
        items.reassign(items_of(office, number), unit_id=own_id, reason="属其职责", actor=office.acts(office.clerk))
    assert items_of(office, number).lead_unit_id == office.lead_id


def test_the_route_decides_in_place_of_the_usual_reviewers_and_stays_with_the_application(
    office: ClosingOffice,
) -> None:
    with writing():
        discipline = a_unit("机关纪委")
        inspector = an_account("赵廉", None, discipline)
    with pytest.raises(DomainError, match="看不到"):
        set_route(office, StepKind.OFFICE, RecusalRoute.DISCIPLINE, inspector)
    with writing():
        root_id = discipline.parent_id
        db.session.add(Grant(person_id=inspector.id, role=Role.VIEWER, unit_id=root_id))
    set_route(office, StepKind.OFFICE, RecusalRoute.DISCIPLINE, inspector)
    application = office.proved_and_applied()
    assert kinds_of(application)[1] == ("office", "discipline", office.id_of(inspector))
    with writing():
        (recusal,) = queries.list_recusals(db.session(), item_id=office.item().id)
        operations.remove_recusal(recusal, office.item(), actor=office.acts(office.clerk))
    office.decide(office.head, 1, PASS)
    with pytest.raises(Forbidden):
        office.decide(office.clerk, 2, PASS)
    assert waiting(office.acts(inspector)) == [2]
    with writing():
        review = office.review(2)
        operations.decide(review, PASS, "", actor=office.acts(inspector))
    office.decide(office.leader, 3, PASS)
    assert office.item().state is State.CLOSED


def waiting(actor: Actor) -> list[int]:
    return [review.position for review in db.session().scalars(queries.select_waiting(actor))]


def test_the_route_of_a_source_is_for_those_items_alone_that_need_it(office: ClosingOffice) -> None:
    set_route(office, StepKind.OFFICE, RecusalRoute.COLLECTIVE, of_source=True)
    office.prove()
    with trying():
        item = office.item(lock=True)
        usual = operations.apply(item, a_telling(item), actor=office.acts(office.liaison))
        assert kinds_of(usual)[1] == ("office", None, None)
    move_to(office, office.lead_id, office.clerk, office.clerk2)
    assert kinds_of(office.apply())[1] == ("office", "collective", None)


def test_a_named_decider_alone_decides_the_step(app: Flask) -> None:
    from tracker.sources import operations as sources

    with writing():
        office = ClosingOffice()
    with writing():
        chain = [StepKind.UNIT_HEAD, StepKind.OFFICE, StepKind.LEADER]
        named = {StepKind.OFFICE: office.id_of(office.clerk2)}
        sources.set_chain(office.item().source, chain, named=named, actor=SYSTEM)
    office.proved_and_applied()
    office.decide(office.head, 1, PASS)
    assert (waiting(office.acts(office.clerk)), waiting(office.acts(office.clerk2))) == ([], [2])
    with pytest.raises(Forbidden):
        office.decide(office.clerk, 2, PASS)
    office.decide(office.clerk2, 2, PASS)


GRANTS = st.lists(
    st.tuples(st.integers(0, 5), st.sampled_from([Role.OFFICE, Role.LEADER, Role.UNIT_HEAD]), st.integers(0, 2)),
    max_size=8,
    unique=True,
)
STEP = st.tuples(
    st.sampled_from(list(StepKind)[:4]),
    st.one_of(st.none(), st.integers(0, 5)),
    st.one_of(st.none(), st.sampled_from(list(RecusalRoute))),
)


@given(
    grants=GRANTS,
    homes=st.lists(st.integers(0, 2), min_size=6, max_size=6),
    answering=st.tuples(*[st.one_of(st.none(), st.integers(0, 5))] * 3),
    steps=st.lists(STEP, min_size=1, max_size=3),
    applicant=st.integers(0, 5),
    decided=st.lists(st.integers(0, 5), max_size=2),
)
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_lists_and_notices_name_the_same_people_in_every_small_office(
    app: Flask,
    grants: list[tuple[int, Role, int]],
    homes: list[int],
    answering: tuple[int | None, int | None, int | None],
    steps: list[tuple[StepKind, int | None, RecusalRoute | None]],
    applicant: int,
    decided: list[int],
) -> None:
    with trying():
        session = db.session()
        root, lead = a_unit("市直机关工委"), a_unit("组织部")
        units = [root, lead, a_unit("干部科", lead)]
        people = [an_account(f"第{n}人", None, units[home]) for n, home in enumerate(homes)]
        session.add_all(Grant(person_id=people[n].id, role=role, unit_id=units[at].id) for n, role, at in grants)
        item = an_item(a_source(), lead_unit=lead)
        names = ("leader_id", "owner_id", "handler_id")
        for name, n in zip(names, answering, strict=True):
            setattr(item, name, None if n is None else people[n].id)
        item.state = State.APPLIED
        application = Application(
            item=item,
            round=1,
            applicant_id=people[applicant].id,
            statement="",
            filed_at=clock.now(),
            state=ApplicationState.PENDING,
        )
        done = decided[: len(steps) - 1]
        for place, (kind, named, route) in enumerate(steps):
            named_id = None if named is None else people[named].id
            review = Review(position=place + 1, kind=kind, named_id=named_id, route=route)
            if place < len(done):
                review.decision, review.decider_id = PASS, people[done[place]].id
                review.decided_at, review.decided_on = clock.now(), clock.today()
            application.reviews.append(review)
        session.add(application)
        session.flush()
        present = application.reviews[len(done)]
        out = {people[n].id for n in (applicant, *done)}
        able = queries.list_possible_deciders(session, present) - out
        actors = [load_actor(session, person) for person in people]
        told = {a.person_id for a in actors if session.scalars(queries.select_waiting(a)).all() == [present]}
        assert told == able
        assert {a.person_id for a in actors if may_decide(present, a)} == able


def may_decide(review: Review, actor: Actor) -> bool:
    try:
        operations.ensure_decidable(review, actor=actor)
    except Forbidden:
        return False
    return True
