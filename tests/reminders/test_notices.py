"""What people are told the moment it happens, and only as long as it is so."""

import json

from factories import a_unit, actor_of, an_account, an_item
from flask import Flask
from sqlalchemy import select

from tests.outbox.sinks import Sink, free_port, listening, use_mail
from tests.outbox.trials import now
from tests.reminders.offices import Office, a_working, an_office, change
from tracker.access.rules import SYSTEM, Role, reach
from tracker.closure import operations as closure
from tracker.closure import queries as applications
from tracker.closure.models import Application, Review
from tracker.closure.rules import ApplicationState, Decision
from tracker.core import clock, hooks
from tracker.core.db import db, writing
from tracker.items import operations as items
from tracker.items.models import Item
from tracker.items.rules import Event
from tracker.jobs.delivery import deliver
from tracker.org.models import Person, Unit
from tracker.outbox.models import Message
from tracker.outbox.rules import Channel
from tracker.sources.models import Source
from tracker.sources.rules import StepKind


def told(person: Person) -> list[tuple[str, str, list[str]]]:
    """Subject, state and numbers of the notices in a person's inbox."""
    session = db.session()
    session.rollback()
    query = select(Message.subject, Message.state, Message.item_numbers).where(
        Message.person_id == person.id, Message.channel == Channel.INBOX, Message.kind == "notice"
    )
    rows = session.execute(query.order_by(Message.id))
    return [(subject, state.value, json.loads(numbers)) for subject, state, numbers in rows]


def sent(person: Person) -> list[str]:
    """Subjects of the notices that went out."""
    return [subject for subject, state, _numbers in told(person) if state == "sent"]


def issue(office: Office, count: int) -> list[str]:
    """Issue so many items to the unit at once; their numbers."""
    with writing():
        source, unit = db.session.get_one(Source, office.source.id), db.session.get_one(Unit, office.unit.id)
        made = [an_item(source, lead_unit=unit) for _ in range(count)]
        items.issue(made, actor=actor_of(db.session.get_one(Person, office.office.id)))
        return [item.number for item in made]


def test_a_unit_is_told_once_however_many_items_are_issued_to_it(app: Flask) -> None:
    office = an_office()
    with writing():
        other = an_account("赵倩", Role.LIAISON, a_unit("宣传部"))
    numbers = issue(office, 5)
    deliver(now())
    assert told(office.liaison) == told(office.head) == [("5 个整改事项待签收", "sent", numbers)]
    assert told(other) == told(office.office) == []


def test_what_was_accepted_meanwhile_is_left_out_of_the_notice(app: Flask) -> None:
    office = an_office()
    first, second = issue(office, 2)
    with writing():
        item = db.session.scalars(select(Item).where(Item.number == first)).one()
        items.accept(item, handler_id=office.handler.id, actor=SYSTEM)
    deliver(now())
    assert told(office.liaison) == [("1 个整改事项待签收", "sent", [second])]


def test_the_office_is_told_of_a_dispute_and_the_unit_of_the_answer(app: Flask) -> None:
    office = an_office()
    (number,) = issue(office, 1)
    with writing():
        item = db.session.scalars(select(Item).where(Item.number == number)).one()
        elsewhere = a_unit("办公室").id
        liaison = actor_of(db.session.get_one(Person, office.liaison.id))
        items.ask_reassignment(item, reason="由办公室统筹", unit_id=elsewhere, actor=liaison)
    deliver(now())
    assert told(office.office) == [(f"{number} 申请改派，等待决定", "sent", [number])]
    with writing():
        item = db.session.scalars(select(Item).where(Item.number == number)).one()
        items.reassign(item, unit_id=elsewhere, reason="同意", actor=SYSTEM)
    deliver(now())
    assert told(office.liaison)[-1] == (f"{number} 的改派申请已同意", "sent", [number]), "though it is theirs no more"
    assert told(office.head)[-1] == (f"{number} 已改派给办公室", "sent", [number]), "all who answered for it hear of it"


