"""Applying, deciding step by step, returning, closing, reopening, on real databases."""

from collections.abc import Callable
from datetime import date

import pytest
import time_machine
from factories import a_telling, a_unit, an_account, an_item
from flask import Flask

from tests.closure.closing_office import DEMAND, STATEMENT, ClosingOffice
from tracker.access.rules import SYSTEM, Action, Role, reach
from tracker.audit.queries import select_entries
from tracker.closure import operations, queries
from tracker.closure.models import Review
from tracker.closure.rules import ApplicationState, Decision
from tracker.core import clock, hooks
from tracker.core.db import db, writing
from tracker.core.errors import Conflict, DomainError, Forbidden, NotFound
from tracker.items import operations as items
from tracker.items import queries as item_queries
from tracker.items.rules import Event, OwnWord, State, is_overdue
from tracker.org.models import Account, Grant
from tracker.progress import operations as progress
from tracker.sources.rules import StepKind

PASS, RETURN, SUSTAIN = Decision.PASS, Decision.RETURN, Decision.SUSTAIN


@pytest.fixture
def office(app: Flask) -> ClosingOffice:
    with writing():
        return ClosingOffice()


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """What the hooks were told: the hook's name and the step."""
    told: list[tuple[str, str]] = []
    for name in ("application_waits", "application_decided"):
        monkeypatch.setitem(hooks._hooks, name, [lambda review, name=name: told.append((name, review.kind))])
    return told


def waiting_for(office: ClosingOffice, *people: object) -> list[list[StepKind]]:
    session = db.session()
    return [
        [review.kind for review in session.scalars(queries.select_waiting(office.acts(person)))]  # type: ignore[arg-type]
        for person in people
    ]


def test_an_application_copies_the_chain_and_says_the_units_own_word(office: ClosingOffice) -> None:
    application = office.proved_and_applied()
    item = office.item()
    assert [review.kind for review in application.reviews] == ["unit_head", "office", "leader"]
    assert (item.state, item.own_word, item.own_word_on) == (State.APPLIED, OwnWord.COMPLETED, clock.today())
    assert (application.round, item.rounds, application.state) == (1, 1, ApplicationState.PENDING)


def test_a_chain_changed_later_leaves_filed_applications_alone(office: ClosingOffice) -> None:
    from tracker.sources import operations as sources

    application = office.proved_and_applied()
    with writing():
        sources.set_chain(office.item().source, [StepKind.OFFICE], actor=SYSTEM)
    assert [review.kind for review in db.session.get_one(type(application), application.id).reviews] == [
        "unit_head",
        "office",
        "leader",
    ]


@pytest.mark.parametrize(
    ("prepare", "statement", "words"),
    [
        (lambda office: None, STATEMENT, "佐证"),
        (ClosingOffice.prove, "  ", "完成情况"),
        (ClosingOffice.prove, "整改完成", "不少于 10 个字"),
    ],
)
def test_an_incomplete_application_is_refused(
    office: ClosingOffice, prepare: Callable[[ClosingOffice], None], statement: str, words: str
) -> None:
    prepare(office)
    with pytest.raises(DomainError, match=words):
        office.apply(statement=statement)
    assert office.item().state is State.WORKING


def test_a_short_statement_is_enough_once_all_measures_are_done(office: ClosingOffice) -> None:
    office.prove()
    with writing():
        (measure,) = progress.add_measures(office.item(), ["印发办法"], actor=office.acts(office.liaison))
        progress.tick(measure, actor=office.acts(office.liaison))
    assert office.apply(statement="均已完成").state is ApplicationState.PENDING


def test_only_the_unit_and_the_handler_apply(office: ClosingOffice) -> None:
    office.prove()
    for person in (office.clerk, office.leader):
        with pytest.raises(Forbidden):
            office.apply(person)
    assert office.apply(office.handler).applicant_id == office.handler.id


