"""Measures, entries, evidence and outcomes on real databases."""

import io
from collections.abc import Callable
from datetime import date, timedelta

import pytest
import time_machine
from factories import a_person, a_unit, a_working_item, actor_of, an_account, an_issued_item, an_item
from flask import Flask

from tracker.access.rules import SYSTEM, Actor, Role
from tracker.audit.queries import select_entries
from tracker.core import clock, files
from tracker.core.db import db, writing
from tracker.core.errors import AlreadyThere, Conflict, DomainError, Forbidden, NotFound, Stale, TooLarge
from tracker.items import operations as items
from tracker.items.models import Item
from tracker.org.models import Person
from tracker.progress import operations, queries
from tracker.progress.models import Measure
from tracker.progress.rules import OutcomeKind


class Office:
    """One working item of 组织部, supported by 宣传部, and the people around it."""

    def __init__(self) -> None:
        self.lead, self.support, self.other = a_unit("组织部"), a_unit("宣传部"), a_unit("办公室")
        self.liaison = an_account("王敏", Role.LIAISON, self.lead)
        self.supporter = an_account("周强", Role.LIAISON, self.support)
        self.office = an_account("陈静", Role.OFFICE, a_unit("市直机关工委"))
        self.leader = an_account("李强", Role.LEADER, a_unit("市直机关工委"))
        self.handler = an_account("孙浩", None, self.lead)
        self.item = a_working_item(self.handler, lead_unit=self.lead, supporting_unit_ids=[self.support.id])

    def here(self) -> Item:
        return db.session.get_one(Item, self.item.id)

    def acts(self, person: Person) -> Actor:
        return actor_of(db.session.get_one(Person, person.id))


@pytest.fixture
def office(app: Flask) -> Office:
    with writing():
        return Office()


def stored(content: bytes = b"proof") -> files.StoredFile:
    return files.store(io.BytesIO(content), limit_bytes=1 << 20)


def acts_in_trail(subject: str) -> list[str]:
    return [entry.action for entry in db.session.scalars(select_entries(subject=subject))]


def a_draft(office: Office) -> Item:
    return an_item(office.here().source, lead_unit=office.lead)


def test_measures_are_added_after_the_last_one(office: Office) -> None:
    with writing():
        draft_id = a_draft(office).id
        operations.add_measures(db.session.get_one(Item, draft_id), ["甲", "乙"], actor=office.acts(office.office))
    with writing():
        draft, due_on = db.session.get_one(Item, draft_id), date(2026, 5, 1)
        operations.add_measures(draft, ["丙"], actor=office.acts(office.office), due_on=due_on)
    measures = queries.list_measures(db.session(), draft_id)
    assert [(each.position, each.text, each.due_on) for each in measures] == [
        (1, "甲", None),
        (2, "乙", None),
        (3, "丙", date(2026, 5, 1)),
    ]


def test_the_same_measures_sent_twice_stand_once(office: Office) -> None:
    with writing():
        operations.add_measures(office.here(), ["甲", "乙"], actor=office.acts(office.handler))
    with pytest.raises(AlreadyThere), writing():
        operations.add_measures(office.here(), ["甲", "乙"], actor=office.acts(office.handler))
    assert [each.text for each in queries.list_measures(db.session(), office.item.id)] == ["甲", "乙"]


def test_the_office_lays_down_measures_on_a_draft_the_unit_does_not(office: Office) -> None:
    with writing():
        draft = an_item(office.here().source, lead_unit=office.lead)
        operations.add_measures(draft, ["甲"], actor=office.acts(office.office))
        with pytest.raises(Conflict):
            operations.add_measures(draft, ["乙"], actor=office.acts(office.liaison))


def test_a_measure_due_before_the_feedback_is_refused(office: Office) -> None:
    with writing(), pytest.raises(DomainError):
        operations.add_measures(office.here(), ["甲"], actor=office.acts(office.liaison), due_on=date(2026, 3, 15))


