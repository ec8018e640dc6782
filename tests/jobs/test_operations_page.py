"""The operators' page: what failed and why, another try, a test mail."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from factories import a_unit, an_account, sign_in
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from tests.outbox.sinks import Sink, free_port, listening, use_mail
from tests.outbox.trials import messages, queue, states
from tracker.access.rules import Role
from tracker.audit.models import AuditEntry
from tracker.core import clock
from tracker.core.db import db, writing
from tracker.jobs.delivery import deliver
from tracker.jobs.registry import JOBS, get_job
from tracker.jobs.running import sweep
from tracker.outbox.rules import Channel


@pytest.fixture
def administrator(empty_app: Flask, client: FlaskClient) -> None:
    with empty_app.app_context():
        with writing():
            person = an_account("管理员", Role.ADMINISTRATOR, a_unit("市直机关工委"))
        sign_in(client, person)


@pytest.fixture
def sink(empty_app: Flask, administrator: None) -> Iterator[Sink]:
    sink, port = Sink(), free_port()
    with empty_app.app_context():
        use_mail(port)
    with listening(sink, port):
        yield sink


def a_failed_mail(app: Flask, sink: Sink) -> str:
    """A mail the server has refused; its key."""
    sink.refuses = "550 5.1.1 no such person"
    with app.app_context():
        with writing():
            person = an_account("李磊", Role.LIAISON, a_unit(), mail="lilei@organ.example")
        queue(person, "a", channels=(Channel.MAIL,))
        deliver(clock.now())
        sink.refuses = ""
        return messages()[0].key


def test_a_failed_mail_stands_there_with_the_server_s_answer_and_without_its_words(
    empty_app: Flask, client: FlaskClient, sink: Sink
) -> None:
    key = a_failed_mail(empty_app, sink)
    page = client.get("/operations").text
    assert "550 5.1.1 no such person" in page
    assert key in page
    assert "整改台账测试邮件" not in page
    assert key not in client.get("/operations?state=sent").text


@pytest.mark.parametrize("address", ["/operations/messages/{key}/retry", "/operations/messages/retry"])
def test_another_try_sends_it(empty_app: Flask, client: FlaskClient, sink: Sink, address: str) -> None:
    key = a_failed_mail(empty_app, sink)
    assert client.post(address.format(key=key)).status_code == 303
    with empty_app.app_context():
        deliver(clock.now())
        assert states() == ["sent"]
    assert len(sink.mails) == 1
    assert client.post(f"/operations/messages/{key}/retry").status_code == 409


def test_a_test_mail_is_sent_at_once_and_noted(empty_app: Flask, client: FlaskClient, sink: Sink) -> None:
    answer = client.post("/operations/test-mail", data={"address": "admin@organ.example"}, follow_redirects=True)
    assert "250 taken as 1" in answer.text
    assert sink.mails[0]["To"].addresses[0].addr_spec == "admin@organ.example"  # type: ignore[union-attr]
    with empty_app.app_context():
        assert "mail.test" in db.session.scalars(select(AuditEntry.action)).all()


def test_a_test_mail_tells_why_it_was_not_sent(client: FlaskClient, sink: Sink) -> None:
    sink.refuses = "550 not you"
    answer = client.post("/operations/test-mail", data={"address": "admin@organ.example"})
    assert (answer.status_code, "550 not you" in answer.text) == (422, True)
    assert 'value="admin@organ.example"' in answer.text


def test_a_test_mail_tells_what_is_wrong_with_the_settings(empty_app: Flask, client: FlaskClient, sink: Sink) -> None:
    with empty_app.app_context():
        use_mail(25, **{"mail.host": "smtp..x.cn"})
    answer = client.post("/operations/test-mail", data={"address": "admin@organ.example"})
    assert (answer.status_code, "设置里的“SMTP 服务器”不能用" in answer.text) == (422, True)


@pytest.mark.parametrize("address", ["", "nobody", "a@b.example, c@d.example", "a@b.example\nBcc: c@d.example"])
def test_what_is_no_address_gets_no_test_mail(client: FlaskClient, sink: Sink, address: str) -> None:
    assert client.post("/operations/test-mail", data={"address": address}).status_code == 422
    assert sink.mails == []


@pytest.mark.usefixtures("administrator")
def test_without_a_server_the_test_mail_says_so(client: FlaskClient) -> None:
    answer = client.post("/operations/test-mail", data={"address": "admin@organ.example"})
    assert (answer.status_code, "没有设置邮件服务器" in answer.text) == (422, True)


SILENT = "调度程序没有心跳"


@pytest.mark.usefixtures("administrator")
@pytest.mark.parametrize("address", ["/operations", "/settings", "/people", "/", "/outlets", "/messages"])
def test_a_silent_scheduler_is_said_aloud_on_every_page_of_an_administrator(
    empty_app: Flask, client: FlaskClient, address: str
) -> None:
    assert SILENT in client.get(address).text
    beat = clock.now()
    with time_machine.travel(beat, tick=False):
        with empty_app.app_context():
            for job in JOBS:
                assert sweep(job, token="mine") is not None or not job.has_work()
        assert SILENT not in client.get(address).text
    with time_machine.travel(beat + timedelta(seconds=44), tick=False):
        assert SILENT not in client.get(address).text
    with time_machine.travel(beat + timedelta(seconds=46), tick=False):
        assert SILENT in client.get(address).text, "three beats were missed"


def test_nobody_else_is_bothered_with_the_scheduler(empty_app: Flask, client: FlaskClient) -> None:
    with empty_app.app_context():
        with writing():
            person = an_account("陈静", Role.OFFICE, a_unit("市直机关工委"))
        sign_in(client, person)
    assert SILENT not in client.get("/").text


@pytest.mark.parametrize(
    ("address", "is_there"),
    [
        ("", True),
        ("?state=failed", True),
        ("?state=dead", False),
        ("?channel=mail", True),
        ("?channel=sms", False),
        ("?kind=notice", False),
        ("?person=李", True),
        ("?person=王", False),
        ("?person=%25", False),
        ("?state=x&channel=y&kind=z", True),
    ],
)
def test_the_list_is_narrowed_by_state_channel_kind_and_person(
    empty_app: Flask, client: FlaskClient, sink: Sink, address: str, is_there: bool
) -> None:
    key = a_failed_mail(empty_app, sink)
    page = client.get("/operations" + address)
    assert (page.status_code, key in page.text) == (200, is_there)


def test_all_that_is_shown_is_retried_and_nothing_else(empty_app: Flask, client: FlaskClient, sink: Sink) -> None:
    a_failed_mail(empty_app, sink)
    for narrowed in ({"channel": "sms"}, {"person": "王"}, {"state": "skipped"}, {"state": "sent"}):
        assert client.post("/operations/messages/retry", data=narrowed).status_code == 303
        with empty_app.app_context():
            assert states() == ["failed"]
    page = client.get("/operations?channel=mail&person=李").text
    assert '<input type="hidden" name="person" value="李">' in page
    client.post("/operations/messages/retry", data={"channel": "mail", "person": "李"})
    with empty_app.app_context():
        assert states() == ["queued"]


@pytest.mark.usefixtures("administrator")
def test_each_job_tells_how_long_it_took(empty_app: Flask, client: FlaskClient) -> None:
    with empty_app.app_context():
        sweep(get_job("queue-reminders"), token="mine")
    assert re.search(r"\d\.\d 秒", client.get("/operations").text)


@pytest.mark.parametrize("role", [Role.OFFICE, Role.LIAISON, Role.AUDITOR])
def test_the_page_is_the_administrator_s_alone(empty_app: Flask, client: FlaskClient, role: Role) -> None:
    with empty_app.app_context():
        with writing():
            person = an_account("陈静", role, a_unit("市直机关工委"))
        sign_in(client, person)
    assert client.get("/operations").status_code == 403
    assert client.post("/operations/messages/retry").status_code == 403
