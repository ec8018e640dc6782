"""Carrying a reading out, loading it again, editing the outline: against both databases."""

import multiprocessing
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from conftest import config_for
from factories import a_unit, actor_of, an_account
from flask import Flask
from sqlalchemy import func, select

from tests.intake.pages import DATA
from tracker import create_app
from tracker.access.rules import SYSTEM, Actor, Role, reach
from tracker.core import clock
from tracker.core.db import db, writing
from tracker.core.errors import Conflict, DomainError, Stale, TooLarge
from tracker.intake import operations, queries
from tracker.intake.rules import Counts, Line, LineKind
from tracker.items import queries as items
from tracker.items.models import Item
from tracker.items.operations import Assignment, assign, issue, void
from tracker.items.rules import Deadline, DeadlineKind
from tracker.sources import queries as sources
from tracker.sources.models import Section, Source, SourceParagraph
from tracker.sources.rules import SourceKind

RECEIVED_ON = date(2026, 3, 16)
ALL = reach(SYSTEM)


def a_reading(name: str = "feedback-typed.docx") -> operations.Received:
    with (DATA / name).open("rb") as stream:
        return operations.read_stream(stream)


def a_plan(*lines: Line, name: str = "feedback-typed.docx", **values: Any) -> operations.Plan:
    received = a_reading(name)
    given = {"kind": SourceKind.INSPECTION, "title": "市委第二巡察组反馈", "received_on": RECEIVED_ON, **values}
    read = {"declared": received.reading.declared, "paragraphs": received.paragraphs}
    return operations.Plan(lines=lines or received.reading.lines, **read, **given)


def a_line(text: str, kind: LineKind = LineKind.problem, number: str = "") -> Line:
    return Line(kind, number, text, None)


def a_draft() -> int:
    with writing():
        actor = the_office()
        return operations.begin(SourceKind.INSPECTION, "市委第二巡察组反馈", RECEIVED_ON, a_reading(), actor=actor).id


def test_a_text_taken_in_twice_by_a_double_click_is_one_draft(app: Flask) -> None:
    with writing():
        actor = the_office()
    found = set()
    for _ in range(2):
        with writing():
            found.add(operations.begin(SourceKind.INSPECTION, "反馈", RECEIVED_ON, a_reading(), actor=actor).id)
    assert len(found) == 1


def the_office() -> Actor:
    return actor_of(an_account("陈静", Role.OFFICE, a_unit("市直机关工委")))


def test_items_point_to_their_paragraph_which_holds_their_words(app: Flask) -> None:
    with writing():
        source = operations.carry_out(a_plan(), actor=SYSTEM)
    session = db.session()
    texts = dict(
        session.execute(
            select(SourceParagraph.index, SourceParagraph.text).where(SourceParagraph.source_id == source.id)
        ).all()
    )
    for item in queries.list_of_source(session, source.id, ALL):
        assert item.paragraph is not None
        assert item.finding in texts[item.paragraph]


def test_loading_twice_changes_nothing_even_where_texts_repeat(app: Flask) -> None:
    twice = (a_line("方面甲", LineKind.aspect), a_line("学习不够深入"), a_line("学习不够深入"))
    with writing():
        assert len(operations.load(a_plan(*twice), actor=SYSTEM).added) == 2
    with writing():
        again = operations.load(a_plan(*twice), actor=SYSTEM)
    assert (again.is_new, list(again.added)) == (False, [])
    assert db.session.scalar(select(func.count()).select_from(Section)) == 1


def test_loading_a_longer_text_adds_only_what_is_new_and_never_a_voided_item_again(app: Flask) -> None:
    lines = (a_line("方面甲", LineKind.aspect), a_line("学习不够深入"))
    with writing():
        first = operations.load(a_plan(*lines), actor=SYSTEM).added[0]
        void(first, actor=SYSTEM, reason="重复")
    with writing():
        added = operations.load(a_plan(*lines, a_line("制度执行不严")), actor=SYSTEM).added
        assert [(item.number, item.finding) for item in added] == [("巡察2026-1-002", "制度执行不严")]
        assert added[0].section is not None
        assert added[0].section.title == "方面甲"


