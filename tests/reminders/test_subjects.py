"""Everything dated reminds by the same rules: milestones, measures, dates of sources, reviews, what has no end."""

from datetime import date, timedelta

import pytest
from factories import a_person, a_unit, an_account
from flask import Flask
from sqlalchemy import update

from tests.reminders.offices import (
    BEGIN,
    DUE,
    Office,
    a_working,
    an_office,
    body,
    change,
    change_rule,
    on,
    page,
    scan,
    send,
    told,
)
from tracker.access.rules import SYSTEM, Role
from tracker.closure.models import Application, Review
from tracker.core import clock
from tracker.core.db import db, writing
from tracker.items import operations as items
from tracker.items.models import Item, Milestone
from tracker.items.rules import Deadline, DeadlineKind, Event
from tracker.org.models import Account, Person
from tracker.progress import operations as progress
from tracker.progress.models import Measure
from tracker.reminders import operations, queries
from tracker.reminders.rules import Recipient
from tracker.reminders.upcoming import next_reminder
from tracker.sources import operations as sources
from tracker.sources.models import Source, SourceMilestone
from tracker.sources.operations import Handed
from tracker.sources.rules import MilestoneKind

NODE = date(2026, 6, 20)


def told_on(person: Person) -> list[str]:
    """The days on which a person was told something."""
    return [slot for slot, state, _numbers in told(person) if state == "sent"]


def run(begin: date, end: date) -> None:
    """Scan and deliver day by day."""
    for passed in range((end - begin).days + 1):
        scan(begin + timedelta(days=passed))
        send(begin + timedelta(days=passed))


def a_milestone(item: Item, due_on: date, owner: Person | None = None, *, on_day: date = BEGIN) -> int:
    with writing(), on(on_day):
        held = db.session.get_one(Item, item.id)
        owner_id = owner.id if owner else None
        return items.add_milestone(held, f"节点{due_on}", due_on, actor=SYSTEM, owner_id=owner_id).id


def test_a_milestone_reminds_its_own_owner_until_it_is_handed_in(app: Flask) -> None:
    office = an_office()
    item = a_working(office, date(2026, 9, 30))
    with writing():
        owner = an_account("周涛", None, db.session.merge(office.unit))
    milestone_id = a_milestone(item, NODE, owner)
    run(date(2026, 5, 25), date(2026, 6, 12))
    assert told_on(owner) == ["2026-05-31", "2026-06-10"]
    assert "节点：节点2026-06-20" in page(owner, "2026-06-10")
    assert "制度坚持" not in page(owner, "2026-06-10"), "he may read of his milestone, not of the item"
    with writing(), on(date(2026, 6, 13)):
        items.hand_in_milestone(db.session.get_one(Milestone, milestone_id), Handed(date(2026, 6, 13)), actor=SYSTEM)
    run(date(2026, 6, 13), date(2026, 7, 1))
    assert told_on(owner) == ["2026-05-31", "2026-06-10"]


def test_a_milestone_on_the_day_of_the_item_itself_is_told_with_it(app: Flask) -> None:
    office = an_office()
    item = a_working(office)
    a_milestone(item, DUE)
    scan(date(2026, 6, 10))
    send(date(2026, 6, 10))
    assert page(office.liaison, "2026-06-10").count("<tr>") == 2, "the heading and one line"


def test_a_milestone_laid_down_late_speaks_of_nothing_before_it(app: Flask) -> None:
    office = an_office()
    item = a_working(office, date(2026, 9, 30))
    a_milestone(item, NODE, on_day=date(2026, 6, 5))
    run(date(2026, 6, 5), date(2026, 6, 10))
    assert told_on(office.liaison) == ["2026-06-10"]


def test_a_measure_with_a_date_reminds_until_it_is_ticked_off(app: Flask) -> None:
    office = an_office()
    item = a_working(office, date(2026, 9, 30))
    with writing(), on(BEGIN):
        held = db.session.get_one(Item, item.id)
        measure_id = progress.add_measures(held, ["修订制度"], actor=SYSTEM, due_on=NODE)[0].id
    run(date(2026, 5, 30), date(2026, 6, 1))
    assert "措施：修订制度" in page(office.liaison, "2026-05-31")
    with writing(), on(date(2026, 6, 2)):
        progress.tick(db.session.get_one(Measure, measure_id), actor=SYSTEM)
    run(date(2026, 6, 2), date(2026, 6, 22))
    assert told_on(office.liaison) == ["2026-05-31"]


