"""Reports: drafted, edited, taken over, in editions, and what none of that may lose or change."""

import json
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from factories import a_source, a_unit, an_issued_item
from sqlalchemy import select

from tests.reports.drafting import (
    DAY,
    SHA,
    a_report,
    again,
    an_order,
    close,
    close_another,
    facts_for,
    locked,
    person,
    take_over,
    text_of,
)
from tracker.access.rules import SYSTEM, Actor, Role
from tracker.audit.models import AuditEntry
from tracker.closure.models import Application
from tracker.closure.rules import ApplicationState
from tracker.core import clock
from tracker.core.db import db, writing
from tracker.core.errors import DomainError, Forbidden, NotFound, Stale
from tracker.core.i18n import force_locale
from tracker.items import operations as items
from tracker.items.models import Item
from tracker.items.rules import Event
from tracker.org.models import Person, Unit
from tracker.reports import drift, facts_text, operations, queries, shown, texts
from tracker.reports.kinds import TEXT_LIMIT, Edition, ReportKind, ReportState
from tracker.reports.models import Report, ReportText
from tracker.reports.operations import Imprint
from tracker.reports.operations.editing import shown_figures
from tracker.reports.operations.issuing import found_in, refused_of
from tracker.sources.models import Source
from tracker.sources.rules import SourceKind


def test_a_draft_is_written_by_its_wording_and_keeps_facts_and_known_instant(office: Actor) -> None:
    report = a_report(office)
    assert "列入台账的问题共4个，已完成整改并销号2个，销号率50%；尚有2个未销号" in text_of(report)
    facts = facts_text.read(report.facts)
    assert (facts.as_of, facts.known_at) == (DAY, report.known_at)
    assert shown.View(report).behind("closed")[1].item_numbers == ("督查2026-1-001", "督查2026-1-002")
    assert found_in(report) == []


def test_words_that_are_typed_stay_and_figures_are_not_typed_over(office: Actor) -> None:
    report = a_report(office)
    typed = report.text.replace("⟦4|total⟧", "⟦999|total⟧") + "\n我们还走访了3个单位。⟦7|nobody⟧"
    with writing():
        operations.save(locked(report, office), title="改过的标题", text=typed, actor=office)
    kept = queries.get_report(db.session(), report.id, office)
    assert "列入台账的问题共4个" in text_of(kept)
    assert kept.text.endswith("我们还走访了3个单位。7")
    assert kept.title == "改过的标题"
    earlier = db.session.scalars(select(ReportText.text).where(ReportText.report_id == report.id)).all()
    assert len(earlier) == 1
    assert "走访" not in earlier[0]


def test_a_stale_save_is_refused_and_both_texts_are_shown(office: Actor) -> None:
    report = a_report(office)
    with writing():
        operations.save(locked(report, office), title=report.title, text=report.text + "甲", actor=office, version=1)
    with pytest.raises(Stale) as refusal, writing():
        operations.save(locked(report, office), title=report.title, text=report.text + "乙", actor=office, version=1)
    assert "乙" in str(refusal.value.typed)
    assert "甲" in str(refusal.value.stored)


def test_data_that_move_are_told_with_their_items_and_taken_over_without_a_word_changed(office: Actor) -> None:
    report = a_report(office)
    number = close_another(office)
    now = operations.figures_of(again(report, office), report.decimals)
    moved = {each.name: each for each in drift.compare(report.text, shown_figures(report), now, told=now)}
    assert (moved["closed"].before.value, moved["closed"].after.value) == ("2", "3")  # type: ignore[union-attr]
    assert (moved["closed"].come, moved["closed"].gone) == ((number,), ())
    assert moved["closure_rate"].before.value == "50%"
    happened = queries.list_happened(db.session(), [number], known_since=report.known_at, after=report.as_of, until=DAY)
    assert [each.event for each in happened] == [Event.ACCEPT, Event.APPLY, Event.CLOSE]
    before = text_of(report)
    take_over(report, office)
    after = text_of(queries.get_report(db.session(), report.id, office))
    assert "已完成整改并销号3个，销号率75%" in after
    assert strip_figures(before) == strip_figures(after)
    assert drift.compare(report.text, shown_figures(report), now, told=now) == []


