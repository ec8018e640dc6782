"""Gathering the section's facts from the database, as of a day and as known at an instant."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from factories import a_person, a_source, a_unit, a_working_item, actor_of, an_account, an_issued_item, an_item, by_date
from flask import Flask

from tracker.access.rules import SYSTEM, Action, Actor, Role, reach
from tracker.closure.models import Application
from tracker.closure.rules import ApplicationState
from tracker.core import clock
from tracker.core.db import db, writing
from tracker.core.errors import DomainError, NotFound
from tracker.figures.questions import Question
from tracker.figures.rules import FigureName
from tracker.items import operations as items
from tracker.items.models import Item
from tracker.items.rules import Deadline, DeadlineKind, Event, ItemKind
from tracker.org.models import Unit
from tracker.org.queries import find_units
from tracker.progress.models import Measure, Outcome
from tracker.progress.rules import OutcomeKind
from tracker.reports.operations import write
from tracker.reports.queries import days_of, find_source_ids, gather_facts
from tracker.reports.rules import Facts, is_listed
from tracker.settings.operations import put
from tracker.sources import operations as sources
from tracker.sources.rules import SourceKind

NEW_YEARS_EVE = date(2026, 12, 31)
Traveller = Any


@pytest.fixture(autouse=True)
def traveller() -> Iterator[Traveller]:
    with time_machine.travel("2026-12-31T10:00:00+08:00", tick=False) as coordinates:
        yield coordinates


def facts(year: int = 2026, *, actor: Actor = SYSTEM, **asked: Any) -> Facts:
    question = Question(**({"as_of": NEW_YEARS_EVE} | asked))
    within = reach(actor, Action.READ_REPORT)
    return gather_facts(
        db.session(), days_of(year, question.as_of), question, within, taken_at=question.known_at or clock.now()
    )


def close(item: Item, on: date, *, statement: str = "") -> None:
    """Apply and close, both on a day."""
    items.move_on(item, Event.APPLY, actor=SYSTEM, on=on)
    items.move_on(item, Event.CLOSE, actor=SYSTEM, on=on, closed_on=on)
    if statement:
        filed = {"round": 1, "filed_at": clock.now(), "state": ApplicationState.CLOSED, "statement": statement}
        db.session.add(Application(item_id=item.id, applicant_id=a_person("孙丽").id, **filed))


def the_unit(name: str = "组织部") -> Unit:
    """The unit of this name, made when it is missing."""
    return find_units(db.session(), [name]).get(name) or a_unit(name)


def working(source: Any, on: date, **details: Any) -> Item:
    """An item at work since a day."""
    with time_machine.travel(datetime(on.year, on.month, on.day, 4, tzinfo=clock.now().tzinfo), tick=False):
        return a_working_item(a_person("孙丽"), source=source, lead_unit=the_unit("组织部"), **details)


def titles(found: Facts) -> list[str]:
    return [source.title for source in found.sources]


def test_a_year_tells_the_sources_fed_back_or_open_in_it(app: Flask) -> None:
    with writing():
        done_before, carried, this_year = (
            a_source(title, on)
            for title, on in (
                ("前年办结", date(2024, 3, 1)),
                ("上年结转", date(2025, 11, 1)),
                ("本年反馈", date(2026, 5, 1)),
            )
        )
        close(working(done_before, date(2024, 4, 1), due_on=date(2024, 6, 30)), date(2024, 6, 1))
        close(working(carried, date(2025, 11, 5)), date(2026, 2, 1))
        close(working(this_year, date(2026, 5, 5)), date(2026, 5, 5))
    assert titles(facts(2024)) == ["前年办结"]
    assert titles(facts(2025)) == ["上年结转"]
    assert titles(facts(2026)) == ["上年结转", "本年反馈"]


def test_a_source_closed_in_january_was_open_at_new_year_and_one_closed_on_new_years_eve_was_not(app: Flask) -> None:
    with writing():
        one, other = a_source("跨年", date(2025, 11, 1)), a_source("当年了结", date(2025, 11, 2))
        close(working(one, date(2025, 11, 5)), date(2026, 1, 2))
        close(working(other, date(2025, 11, 5)), date(2025, 12, 31))
    assert titles(facts(2026)) == ["跨年"]


def test_what_was_not_known_does_not_make_a_source_one_of_the_year(app: Flask, traveller: Traveller) -> None:
    traveller.move_to("2025-12-20T10:00:00+08:00")
    with writing():
        item = working(a_source("上年反馈", date(2025, 11, 1)), date(2025, 11, 5))
    traveller.move_to("2026-01-10T10:00:00+08:00")
    known_then = clock.now()
    traveller.move_to("2026-01-15T10:00:00+08:00")
    with writing():
        close(item, date(2025, 12, 30))
    assert titles(facts(as_of=date(2026, 1, 10))) == []
    assert titles(facts(as_of=date(2026, 1, 10), known_at=known_then)) == ["上年反馈"]


def test_every_source_lists_exactly_the_items_that_its_tally_counts(app: Flask) -> None:
    with writing():
        source = a_source(declared_aspects=2, declared_problems=4)
        aspects = [sources.add_section(source, title, actor=SYSTEM) for title in ("甲方面", "乙方面")]
        category = sources.add_section(source, "丙类", parent=aspects[0], actor=SYSTEM)
        for section in (category, aspects[1]):
            items.draw_up(source, "问题", section=section, actor=SYSTEM)
        an_issued_item(source=source, lead_unit=the_unit("组织部"))
        items.withdraw(an_issued_item(source=source, lead_unit=the_unit("组织部")), reason="核减", actor=SYSTEM)
        items.void(an_item(source, lead_unit=the_unit("组织部")), reason="重复", actor=SYSTEM)
    (told,) = facts().sources
    assert is_listed(told)
    assert (told.fed_back, told.tally.withdrawn, told.aspects, told.categories) == (4, 1, 2, 1)
    assert (told.declared_aspects, told.declared_categories, told.declared_problems) == (2, None, 4)
    assert [(item.aspect, item.category) for item in told.items[:2]] == [("甲方面", "丙类"), ("乙方面", "")]
    assert told.items[3].counted_in == {FigureName.WITHDRAWN}


def test_problems_and_tasks_of_one_source_are_told_apart(app: Flask) -> None:
    with writing():
        source = a_source(declared_problems=1)
        items.draw_up(source, "问题", actor=SYSTEM)
        items.draw_up(source, "任务", kind=ItemKind.TASK, actor=SYSTEM)
    told = facts()
    assert [(each.item_kind, each.fed_back, each.declared_problems) for each in told.sources] == [
        (ItemKind.PROBLEM, 1, 1),
        (ItemKind.TASK, 1, None),
    ]


def test_facts_of_a_past_day_do_not_change_when_items_move_later(app: Flask, traveller: Traveller) -> None:
    traveller.move_to("2026-06-30T10:00:00+08:00")
    with writing():
        item = working(a_source(), date(2026, 6, 1))
    then = facts(as_of=date(2026, 6, 30))
    traveller.move_to("2026-07-20T10:00:00+08:00")
    with writing():
        close(item, date(2026, 7, 20), statement="已补齐学习记录。")
        issued = an_issued_item(lead_unit=the_unit("宣传部"), source=a_source("另一批"))
        items.withdraw(issued, reason="核减", actor=SYSTEM)
    later = facts(as_of=date(2026, 6, 30))
    assert [source for source in later.sources if source.title != "另一批"] == list(then.sources)
    assert (then.typical, later.typical) == ((), ())
    assert [each.number for each in facts(as_of=date(2026, 7, 20)).typical] == [item.number]


@pytest.mark.parametrize(
    ("deadline", "printed"),
    [
        (by_date(date(2026, 6, 30)), "2026年6月30日"),
        (Deadline(DeadlineKind.BY_DATE, date(2026, 6, 30), "6月底前"), "6月底前"),
        (Deadline(DeadlineKind.BY_DATE, date(2026, 6, 30), then_sustained=True), "2026年6月30日，并长期坚持"),
        (Deadline(DeadlineKind.AT_ONCE, None), "立行立改（2026年3月31日）"),
        (Deadline(DeadlineKind.LONG_TERM, None), "长期坚持"),
    ],
)
def test_a_deadline_is_told_as_it_was_printed(app: Flask, deadline: Deadline, printed: str) -> None:
    with writing():
        item = items.draw_up(a_source(), "问题", actor=SYSTEM)
        items.assign(item, items.Assignment(deadline=deadline), actor=SYSTEM)
    (told,) = facts().unfinished
    assert told.deadline == printed


def test_an_open_item_comes_with_its_first_measure_to_do(app: Flask) -> None:
    with writing():
        item = working(a_source(), date(2026, 4, 1))
        done = {"已补课": date(2026, 5, 1), "补齐学习记录": None, "每季检查一次": None}
        for position, (text, done_on) in enumerate(done.items(), 1):
            db.session.add(Measure(item_id=item.id, position=position, text=text, done_on=done_on))
    told = facts()
    assert [each.next_step for each in told.unfinished] == ["补齐学习记录"]
    assert (told.measures_done, told.measures_total) == (1, 3)
    assert [each.next_step for each in facts(as_of=date(2026, 4, 30)).unfinished] == ["已补课"]


def an_outcome(item: Item, kind: OutcomeKind, amount: str, on: date = date(2026, 6, 1)) -> None:
    by = a_person("孙丽").id
    values = {"kind": kind, "amount": Decimal(amount), "counted_on": on, "by_id": by, "recorded_at": clock.now()}
    db.session.add(Outcome(item_id=item.id, **values))


def test_results_of_the_year_are_added_up_as_they_are_printed(app: Flask) -> None:
    with writing():
        item = working(a_source(), date(2026, 4, 1))
        an_outcome(item, OutcomeKind.REGULATION_NEW, "2")
        an_outcome(item, OutcomeKind.REGULATION_NEW, "1", date(2025, 12, 31))
        an_outcome(item, OutcomeKind.RECOVERED, "66.07")
        an_outcome(item, OutcomeKind.RECOVERED, "0.50")
        an_outcome(item, OutcomeKind.CRITICISED, "3")
    told = facts().outcomes
    assert (told.regulations_new, str(told.recovered)) == (2, "66.57")
    assert told.people == (("谈话提醒", 0), ("批评教育", 3), ("党纪政务处分", 0))


def test_nobody_is_said_to_be_unpunished_when_nothing_was_recorded_about_people(app: Flask) -> None:
    with writing():
        an_outcome(working(a_source(), date(2026, 4, 1)), OutcomeKind.MEETING, "4")
    assert facts().outcomes.people == ()


def test_results_recorded_later_were_not_known_before(app: Flask, traveller: Traveller) -> None:
    traveller.move_to("2026-07-01T10:00:00+08:00")
    with writing():
        item = working(a_source(), date(2026, 4, 1))
        an_outcome(item, OutcomeKind.MEETING, "1")
    meeting = clock.now()
    traveller.move_to("2026-07-05T10:00:00+08:00")
    with writing():
        an_outcome(item, OutcomeKind.MEETING, "2")
    assert facts(as_of=date(2026, 7, 1)).outcomes.meetings == 3
    assert facts(as_of=date(2026, 7, 1), known_at=meeting).outcomes.meetings == 1


def test_results_and_measures_of_parts_belong_to_the_whole(app: Flask) -> None:
    with writing():
        whole = items.draw_up(a_source(), "共性问题", actor=SYSTEM)
        part, _ = items.split(whole, [the_unit("组织部"), the_unit("宣传部")], actor=SYSTEM)
        an_outcome(part, OutcomeKind.MEETING, "2")
        db.session.add(Measure(item_id=part.id, position=1, text="补课"))
    told = facts()
    assert (told.outcomes.meetings, told.measures_total, told.sources[0].fed_back) == (2, 1, 1)


def test_typical_are_the_last_closed_with_a_statement_one_of_each_source(app: Flask) -> None:
    with writing():
        one, other = a_source("甲批"), a_source("乙批")
        early, late, silent = (working(one, date(2026, 4, 1)) for _ in range(3))
        close(early, date(2026, 5, 1), statement="早。")
        close(late, date(2026, 6, 1), statement="补课12次。\n建立台账；" + "长" * 200)
        close(silent, date(2026, 7, 1))
        close(working(other, date(2026, 4, 1)), date(2026, 5, 2), statement="修订制度。")
    told = facts().typical
    assert [(each.number, each.done) for each in told] == [
        (late.number, "补课12次，建立台账"),
        ("巡察2026-2-001", "修订制度"),
    ]


def test_the_body_that_answers_is_named_unless_it_is_the_organ_itself(app: Flask) -> None:
    with writing():
        put({"organ.name": "中共青石市委市直机关工委", "organ.short_name": "市直机关工委"}, actor=SYSTEM)
        for title, body in (("甲", "市直机关工委"), ("乙", "市直纪检监察工委")):
            an_item(a_source(title, accountable_body=body))
    assert [source.accountable_body for source in facts().sources] == ["", "市直纪检监察工委"]


def test_a_viewer_of_one_unit_gets_that_units_part_alone(app: Flask) -> None:
    with writing():
        unit, other = the_unit("组织部"), the_unit("宣传部")
        one, two = a_source("甲"), a_source("乙")
        an_issued_item(source=one, lead_unit=unit)
        an_issued_item(source=one, lead_unit=other)
        an_issued_item(source=two, lead_unit=other)
        viewer = an_account("何芳", Role.VIEWER, unit)
    told = facts(actor=actor_of(viewer))
    assert [(source.title, source.fed_back) for source in told.sources] == [("甲", 1)]
    assert is_listed(told.sources[0])


def test_a_chosen_source_alone_is_told_by_number_or_title(app: Flask) -> None:
    with writing():
        an_item(a_source("甲"))
        an_item(a_source("乙", kind=SourceKind.SELF_CHECK))
    for name in ("自查2026-1", "乙"):
        assert titles(facts(source_ids=find_source_ids(db.session(), [name]))) == ["乙"]
    with pytest.raises(NotFound, match="丙"):
        find_source_ids(db.session(), ["丙"])


@pytest.mark.parametrize(
    ("year", "as_of", "why"), [(2026, date(2027, 1, 1), "还没有到"), (2026, date(2025, 12, 31), "早于报告年度")]
)
def test_a_day_outside_of_what_can_be_reported_is_refused(app: Flask, year: int, as_of: date, why: str) -> None:
    with pytest.raises(DomainError, match=why):
        write(db.session(), year, Question(as_of), decimals=1, actor=SYSTEM)


def test_a_liaison_may_not_write_the_section(app: Flask) -> None:
    with writing():
        liaison = an_account("赵兰", Role.LIAISON, the_unit("组织部"))
    with pytest.raises(DomainError, match="没有权限"):
        write(db.session(), 2026, Question(NEW_YEARS_EVE), decimals=1, actor=actor_of(liaison))


def test_the_text_says_what_the_ledger_says(app: Flask) -> None:
    with writing():
        source = a_source("市纪委市监委内部督查反馈", kind=SourceKind.SUPERVISION)
        close(working(source, date(2026, 4, 1)), date(2026, 5, 1))
        working(source, date(2026, 4, 1))
    section = write(db.session(), 2026, Question(NEW_YEARS_EVE), decimals=1, actor=SYSTEM)
    assert "市纪委市监委内部督查反馈的2个问题整改，已完成1个，尚有1个未销号。" in section.passage.text
    assert "销号率50%" in section.passage.text
    assert section.passage.refused == ()
    assert section.file_name == "2026年抓党建述职报告（狠抓整改落实）.docx"
    assert replace(section.facts).known_at == clock.local(clock.now())
