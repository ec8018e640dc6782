"""What the public may not be told: left out, counted, and named where it is left in, as items are marked now."""

from dataclasses import replace
from typing import Any

import pytest
from factories import a_source, a_unit, an_issued_item
from hypothesis import given, settings
from sqlalchemy import select

from tests.reports import worlds
from tests.reports.drafting import DAY, SHA, a_report, close, locked, person, take_over, text_of
from tests.reports.worlds import F
from tracker.access.rules import SYSTEM, Actor, Role
from tracker.closure.models import Application
from tracker.closure.rules import ApplicationState
from tracker.core import clock
from tracker.core.db import db, writing
from tracker.core.errors import DomainError, NotFound
from tracker.items import operations as items
from tracker.items.models import Item
from tracker.org.models import Person, Unit
from tracker.reports import operations, queries
from tracker.reports.checks import Judge
from tracker.reports.examination import examine
from tracker.reports.kinds import SHIPPED, Edition, ReportKind
from tracker.reports.models import Report
from tracker.reports.naming import catalogue
from tracker.reports.operations.issuing import found_in
from tracker.reports.rules import Answer, Facts
from tracker.reports.wording import draft, shipped, wants_left_out, write
from tracker.sources.rules import SourceKind

HIDDEN, OPEN = "3个支部党员大会记录不完整、不规范", "谈心谈话没有做到全覆盖"
DONE, STEP = "逐个支部核对记录并补齐签到表", "由分管领导逐人谈话"


def an_appraisal(office: Actor) -> list[Item]:
    """An appraisal of a closed point and an open one."""
    with writing():
        unit = db.session.scalars(select(Unit).where(Unit.name == "组织部")).one()
        source = a_source("2025年度述职评议点评", kind=SourceKind.APPRAISAL, received_on=DAY.replace(month=1))
        done, to_do = (an_issued_item(source=source, lead_unit=unit, finding=each) for each in (HIDDEN, OPEN))
        close(done)
        filed = {"round": 1, "filed_at": clock.now(), "applicant_id": office.person_id, "item_id": done.id}
        db.session.add(Application(statement="已补齐。", state=ApplicationState.CLOSED, **filed))
    return [done, to_do]


def withhold(number: str, *, is_withheld: bool = True) -> None:
    with writing():
        item = db.session.scalars(select(Item).where(Item.number == number)).one()
        items.withhold(item, is_withheld=is_withheld, actor=SYSTEM)


def made_public(report: Report, office: Actor) -> Report:
    with writing():
        made = operations.make_edition(locked(report, office), Edition.PUBLIC, actor=office)
    return queries.get_report(db.session(), made.id, office)


def saved(report: Report, text: str, office: Actor) -> list[Any]:
    with writing():
        operations.save(locked(report, office), title=report.title, text=text, actor=office)
    return found_in(queries.get_report(db.session(), report.id, office))


def test_the_answer_to_a_withheld_point_is_left_out_with_the_point(office: Actor) -> None:
    done, to_do = an_appraisal(office)
    report = a_report(office, kind=ReportKind.ANNUAL, wording="appraisal")
    assert "已补齐，已销号。" in text_of(report)
    withhold(done.number)
    public = made_public(report, office)
    assert "已补齐" not in text_of(public)
    assert to_do.number in text_of(public)
    assert text_of(public).endswith("\n另有1个事项按规定不予公开，只计入总数，不逐项列出。")
    assert found_in(public) == []


def test_a_sentence_that_tells_of_a_withheld_item_by_its_words_is_left_out_and_named(office: Actor) -> None:
    done, _to_do = an_appraisal(office)
    withhold(done.number)
    report = a_report(office)
    typed = "针对3个支部 党员大会记录不完整，不规范的问题，抓好整改。走访了2个单位。"
    assert saved(report, f"{report.text}\n{typed}\n走访了3个单位。", office) == []
    public = made_public(report, office)
    assert "党员大会" not in text_of(public)
    # What goes on about it goes with it.
    assert "走访了2个单位" not in text_of(public)
    assert "走访了3个单位" in text_of(public)
    found = saved(public, f"{public.text}\n{typed}", office)
    assert {(each.why, each.is_grave) for each in found} == {("这一句写到了不公开的事项。", True)}
    assert [each.sentence for each in found] == [typed.split("。")[0] + "。", "走访了2个单位。"]
    with pytest.raises(DomainError, match="不能印发"), writing():
        operations.issue(locked(public, office), operations.Imprint(DAY), sha256=SHA, actor=office)


def an_answered_world() -> Facts:
    """A closed and an open point, both withheld, and one that is not, with what was done and what comes next."""
    texts = {1: HIDDEN, 2: OPEN, 3: "学习制度没有落实到每个支部"}
    listed = [
        worlds.an_item(n, F.WORKING if n == 2 else F.CLOSED, text=text, is_withheld=n < 3) for n, text in texts.items()
    ]
    answers = tuple(
        Answer(each.number, each.text, n != 2, "" if n == 2 else told, next_step=told if n == 2 else "")
        for n, (each, told) in enumerate(zip(listed, (DONE, STEP, "制定学习计划并按月检查"), strict=True), 1)
    )
    return replace(worlds.facts_of(worlds.a_source(listed), answers=answers), is_public=True)