def test_categories_may_stand_without_an_aspect(app: Flask) -> None:
    with writing():
        source = operations.carry_out(
            a_plan(a_line("作风建设", LineKind.category, "（一）"), a_line("开会偏多", number="1.")), actor=SYSTEM
        )
    section = sources.list_sections(db.session(), source.id)[0]
    assert (section.level, section.parent) == ("category", None)
    assert db.session.scalars(select(Item.original_number)).one() == "（一）1"


@pytest.mark.parametrize(
    "lines",
    [
        (a_line("方面甲", LineKind.aspect),),
        (a_line(" "),),
        (a_line("长" * 4001),),
        (a_line("长" * 501, LineKind.aspect), a_line("学习不够深入")),
        (a_line("学习不够深入", number="第" * 21),),
    ],
)
def test_an_unfit_outline_is_refused_whole(app: Flask, lines: tuple[Line, ...]) -> None:
    with pytest.raises(DomainError), writing():
        operations.carry_out(a_plan(*lines), actor=SYSTEM)
    assert db.session.scalar(select(func.count()).select_from(Source)) == 0


def test_three_hundred_problems_are_taken_in_at_once(app: Flask) -> None:
    lines = [a_line(f"第{serial}个问题没有解决") for serial in range(300)]
    with writing():
        source = operations.carry_out(a_plan(*lines), actor=SYSTEM)
        assert source.last_serial == 300


def test_a_draft_is_never_begun_for_a_day_to_come(app: Flask) -> None:
    tomorrow = clock.today() + timedelta(days=1)
    with pytest.raises(DomainError, match="晚于今天"), writing():
        operations.begin(SourceKind.AUDIT, "审计", tomorrow, a_reading(), actor=the_office())


def test_a_confirmed_draft_takes_no_more_corrections(app: Flask) -> None:
    draft_id = a_draft()
    with writing():
        operations.confirm(queries.get_draft(db.session(), draft_id, lock=True), is_checked=False, actor=SYSTEM)
    with pytest.raises(Conflict), writing():
        operations.correct(queries.get_draft(db.session(), draft_id, lock=True), [], actor=SYSTEM)
    with pytest.raises(Conflict), writing():
        operations.discard(queries.get_draft(db.session(), draft_id, lock=True), actor=SYSTEM)


def test_a_correction_against_an_older_version_is_refused(app: Flask) -> None:
    draft_id = a_draft()
    with writing():
        draft = queries.get_draft(db.session(), draft_id, lock=True)
        operations.correct(draft, [a_line("学习不够深入")], actor=SYSTEM, version=1)
    with pytest.raises(Stale), writing():
        draft = queries.get_draft(db.session(), draft_id, lock=True)
        operations.correct(draft, [], actor=SYSTEM, version=1)


def confirm_in_a_process(url: str, folder: str, draft_id: int) -> None:
    app = create_app(config_for(url, Path(folder)))
    with app.app_context(), writing():
        draft = queries.get_draft(db.session(), draft_id, lock=True)
        operations.confirm(draft, is_checked=False, actor=SYSTEM)


def test_two_who_confirm_at_the_same_moment_make_one_source(app: Flask) -> None:
    draft_id = a_draft()
    url, folder = str(app.config["SQLALCHEMY_DATABASE_URI"]), str(app.config["TRACKER_DATA_DIR"])
    context = multiprocessing.get_context("spawn")
    pair = [context.Process(target=confirm_in_a_process, args=(url, folder, draft_id)) for _process in range(2)]
    for process in pair:
        process.start()
    for process in pair:
        process.join(60)
    assert [process.exitcode for process in pair] == [0, 0]
    session = db.session()
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Source)) == 1
    assert session.scalar(select(func.count()).select_from(Item)) == 27


def an_outline() -> tuple[Source, list[Section], list[Item]]:
    lines = (
        a_line("方面甲", LineKind.aspect, "一、"),
        a_line("类别子", LineKind.category, "（一）"),
        a_line("问题1没有解决"),
        a_line("方面乙", LineKind.aspect, "二、"),
        a_line("问题2没有解决"),
    )
    source = operations.carry_out(a_plan(*lines), actor=SYSTEM)
    session = db.session()
    found = queries.list_of_source(session, source.id, ALL)
    return source, list(sources.list_sections(session, source.id)), list(found)