def test_an_item_is_not_applied_for_twice_nor_before_it_is_accepted(office: ClosingOffice) -> None:
    office.proved_and_applied()
    with pytest.raises(Conflict):
        office.apply()


def test_nobody_applies_for_a_parent(office: ClosingOffice) -> None:
    with writing():
        parent = an_item(office.item().source, lead_unit=office.lead)
        children = items.split(parent, [office.lead, office.other], actor=SYSTEM)
        items.issue(children, actor=SYSTEM)
        for child in children:
            items.accept(child, handler_id=office.handler.id, actor=SYSTEM)
        with pytest.raises(Conflict, match="总项"):
            operations.apply(parent, a_telling(parent), actor=office.acts(office.liaison))


def test_a_head_who_applies_alone_is_told_that_nobody_could_decide(office: ClosingOffice) -> None:
    office.prove()
    with pytest.raises(DomainError, match="单位负责人审核"):
        office.apply(office.head)
    with writing():
        an_account("副部长", Role.UNIT_HEAD, office.lead)
    assert office.apply(office.head).state is ApplicationState.PENDING


def test_an_office_whose_only_clerk_heads_the_lead_unit_cannot_make_its_check(office: ClosingOffice) -> None:
    office.prove()
    with writing():
        db.session.get_one(Account, office.clerk2.id).is_active = False
        db.session.add(Grant(person_id=office.clerk.id, role=Role.UNIT_HEAD, unit_id=office.lead.id))
    with pytest.raises(DomainError, match="整改办初审"):
        office.apply()


def test_a_leader_named_on_the_item_counts_as_decider_without_a_role(office: ClosingOffice) -> None:
    office.prove()
    with writing():
        db.session.delete(db.session.get_one(type(office.leader), office.leader.id).grants[0])
    assert office.apply().state is ApplicationState.PENDING


def test_three_passes_close_the_item_today(office: ClosingOffice, heard: list[tuple[str, str]]) -> None:
    office.proved_and_applied()
    office.decide(office.head, 1, PASS, "属实")
    office.decide(office.clerk, 2, PASS)
    assert office.item().state is State.APPLIED
    last = office.decide(office.leader, 3, PASS, "同意销号")
    item = office.item()
    assert (item.state, item.closed_on) == (State.CLOSED, clock.today())
    assert last.application.state is ApplicationState.CLOSED
    assert heard == [
        ("application_waits", "unit_head"),
        ("application_decided", "unit_head"),
        ("application_waits", "office"),
        ("application_decided", "office"),
        ("application_waits", "leader"),
        ("application_decided", "leader"),
    ]
    decided = db.session.scalars(select_entries(subject=office.number, action="review.decide")).all()
    assert [entry.actor_name for entry in decided] == ["李强", "陈静", "刘洋"]


def test_a_late_closing_stays_late(app: Flask) -> None:
    with time_machine.travel("2026-07-10T09:00:00+08:00"):
        with writing():
            office = ClosingOffice()
        office.proved_and_applied()
        for position, person in enumerate((office.head, office.clerk, office.leader), start=1):
            office.decide(person, position, PASS)
        item = office.item()
    assert item.closed_on == date(2026, 7, 10) > date(2026, 6, 30) == item.due_on
    assert not is_overdue(item.state, item.due_on, date(2026, 8, 1))


def test_a_return_needs_a_demand_of_ten_characters_and_sends_the_item_back(office: ClosingOffice) -> None:
    office.proved_and_applied()
    office.decide(office.head, 1, PASS)
    with pytest.raises(DomainError):
        office.decide(office.clerk, 2, RETURN, "请补充")
    review = office.decide(office.clerk, 2, RETURN, DEMAND)
    assert (office.item().state, review.application.state) == (State.WORKING, ApplicationState.RETURNED)
    change = item_queries.list_changes(db.session(), office.item().id)[-1]
    assert (change.event, change.reason) == (Event.SEND_BACK, DEMAND)
    assert (office.item().own_word, change.own_word) == (OwnWord.NONE, OwnWord.NONE), "what was said is spent"


