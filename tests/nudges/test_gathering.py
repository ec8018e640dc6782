"""What a reminder rule asks to be supervised is gathered on drafts, unit by unit, in one go."""

import json
from datetime import date

import pytest
from factories import a_unit, a_working_item, actor_of
from flask import Flask
from sqlalchemy import select

from tests.desk.reading import counted_queries
from tests.nudges.papers import draft, held, notices, send, sign, trim
from tests.nudges.pressing import MONDAY, PressingOffice, deliver_now, on
from tracker.access.rules import SYSTEM
from tracker.audit.models import AuditEntry
from tracker.core import hooks
from tracker.core.db import db, writing
from tracker.core.errors import Stale
from tracker.items import operations as items
from tracker.items.rules import Event
from tracker.nudges import operations
from tracker.nudges.rules.notices import ITEMS_MAX, NoticeState
from tracker.reminders.models import ReminderRule
from tracker.reminders.rules import Counts, Trigger


@pytest.fixture
def office(app: Flask) -> PressingOffice:
    with on(date(2026, 5, 4)), writing():
        return PressingOffice()


def many(office: PressingOffice, count: int, unit: str = "") -> list[str]:
    """So many more items, of the office's first unit or of a new one."""
    with on(date(2026, 5, 4)), writing():
        (first,) = office.held(office.numbers[:1])
        led = {"source": first.source, "lead_unit": a_unit(unit) if unit else first.lead_unit}
        return [a_working_item(office.person("郑凯"), finding=f"{unit}{place}", **led).number for place in range(count)]


def by_rule(office: PressingOffice, *numbers: str, days: int = 7) -> None:
    """The engine calls the hook within its scan."""
    with writing():
        rule = ReminderRule(trigger=Trigger.OVERDUE_EVERY, days=days, counts=Counts.NATURAL)
        hooks.call("draft_supervision_notices", rule, office.held(numbers), MONDAY)


def test_a_rule_gathers_the_items_of_a_unit_on_one_draft_and_each_once(office: PressingOffice) -> None:
    with on(MONDAY):
        for number in [*office.numbers, office.numbers[0], office.foreign]:
            by_rule(office, number)
        assert [(len(each.lines), each.state, each.number) for each in notices()] == [
            (3, NoticeState.DRAFT, None),
            (1, NoticeState.DRAFT, None),
        ]
        assert {each.rule for each in notices()} == {"逾期第 1 天起，每 7 天"}
        deliver_now()
        assert office.inbox("王敏", "supervision_notice") == []


def test_a_rule_leaves_alone_what_a_person_drafted_and_what_waits_for_an_answer(office: PressingOffice) -> None:
    with on(MONDAY):
        mine = draft(office, office.numbers[:1])
        by_rule(office, office.numbers[0])
        by_rule(office, office.numbers[1])
        assert len(notices()) == 2
        sign(office, mine)
        send(office, mine)
        by_rule(office, office.numbers[0])
        assert len(notices()) == 2


def test_what_needs_no_supervision_any_more_leaves_the_drafts_and_an_empty_one_is_void(office: PressingOffice) -> None:
    with on(MONDAY):
        with writing():
            office.held([office.foreign])[0].due_on = date(2026, 5, 20)
        for number in [*office.numbers, office.foreign]:
            by_rule(office, number)
        assert trim() == 0
        with writing():
            withdrawn, extended, late = office.held(office.numbers)
            items.move_on(withdrawn, Event.WITHDRAW, actor=SYSTEM, reason="同意核减")
            extended.due_on = MONDAY
            (foreign,) = office.held([office.foreign])
            items.reassign(foreign, unit_id=office.unit.id, reason="分工调整", actor=SYSTEM)
        assert trim() == 3
        first, second = notices()
        assert [line.item_id for line in first.lines] == [late.id]
        assert (first.state, second.state, second.lines) == (NoticeState.DRAFT, NoticeState.VOID, [])
        assert trim() == 0


def test_a_draft_that_a_rule_made_longer_meanwhile_is_not_saved_from_an_older_page(office: PressingOffice) -> None:
    with on(MONDAY):
        by_rule(office, office.numbers[0])
        (there,) = notices()
        seen = there.version
        by_rule(office, office.numbers[1])
        with pytest.raises(Stale), writing():
            operations.edit(
                held(office, there.id, "陈静"),
                demand="请于本周反馈",
                feedback_due_on=MONDAY,
                actor=actor_of(office.person("陈静")),
                version=seen,
            )


def told(action: str) -> list[list[str]]:
    """The numbers of the items in the trail's entries of an action, the oldest first."""
    db.session().rollback()
    query = select(AuditEntry.details).where(AuditEntry.action == action).order_by(AuditEntry.id)
    return [json.loads(details)["numbers"] for details in db.session().scalars(query)]


def test_what_one_draft_cannot_take_begins_the_next_and_each_is_told_once_in_the_trail(office: PressingOffice) -> None:
    numbers = many(office, 2 * ITEMS_MAX)
    with on(MONDAY):
        by_rule(office, *office.numbers)
        by_rule(office, *numbers)
        assert [len(each.lines) for each in notices()] == [ITEMS_MAX, ITEMS_MAX, 3]
        assert [line.position for line in notices()[0].lines] == list(range(1, ITEMS_MAX + 1))
    filled, rest = told("notice.extend"), told("notice.draft")
    assert filled == [numbers[: ITEMS_MAX - 3]]
    assert rest == [office.numbers, numbers[ITEMS_MAX - 3 : 2 * ITEMS_MAX - 3], numbers[-3:]]


def test_a_full_draft_is_left_as_it_is_and_the_newest_one_grows(office: PressingOffice) -> None:
    numbers = many(office, ITEMS_MAX)
    with on(MONDAY):
        by_rule(office, *numbers)
        full = notices()[0].version
        by_rule(office, office.numbers[0])
        by_rule(office, office.numbers[1])
        assert [len(each.lines) for each in notices()] == [ITEMS_MAX, 2]
        assert notices()[0].version == full


def test_what_runs_no_more_and_what_no_unit_leads_is_passed_over(office: PressingOffice) -> None:
    with on(MONDAY):
        with writing():
            items.move_on(office.held(office.numbers[:1])[0], Event.WITHDRAW, actor=SYSTEM, reason="同意核减")
        by_rule(office, *office.numbers[:2])
        assert [len(each.lines) for each in notices()] == [1]


def test_sixty_items_of_three_units_ask_the_database_no_more_often_than_six(app: Flask, office: PressingOffice) -> None:
    few, lots = ([many(office, count, f"{count}人局{place}") for place in range(3)] for count in (4, 40))
    asked = []
    with on(MONDAY):
        for half in (0, 1):
            for units in (few, lots):
                numbers = [number for unit in units for number in unit[half::2]]
                with counted_queries(app) as found:
                    by_rule(office, *numbers)
                asked.append(len(found))
        assert [len(each.lines) for each in notices()] == [4, 4, 4, 40, 40, 40]
    began, began_large, grew, grew_large = asked
    assert began_large == began <= 30
    assert grew_large == grew <= 30