def test_an_item_moved_to_another_heading_is_counted_there_from_that_day_on(app: Flask) -> None:
    with writing():
        source, (first, below, second), (item, _other) = an_outline()
        deadline = Deadline(DeadlineKind.LONG_TERM, None)
        assign(item, Assignment(lead_unit_id=a_unit().id, deadline=deadline), actor=SYSTEM)
        issue([item], actor=SYSTEM)
    with writing():
        source = sources.get_source(db.session(), source.id)
        change = operations.OutlineChange(places={item.number: (below.id, second.id)})
        operations.edit_outline(source, change, actor=SYSTEM)
    changes = items.list_changes(db.session(), item.id)
    assert [(each.aspect_id, each.category_id) for each in (changes[0], changes[-1])] == [
        (first.id, below.id),
        (second.id, None),
    ]
    assert changes[-1].effective_on == clock.today()


def test_a_new_category_stands_last_below_its_aspect(app: Flask) -> None:
    with writing():
        source, (first, _below, _second), _items = an_outline()
        change = operations.OutlineChange(added_title="类别丑", added_number="（二）", added_parent_id=first.id)
        operations.edit_outline(source, change, actor=SYSTEM)
    titles = [section.title for section in sources.list_sections(db.session(), source.id)]
    assert titles == ["方面甲", "类别子", "类别丑", "方面乙"]


def test_a_heading_reworded_by_two_is_refused_with_both_texts(app: Flask) -> None:
    with writing():
        source, (first, _below, _second), _items = an_outline()
        operations.edit_outline(
            source, operations.OutlineChange(titles={first.id: ("方面甲", "政治建设方面")}), actor=SYSTEM
        )
    with writing():
        source = sources.get_source(db.session(), source.id)
        change = operations.OutlineChange(titles={first.id: ("方面甲", "政治方面")}, added_title="方面丙")
        with pytest.raises(Stale) as refusal:
            operations.edit_outline(source, change, actor=SYSTEM)
    assert (refusal.value.typed, refusal.value.stored) == ({"方面甲": "政治方面"}, {"方面甲": "政治建设方面"})
    assert len(sources.list_sections(db.session(), source.id)) == 3


def test_no_heading_of_another_source_is_touched(app: Flask) -> None:
    with writing():
        _source, (first, *_rest), (item, _other) = an_outline()
        foreign = operations.carry_out(a_plan(a_line("别的问题", number="1."), title="另一轮"), actor=SYSTEM)
        with pytest.raises(DomainError):
            operations.edit_outline(
                foreign, operations.OutlineChange(titles={first.id: ("方面甲", "乱改")}), actor=SYSTEM
            )
        with pytest.raises(DomainError):
            operations.edit_outline(
                foreign, operations.OutlineChange(places={item.number: (item.section_id, None)}), actor=SYSTEM
            )


def test_words_past_the_limit_and_a_file_past_the_limit_are_too_large(app: Flask) -> None:
    with pytest.raises(TooLarge):
        operations.read_words("字" * 1000, limit_bytes=1 << 10)
    with (DATA / "feedback-typed.docx").open("rb") as stream, pytest.raises(TooLarge):
        operations.read_upload(stream, "反馈.docx", limit_bytes=1 << 10)


def test_only_the_office_carries_anything_out(app: Flask) -> None:
    with writing():
        liaison = actor_of(an_account("周涛", Role.LIAISON, a_unit()))
        with pytest.raises(DomainError):
            operations.load(a_plan(), actor=liaison)


def test_the_recorded_counts_are_those_the_text_declares(app: Flask) -> None:
    with writing():
        source = operations.carry_out(a_plan(name="report-2021.txt", kind=SourceKind.SELF_CHECK), actor=SYSTEM)
    declared = Counts(source.declared_aspects, source.declared_categories, source.declared_problems)
    assert declared == Counts(3, 9, None)


def test_an_item_keeps_its_day_of_feedback_however_late_it_is_taken_in(app: Flask) -> None:
    with time_machine.travel("2026-05-01T02:00:00+00:00"), writing():
        source = operations.carry_out(a_plan(a_line("学习不够深入")), actor=SYSTEM)
    item = queries.list_of_source(db.session(), source.id, ALL)[0]
    assert items.list_changes(db.session(), item.id)[0].effective_on == RECEIVED_ON
