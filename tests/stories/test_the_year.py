"""A year of an office, a unit and a leader, as far as the chain goes, and what the figures then said."""

import io
from datetime import date
from zipfile import ZipFile

import docx
import pytest
from factories import a_source, a_unit, an_issued_item
from flask import Flask
from stories.office import (
    accept,
    actor,
    assign,
    at,
    close,
    commit,
    decide,
    held,
    issue,
    item,
    move_in,
    on,
    receive,
    work_and_apply,
)

from tracker.access.rules import SYSTEM, reach
from tracker.archives import operations as archives
from tracker.archives import queries as stored_archives
from tracker.archives.models import Archive
from tracker.archives.rules import MATERIAL_FOLDER
from tracker.closure import operations as closure
from tracker.closure.rules import Decision
from tracker.core import clock, files
from tracker.core.db import db, writing
from tracker.core.errors import Conflict, DomainError, Forbidden
from tracker.figures.queries import count_year, list_item_numbers, list_year_numbers, tally
from tracker.figures.questions import Question
from tracker.figures.rules import Breakdown, FigureName
from tracker.figures.years import YearFigure
from tracker.items import operations as items
from tracker.items import queries as ledger
from tracker.items.rules import DeadlineKind, Event, State
from tracker.jobs.tasks import do_tasks
from tracker.org import queries as people
from tracker.reports import operations as reports
from tracker.reports.kinds import ReportKind, ReportState
from tracker.reports.operations import Order
from tracker.reports.queries import days_of, gather_facts
from tracker.reports.rules import Facts
from tracker.reports.wording import write_section
from tracker.reports.writing import write_docx
from tracker.sources import queries as sources
from tracker.sources.models import Source
from tracker.sources.rules import SourceKind

NUMBERS = [f"巡察2026-1-{serial:03d}" for serial in range(1, 28)]
AT_ONCE, BY_DATE, LONG = NUMBERS[:6], NUMBERS[6:21], NUMBERS[21:]
EVERYTHING = reach(SYSTEM)


def the_tally(as_of: date, **question: object) -> object:
    (row,) = tally(db.session(), Question(as_of, **question), EVERYTHING)  # type: ignore[arg-type]
    return row.tally


def the_rate(as_of: date, **question: object) -> str | None:
    return the_tally(as_of, **question).closure_rate.printed(1)  # type: ignore[attr-defined]


def the_facts() -> Facts:
    """What the section of 2026 may say on its last day."""
    question = Question(date(2026, 12, 31))
    return gather_facts(
        db.session(), days_of(2026, question.as_of), question, EVERYTHING, taken_at=at(2026, 12, 31, 18)
    )


def feedback_is_issued() -> None:
    """Mon 16 March to Fri 20 March: read in, named, issued."""
    move_in()
    with on(2026, 3, 16):
        receive("feedback-typed.docx", SourceKind.INSPECTION, "市委第二巡察组反馈", date(2026, 3, 16))
        for serial, number in enumerate(NUMBERS):
            unit = "组织部" if serial % 2 else "办公室"
            if number in AT_ONCE:
                assign(number, unit, None, DeadlineKind.AT_ONCE)
            elif number in BY_DATE:
                assign(number, unit, date(2026, 6, 30))
            else:
                assign(number, unit, None, DeadlineKind.LONG_TERM)
    with on(2026, 3, 20):
        issue(NUMBERS)


def unit_of(number: str) -> tuple[str, str, str]:
    """Liaison, handler and head of the item's lead unit."""
    lead = item(number).lead_unit
    return ("李磊", "郑凯", "王敏") if lead and lead.name == "组织部" else ("孙浩", "何军", "刘洋")


