"""Drawing, giving out and recording second looks, on real databases."""

from collections.abc import Iterator
from datetime import date

import pytest
import time_machine
from factories import an_account, an_item
from flask import Flask
from sqlalchemy import select

from tests.corrections.correcting import APPROVE, REFUSE
from tests.reinspections.looking import REBOUND, SEED, SEEN, WORSE, LookingOffice
from tracker.access.rules import SYSTEM, Role
from tracker.audit.models import AuditEntry
from tracker.closure.rules import Decision
from tracker.core.db import db, writing
from tracker.core.errors import AlreadyThere, Conflict, DomainError, Forbidden, NotFound, Stale
from tracker.desk.queries.waits import Wait, list_waits
from tracker.items import operations as items
from tracker.items import queries as ledger
from tracker.items.models import Item
from tracker.items.rules import State
from tracker.org.models import Person, Unit
from tracker.reinspections import operations, queries
from tracker.reinspections.rules import LookState, Population, Size, draw_sample
from tracker.sources import queries as sources


@pytest.fixture
def travel() -> Iterator[time_machine.Traveller]:
    with time_machine.travel("2026-07-15T09:00:00+08:00") as traveller:
        yield traveller


@pytest.fixture
def office(app: Flask, travel: time_machine.Traveller) -> LookingOffice:
    with writing():
        return LookingOffice()


def closed_on_import(office: LookingOffice, count: int, on: date = date(2026, 7, 1)) -> list[str]:
    with writing():
        unit = db.session.get_one(Unit, office.lead_id)
        source = sources.get_source(db.session(), office.item().source_id, lock=True)
        drawn = [an_item(source, lead_unit=unit, finding=f"问题{n}") for n in range(count)]
        for item in drawn:
            items.close_on_import(item, actor=SYSTEM, on=on, reason="台账已销号")
    return [item.number for item in drawn]


def test_a_draw_keeps_its_population_and_anybody_draws_the_same_again(office: LookingOffice) -> None:
    numbers = closed_on_import(office, 20)
    draw_id = office.draw(Size(share=25))
    made = queries.get_draw(db.session(), draw_id, office.acts(office.clerk2), whole=True)
    assert (made.population, made.size, made.seed, made.drawn_on) == (20, 5, SEED, date(2026, 7, 15))
    assert made.members.split("\n") == sorted(numbers), "what is open is not drawn from"
    drawn = [look.item.number for look in office.looks(draw_id)]
    assert drawn == draw_sample(made.members.split("\n"), 5, SEED)


def test_it_is_drawn_once_and_another_draw_leaves_it_alone(office: LookingOffice) -> None:
    closed_on_import(office, 20)
    first = office.draw(Size(number=5))
    drawn = [look.item.number for look in office.looks(first)]
    with pytest.raises(AlreadyThere):
        office.draw(Size(number=5))
    again = office.draw(Size(number=5), seed="另一个")
    made = queries.get_draw(db.session(), again, office.acts(office.clerk2))
    assert (made.population, made.size) == (15, 5), "what waits for a second look is not drawn again"
    assert [look.item.number for look in office.looks(first)] == drawn


def test_it_is_narrowed_by_source_unit_kind_and_age(office: LookingOffice) -> None:
    closed_on_import(office, 3, on=date(2026, 7, 1))
    with time_machine.travel("2026-10-31T09:00:00+08:00"):
        closed_on_import(office, 2, on=date(2026, 10, 20))
        actor, source_id = office.acts(office.clerk2), office.item().source_id
        assert office.item().state is State.WORKING

        def counted(**chosen: int) -> int:
            return queries.count_population(db.session(), Population(**chosen), actor)

        assert counted() == counted(source_id=source_id) == counted(unit_id=office.lead_id) == 5
        assert counted(source_id=source_id + 1) == counted(unit_id=office.other.id) == 0
        assert (counted(older=3), counted(younger=3), counted(older=3, younger=12)) == (3, 2, 3)
        with pytest.raises(Conflict, match="放宽条件"):
            office.draw(unit_id=office.other.id)


def test_only_the_office_draws_and_gives_out(office: LookingOffice) -> None:
    office.close()
    for person in (office.head, office.liaison, office.leader, office.viewer):
        with pytest.raises(Forbidden):
            office.draw(person=person)
    look_id = office.looks(office.draw())[0].id
    with pytest.raises(NotFound):
        office.assign(look_id, office.viewer, office.leader)


def test_nobody_who_had_a_part_in_it_looks_again(office: LookingOffice) -> None:
    office.close()
    look = office.looks(office.draw())[0]
    fit = queries.map_fit(db.session(), [look.item])[look.item_id]
    assert {person.name for person in fit} == {"何芳", "赵敏"}
    of_unit, of_closing = "牵头单位", "参与过销号"
    parts = {office.clerk: of_closing, office.leader: of_closing, office.head: of_unit, office.liaison: of_unit}
    for person, part in (*parts.items(), (office.handler, "责任人和经办人")):
        with pytest.raises(Forbidden, match=part):
            office.assign(look.id, person)
    office.assign(look.id, office.viewer)
    assert office.look(look.id).inspector_id == office.id_of(office.viewer)