@pytest.mark.parametrize(
    "typed", [f"已{DONE}。", f"下一步，{STEP}，抓好落实。", f"{OPEN}的情况要改进。", "督查2026-1-001有进展。"]
)
def test_what_was_done_about_a_withheld_item_or_comes_next_is_named(typed: str) -> None:
    facts = an_answered_world()
    text = f"共⟦3|total⟧个，其中⟦2|withheld⟧个不公开。\n{typed}\n制定学习计划并按月检查。"
    found = examine(text, facts, catalogue(facts, 1), {})
    assert [(each.sentence, each.why, each.is_grave) for each in found] == [(typed, "这一句写到了不公开的事项。", True)]


def test_words_that_an_item_for_the_public_has_too_give_nothing_away() -> None:
    listed = [worlds.an_item(n, F.CLOSED, text=HIDDEN, is_withheld=n == 1) for n in (1, 2)]
    facts = replace(worlds.facts_of(worlds.a_source(listed)), is_public=True)
    text = f"共⟦2|total⟧个，其中⟦1|withheld⟧个不公开。\n针对{HIDDEN}的问题，已补齐。"
    assert examine(text, facts, catalogue(facts, 1), {}) == []


def test_a_text_that_does_not_say_how_many_it_leaves_out_must_not_go_out(office: Actor) -> None:
    withhold("督查2026-1-003")
    public = made_public(a_report(office), office)
    assert found_in(public) == []
    kept = [line for line in public.text.split("\n") if "|withheld⟧" not in line]
    found = saved(public, "\n".join(kept), office)
    assert [(each.why, each.is_grave) for each in found] == [
        ("有事项不公开，正文没有写明有几个：请写上“不公开的”这个数字。", True)
    ]
    # A text without a number and without an item leaves nothing out.
    assert saved(public, "坚持把问题整改作为重要任务。", office) == []


@settings(deadline=None, max_examples=60)
@given(worlds.worlds())
def test_a_text_that_is_written_for_the_public_says_how_many_items_it_does_not_tell_of(facts: Facts) -> None:
    sources = tuple(
        replace(each, items=tuple(replace(item, is_withheld=not n % 2) for n, item in enumerate(each.items)))
        for each in facts.sources
    )
    facts = replace(facts, sources=sources, is_public=True)
    for name in (name for names in SHIPPED.values() for name in names):
        passage = write(shipped(name), facts, 1)
        assert not any(number in passage.text for number in facts.withheld)
        told = [sentence for paragraph in passage.paragraphs for sentence in paragraph]
        assert not wants_left_out(told, Judge(facts), facts)
        assert draft(passage).count("|withheld⟧") <= 1


def test_an_item_that_is_withheld_after_the_draft_stops_the_public_edition_and_no_other(office: Actor) -> None:
    report = a_report(office)
    public = made_public(report, office)
    withhold("督查2026-1-003")
    found = found_in(public)
    assert all(each.is_grave for each in found)
    assert [each.why for each in found] == [
        "这一句写到了不公开的事项。",
        "取数以后有事项标为不公开：督查2026-1-003。请重新取数，并删去写到它们的句子。",
    ]
    assert "督查2026-1-003" in found[0].sentence
    assert found_in(queries.get_report(db.session(), report.id, office)) == []
    take_over(public, office)
    kept = [line for line in public.text.split("\n") if "督查2026-1-003" not in line]
    found = saved(public, "\n".join([*kept, "另有⟦1|withheld⟧个事项不予公开。"]), office)
    assert found == []


def test_readers_named_after_a_report_was_written_keep_it_from_others_until_they_are_lifted(office: Actor) -> None:
    report = a_report(office)
    with writing():
        leader = person("高原", Role.LEADER, a_unit("市直机关工委"))
    assert queries.get_report(db.session(), report.id, leader).id == report.id
    named = db.session.scalars(select(Person).where(Person.name == "陈静")).one()
    for people, is_kept in (([named], True), ([], False)):
        with writing():
            item = db.session.scalars(select(Item).where(Item.number == "督查2026-1-003")).one()
            items.name_item_readers(item, people, actor=SYSTEM)
        listed = [each.id for each in db.session.scalars(queries.select_reports(leader))]
        assert (report.id not in listed) is is_kept
        assert queries.get_report(db.session(), report.id, office).id == report.id
        if is_kept:
            with pytest.raises(NotFound):
                queries.get_report(db.session(), report.id, leader)


def test_a_list_of_unfinished_items_that_lacks_one_since_the_figures_moved_has_to_be_looked_at(office: Actor) -> None:
    report = a_report(office)
    assert "仍有2个问题没有整改到位" in text_of(report)
    with writing():
        unit = db.session.scalars(select(Unit).where(Unit.name == "组织部")).one()
        number = an_issued_item(source=a_source("机关党支部自查"), lead_unit=unit, finding=OPEN).number
    take_over(report, office)
    report = queries.get_report(db.session(), report.id, office)
    found = found_in(report)
    assert [(each.why, each.is_grave) for each in found] == [(f"没有整改到位的事项逐项写出时缺了：{number}。", False)]
    assert "仍有3个问题没有整改到位" in found[0].sentence
    assert saved(report, f"{report.text}\n{OPEN}的问题尚未销号。", office) == []