def test_the_office_takes_the_feedback_in_and_the_year_ends_with_24_of_27_closed(app: Flask) -> None:
    feedback_is_issued()
    with on(2026, 3, 16, 17):
        assert the_tally(date(2026, 3, 16)).draft == 27  # type: ignore[attr-defined]
    for number in NUMBERS:
        liaison, handler, _head = unit_of(number)
        with on(2026, 3, 21):
            accept(number, liaison, handler)
    for number in AT_ONCE:
        liaison, _handler, head = unit_of(number)
        with on(2026, 3, 30):
            close(number, liaison, head)
    with on(2026, 4, 24):
        assert the_rate(date(2026, 4, 24)) == "22.2%"
    for number in [*BY_DATE, *LONG[:3]]:
        liaison, _handler, head = unit_of(number)
        with on(2026, 6, 26):
            close(number, liaison, head)
    with on(2026, 12, 31):
        final = the_tally(date(2026, 12, 31))
        assert (final.closed, final.total, the_rate(date(2026, 12, 31))) == (24, 27, "88.9%")  # type: ignore[attr-defined]
        assert the_rate(date(2026, 4, 24)) == "22.2%", "a past day moved"
        assert_the_report_tells_the_truth()


def assert_the_report_tells_the_truth() -> None:
    """31 December: the section as a Word file, read back."""
    facts = the_facts()
    passage = write_section(facts)
    target = io.BytesIO()
    write_docx(passage, facts, target)
    text = "\n".join(paragraph.text for paragraph in docx.Document(target).paragraphs)
    assert "3个方面9大类27个问题" in text
    assert "24个" in text
    assert "88.9%" in text
    assert "完成27个" not in text
    for number in LONG[3:]:
        assert item(number).finding in text, "an unfinished item is not named"
    assert_no_report_says_that_27_are_completed()


def assert_no_report_says_that_27_are_completed() -> None:
    """31 December: the sentence is named, the report stays a draft; without the sentence it is issued."""
    office = actor("陈静")
    first, last = date(2026, 1, 1), date(2026, 12, 31)
    order = Order(ReportKind.ANNUAL, "2026年度述职报告（整改部分）", first, last, 1, "annual")
    with writing():
        known_at = reports.moment()
        facts = reports.collect(db.session(), order, known_at=known_at, seen=EVERYTHING, actor=office)
        made = reports.draft(order, facts, actor=office)
        true = made.text
        reports.save(made, title=made.title, text=f"{true}\n已完成27个问题整改。", actor=office)
    with pytest.raises(DomainError, match="“已完成27个问题整改。”不能印发：已销号24个，不是27个"), writing():
        reports.issue(made, reports.Imprint(last), sha256="0" * 64, actor=office)
    with writing():
        reports.save(made, title=made.title, text=true, actor=office)
        reports.issue(made, reports.Imprint(last), sha256="0" * 64, actor=office)
    assert made.state is ReportState.ISSUED


def a_year_is_worked(left_open: list[str]) -> None:
    """20 March to 26 June: 27 accepted; all but these are closed by the whole chain."""
    feedback_is_issued()
    for number in NUMBERS:
        liaison, handler, head = unit_of(number)
        with on(2026, 3, 21):
            accept(number, liaison, handler)
        if number not in left_open:
            with on(2026, 6, 26):
                close(number, liaison, head)


def file_away(number: str) -> Archive:
    """The office archives the source; the scheduler makes the ZIP."""
    commit(lambda: archives.archive(the_source(), number=number, actor=actor("陈静")))
    do_tasks(clock.now())
    found = stored_archives.find_present(db.session(), the_source().id)
    assert found is not None
    return found


def the_source() -> Source:
    """The round of inspection."""
    found = sources.find_source_by_number(db.session(), "巡察2026-1")
    assert found is not None
    return found


def test_on_8_january_three_open_items_are_carried_over_with_their_numbers_and_keep_their_source_open(
    app: Flask,
) -> None:
    a_year_is_worked(left_open=LONG[3:])
    with on(2027, 1, 8):
        question = Question(date(2027, 1, 8))
        year = count_year(db.session(), question, EVERYTHING)
        assert (year.carried_over, year.new_in_year, year.due_in_year, year.still_open) == (3, 0, 3, 3)
        assert list_year_numbers(db.session(), question, EVERYTHING, YearFigure.CARRIED_OVER) == LONG[3:]
        last = count_year(db.session(), Question(date(2026, 12, 31)), EVERYTHING)
        assert (last.due_in_year, last.closed_in_year, last.still_open) == (27, 24, 3)
        with pytest.raises(Conflict, match=f"还有3个事项没有销号.*{'、'.join(LONG[3:])}.*结转下年"):
            file_away("ZGB-2026-01")