def test_a_date_of_a_source_reminds_its_unit_or_else_the_office(app: Flask) -> None:
    office = an_office()
    for kind, unit_id in ((MilestoneKind.PLAN, None), (MilestoneKind.HEAD_REPORT, office.unit.id)):
        with writing(), on(BEGIN):
            source = db.session.get_one(Source, office.source.id)
            laid_down = sources.Date(kind, "", NODE, unit_id)
            milestone_id = sources.set_milestone(source, laid_down, actor=SYSTEM).id
    run(date(2026, 5, 30), date(2026, 6, 1))
    assert told_on(office.office) == ["2026-05-31"]
    assert "整改方案报送" in page(office.office, "2026-05-31")
    assert "主要负责人组织落实情况报告" in page(office.liaison, "2026-05-31")
    assert "整改方案报送" not in page(office.liaison, "2026-05-31")
    with writing(), on(date(2026, 6, 2)):
        milestone = db.session.get_one(SourceMilestone, milestone_id)
        sources.hand_in(milestone, Handed(date(2026, 6, 2)), actor=SYSTEM)
    run(date(2026, 6, 2), date(2026, 6, 11))
    assert told_on(office.liaison) == ["2026-05-31"]
    assert told_on(office.office) == ["2026-05-31", "2026-06-10"]


def test_a_pending_review_reminds_whose_turn_it_is_but_not_the_applicant(app: Flask) -> None:
    office = an_office()
    item = a_working(office, date(2026, 12, 31))
    with writing():
        applicant = an_account("赵倩", Role.UNIT_HEAD, db.session.merge(office.unit))
    with writing(), on(date(2026, 6, 1)):
        held = db.session.get_one(Item, item.id)
        application = Application(
            item=held, round=1, applicant_id=applicant.id, statement="完成", filed_at=clock.now(), state="pending"
        )
        application.reviews = [Review(position=step.position, kind=step.kind) for step in held.source.steps]
        db.session.add(application)
        items.move_on(held, Event.APPLY, actor=SYSTEM, rounds=1)
    run(date(2026, 6, 5), date(2026, 6, 8))
    assert told_on(office.head) == ["2026-06-06"]
    assert "已等待审核 5 天" in body(office.head, "2026-06-06")
    assert told_on(applicant) == told_on(office.liaison) == []
    with writing(), on(date(2026, 6, 8)):
        review = db.session.get_one(Application, application.id).reviews[0]
        review.decision, review.decider_id, review.decided_at = "pass", office.head.id, clock.now()
    run(date(2026, 6, 9), date(2026, 6, 14))
    assert told_on(office.office) == ["2026-06-13"], "its turn began on the 8th"


@pytest.mark.parametrize("waits_for", ["named", "meeting", "superior", "other_leader"])
def test_a_step_reminds_whoever_is_named_for_it_or_enters_what_a_body_decides(app: Flask, waits_for: str) -> None:
    office = an_office()
    item = a_working(office, date(2026, 12, 31))
    with writing():
        top = db.session.merge(office.office).unit
        named, party = (
            an_account("赵廉", Role.VIEWER, top),
            an_account("钱进", Role.LEADER, db.session.merge(office.unit)),
        )
        second = an_account("孙立", Role.LEADER, top)
    steps = {
        "named": Review(position=1, kind="office", named_id=named.id, route="discipline"),
        "meeting": Review(position=1, kind="collective"),
        "superior": Review(position=1, kind="leader", route="superior"),
        "other_leader": Review(position=1, kind="leader"),
    }
    with writing(), on(date(2026, 6, 1)):
        held = db.session.get_one(Item, item.id)
        held.leader_id = party.id
        application = Application(
            item=held, round=1, applicant_id=office.handler.id, statement="完成", filed_at=clock.now(), state="pending"
        )
        application.reviews = [steps[waits_for]]
        db.session.add(application)
        items.move_on(held, Event.APPLY, actor=SYSTEM, rounds=1)
    run(date(2026, 6, 5), date(2026, 6, 8))
    told = {"named": named, "meeting": office.office, "superior": office.office, "other_leader": second}
    everybody = (named, party, second, office.office)
    assert [person.name for person in everybody if told_on(person)] == [told[waits_for].name]