def strip_figures(text: str) -> str:
    return "".join(sign for sign in text if sign not in "0123456789.")


def test_a_figure_that_was_not_accepted_keeps_its_value_and_stops_the_issuing(office: Actor) -> None:
    report = a_report(office)
    close_another(office)
    take_over(report, office, accepted=["closed"])
    report = queries.get_report(db.session(), report.id, office)
    assert "已完成整改并销号3个，销号率50%" in text_of(report)
    assert any("“50%”还是旧数，现在是“75%”" in each.why for each in found_in(report))
    with pytest.raises(DomainError, match="不能印发"), writing():
        operations.issue(locked(report, office), Imprint(DAY), sha256=SHA, actor=office)
    take_over(report, office)
    # Words are the writer's: that the item is unfinished is not true any more, and is named.
    found = found_in(queries.get_report(db.session(), report.id, office))
    assert [each.why for each in found] == ["该事项已销号或不在本报告的来源中。"]
    assert "第3个问题" in found[0].sentence


def test_a_report_as_of_a_later_day_moves_its_figures_and_its_day(office: Actor, december: Any) -> None:
    report = a_report(office)
    december.move_to("2026-12-31T10:00:00+08:00")
    close_another(office)
    order = operations.order_on(report, date(2026, 12, 31))
    facts = facts_for(order, office)
    with writing():
        operations.take_over(locked(report, office), facts, actor=office)
    report = queries.get_report(db.session(), report.id, office)
    assert report.as_of == date(2026, 12, 31)
    assert "已完成整改并销号3个" in text_of(report)


def test_editions_are_made_once_and_the_public_one_tells_of_nothing_withheld(office: Actor) -> None:
    with writing():
        item = db.session.scalars(select(Item).where(Item.number == "督查2026-1-003")).one()
        items.withhold(item, is_withheld=True, actor=SYSTEM)
    report = a_report(office)
    assert "督查2026-1-003" in text_of(report)
    with writing():
        inner = operations.make_edition(locked(report, office), Edition.INNER, actor=office)
        public = operations.make_edition(locked(report, office), Edition.PUBLIC, actor=office)
    assert inner.text == report.text
    assert "督查2026-1-003" not in text_of(public)
    assert "督查2026-1-004" in text_of(public)
    assert found_in(public) == []
    assert [each.edition for each in queries.list_editions(db.session(), public, office)] == list(Edition)
    with pytest.raises(DomainError, match="已经有"), writing():
        operations.make_edition(locked(report, office), Edition.PUBLIC, actor=office)
    with writing():
        text = public.text + "\n第3个问题（督查2026-1-003）尚未销号。"
        operations.save(locked(public, office), title="x", text=text, actor=office)
    assert any("不公开的事项" in each.why for each in found_in(queries.get_report(db.session(), public.id, office)))


def test_what_does_not_agree_with_the_ledger_is_kept_beside_the_draft(office: Actor) -> None:
    with writing():
        source = a_source("机关党支部自查", declared_problems=2)
        unit = db.session.scalars(select(Unit).where(Unit.name == "组织部")).one()
        an_issued_item(source=source, lead_unit=unit)
    report = a_report(office, kind=ReportKind.ANNUAL, wording="annual")
    assert [why for _sentence, why in refused_of(report)] == ["原文称有2个问题，台账登记1个，请先核对。"]
    assert "机关党支部自查" not in text_of(report)


def test_a_draft_can_be_written_anew_and_given_up_and_nothing_is_lost(office: Actor) -> None:
    report = a_report(office)
    with writing():
        operations.rewrite(locked(report, office), wording="annual-process", actor=office)
    assert "列入台账" not in text_of(queries.get_report(db.session(), report.id, office))
    assert "列入台账" in queries.list_texts(db.session(), report.id)[0].text
    with writing():
        operations.drop(locked(report, office), actor=office)
    with pytest.raises(NotFound):
        queries.get_report(db.session(), report.id, office)
    assert db.session.get_one(Report, report.id).state is ReportState.DROPPED
    acts = db.session.scalars(select(AuditEntry.action).where(AuditEntry.action.like("report.%"))).all()
    assert sorted(acts) == ["report.draft", "report.drop", "report.rewrite"]