def test_rounds_are_counted_and_a_second_round_begins_at_the_first_step(office: ClosingOffice) -> None:
    office.proved_and_applied()
    office.decide(office.head, 1, RETURN, DEMAND)
    second = office.apply()
    assert (second.round, office.item().rounds) == (2, 2)
    assert [review.decision for review in second.reviews] == [None, None, None]
    office.decide(office.head, 1, PASS)
    assert office.item().state is State.APPLIED


def test_a_step_may_turn_the_item_into_lasting_work_which_can_be_applied_for_again(office: ClosingOffice) -> None:
    office.proved_and_applied()
    with pytest.raises(DomainError):
        office.decide(office.head, 1, SUSTAIN, "")
    office.decide(office.head, 1, SUSTAIN, "需长期坚持")
    assert office.item().state is State.SUSTAINED
    assert office.apply().round == 2


def test_where_the_source_says_so_lasting_work_is_not_closed_but_sustained(office: ClosingOffice) -> None:
    with writing():
        item = office.item()
        item.then_sustained, item.source.closes_when_sustained = True, False
    office.proved_and_applied()
    office.decide(office.head, 1, PASS)
    office.decide(office.clerk, 2, PASS)
    with pytest.raises(DomainError, match="口径"):
        office.decide(office.leader, 3, PASS)
    office.decide(office.leader, 3, SUSTAIN, "转入长期坚持")
    assert office.item().state is State.SUSTAINED


def test_steps_are_decided_in_their_order_and_once(office: ClosingOffice) -> None:
    office.proved_and_applied()
    with pytest.raises(Conflict, match="前一环节"):
        office.decide(office.clerk, 2, PASS)
    office.decide(office.head, 1, PASS)
    with writing():
        an_account("副部长", Role.UNIT_HEAD, office.lead)
    with pytest.raises(Forbidden, match="没有权限"):
        office.decide(office.liaison, 2, PASS)
    office.decide(office.clerk, 2, PASS)
    with pytest.raises(Conflict, match=r"陈静.*同意"):
        office.decide(office.clerk2, 2, RETURN, DEMAND)


def test_nobody_decides_on_an_application_of_their_own(office: ClosingOffice) -> None:
    office.prove()
    with writing():
        an_account("副部长", Role.UNIT_HEAD, office.lead)
    office.apply(office.head)
    with pytest.raises(Forbidden, match="申请人"):
        office.decide(office.head, 1, PASS)


def test_nobody_decides_two_steps_of_one_application(office: ClosingOffice) -> None:
    with writing():
        db.session.add(Grant(person_id=office.clerk.id, role=Role.LEADER, unit_id=a_unit("市直机关工委").id))
    office.proved_and_applied()
    office.decide(office.head, 1, PASS)
    office.decide(office.clerk, 2, PASS)
    with pytest.raises(Forbidden, match="两个环节"):
        office.decide(office.clerk, 3, PASS)


def test_the_lead_units_own_head_never_makes_the_offices_check(office: ClosingOffice) -> None:
    with writing():
        an_account("副部长", Role.UNIT_HEAD, office.lead)
        db.session.add(Grant(person_id=office.head.id, role=Role.OFFICE, unit_id=a_unit("市直机关工委").id))
    office.proved_and_applied()
    deputy = db.session.query(Account).filter_by(login="fubuzhang-fbz").one().person
    office.decide(deputy, 1, PASS)
    with pytest.raises(Forbidden, match="应当回避"):
        office.decide(office.head, 2, PASS)


def test_an_application_is_out_of_sight_for_strangers(office: ClosingOffice) -> None:
    office.proved_and_applied()
    with pytest.raises(NotFound):
        office.decide(office.stranger, 1, PASS)