def test_on_8_january_the_archive_list_has_27_folders_and_problem_17_is_found_two_years_later(app: Flask) -> None:
    a_year_is_worked(left_open=[])
    with on(2027, 1, 8):
        filed = file_away("ZGB-2026-01")
        names = ZipFile(files.path_of(filed.zip_sha256)).namelist()
        folders = {name.split("/")[0] for name in names if "/" in name} - {MATERIAL_FOLDER}
        assert [folder.split("_")[1] for folder in sorted(folders)] == NUMBERS
        assert filed.folders == 27
        for number in NUMBERS:
            assert any(f"_{number}_" in name and "/06销号/" in name for name in names), number
            assert any(f"_{number}_" in name and "/04佐证材料/" in name for name in names), number
    with on(2029, 3, 1):
        chosen = stored_archives.ArchiveFilter(words="17")
        found = stored_archives.list_rows(db.session(), stored_archives.select_folders(actor("李强"), chosen))
        ((problem, archive),) = found
        assert (problem.number, archive.number) == ("巡察2026-1-017", "ZGB-2026-01")
        papers = stored_archives.list_papers(db.session(), archive.id, problem.id)
        assert [paper.part.value for paper in papers] == ["feedback", "plan", "evidence", "closing"]
        with pytest.raises(Conflict, match="只能查阅"):
            commit(lambda: closure.reopen(held(problem.number), actor=actor("陈静"), reason="反弹"))


def test_part_two_of_last_years_report_becomes_three_items_and_a_section(app: Flask) -> None:
    move_in()
    with on(2026, 1, 12):
        source = receive("report-2021.txt", SourceKind.SELF_CHECK, "上年度述职报告", date(2026, 1, 12))
        numbers = [f"{source.number}-{serial:03d}" for serial in (1, 2, 3)]
        for number in numbers:
            assign(number, "组织部", date(2026, 6, 30))
        issue(numbers)
        for number in numbers:
            accept(number, "李磊", "郑凯")
    with on(2026, 5, 8):
        close(numbers[1], "郑凯", "王敏")
    with on(2026, 12, 31):
        assert the_rate(date(2026, 12, 31)) == "33.3%"
        facts = the_facts()
        text = write_section(facts).text
        assert "3个" in text
        assert "33.3%" in text
        assert "上年度述职报告" in text or "自查" in text


def test_a_liaison_works_an_item_through_a_return_to_its_closing_on_time(app: Flask) -> None:
    feedback_is_issued()
    number, wrong = "巡察2026-1-008", "巡察2026-1-010"
    with on(2026, 3, 20, 15):
        accept(number, "李磊", "郑凯")
        unit = people.find_units(db.session(), ["办公室"])["办公室"].id
        commit(
            lambda: items.ask_reassignment(held(wrong), reason="该工作由办公室承担", unit_id=unit, actor=actor("李磊"))
        )
        commit(lambda: items.reassign(held(wrong), unit_id=unit, reason="同意改派", actor=actor("陈静")))
        lead = item(wrong).lead_unit
        assert lead is not None
        assert (lead.name, item(wrong).state) == ("办公室", State.ISSUED)
    with on(2026, 6, 23):
        work_and_apply(number, "郑凯")
    with on(2026, 6, 24):
        decide(number, "王敏")
    with on(2026, 6, 25):
        decide(number, "陈静", Decision.RETURN, "缺4月、5月学习记录，请补签到表")
        assert item(number).state is State.WORKING
    with on(2026, 6, 26):
        work_and_apply(number, "郑凯", evidence="4月5月签到表.docx")
        assert item(number).rounds == 2
    with on(2026, 6, 29):
        for decider in ("王敏", "陈静", "李强"):
            decide(number, decider)
    closed = item(number)
    assert (closed.state, closed.closed_on, closed.due_on) == (State.CLOSED, date(2026, 6, 29), date(2026, 6, 30))