def test_what_has_no_end_reminds_when_nobody_reported_for_long(app: Flask) -> None:
    office = an_office()
    item = a_working(office)
    with writing(), on(BEGIN):
        held = db.session.get_one(Item, item.id)
        items.amend(
            held, items.Assignment(deadline=Deadline(DeadlineKind.LONG_TERM, None)), reason="经批准", actor=SYSTEM
        )
    run(date(2026, 7, 29), date(2026, 7, 30))
    assert told_on(office.handler) == ["2026-07-30"]
    assert "已 90 天没有进展" in body(office.handler, "2026-07-30")
    with writing(), on(date(2026, 8, 1)):
        progress.write_entry(db.session.get_one(Item, item.id), "已学习", actor=SYSTEM)
    run(date(2026, 10, 27), date(2026, 10, 30))
    assert told_on(office.handler) == ["2026-07-30", "2026-10-30"]


def an_escalation(office: Office) -> tuple[Person, Person, Person, Person]:
    """Overdue every 7 days: the head at once, heads above one by one, the supervisor from the third time on."""
    with writing():
        top = db.session.merge(office.office).unit
        upper, supervisor = (
            an_account("钱进", Role.UNIT_HEAD, top),
            an_account("孙立", None, top),
        )
        helper = an_account("吴芳", Role.LIAISON, a_unit("宣传部"))
        named = an_account("郑明", Role.VIEWER, top)
    with writing(), on(BEGIN):
        recipients = {
            Recipient.UNIT_HEAD: 0,
            Recipient.SUPPORTING: 0,
            Recipient.PERSON: 0,
            Recipient.UPPER_HEAD: 1,
            Recipient.SUPERVISOR: 2,
        }
        change_rule("overdue-7", recipients=recipients, person_ids=frozenset({named.id}))
    return upper, supervisor, helper, named


def test_a_rule_goes_up_the_units_and_to_the_leaders_step_by_step(app: Flask) -> None:
    office = an_office()
    upper, supervisor, helper, named = an_escalation(office)
    item = a_working(office)
    with writing(), on(BEGIN):
        held = db.session.get_one(Item, item.id)
        values = items.Assignment(supervisor_id=supervisor.id, supporting_unit_ids=[helper.unit_id])
        items.amend(held, values, reason="经批准", actor=SYSTEM)
    run(date(2026, 7, 1), date(2026, 7, 16))
    weekly = ["2026-07-01", "2026-07-08", "2026-07-15"]
    assert told_on(office.head) == told_on(helper) == told_on(named) == weekly
    assert told_on(upper) == weekly[1:]
    assert told_on(supervisor) == weekly[2:]
    assert told_on(office.liaison) == ["2026-07-01"], "of the day before; a missing head above is no gap to fill"


def test_a_named_person_whose_account_was_shut_is_stood_in_for_by_the_office(app: Flask) -> None:
    office = an_office()
    _upper, _supervisor, _helper, named = an_escalation(office)
    a_working(office)
    with writing():
        db.session.execute(update(Account).where(Account.person_id == named.id).values(is_active=False))
    run(date(2026, 7, 1), date(2026, 7, 1))
    assert told_on(office.office) == ["2026-07-01"]


def test_the_next_reminder_counts_every_date_of_the_item_and_names_whom_the_scan_would_tell(app: Flask) -> None:
    office = an_office()
    item = a_working(office, date(2026, 9, 30))
    with writing():
        plain = a_person("老张")
    a_milestone(item, NODE)

    def coming(day: date) -> tuple[date, str, tuple[str, ...]]:
        with on(day):
            found = next_reminder(db.session.get_one(Item, item.id))
            assert found is not None
            return found.on, str(found.rule), found.people

    assert coming(BEGIN) == (date(2026, 5, 31), "到期前 20 天", ("李磊", "郑凯"))
    with writing(), on(date(2026, 6, 1)):
        held = db.session.get_one(Item, item.id)
        items.amend(held, items.Assignment(owner_id=plain.id), reason="经批准", actor=SYSTEM)
        three = queries.get_set(db.session(), "three-days")
        operations.choose_set(db.session.merge(office.source), three, actor=SYSTEM)
    assert coming(date(2026, 6, 1)) == (date(2026, 6, 17), "到期前 3 天", ("李磊", "王敏", "郑凯"))
    change(item, date(2026, 6, 2), Event.APPLY)
    change(item, date(2026, 6, 2), Event.CLOSE, closed_on=date(2026, 6, 2))
    with on(date(2026, 6, 2)):
        assert next_reminder(db.session.get_one(Item, item.id)) is None