def test_who_may_write_and_read_what(office: Actor) -> None:
    report = a_report(office)
    with writing():
        root, unit = a_unit("市直机关工委"), db.session.scalars(select(Unit).where(Unit.name == "组织部")).one()
        below = person("钱进", Role.OFFICE, unit)
        leader = person("高原", Role.LEADER, root)
        viewer = person("何芳", Role.VIEWER, unit)
    assert queries.get_report(db.session(), report.id, leader).id == report.id
    for actor in (below, viewer):
        with pytest.raises(NotFound):
            queries.get_report(db.session(), report.id, actor)
    with pytest.raises(Forbidden):
        operations.ensure_writes(below, None)
    with pytest.raises(Forbidden), writing():
        operations.drop(locked(report, leader), actor=leader)
    own = a_report(below, unit_id=unit.id)
    assert queries.get_report(db.session(), own.id, viewer).id == own.id


def test_of_a_report_about_a_restricted_item_only_its_writer_and_the_whole_office_know(office: Actor) -> None:
    with writing():
        root = a_unit("市直机关工委")
        leader = person("高原", Role.LEADER, root)
        named = db.session.scalars(select(Person).where(Person.name == "陈静")).one()
        item = db.session.scalars(select(Item).where(Item.number == "督查2026-1-003")).one()
        items.name_item_readers(item, [named], actor=SYSTEM)
    report = a_report(office)
    with pytest.raises(NotFound):
        queries.get_report(db.session(), report.id, leader)
    assert report.id not in [each.id for each in db.session.scalars(queries.select_reports(leader))]


def test_a_report_about_days_to_come_or_turned_round_is_refused(office: Actor) -> None:
    with pytest.raises(DomainError, match="还没有到"):
        facts_for(an_order(as_of=DAY + timedelta(days=1)), office)
    with pytest.raises(DomainError, match="早于起始日期"):
        facts_for(an_order(first_on=DAY, as_of=DAY - timedelta(days=1)), office)


def test_the_offices_own_wording_is_checked_and_used(office: Actor) -> None:
    with pytest.raises(DomainError, match="第2行：没有“totl”这个名称"), writing():
        operations.add_wording(ReportKind.PROGRESS, "我们的", "一、情况\n共{{ totl }}个。", actor=office)
    with writing():
        wording = operations.add_wording(ReportKind.PROGRESS, "我们的", "一、情况\n共{{ total }}个。", actor=office)
    with pytest.raises(DomainError, match="已经有"), writing():
        operations.add_wording(ReportKind.PROGRESS, "我们的", "共{{ total }}个。", actor=office)
    assert text_of(a_report(office, wording=str(wording.id))) == "一、情况\n共4个。"
    with pytest.raises(Stale), writing():
        held = queries.get_wording(db.session(), wording.id, lock=True)
        operations.change_wording(held, name="x", text="y", actor=office, version=7)
    with writing():
        operations.drop_wording(queries.get_wording(db.session(), wording.id, lock=True), actor=office)
    with pytest.raises(NotFound):
        a_report(office, wording=str(wording.id))


def test_choosing_typical_items_moves_no_figure(office: Actor) -> None:
    report = a_report(office)
    before = facts_text.read(report.facts)
    close_another(office)
    moved = again(report, office)
    with writing():
        operations.choose_typical(locked(report, office), moved, chosen=[], actor=office)
    assert facts_text.read(report.facts) == replace(before, typical=moved.typical)


def test_a_report_may_be_moved_to_a_day_before_its_period_began(office: Actor) -> None:
    report = a_report(office, first_on=date(2026, 6, 1))
    facts = facts_for(operations.order_on(report, date(2026, 5, 31)), office)
    with writing():
        operations.take_over(locked(report, office), facts, actor=office)
    assert (report.first_on, report.as_of) == (date(2026, 5, 31), date(2026, 5, 31))


