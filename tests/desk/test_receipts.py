"""What was sent about an item: to whom, by which rule, how it went, whether it was read."""

from datetime import date, timedelta

import pytest
from factories import a_source, a_unit, an_account, an_issued_item, sign_in
from flask import Flask
from flask.testing import FlaskClient

from tests.outbox.sinks import Sink, free_port, listening, use_mail
from tracker.access.rules import Role
from tracker.core import clock
from tracker.core.db import db, writing
from tracker.jobs.delivery import deliver
from tracker.jobs.registry import remind
from tracker.org.models import Person
from tracker.outbox import operations as outbox
from tracker.outbox.models import Message, MessageItem
from tracker.reminders import operations

DAY = date(2026, 6, 10)
NOON = clock.instant_at(DAY, 12)


@pytest.fixture
def numbers(app: Flask) -> list[str]:
    """Two items of one unit, due in three days and in ninety; everything due by noon has been sent."""
    with clock.moved_to(clock.instant_at(DAY - timedelta(days=30), 9)), writing():
        operations.ensure_default_rules()
        unit, source = a_unit(), a_source()
        an_account("联络员", Role.LIAISON, unit, mail="lianluo@organ.example")
        an_account("路人", Role.LIAISON, a_unit("宣传部"))
        made = [an_issued_item(source=source, lead_unit=unit, due_on=DAY + timedelta(days=days)) for days in (3, 90)]
    port = free_port()
    use_mail(port)
    with listening(Sink(), port), clock.moved_to(NOON):
        remind(NOON)
        deliver(NOON)
    return [item.number for item in made]


def page_of(client: FlaskClient, number: str, name: str = "联络员") -> str:
    sign_in(client, db.session.query(Person).filter_by(name=name).one())
    return client.get(f"/items/{number}?tab=sent").text


def test_an_item_lists_what_was_sent_about_it_with_rule_channel_and_state(
    numbers: list[str], client: FlaskClient
) -> None:
    near, far = (page_of(client, number) for number in numbers)
    assert ("到期前 3 天" in near, "到期前 3 天" in far) == (True, False)
    for page in (near, far):
        assert "下发 3 天未签收" in page
        assert "办理通知" in page, "it was told when it was issued"
    assert near.count("<td>邮件</td>") == near.count("<td>站内消息</td>") == 2
    assert "已发送" in near


def test_a_receipt_tells_when_it_was_read(numbers: list[str], client: FlaskClient) -> None:
    assert "2026/6/10 12:34" not in page_of(client, numbers[0])
    with clock.moved_to(clock.instant_at(DAY, 12, 34)), writing():
        outbox.mark_all_read(db.session.query(Message).first().person_id)  # type: ignore[union-attr]
    assert page_of(client, numbers[0]).count("12:34") == 2


def test_strangers_see_nothing(numbers: list[str], client: FlaskClient) -> None:
    assert "到期前" not in page_of(client, numbers[0], "路人")


def test_nothing_sent_is_said(numbers: list[str], client: FlaskClient) -> None:
    with writing():
        fresh = an_issued_item(source=a_source("又一轮"), lead_unit=a_unit("新处"))
        liaison = an_account("整改办", Role.OFFICE, a_unit("市直机关工委"))
        number = fresh.number
    assert "还没有发过" in page_of(client, number, liaison.name)


def test_a_message_rendered_anew_tells_of_what_it_says_then(numbers: list[str]) -> None:
    told = {(row.message_id, row.number) for row in db.session.query(MessageItem)}
    digests = [message for message in db.session.query(Message) if message.kind == "reminder_digest"]
    assert told >= {(message.id, number) for message in digests for number in numbers}