def a_measure(office: Office, of: Callable[[Office], Item] = Office.here) -> Measure:
    with writing():
        (measure,) = operations.add_measures(of(office), ["印发办法"], actor=office.acts(office.office))
    return measure


def test_what_was_issued_with_measures_is_changed_by_request_alone(office: Office) -> None:
    measure = a_measure(office)
    for person in (office.liaison, office.office):
        actor = office.acts(person)
        for act in (
            lambda here, by: operations.add_measures(here.item, ["再加一条"], actor=by),
            lambda here, by: operations.edit_measure(here, "改写", owner_id=None, due_on=None, actor=by),
            lambda here, by: operations.remove_measure(here, actor=by),
            lambda here, by: operations.replace_measures(here.item, [here], ["换掉"], actor=by),
        ):
            with pytest.raises(Conflict, match="变更申请"), writing():
                act(db.session.get_one(Measure, measure.id), actor)
    assert [each.text for each in queries.list_measures(db.session(), office.item.id)] == ["印发办法"]
    with writing():
        here, due_on = db.session.get_one(Measure, measure.id), date(2026, 5, 1)
        # Who in the unit does a measure, and by when, is the unit's own.
        operations.edit_measure(here, here.text, owner_id=None, due_on=due_on, actor=office.acts(office.liaison))
    assert queries.list_measures(db.session(), office.item.id)[0].due_on == due_on


def test_a_measure_is_ticked_once_and_unticked(office: Office) -> None:
    measure = a_measure(office)
    for _again in range(2):
        with writing():
            operations.tick(db.session.get_one(Measure, measure.id), actor=office.acts(office.handler))
    assert queries.list_measures(db.session(), office.item.id)[0].done_on == clock.today()
    with writing():
        operations.untick(db.session.get_one(Measure, measure.id), actor=office.acts(office.handler))
    assert queries.list_measures(db.session(), office.item.id)[0].done_on is None
    assert acts_in_trail(office.item.number)[:2] == ["measure.untick", "measure.tick"]


def test_a_measure_changed_against_an_older_version_is_refused_with_both_texts(office: Office) -> None:
    measure = a_measure(office, a_draft)
    with writing():
        here = db.session.get_one(Measure, measure.id)
        operations.edit_measure(
            here, "修订办法", owner_id=None, due_on=None, actor=office.acts(office.office), version=here.version
        )
    with pytest.raises(Stale) as refusal, writing():
        operations.edit_measure(
            db.session.get_one(Measure, measure.id),
            "另印办法",
            owner_id=None,
            due_on=None,
            actor=office.acts(office.office),
            version=1,
        )
    assert (refusal.value.typed["措施"], refusal.value.stored["措施"]) == ("另印办法", "修订办法")


def test_a_removed_measure_is_gone_and_its_text_stays_in_the_trail(office: Office) -> None:
    measure = a_measure(office, a_draft)
    with writing():
        operations.remove_measure(db.session.get_one(Measure, measure.id), actor=office.acts(office.office))
    assert queries.list_measures(db.session(), measure.item_id) == []
    removal = db.session.scalars(select_entries(action="measure.remove")).one()
    assert "印发办法" in removal.details


def test_a_measure_of_another_item_is_not_found_here(office: Office) -> None:
    measure = a_measure(office)
    with writing():
        other = an_issued_item(source=office.here().source, lead_unit=office.other)
    with pytest.raises(NotFound):
        queries.get_measure(db.session(), other.id, measure.id)


def test_everybody_writes_in_the_line_of_their_own_unit(office: Office) -> None:
    with writing():
        for person in (office.liaison, office.supporter, office.office):
            operations.write_entry(office.here(), f"{person.name}填报", actor=office.acts(person))
    lines = [
        (e.by.name, e.unit_id, e.is_for_others) for e in reversed(queries.list_entries(db.session(), office.item.id))
    ]
    lead, support = office.lead.id, office.support.id
    assert lines == [("王敏", lead, False), ("周强", support, False), ("陈静", lead, True)]