def test_who_loses_an_item_that_the_office_moves_on_its_own_is_told_and_its_clock_runs_on(app: Flask) -> None:
    office = an_office()
    item = a_working(office)
    before = (item.due_on, item.first_due_on, item.issued_on)
    with writing():
        new = a_unit("办公室")
        held = db.session.get_one(Item, item.id)
        items.reassign(held, unit_id=new.id, reason="职责调整", actor=SYSTEM)
    deliver(now())
    moved = db.session.get_one(Item, item.id)
    assert (moved.due_on, moved.first_due_on, moved.issued_on) == before
    assert (moved.lead_unit_id, moved.deadline_moved_on) == (new.id, None)
    for person in (office.liaison, office.head, office.handler):
        assert told(person)[-1][0] == f"{moved.number} 已改派给办公室"
    letters = db.session.scalars(select(Message.body_text).where(Message.kind == "notice"))
    assert not any(moved.finding in text for text in letters), "who no longer reads the item learns nothing else of it"


def test_a_dispute_settled_before_sending_is_not_told_to_the_office(app: Flask) -> None:
    office = an_office()
    (number,) = issue(office, 1)
    with writing():
        item = db.session.scalars(select(Item).where(Item.number == number)).one()
        liaison = actor_of(db.session.get_one(Person, office.liaison.id))
        items.ask_reassignment(item, reason="由办公室统筹", unit_id=None, actor=liaison)
        items.refuse_reassignment(item, answer="仍由你单位牵头", actor=SYSTEM)
    deliver(now())
    assert [state for _subject, state, _numbers in told(office.office)] == ["skipped"]
    assert told(office.liaison)[-1][0] == f"{number} 的改派申请未同意"


def an_application(office: Office) -> Review:
    """The handler has applied for an item's closure; the first of two steps waits."""
    item = a_working(office)
    change(item, clock.today(), Event.APPLY)
    with writing():
        application = Application(
            item_id=item.id,
            round=1,
            applicant_id=office.handler.id,
            statement="已整改",
            filed_at=clock.now(),
            state=ApplicationState.PENDING,
        )
        steps = (StepKind.UNIT_HEAD, StepKind.OFFICE)
        application.reviews = [Review(position=place, kind=kind) for place, kind in enumerate(steps, start=1)]
        db.session.add(application)
        db.session.flush()
        hooks.call("application_waits", application.reviews[0])
    return application.reviews[0]


def test_each_step_tells_who_may_decide_it_and_the_decision_tells_who_applied(app: Flask) -> None:
    office = an_office()
    review = an_application(office)
    deliver(now())
    (waiting,) = sent(office.head)
    assert waiting.endswith("申请销号，等待您审核")
    assert told(office.office) == []
    with writing():
        mine = applications.get_review(db.session(), review.id, reach(SYSTEM), lock=True)
        head = actor_of(db.session.get_one(Person, office.head.id))
        closure.decide(mine, Decision.PASS, "同意", actor=head)
    deliver(now())
    assert sent(office.handler)[-1].endswith("的销号申请：同意")
    assert sent(office.office)[-1].endswith("申请销号，等待您审核")


def test_of_several_decisions_only_the_last_is_told_when_none_was_sent_yet(app: Flask) -> None:
    office = an_office()
    review = an_application(office)
    for place, decider in enumerate((office.head, office.office)):
        with writing():
            application = applications.get_review(db.session(), review.id, reach(SYSTEM), lock=True).application
            actor = actor_of(db.session.get_one(Person, decider.id))
            closure.decide(application.reviews[place], Decision.PASS, "同意", actor=actor)
    deliver(now())
    assert sent(office.handler) == ["巡察2026-1-001 已销号"]


def test_nobody_is_asked_to_decide_on_an_application_of_their_own(app: Flask) -> None:
    office = an_office()
    office.handler = office.head
    an_application(office)
    deliver(now())
    assert sent(office.head) == []


def test_mails_carry_numbers_and_counts_and_never_the_finding(app: Flask) -> None:
    office = an_office()
    with writing():
        for person in (office.head, office.liaison):
            db.session.get_one(Person, person.id).mail = "x@organ.example"
    review = an_application(office)
    issue(office, 2)
    port, sink = free_port(), Sink()
    use_mail(port)
    with listening(sink, port):
        deliver(now())
    assert len(sink.mails) == 3
    finding = review.application.item.finding
    bodies = [str(mail.get_body((kind,)).get_content()) for mail in sink.mails for kind in ("plain", "html")]  # type: ignore[union-attr]
    assert all(finding not in words for words in bodies)
    assert all("巡察2026-1-00" in words for words in bodies)
    within = db.session.scalars(select(Message.body_html).where(Message.channel == Channel.INBOX)).all()
    assert sum(finding in html for html in within) == 3, "within the system it is told"