def test_a_wording_that_compares_words_with_numbers_is_refused_in_words(office: Actor) -> None:
    with writing():
        text = "{% if closure_rate >= 90 %}好{% endif %}。"
        wording = operations.add_wording(ReportKind.PROGRESS, "比较", text, actor=office)
    with pytest.raises(DomainError, match="行文模板不能用：条件里把文字和数字作了比较"):
        a_report(office, wording=str(wording.id))


def test_typical_items_are_chosen_by_hand_or_by_rule_and_told_once_the_text_is_written_anew(office: Actor) -> None:
    with writing():
        for item in db.session.scalars(select(Item).where(Item.state == "closed")).all():
            told = {"statement": f"{item.finding}已补齐记录。", "state": ApplicationState.CLOSED, "round": 1}
            filed = {"filed_at": clock.now(), "applicant_id": office.person_id}
            db.session.add(Application(item_id=item.id, **told, **filed))
    report = a_report(office)
    assert "已补齐记录" in text_of(report)
    order = replace(operations.order_of(report), typical=("督查2026-1-002",))
    facts = facts_for(order, office)
    with writing():
        operations.choose_typical(locked(report, office), facts, chosen=order.typical, actor=office)
        operations.rewrite(locked(report, office), wording="progress", actor=office)
    report = queries.get_report(db.session(), report.id, office)
    assert "第2个问题已补齐记录" in text_of(report)
    assert "第1个问题已补齐记录" not in text_of(report)
    assert operations.order_of(report).typical == ("督查2026-1-002",)
    with pytest.raises(DomainError, match="最多选"), writing():
        operations.choose_typical(locked(report, office), facts, chosen=[str(n) for n in range(11)], actor=office)


def test_what_was_carried_over_and_what_is_new_add_up_to_what_the_year_has_to_put_right(office: Actor) -> None:
    with writing():
        unit = db.session.scalars(select(Unit).where(Unit.name == "组织部")).one()
        before = a_source("上年度巡察反馈", received_on=date(2025, 6, 1))
        number = an_issued_item(source=before, lead_unit=unit).number
    report = a_report(office)
    told = "本年应整改问题5个，其中上年结转1个、本年新增4个；到统计截止日已销号2个，尚有3个未销号。"
    assert told in text_of(report)
    assert shown.View(report).behind("carried_over")[1].item_numbers == (number,)
    assert found_in(report) == []
    part = a_report(office, first_on=date(2026, 6, 1))
    assert "本年应整改" not in text_of(part)


def test_the_points_of_an_appraisal_are_answered_one_by_one(office: Actor) -> None:
    with writing():
        unit = db.session.scalars(select(Unit).where(Unit.name == "组织部")).one()
        source = a_source("2025年度述职评议点评", kind=SourceKind.APPRAISAL, received_on=date(2026, 1, 20))
        done, to_do, gone = (an_issued_item(source=source, lead_unit=unit, finding=f"点评{n}") for n in (1, 2, 3))
        close(done)
        filed = {"round": 1, "filed_at": clock.now(), "applicant_id": office.person_id, "item_id": done.id}
        db.session.add(Application(statement="已补齐记录。", state=ApplicationState.CLOSED, **filed))
        items.move_on(gone, Event.WITHDRAW, actor=SYSTEM)
        numbers = [done.number, to_do.number, gone.number]
    report = a_report(office, kind=ReportKind.ANNUAL, wording="appraisal")
    assert f"一是关于“点评1”的问题（{numbers[0]}）。已补齐记录，已销号。" in text_of(report)
    assert f"二是关于“点评2”的问题（{numbers[1]}）。尚未销号，牵头单位组织部" in text_of(report)
    assert numbers[2] not in text_of(report)
    assert found_in(report) == []


