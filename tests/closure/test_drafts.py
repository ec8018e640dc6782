"""What an application begins with, the draft kept on the way, and what is kept of the moment it was filed."""

from dataclasses import replace

import pytest
from factories import a_telling
from flask import Flask

from tests.closure.closing_office import DEMAND, STATEMENT, ClosingOffice
from tracker.audit.queries import select_entries
from tracker.closure import operations, queries
from tracker.closure.models import ApplicationDraft
from tracker.closure.rules import Decision, Incomplete, Telling
from tracker.core import clock
from tracker.core.db import db, writing
from tracker.core.errors import Conflict, Forbidden, Stale
from tracker.items import operations as items
from tracker.org.models import Person
from tracker.progress import operations as progress
from tracker.progress import queries as work
from tracker.progress.rules import OutcomeKind


@pytest.fixture
def office(app: Flask) -> ClosingOffice:
    with writing():
        return ClosingOffice()


def lay_down(office: ClosingOffice, *texts: str) -> list[int]:
    with writing():
        measures = progress.add_measures(office.item(lock=True), list(texts), actor=office.acts(office.liaison))
        return [each.id for each in measures]


def tick(office: ClosingOffice, measure_id: int) -> None:
    with writing():
        measure = work.get_measure(db.session(), office.item(lock=True).id, measure_id)
        progress.tick(measure, actor=office.acts(office.liaison))


def keep(office: ClosingOffice, telling: Telling, person: Person | None = None, *, version: int = 0) -> int:
    with writing():
        actor = office.acts(person or office.liaison)
        return operations.keep_draft(office.item(lock=True), telling, actor=actor, version=version).version


def test_an_application_begins_with_what_was_done_and_last_reported(office: ClosingOffice) -> None:
    first, second = lay_down(office, "印发学习制度。", "按月检查。")
    tick(office, first)
    with writing():
        progress.write_entry(office.item(lock=True), "制度已印发，正按月检查。", actor=office.acts(office.liaison))
    begun = operations.begin(office.item())
    today = clock.today()
    assert begun.telling.measures == {
        first: f"印发学习制度，已于{today.year}年{today.month}月{today.day}日完成。",
        second: "",
    }
    assert (begun.telling.statement, begun.version) == ("制度已印发，正按月检查。", 0)


def test_a_draft_is_kept_and_filled_in_for_the_next_of_the_unit(office: ClosingOffice) -> None:
    version = keep(office, Telling(statement="写了一半"))
    begun = operations.begin(office.item())
    assert (begun.telling.statement, begun.version) == ("写了一半", version)
    assert keep(office, Telling(statement="写了一半"), version=version) == version, "nothing changed"
    assert keep(office, Telling(statement="写完了"), office.handler, version=version) == version + 1
    noted = db.session.scalars(select_entries(subject=office.number, action="application.draft")).all()
    assert [each.actor_name for each in noted] == ["孙浩", "王敏"], "not each save is an act"


def test_of_two_who_write_the_second_is_told_who_wrote_and_keeps_the_text(office: ClosingOffice) -> None:
    keep(office, Telling(statement="王敏写的"))
    with pytest.raises(Stale, match="王敏于") as refusal:
        keep(office, Telling(statement="孙浩写的"), office.handler)
    assert refusal.value.typed["完成情况"] == "孙浩写的"
    assert refusal.value.stored["完成情况"] == "王敏写的"
    office.prove()
    with pytest.raises(Stale), writing():
        telling = a_telling(office.item())
        operations.apply(office.item(lock=True), telling, actor=office.acts(office.handler), version=0)
    assert operations.begin(office.item()).telling.statement == "王敏写的"


def test_only_who_may_apply_keeps_a_draft_and_only_while_it_can_be_filed(office: ClosingOffice) -> None:
    for person in (office.clerk, office.leader):
        with pytest.raises(Forbidden):
            keep(office, Telling(), person)
    office.proved_and_applied()
    with pytest.raises(Conflict):
        keep(office, Telling())


def test_filing_is_the_end_of_the_draft(office: ClosingOffice) -> None:
    keep(office, Telling(statement="写了一半"))
    office.proved_and_applied()
    assert db.session.query(ApplicationDraft).count() == 0


def test_another_unit_does_not_see_the_draft(office: ClosingOffice) -> None:
    keep(office, Telling(statement="本单位写的"))
    with writing():
        item = office.item(lock=True)
        items.reassign(item, unit_id=office.other.id, actor=office.acts(office.clerk), reason="职责调整到办公室")
    assert operations.begin(office.item()).telling.statement == ""


def test_the_second_round_begins_with_everything_of_the_first_but_the_pledge(office: ClosingOffice) -> None:
    (measure,) = lay_down(office, "印发学习制度。")
    tick(office, measure)
    filed = a_telling(office.item(), measures={measure: "3月5日印发，4月起执行。"})
    office.prove()
    with writing():
        operations.apply(office.item(lock=True), filed, actor=office.acts(office.liaison))
    office.decide(office.head, 1, Decision.RETURN, DEMAND)
    begun = operations.begin(office.item()).telling
    assert begun == replace(filed, is_pledged=False)


def test_later_changes_do_not_alter_what_was_filed(office: ClosingOffice) -> None:
    (measure,) = lay_down(office, "印发学习制度。")
    tick(office, measure)
    with writing():
        progress.add_outcome(office.item(lock=True), OutcomeKind.RECOVERED, "66.50", actor=office.acts(office.liaison))
    application = office.proved_and_applied()
    office.decide(office.head, 1, Decision.RETURN, DEMAND)
    with writing():
        item, actor = office.item(lock=True), office.acts(office.liaison)
        progress.untick(work.get_measure(db.session(), item.id, measure), actor=actor)
        # As an approved change request does it.
        progress.amend_measures(item, work.list_measures(db.session(), item.id), ["改了"], actor=actor)
        progress.remove_evidence(work.get_evidence(db.session(), item.id, 1), actor=actor)
        progress.remove_outcome(work.list_outcomes(db.session(), item.id)[0], actor=actor)
    db.session.expire_all()
    (stored,) = queries.list_applications(db.session(), office.item().id)
    assert stored.id == application.id
    (line,), (file,), (outcome,) = stored.filed.measures, stored.filed.evidence, stored.filed.outcomes
    assert (line.text, line.done_on, line.told) == ("印发学习制度。", clock.today(), "印发学习制度。，已落实。")
    assert (file.serial, file.name, file.by) == (1, "签到表.jpg", "王敏")
    assert (str(outcome.words), outcome.counted_on) == ("追回资金66.5万元", clock.today())
    assert (stored.statement, stored.is_pledged) == (STATEMENT, True)


def test_the_trail_keeps_what_was_filed(office: ClosingOffice) -> None:
    lay_down(office, "印发学习制度")
    office.proved_and_applied()
    (entry,) = db.session.scalars(select_entries(subject=office.number, action="application.file")).all()
    for words in (STATEMENT, "印发学习制度，已落实。", "签到表.jpg", "未发现同类问题"):
        assert words in entry.details


def test_a_measure_laid_down_while_one_writes_is_asked_for(office: ClosingOffice) -> None:
    office.prove()
    telling = a_telling(office.item())
    lay_down(office, "后加的一条")
    with pytest.raises(Incomplete, match="第 1 条措施"), writing():
        operations.apply(office.item(lock=True), telling, actor=office.acts(office.liaison))
