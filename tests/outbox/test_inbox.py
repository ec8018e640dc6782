"""The inbox: unread first, read on opening, nobody else's."""

from datetime import timedelta

import pytest
from factories import a_unit, an_account, sign_in
from flask import Flask
from flask.testing import FlaskClient

from tests.outbox.trials import messages, queue
from tracker.access.rules import Role
from tracker.core import clock
from tracker.core.db import db, writing
from tracker.jobs.delivery import deliver
from tracker.org.models import Person
from tracker.outbox import queries
from tracker.outbox.rules import Channel


@pytest.fixture
def reader(empty_app: Flask, client: FlaskClient) -> int:
    """A liaison with three messages, signed in; the person's id."""
    with empty_app.app_context():
        with writing():
            person = an_account("李磊", Role.LIAISON, a_unit())
        for slot in ("a", "b", "c"):
            queue(person, slot)
            deliver(clock.now())
        sign_in(client, db.session.get_one(Person, person.id))
    return person.id


def keys(app: Flask) -> list[str]:
    with app.app_context():
        return [message.key for message in messages(Channel.INBOX)]


def unread(app: Flask, person_id: int) -> int:
    with app.app_context():
        return queries.count_unread(db.session(), person_id)


def test_a_message_is_read_once_it_was_opened(empty_app: Flask, client: FlaskClient, reader: int) -> None:
    first, _second, third = keys(empty_app)
    assert unread(empty_app, reader) == 3
    page = client.get("/messages").text
    assert page.index(third) < page.index(first), "the newest first"
    assert "收到这条消息" in client.get(f"/messages/{third}").text
    assert unread(empty_app, reader) == 2
    page = client.get("/messages").text
    assert page.index(first) < page.index(third), "unread first"
    assert "未读 2 条" in page


def test_all_messages_are_marked_as_read_at_once(empty_app: Flask, client: FlaskClient, reader: int) -> None:
    assert client.post("/messages/read").status_code == 303
    assert unread(empty_app, reader) == 0
    assert "没有未读消息" in client.get("/messages").text


def test_nobody_opens_or_counts_another_person_s_message(empty_app: Flask, client: FlaskClient, reader: int) -> None:
    with empty_app.app_context():
        with writing():
            stranger = an_account("赵倩", Role.LIAISON, a_unit("宣传部"))
        sign_in(client, stranger)
    assert client.get(f"/messages/{keys(empty_app)[0]}").status_code == 404
    assert "还没有消息" in client.get("/messages").text
    assert client.post("/messages/read").status_code == 303
    assert unread(empty_app, reader) == 3


def test_a_mail_is_in_nobody_s_inbox(empty_app: Flask, client: FlaskClient, reader: int) -> None:
    with empty_app.app_context():
        (mail, *_rest) = [message.key for message in messages(Channel.MAIL)]
    assert client.get(f"/messages/{mail}").status_code == 404


def test_opening_a_message_twice_keeps_the_first_time(empty_app: Flask, client: FlaskClient, reader: int) -> None:
    key = keys(empty_app)[0]
    client.get(f"/messages/{key}")
    with empty_app.app_context():
        before = messages(Channel.INBOX)[0].read_at
    with clock.moved_to(clock.now() + timedelta(hours=1)):
        client.get(f"/messages/{key}")
    with empty_app.app_context():
        assert messages(Channel.INBOX)[0].read_at == before