def test_nobody_decides_on_an_application_of_their_own_nor_two_of_its_steps(app: Flask) -> None:
    feedback_is_issued()
    number = "巡察2026-1-008"
    with on(2026, 3, 21):
        accept(number, "李磊", "郑凯")
        work_and_apply(number, "李磊")
        for stranger in ("李磊", "郑凯", "刘洋", "李强"):
            with pytest.raises(Forbidden):
                decide(number, stranger)
        decide(number, "王敏")
        with pytest.raises(Forbidden):
            decide(number, "王敏")


def test_a_liaison_never_sees_another_units_item_not_even_in_a_count(app: Flask) -> None:
    feedback_is_issued()
    with on(2026, 3, 23):
        seen = reach(actor("李磊"))
        own = [number for number in NUMBERS if unit_of(number)[0] == "李磊"]
        (row,) = tally(db.session(), Question(date(2026, 3, 23)), seen)
        assert row.tally.total == len(own) == 13
        listed = list_item_numbers(db.session(), Question(date(2026, 3, 23)), seen, FigureName.TOTAL)
        assert sorted(listed) == own
        assert [each.key for each in tally(db.session(), Question(date(2026, 3, 23)), seen, Breakdown.UNIT)] == [
            "市直机关工委/组织部"
        ]


def close_quietly(number: str, day: date) -> None:
    """A closing entered without its chain: figures only need its dates."""
    with writing():
        it = held(number)
        items.move_on(it, Event.ACCEPT, actor=SYSTEM, on=it.changed_on)
        items.move_on(it, Event.APPLY, actor=SYSTEM, on=it.changed_on)
        items.move_on(it, Event.CLOSE, actor=SYSTEM, on=day, closed_on=day)


def test_the_leader_gets_the_same_answer_about_july_in_december(app: Flask) -> None:
    """36/40 = 90% in June, 42/48 = 87.5% in July, and a closing recorded late changes only what is known later."""
    move_in()
    with on(2026, 3, 16), writing():
        unit, source = a_unit("宣传部"), a_source()
        first = [an_issued_item(source=source, lead_unit=unit).number for _ in range(40)]
    with on(2026, 6, 29):
        for number in first[:36]:
            close_quietly(number, date(2026, 6, 29))
    with on(2026, 6, 30, 17):
        assert the_rate(date(2026, 6, 30)) == "90%"
    with on(2026, 7, 10), writing():
        review = a_source("述职评议点评", date(2026, 7, 10), kind=SourceKind.APPRAISAL)
        later = [
            an_issued_item(
                source=review, lead_unit=people.find_units(db.session(), ["宣传部"])["宣传部"], due_on=date(2026, 9, 30)
            ).number
            for _ in range(8)
        ]
    with on(2026, 7, 30):
        for number in [*first[36:39], *later[:4]]:
            close_quietly(number, date(2026, 7, 30))
        with writing():
            closure.reopen(held(first[0]), actor=actor("陈静"), reason="回头看发现反弹")
    with on(2026, 7, 31, 17):
        assert the_rate(date(2026, 7, 31)) == "87.5%"
    with on(2026, 8, 4):
        close_quietly(later[4], date(2026, 7, 29))
        assert the_rate(date(2026, 7, 31)) == "89.6%"
        assert the_rate(date(2026, 7, 31), known_at=at(2026, 7, 31, 18)) == "87.5%"
    with on(2026, 12, 25):
        assert the_rate(date(2026, 7, 31), known_at=at(2026, 7, 31, 18)) == "87.5%"
        assert the_rate(date(2026, 6, 30)) == "90%"
        assert ledger.list_changes(db.session(), item(later[4]).id)[-1].effective_on == date(2026, 7, 29)