def test_what_is_told_of_the_fit_is_what_may_be_assigned(office: LookingOffice) -> None:
    with writing():
        others = [
            an_account("下级人", Role.VIEWER, db.session.get_one(Unit, office.lead_id)),
            an_account("外单位", Role.VIEWER, db.session.get_one(Unit, office.other.id)),
            an_account("联络人", Role.LIAISON, db.session.get_one(Unit, office.other.id)),
        ]
    office.close()
    look = office.looks(office.draw())[0]
    fit = {person.id for person in queries.map_fit(db.session(), [look.item])[look.item_id]}
    people = [*others, office.clerk, office.clerk2, office.leader, office.viewer, office.head, office.liaison]
    for person in people:
        try:
            office.assign(look.id, person)
            may = True
        except Forbidden:
            may = False
        assert may is (office.id_of(person) in fit), db.session.get_one(Person, office.id_of(person)).name


def test_a_result_is_the_inspectors_and_stands(office: LookingOffice) -> None:
    look_id = office.drawn_and_given()
    for person in (office.leader, office.head):
        with pytest.raises(Forbidden):
            office.record(look_id, person=person)
    with pytest.raises(DomainError):
        office.record(look_id, findings=" ")
    office.record(look_id)
    look = office.look(look_id)
    assert (look.state, look.findings, look.is_for_others) == (LookState.PASSED, SEEN, False)
    assert office.item().state is State.CLOSED
    with pytest.raises(AlreadyThere):
        office.record(look_id)
    with pytest.raises(Conflict):
        office.record(look_id, REBOUND, WORSE)
    with pytest.raises(Conflict):
        office.assign(look_id, office.clerk2)


def test_what_the_office_enters_for_the_inspector_is_marked(office: LookingOffice) -> None:
    look_id = office.drawn_and_given()
    with pytest.raises(Forbidden, match="参与过销号"):
        office.record(look_id, person=office.clerk)
    office.record(look_id, person=office.clerk2)
    look = office.look(look_id)
    assert (look.is_for_others, look.inspector_id) == (True, office.id_of(office.viewer))
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.action == "reinspection.record")).one()
    assert '"is_for_others":true' in entry.details


def test_two_who_record_at_once_are_told_of_each_other(office: LookingOffice) -> None:
    look_id = office.drawn_and_given()
    version = office.look(look_id).version
    office.record(look_id, version=version)
    with pytest.raises(Stale) as refusal:
        office.record(look_id, REBOUND, WORSE, office.clerk2, version=version)
    assert SEEN in refusal.value.stored.values()


def test_without_an_inspector_there_is_no_result(office: LookingOffice) -> None:
    office.close()
    look_id = office.looks(office.draw())[0].id
    with pytest.raises(Conflict, match="还没有指派"):
        office.record(look_id, person=office.clerk)


def test_it_waits_on_the_desk_of_whoever_is_next(office: LookingOffice) -> None:
    office.close()

    def waits(*people: Person) -> list[list[str | None]]:
        return [
            [each.code for each in list_waits(db.session(), office.acts(person)) if each.what == Wait.LOOK]
            for person in people
        ]

    everybody = (office.clerk, office.viewer, office.leader, office.head)
    look_id = office.looks(office.draw())[0].id
    assert waits(*everybody) == [["waiting"], [], [], []]
    office.assign(look_id, office.viewer)
    assert waits(*everybody) == [[], ["waiting"], [], []]
    office.record(look_id, REBOUND, WORSE)
    assert waits(*everybody) == [["rebound"], [], [], []]
    reopen(office, look_id)
    assert waits(*everybody) == [[], [], [], []]


def reopen(office: LookingOffice, look_id: int) -> int:
    with writing():
        held = office.look(look_id, lock=True)
        return operations.ask_reopening(held, f"回头看：{WORSE}", actor=office.acts(office.clerk2)).id


def test_a_rebound_opens_a_new_item_that_is_linked_to_the_old_one(office: LookingOffice) -> None:
    look_id = office.drawn_and_given()
    office.record(look_id, REBOUND, WORSE)
    with writing():
        source = sources.get_source(db.session(), office.item().source_id, lock=True)
        held = office.look(look_id, lock=True)
        made = operations.draw_up_again(held, source, "第一议题制度又不落实", actor=office.acts(office.clerk2)).number
    item = db.session.scalars(select(Item).where(Item.number == made)).one()
    assert (item.recurs_of_id, item.state, office.item().state) == (office.item().id, State.DRAFT, State.CLOSED)
    assert office.look(look_id).recurred_id == item.id
    with pytest.raises(Conflict, match="已有后续处理"):
        reopen(office, look_id)