def test_figures_of_a_source_keep_their_names_when_it_is_renamed_or_another_is_called_the_same(office: Actor) -> None:
    report = a_report(office)
    with writing():
        source = db.session.scalars(select(Source)).one()
        source.title = "市纪委督查反馈（正式文本）"
        other = a_source("市纪委督查反馈（正式文本）", kind=SourceKind.SUPERVISION, received_on=date(2026, 5, 6))
        an_issued_item(source=other, lead_unit=a_unit("宣传部"), finding="另一个问题")
    before = shown_figures(report)
    now = operations.figures_of(again(report, office), report.decimals)
    assert [name for name in texts.names(report.text) if name not in now] == []
    own = [name for name in before if name.startswith("sources/")]
    assert own
    assert {name: before[name].value for name in own} == {name: now[name].figure.value for name in own}
    groups = {named.group for named in now.values()}
    assert {"市纪委督查反馈（正式文本）（2026-03-16）", "市纪委督查反馈（正式文本）（2026-05-06）"} <= groups


def test_a_figure_that_is_gone_is_told_in_words(office: Actor) -> None:
    report = a_report(office)
    told = operations.figures_of(again(report, office), report.decimals)
    now = {name: named for name, named in told.items() if name != "closed"}
    moved = drift.compare(report.text, shown_figures(report), now, told=told)
    assert [(each.words, each.after) for each in moved] == [("全部问题：已销号", None)]


def test_a_text_that_is_too_long_with_the_marks_of_its_figures_is_refused(office: Actor) -> None:
    report = a_report(office)
    marked = "⟦2|closed⟧" * (TEXT_LIMIT // 10)
    for text, length in (("长" * (TEXT_LIMIT + 1), 100_001), (f"{marked}⟦2|closed⟧", 100_010)):
        with pytest.raises(DomainError, match=f"有 {length} 字，最多 100000 字"), writing():
            operations.save(locked(report, office), title="x", text=text, actor=office)
    with writing():
        operations.save(locked(report, office), title="x", text=marked, actor=office)


def test_the_trail_names_figures_in_chinese_whatever_the_language_of_the_page(office: Actor) -> None:
    report = a_report(office)
    close_another(office)
    with force_locale("en"):
        take_over(report, office, accepted=["closed"])
    told = json.loads(
        db.session.scalars(select(AuditEntry.details).where(AuditEntry.action == "report.take_over")).one()
    )
    assert told["changed"]["全部问题：已销号"] == ["2", "3"]
    assert "全部问题：未销号" in told["held"]


def test_a_wording_that_writes_too_much_is_refused_and_the_text_before_stays(office: Actor) -> None:
    with writing():
        told = "{% for each in unfinished %}" + "长" * 17_000 + "{% endfor %}"
        wording = str(operations.add_wording(ReportKind.PROGRESS, "长的", told, actor=office).id)
        source, unit = (
            db.session.scalars(select(Source)).one(),
            db.session.scalars(select(Unit).where(Unit.name == "组织部")).one(),
        )
        for _each in range(4):
            an_issued_item(source=source, lead_unit=unit)
    report = a_report(office)
    before = report.text
    with pytest.raises(DomainError, match=r"有 10\d{4} 字，最多 100000 字"), writing():
        operations.rewrite(locked(report, office), wording=wording, actor=office)
    assert queries.get_report(db.session(), report.id, office).text == before
    with pytest.raises(DomainError, match="缩小报告的范围"):
        a_report(office, wording=wording)


def test_an_edition_that_somebody_else_made_unseen_is_not_made_again(office: Actor) -> None:
    with writing():
        unit = db.session.scalars(select(Unit).where(Unit.name == "组织部")).one()
        below = person("钱进", Role.OFFICE, unit)
    report = a_report(below, unit_id=unit.id)
    with writing():
        operations.make_edition(locked(report, office), Edition.INNER, actor=office)
        item = db.session.scalars(select(Item).where(Item.number == "督查2026-1-003")).one()
        reader = db.session.scalars(select(Person).where(Person.name == "陈静")).one()
        items.name_item_readers(item, [reader], actor=SYSTEM)
    assert [each.id for each in queries.list_editions(db.session(), report, below)] == [report.id]
    with pytest.raises(DomainError, match="已经有党内通报稿"), writing():
        operations.make_edition(locked(report, below), Edition.INNER, actor=below)
