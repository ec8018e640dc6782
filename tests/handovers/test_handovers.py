"""Handing over: all of a person's work to another, in one screen and one commit."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO
from threading import Event
from time import sleep

import docx
import pytest
from factories import a_source, a_unit, a_working_item, an_account, sign_in
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import ForeignKeyConstraint, update

from tracker.access.rules import SYSTEM, Role
from tracker.audit.models import AuditEntry
from tracker.audit.naming import words_for
from tracker.audit.wording import sentences
from tracker.core import clock
from tracker.core.db import Base, db, writing
from tracker.core.errors import Conflict
from tracker.handovers import operations
from tracker.handovers.models import Handover
from tracker.handovers.queries import COLUMNS, list_held
from tracker.items import operations as items
from tracker.items.models import Item, ItemChange
from tracker.org.models import Person
from tracker.outbox.models import Message
from tracker.progress import operations as progress
from tracker.progress.models import Measure
from tracker.sources import operations as sources
from tracker.sources.models import Source
from tracker.sources.rules import StepKind


@dataclass
class Office:
    """王敏 owns two items, handles one, answers for a measure, is named in a chain and reads a source."""

    app: Flask
    people: dict[str, int]

    def client_as(self, client: FlaskClient, name: str) -> FlaskClient:
        with self.app.app_context():
            sign_in(client, db.session.get_one(Person, self.people[name]))
        return client

    def keys(self, name: str = "王敏") -> list[str]:
        with self.app.app_context():
            return [held.key for held in list_held(db.session(), self.people[name], clock.today())]


@pytest.fixture
def office(empty_app: Flask) -> Office:
    with empty_app.app_context(), writing():
        root, lead = a_unit("市直机关工委"), a_unit("组织部")
        people = {
            "何平": an_account("何平", Role.OFFICE, root),
            "王敏": an_account("王敏", Role.UNIT_HEAD, lead),
            "孙权": an_account("孙权", Role.UNIT_HEAD, lead),
            "赵云": an_account("赵云", Role.ADMINISTRATOR, root),
        }
        source = a_source()
        giver = people["王敏"]
        first = a_working_item(giver, source=source, lead_unit=lead, owner_id=giver.id)
        a_working_item(people["孙权"], source=source, lead_unit=lead, owner_id=giver.id, finding="学习记录不全")
        progress.add_measures(first, ["建立台账"], actor=SYSTEM, owner_id=giver.id)
        sources.set_chain(source, [StepKind.UNIT_HEAD], named={StepKind.UNIT_HEAD: giver.id}, actor=SYSTEM)
        items.name_source_readers(source, [giver], actor=SYSTEM)
        return Office(empty_app, {name: person.id for name, person in people.items()})


def told(office: Office, **values: object) -> dict[str, object]:
    return {"to": "孙权", "reason": "岗位调整", "chosen": office.keys(), **values}


def test_all_that_names_a_person_goes_to_another_in_one_commit(client: FlaskClient, office: Office) -> None:
    browser, giver = office.client_as(client, "何平"), office.people["王敏"]
    assert len(office.keys()) == 6
    page = browser.get(f"/handovers/from/{giver}").get_data(as_text=True)
    assert page.count('name="chosen"') == 6
    answer = browser.post(f"/handovers/from/{giver}", data=told(office))
    assert answer.status_code == 303
    assert office.keys() == []
    with office.app.app_context():
        taker = office.people["孙权"]
        assert {(item.owner_id, item.handler_id) for item in db.session.query(Item)} == {(taker, taker)}
        assert {measure.owner_id for measure in db.session.query(Measure)} == {taker}
        assert db.session.query(Source).one().reader_ids == {taker}
        last = db.session.query(ItemChange).order_by(ItemChange.id.desc()).first()
        assert (last.owner_id, last.reason) == (taker, "岗位调整")
        noted = db.session.query(AuditEntry).where(AuditEntry.action == "handover.make").one()
        assert "经办人、" in "".join(sentences(noted.action, noted.details, words_for))
        told_to = db.session.query(Message.person_id).where(Message.kind == "handed_over")
        assert {person_id for (person_id,) in told_to} == {giver, taker}


def test_only_what_is_ticked_goes(client: FlaskClient, office: Office) -> None:
    browser, keys = office.client_as(client, "何平"), office.keys()
    browser.post(f"/handovers/from/{office.people['王敏']}", data=told(office, chosen=keys[:1]))
    assert office.keys() == keys[1:]


def test_a_second_press_hands_nothing_over_twice(client: FlaskClient, office: Office) -> None:
    browser, form = office.client_as(client, "何平"), told(office)
    for _press in range(2):
        assert browser.post(f"/handovers/from/{office.people['王敏']}", data=form).status_code == 303
    with office.app.app_context():
        assert db.session.query(Handover).count() == 1


def test_what_somebody_else_changed_meanwhile_stops_all_of_it(client: FlaskClient, office: Office) -> None:
    browser, form = office.client_as(client, "何平"), told(office)
    browser.post(f"/handovers/from/{office.people['王敏']}", data={**form, "chosen": office.keys()[:1]})
    answer = browser.post(f"/handovers/from/{office.people['王敏']}", data=form)
    assert answer.status_code == 409
    assert "有 1 项刚刚被别人改动" in answer.get_data(as_text=True)
    assert len(office.keys()) == 5


def test_what_changes_while_the_handover_waits_for_it_stops_all_of_it(office: Office) -> None:
    """Somebody else has the measure in hand; the handover read before that, and waits."""
    keys, has_begun = office.keys(), Event()

    def hand_over() -> str:
        has_begun.set()
        try:
            with office.app.app_context(), writing():
                giver, taker = (db.session.get_one(Person, office.people[name]) for name in ("王敏", "孙权"))
                operations.hand_over(giver, taker, keys, "岗位调整", actor=SYSTEM)
        except Conflict as error:
            return str(error)
        return "handed over"

    with ThreadPoolExecutor(1) as pool:
        with office.app.app_context(), writing():
            db.session.execute(update(Measure).values(owner_id=office.people["赵云"]))
            waits = pool.submit(hand_over)
            has_begun.wait(10)
            sleep(1)
        assert "有 1 项刚刚被别人改动" in waits.result(30)
    assert len(office.keys()) == 5
    with office.app.app_context():
        assert db.session.query(Handover).count() == 0


@pytest.mark.parametrize(
    "wrong", [{"to": "无此人"}, {"to": "王敏"}, {"to": ""}, {"reason": ""}, {"chosen": []}], ids=str
)
def test_wrong_input_is_told_and_hands_nothing_over(
    client: FlaskClient, office: Office, wrong: dict[str, object]
) -> None:
    browser = office.client_as(client, "何平")
    answer = browser.post(f"/handovers/from/{office.people['王敏']}", data=told(office, **wrong))
    assert answer.status_code == 422
    assert len(office.keys()) == 6


def test_the_list_to_sign_is_a_word_file(client: FlaskClient, office: Office) -> None:
    browser = office.client_as(client, "何平")
    made = browser.post(f"/handovers/from/{office.people['王敏']}", data=told(office)).location
    assert "交接清单" in browser.get(made).get_data(as_text=True)
    answer = browser.get(f"{made}/list.docx")
    document = docx.Document(BytesIO(answer.data))
    rows = [[cell.text for cell in row.cells] for row in document.tables[0].rows]
    assert len(rows) == 7
    assert "接收人（签字）" in "".join(paragraph.text for paragraph in document.paragraphs)
    assert browser.get("/handovers").status_code == 200


@pytest.mark.parametrize("name", ["王敏", "孙权", "赵云"])
def test_only_the_office_hands_over(client: FlaskClient, office: Office, name: str) -> None:
    browser, giver = office.client_as(client, name), office.people["王敏"]
    for address in ("/handovers", f"/handovers/from/{giver}", "/handovers/1", "/handovers/1/list.docx"):
        assert browser.get(address).status_code == 403
    assert browser.post(f"/handovers/from/{giver}", data=told(office)).status_code == 403


def test_whoever_shuts_an_account_is_pointed_to_the_handover(client: FlaskClient, office: Office) -> None:
    page = office.client_as(client, "赵云").get(f"/people/{office.people['王敏']}").get_data(as_text=True)
    assert "名下还有 6 项未办结的工作" in page


# What tells who did something, or is a person's own; it stays as history. A second look is given to somebody else on
# its own page, which asks whether that one had a part in closing.
STAYS = """
report_own_file.by_id report_template.kept_by_id report.written_by_id report.issued_by_id report_wording.changed_by_id
account.person_id granted_role.person_id substitute.absent_id substitute.named_by_id
item.accepted_by_id item_change.by_id item_change.for_id
reassignment_request.asked_by_id reassignment_request.asked_for_id reassignment_request.decided_by_id
reassignment_request.decided_for_id
source_document.by_id entry.by_id entry.for_id entry.reviewed_by_id evidence.by_id evidence.for_id
evidence.removed_by_id outcome.by_id outcome.for_id phone_call.by_id round_nudge.by_id
application.applicant_id application.applicant_for_id application_draft.by_id review.decider_id review.decider_for_id
paper.entered_by_id paper.entered_for_id recusal.set_by_id
declaration.declared_by_id declaration.declared_for_id declaration.decided_by_id declaration.decided_for_id
extension.asked_by_id extension.asked_for_id extension_step.decider_id extension_step.decider_for_id
extension_step.entered_by_id
correction.asked_by_id correction.asked_for_id correction.decider_id correction.decider_for_id
correction.entered_by_id
amendment.asked_by_id amendment.asked_for_id amendment.decider_id amendment.decider_for_id amendment.entered_by_id
nudge.by_id nudge.for_id nudge.replied_by_id nudge.replied_for_id
supervision_notice.drafted_by_id supervision_notice.signer_id supervision_notice.signature_by_id
supervision_notice.sent_by_id supervision_notice.feedback_by_id
occurrence.person_id reminder_preference.person_id message.person_id
intake_draft.by_id ledger_draft.by_id column_meaning.by_id submission.by_id
saved_question.owner_id
handover.from_id handover.to_id handover.by_id
joint_handling.joined_by_id joint_handling.joined_for_id joint_handling.ended_by_id joint_handling.ended_for_id
reinspection_draw.by_id reinspection_draw.for_id
reinspection.inspector_id reinspection.recorded_by_id reinspection.recorded_for_id
lasting_check.by_id lasting_check.for_id
meeting.called_by_id meeting_freeze.by_id meeting_decision.noted_by_id meeting_decision.given_by_id
archive.by_id archive.lifted_by_id
"""


def test_every_column_that_names_a_person_is_handed_over_or_stays_on_purpose(empty_app: Flask) -> None:
    named = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for constraint in table.constraints
        if isinstance(constraint, ForeignKeyConstraint) and constraint.referred_table.name == "person"
        for column in constraint.columns
    }
    given = {f"{column.class_.__tablename__}.{column.key}" for column in COLUMNS.values()}
    assert named - given == set(STAYS.split())
    assert given <= named