def test_a_cooperating_unit_writes_its_line_and_nothing_else(office: Office) -> None:
    measure = a_measure(office)
    with writing():
        supporter, item = office.acts(office.supporter), office.here()
        for refused in (
            lambda: operations.add_measures(item, ["甲"], actor=supporter),
            lambda: operations.tick(db.session.get_one(Measure, measure.id), actor=supporter),
            lambda: operations.add_outcome(item, OutcomeKind.MEETING, "1", actor=supporter),
            lambda: operations.write_entry(item, "代人填报", actor=supporter, unit_id=office.lead.id),
        ):
            with pytest.raises(Forbidden):
                refused()


def test_leaders_read_and_do_not_report(office: Office) -> None:
    with writing(), pytest.raises(Forbidden):
        operations.write_entry(office.here(), "已过问", actor=office.acts(office.leader))


def test_nothing_is_reported_about_an_item_that_is_not_being_worked_on(office: Office) -> None:
    with writing():
        issued = an_issued_item(source=office.here().source, lead_unit=office.lead)
        for refused in (
            lambda: operations.write_entry(issued, "进展", actor=office.acts(office.liaison)),
            lambda: operations.add_evidence(issued, stored(), "a.txt", actor=office.acts(office.liaison)),
            lambda: operations.add_outcome(issued, OutcomeKind.MEETING, "1", actor=office.acts(office.liaison)),
        ):
            with pytest.raises(Conflict):
                refused()


def test_work_on_a_parent_is_told_of_its_children(office: Office) -> None:
    with writing():
        parent = an_item(office.here().source, lead_unit=office.lead)
        children = items.split(parent, [office.support, office.other], actor=SYSTEM)
        items.issue(children, actor=SYSTEM)
        for child in children:
            items.accept(child, handler_id=a_person("赵磊").id, actor=SYSTEM)
        with pytest.raises(Conflict, match="总项"):
            operations.write_entry(parent, "进展", actor=office.acts(office.office))


def test_a_double_click_makes_one_entry_and_the_same_text_may_come_again_later(office: Office) -> None:
    with time_machine.travel("2026-04-20T09:00:00+08:00", tick=False) as now:
        with writing():
            operations.write_entry(office.here(), "无变化", actor=office.acts(office.liaison))
        with pytest.raises(AlreadyThere), writing():
            operations.write_entry(office.here(), " 无变化 ", actor=office.acts(office.liaison))
        now.shift(timedelta(seconds=61))
        with writing():
            operations.write_entry(office.here(), "无变化", actor=office.acts(office.liaison))
    assert len(queries.list_entries(db.session(), office.item.id)) == 2


def test_the_office_writes_the_same_words_for_two_units_at_once(office: Office) -> None:
    with writing():
        for unit in (office.lead, office.support):
            operations.write_entry(office.here(), "已按要求整改", actor=office.acts(office.office), unit_id=unit.id)
        with pytest.raises(AlreadyThere):
            operations.write_entry(
                office.here(), "已按要求整改", actor=office.acts(office.office), unit_id=office.support.id
            )
    units = {entry.unit_id for entry in queries.list_entries(db.session(), office.item.id)}
    assert units == {office.lead.id, office.support.id}


def test_an_empty_or_endless_text_is_refused(office: Office) -> None:
    with writing():
        for text in (" \n ", "长" * 4001):
            with pytest.raises(DomainError):
                operations.write_entry(office.here(), text, actor=office.acts(office.liaison))