def test_a_rebound_takes_the_old_item_up_again_only_when_somebody_else_approves(office: LookingOffice) -> None:
    look_id = office.drawn_and_given()
    office.record(look_id, REBOUND, WORSE)
    correction_id = reopen(office, look_id)
    assert office.item().state is State.CLOSED
    with pytest.raises(Forbidden):
        office.approve(correction_id, office.clerk2)
    office.approve(correction_id, office.leader, REFUSE, "情况需要核实")
    correction_id = reopen(office, look_id)
    office.approve(correction_id, office.leader, APPROVE)
    assert office.item().state is State.WORKING


def test_only_a_rebound_is_followed_up(office: LookingOffice) -> None:
    look_id = office.drawn_and_given()
    for _before_and_after in range(2):
        with pytest.raises(Conflict, match="只有反弹"):
            reopen(office, look_id)
        if office.look(look_id).state is LookState.WAITING:
            office.record(look_id)


def test_rates_count_looks_with_a_result_by_the_unit_that_led_at_the_draw(office: LookingOffice) -> None:
    closed_on_import(office, 3)
    looks = office.looks(office.draw())
    for place, look in enumerate(looks[:2]):
        office.assign(look.id, office.viewer)
        office.record(look.id, *((REBOUND, WORSE) if place else ()))
    (told,) = queries.list_rebounds(db.session(), office.acts(office.clerk2))
    assert (told.unit_id, told.done, told.rebound) == (office.lead_id, 2, 1)
    for filter_, count in (({"is_done": True}, 2), ({"state": LookState.REBOUND}, 1)):
        chosen = queries.LookFilter(unit_id=office.lead_id, **filter_)  # type: ignore[arg-type]
        found = queries.list_looks(db.session(), queries.select_looks(office.acts(office.clerk2), chosen))
        assert len(found) == count
    assert not queries.list_rebounds(db.session(), office.acts(office.stranger)), "no count leaks"


def test_what_a_new_item_may_be_a_relapse_of_is_offered_and_linked(office: LookingOffice) -> None:
    office.close()
    closed = ledger.load_closed(db.session(), office.acts(office.clerk2))
    (like,) = closed.like("第一议题制度坚持得不够经常，有时不落实")
    assert like.thing.number == office.number
    assert not closed.like("食堂采购没有公开招标")
    with writing():
        source = sources.get_source(db.session(), office.item().source_id, lock=True)
        made = items.draw_up(source, "第一议题制度坚持不够经常", actor=office.acts(office.clerk2))
        items.link_recurrence(made, office.item(), actor=office.acts(office.clerk2))
        with pytest.raises(DomainError, match="没有销号"):
            items.link_recurrence(made, an_item(source), actor=office.acts(office.clerk2))
    assert made.recurs_of_id == office.item().id
    assert not ledger.load_closed(db.session(), office.acts(office.stranger)).like("第一议题制度坚持不够经常")


def sustain(office: LookingOffice) -> None:
    office.proved_and_applied()
    office.decide(office.head, 1, Decision.PASS)
    office.decide(office.clerk, 2, Decision.SUSTAIN, "转为持续整改，每季度检查。")


def check(office: LookingOffice, on: date, next_on: date, person: Person | None = None, findings: str = SEEN) -> None:
    with writing():
        seen = operations.Seen(True, on, findings, next_on)
        operations.check(office.item(lock=True), seen, actor=office.acts(person or office.clerk2))


def test_what_is_kept_up_is_checked_on_the_rhythm_of_its_source(
    office: LookingOffice, travel: time_machine.Traveller
) -> None:
    with pytest.raises(Conflict):
        check(office, date(2026, 7, 15), date(2026, 10, 15))
    sustain(office)
    assert office.item().next_check_on == date(2026, 10, 15)

    def due() -> list[str | None]:
        return [each.number for each in list_waits(db.session(), office.acts(office.clerk2)) if each.what == Wait.CHECK]

    assert not due()
    travel.move_to("2026-10-15T09:00:00+08:00")
    assert due() == [office.number]
    assert operations.next_by_rhythm(office.item()) == date(2027, 1, 15)
    with pytest.raises(Forbidden):
        check(office, date(2026, 10, 15), date(2027, 1, 15), office.leader)
    with pytest.raises(DomainError, match="晚于今天"):
        check(office, date(2026, 10, 15), date(2026, 10, 15))
    check(office, date(2026, 10, 15), date(2027, 1, 15))
    with pytest.raises(AlreadyThere):
        check(office, date(2026, 10, 15), date(2027, 1, 15))
    item = office.item()
    assert (item.next_check_on, item.state, item.closed_on) == (date(2027, 1, 15), State.SUSTAINED, None)
    assert not due()
    assert len(queries.list_checks(db.session(), item.id)) == 1


def test_what_is_closed_after_all_is_checked_no_more(office: LookingOffice) -> None:
    sustain(office)
    office.apply()
    assert office.item().next_check_on is None