def test_the_applicant_retracts_before_the_first_decision_and_not_after(office: ClosingOffice) -> None:
    application = office.proved_and_applied()

    def retract(person: object) -> None:
        with writing():
            pending = queries.find_pending(db.session(), office.item().id, lock=True)
            assert pending is not None
            operations.retract(pending, actor=office.acts(person))  # type: ignore[arg-type]

    with pytest.raises(Forbidden):
        retract(office.handler)
    retract(office.liaison)
    assert office.item().state is State.WORKING
    assert queries.find_pending(db.session(), office.item().id) is None
    with pytest.raises(Conflict, match="已撤回"), writing():
        review = db.session.get_one(Review, application.reviews[0].id)
        operations.decide(review, PASS, "", actor=office.acts(office.head))
    office.apply()
    office.decide(office.head, 1, PASS)
    with pytest.raises(Conflict):
        retract(office.liaison)


def test_a_review_waits_for_those_who_may_decide_it_and_no_longer(office: ClosingOffice) -> None:
    everybody = (office.head, office.clerk, office.clerk2, office.leader, office.liaison, office.stranger)
    office.proved_and_applied()
    assert waiting_for(office, *everybody) == [["unit_head"], [], [], [], [], []]
    office.decide(office.head, 1, PASS)
    assert waiting_for(office, *everybody) == [[], ["office"], ["office"], [], [], []]
    office.decide(office.clerk, 2, PASS)
    assert waiting_for(office, *everybody) == [[], [], [], ["leader"], [], []]
    office.decide(office.leader, 3, RETURN, DEMAND)
    assert waiting_for(office, *everybody) == [[], [], [], [], [], []]


def test_what_waits_is_just_what_can_be_decided(office: ClosingOffice) -> None:
    """The set-based list and the check of a single decision say the same, with people who hold several roles."""
    root = a_unit("市直机关工委").id
    with writing():
        for person in (office.head, office.liaison, office.clerk):
            for role in (Role.UNIT_HEAD, Role.OFFICE, Role.LEADER):
                held = {grant.role for grant in db.session.get_one(type(person), person.id).grants}
                if role not in held and not (person is office.clerk and role is Role.UNIT_HEAD):
                    db.session.add(Grant(person_id=person.id, role=role, unit_id=root))
    office.proved_and_applied()
    deciders = (office.head, office.clerk, office.leader)
    for position, decider in enumerate(deciders, start=1):
        for person in (*deciders, office.clerk2, office.liaison, office.stranger):
            actor = office.acts(person)
            try:
                operations.ensure_decidable(office.review(position), actor=actor)
                can = True
            except (Forbidden, Conflict):
                can = False
            found = [review.position for review in db.session.scalars(queries.select_waiting(actor))]
            assert found == ([position] if can else []), (position, person.name)
        office.decide(decider, position, PASS)


def test_a_closed_item_is_put_back_to_work_once(office: ClosingOffice) -> None:
    office.proved_and_applied()
    for position, person in enumerate((office.head, office.clerk, office.leader), start=1):
        office.decide(person, position, PASS)
    with writing():
        operations.reopen(office.item(lock=True), actor=office.acts(office.clerk), reason="回头看发现问题反弹")
    item = office.item()
    assert (item.state, item.closed_on, item.own_word) == (State.WORKING, None, OwnWord.NONE)
    with pytest.raises(Conflict), writing():
        operations.reopen(office.item(lock=True), actor=office.acts(office.clerk), reason="再来一次")


def test_reach_for_deciding_is_that_of_the_permission_table(office: ClosingOffice) -> None:
    office.proved_and_applied()
    review = office.review(1)
    for person, is_found in ((office.head, True), (office.stranger, False)):
        seen_by = reach(office.acts(person), Action.READ_ITEM)
        if is_found:
            assert queries.get_review(db.session(), review.id, seen_by).id == review.id
        else:
            with pytest.raises(NotFound):
                queries.get_review(db.session(), review.id, seen_by)