def test_files_are_numbered_and_a_removed_number_is_not_given_again(office: Office) -> None:
    with writing():
        first = operations.add_evidence(office.here(), stored(b"1"), "签到表.jpg", actor=office.acts(office.liaison))
        operations.add_evidence(office.here(), stored(b"2"), "办法.pdf", actor=office.acts(office.supporter))
        operations.remove_evidence(first, actor=office.acts(office.liaison))
        operations.add_evidence(office.here(), stored(b"3"), "照片.png", actor=office.acts(office.handler))
    listed = queries.list_evidence(db.session(), office.item.id)
    assert [(each.serial, each.name) for each in listed] == [(2, "办法.pdf"), (3, "照片.png")]
    with pytest.raises(NotFound):
        queries.get_evidence(db.session(), office.item.id, 1)
    assert acts_in_trail(office.item.number)[:4] == ["evidence.add", "evidence.remove", "evidence.add", "evidence.add"]


def test_the_same_file_is_kept_once_and_may_come_again_after_it_was_removed(office: Office) -> None:
    with writing():
        first = operations.add_evidence(office.here(), stored(), "签到表.jpg", actor=office.acts(office.liaison))
        with pytest.raises(AlreadyThere, match="第 1 号"):
            operations.add_evidence(office.here(), stored(), "签到表.jpg", actor=office.acts(office.liaison))
        operations.remove_evidence(first, actor=office.acts(office.liaison))
        operations.add_evidence(office.here(), stored(), "签到表.jpg", actor=office.acts(office.liaison))
    assert queries.count_evidence(db.session(), office.item.id) == 1


def test_a_cooperating_unit_does_not_remove_files_of_the_lead_unit(office: Office) -> None:
    with writing():
        evidence = operations.add_evidence(office.here(), stored(), "签到表.jpg", actor=office.acts(office.liaison))
        with pytest.raises(Forbidden):
            operations.remove_evidence(evidence, actor=office.acts(office.supporter))


def test_bytes_are_in_the_store_before_the_row_and_a_rolled_back_upload_leaves_no_row(office: Office) -> None:
    """A process killed between the two leaves bytes without a row, never a row without bytes."""
    file = stored(b"killed in between")
    with pytest.raises(KeyboardInterrupt), writing():
        operations.add_evidence(office.here(), file, "签到表.jpg", actor=office.acts(office.liaison))
        raise KeyboardInterrupt
    assert files.path_of(file.sha256).read_bytes() == b"killed in between"
    assert queries.list_evidence(db.session(), office.item.id) == []


def test_empty_and_too_large_files_never_reach_the_store(app: Flask) -> None:
    for content, refusal in ((b"", DomainError), (b"x" * 11, TooLarge)):
        with pytest.raises(refusal):
            files.store(io.BytesIO(content), limit_bytes=10)


def test_outcomes_are_counted_and_taken_back(office: Office) -> None:
    with writing():
        kept = operations.add_outcome(
            office.here(), OutcomeKind.RECOVERED, "66.57", actor=office.acts(office.handler), note="追回补贴"
        )
        wrong = operations.add_outcome(office.here(), OutcomeKind.MEETING, "30", actor=office.acts(office.handler))
        operations.remove_outcome(wrong, actor=office.acts(office.handler))
        with pytest.raises(DomainError):
            tomorrow = clock.today() + timedelta(days=1)
            operations.add_outcome(
                office.here(), OutcomeKind.MEETING, "1", actor=office.acts(office.handler), on=tomorrow
            )
    assert [each.id for each in queries.list_outcomes(db.session(), office.item.id)] == [kept.id]


def test_a_download_is_noted_in_the_trail(office: Office) -> None:
    with writing():
        evidence = operations.add_evidence(office.here(), stored(), "签到表.jpg", actor=office.acts(office.liaison))
        operations.note_download(evidence, actor=office.acts(office.leader))
    assert acts_in_trail(office.item.number)[0] == "evidence.download"


def test_names_to_choose_from_are_those_of_the_units_people(office: Office) -> None:
    with writing():
        a_person("安然", office.lead)
        a_person("外人", office.other)
    assert queries.list_names(db.session(), [office.lead.id]) == ["安然", "孙浩", "王敏"]
