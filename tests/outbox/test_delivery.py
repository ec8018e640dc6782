"""From the queue to the reader: sent once, tried again, given up, and never without being looked at again."""

from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from threading import Event
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import update

from tests.outbox.sinks import Sink, free_port, listening, send_at_any_hour, use_mail
from tests.outbox.trials import a_reader, answering, messages, now, queue, states
from tracker.access.rules import SYSTEM
from tracker.core import clock
from tracker.core.db import db, writing
from tracker.core.errors import Conflict
from tracker.jobs import stopping
from tracker.jobs.delivery import deliver
from tracker.org.models import Account, Person
from tracker.outbox import channels, operations, queries
from tracker.outbox.letters import Letter
from tracker.outbox.models import Message
from tracker.outbox.rules import BATCH, MAX_ATTEMPTS, Channel, MessageState, Skip
from tracker.settings.queries import load

MAIL = (Channel.MAIL,)


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def sink(app: Flask, port: int) -> Iterator[Sink]:
    use_mail(port)
    sink = Sink()
    with listening(sink, port):
        yield sink


def told(sent: int = 0, failed: int = 0, skipped: int = 0, dead: int = 0) -> dict[str, int]:
    return {"sent": sent, "failed": failed, "skipped": skipped, "dead": dead}


def test_a_message_reaches_inbox_and_mailbox_once(sink: Sink) -> None:
    assert queue(a_reader(), "a") == 2
    assert deliver(now()) == told(sent=2)
    assert deliver(now()) == told()
    (mail,) = sink.mails
    assert (mail["To"], mail["Subject"]) == ("李磊 <lilei@organ.example>", "整改台账测试邮件")
    assert mail["Message-ID"] == messages()[0].message_id
    assert "李磊：" in mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]
    assert messages()[0].answer == "250 taken as 1"
    (inbox,) = messages(Channel.INBOX)
    assert (inbox.state, inbox.subject, inbox.item_numbers) == ("sent", "整改台账测试邮件", '["巡察2026-1-001"]')


def test_the_reader_s_language_is_used(sink: Sink) -> None:
    reader = a_reader()
    with writing():
        db.session.get_one(Person, reader.id).language = "en"
    queue(reader, "a", channels=MAIL)
    deliver(now())
    assert "李磊" in str(sink.mails[0]["To"])
    assert messages()[0].subject.isascii()


def test_the_same_kind_person_channel_and_slot_is_queued_once(app: Flask) -> None:
    reader = a_reader()
    assert [queue(reader, "a"), queue(reader, "a", "b")] == [2, 2]
    assert len(messages()) == 2


def test_a_message_is_not_sent_before_its_time(sink: Sink) -> None:
    queue(a_reader(), "a", channels=MAIL, not_before=now() + timedelta(hours=2))
    assert deliver(now()) == told()
    assert deliver(now() + timedelta(hours=3)) == told(sent=1)
    assert messages()[0].sent_at < now(), "--at moves what is due, never what is recorded"  # type: ignore[operator]


@pytest.mark.parametrize(
    ("mail", "reason"), [("", Skip.NO_ADDRESS), ("a@b.example\nBcc: c@d.example", Skip.BAD_ADDRESS)]
)
def test_without_a_usable_address_the_mail_is_kept_as_skipped_with_the_reason(
    sink: Sink, mail: str, reason: Skip
) -> None:
    assert queue(a_reader(mail=mail), "a") == 1
    assert deliver(now()) == told(sent=1)
    assert [(message.state, message.answer) for message in messages()] == [("skipped", reason)]
    assert (states(Channel.INBOX), sink.mails) == (["sent"], [])


def test_without_a_mail_server_the_inbox_still_gets_it(app: Flask) -> None:
    send_at_any_hour()
    queue(a_reader(), "a")
    assert deliver(now()) == told(sent=1, skipped=1)
    assert messages()[0].answer == Skip.NO_SERVER


def test_what_is_due_no_more_and_what_may_not_be_read_is_skipped_with_the_reason(sink: Sink) -> None:
    queue(a_reader(), "gone", "hidden", channels=MAIL)
    with answering(gone=Skip.NOT_DUE, hidden=Skip.NOT_READABLE):
        assert deliver(now()) == told(skipped=2)
    assert [message.answer for message in messages()] == [Skip.NOT_DUE, Skip.NOT_READABLE]


def test_nobody_is_written_to_whose_account_was_shut_meanwhile(sink: Sink) -> None:
    reader = a_reader()
    queue(reader, "a")
    with writing():
        db.session.get_one(Account, reader.id).is_active = False
    assert deliver(now()) == told(skipped=2)
    assert (messages()[0].answer, sink.mails) == (Skip.NO_ACCOUNT, [])


def test_one_message_that_cannot_be_rendered_does_not_keep_back_the_others(sink: Sink) -> None:
    queue(a_reader(), "bad", "good", channels=MAIL)
    with answering(bad=Letter("no_such_mail")):
        assert deliver(now()) == told(sent=1, failed=1)
    assert states() == ["failed", "sent"]
    assert "no_such_mail" in messages()[0].answer


def test_a_batch_goes_over_one_connection(sink: Sink) -> None:
    queue(a_reader(), *(f"s{number}" for number in range(30)), channels=MAIL)
    assert deliver(now()) == told(sent=30)
    assert len(set(sink.ids)) == 30
    assert len(sink.sessions) == 1, "batches of twenty, one connection"


def test_a_refused_mail_is_tried_again_after_growing_pauses_and_dies_visibly(sink: Sink) -> None:
    sink.refuses = "550 5.1.1 no such person"
    queue(a_reader(), "a", channels=MAIL)
    at, pauses = now(), []
    for attempt in range(1, MAX_ATTEMPTS):
        assert deliver(at) == told(failed=1)
        assert deliver(at) == told(), "not again at once"
        message = messages()[0]
        assert (message.attempts, message.answer) == (attempt, "550 5.1.1 no such person")
        pauses.append(message.not_before - at)
        at = message.not_before
    assert deliver(at) == told(dead=1)
    assert deliver(at + timedelta(days=9)) == told()
    assert pauses == sorted(pauses)
    assert sum(pauses, timedelta()) > timedelta(hours=15), "a server that is off for a night loses nothing"


def test_a_server_that_comes_back_gets_every_mail_once(app: Flask, port: int) -> None:
    use_mail(port)
    queue(a_reader(), "a", "b", "c", channels=MAIL)
    assert deliver(now()) == told(failed=3)
    assert "refused" in messages()[0].answer.lower()
    sink = Sink()
    with listening(sink, port):
        assert deliver(now()) == told()
        assert deliver(now() + timedelta(minutes=2)) == told(sent=3)
    assert sink.ids == [message.message_id for message in messages()]


def test_a_stalled_server_costs_one_try_and_keeps_the_rest_waiting(sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channels, "SOCKET_SECONDS", 0.5)
    sink.stalls = 3
    queue(a_reader(), "a", channels=MAIL)
    assert deliver(now()) == told(failed=1)
    assert "timed out" in messages()[0].answer
    sink.stalls = 0
    assert deliver(now() + timedelta(minutes=2)) == told(sent=1)


def test_a_line_cut_after_the_data_sends_the_same_message_id_again(sink: Sink) -> None:
    sink.drops = 1
    queue(a_reader(), "a", "b", channels=MAIL)
    assert deliver(now()) == told(sent=1, failed=1)
    assert deliver(now() + timedelta(minutes=2)) == told(sent=1)
    first, second = (message.message_id for message in messages())
    assert sink.ids == [first, second, first]


def test_a_batch_gives_back_what_it_has_no_time_left_for(sink: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    queue(a_reader(), "a", "b", channels=MAIL)
    with time_machine.travel(now(), tick=False) as traveller:
        carry = channels.Postman.carry

        def slowly(self: channels.Postman, *arguments: Any, **options: Any) -> str:
            answer = carry(self, *arguments, **options)
            traveller.shift(61)
            return answer

        monkeypatch.setattr(channels.Postman, "carry", slowly)
        assert deliver(now()) == told(sent=2)
    assert [message.attempts for message in messages()] == [1, 1]


def test_an_expired_lease_is_taken_up_and_the_late_sender_changes_nothing(sink: Sink) -> None:
    queue(a_reader(), "a", channels=MAIL)
    with writing():
        assert operations.claim(Channel.MAIL, at=now(), token="killed") == 1
    assert deliver(now()) == told(), "held by somebody else"
    with time_machine.travel(now() + timedelta(minutes=3)):
        assert deliver(now()) == told(sent=1)
        mine = messages()[0].id
        with writing():
            assert not operations.mark_sent("killed", mine)
            assert not operations.mark_skipped("killed", mine, Skip.NOT_DUE)
    assert [(message.state, message.attempts) for message in messages()] == [("sent", 2)]


def test_a_password_is_sent_and_told_to_nobody(app: Flask, port: int, caplog: pytest.LogCaptureFixture) -> None:
    sink = Sink()
    options = {"authenticator": sink.authenticate, "auth_require_tls": False, "auth_required": True}
    with listening(sink, port, **options):
        use_mail(port, **{"mail.user": "zgb", "mail.password": "wrong word"})
        queue(a_reader(), "a", channels=MAIL)
        assert deliver(now()) == told(failed=1)
        assert messages()[0].answer.startswith("535")
        use_mail(port, **{"mail.user": "zgb", "mail.password": "open sesame"})
        assert deliver(now() + timedelta(minutes=2)) == told(sent=1)
    assert {login for login, _password in sink.logins} == {b"zgb"}
    assert sink.logins[-1] == (b"zgb", b"open sesame")
    traces = caplog.text + messages()[0].answer + repr(channels.server_of(load(db.session())))
    assert "sesame" not in traces
    assert "wrong word" not in traces


@pytest.mark.parametrize(
    ("key", "text", "words"),
    [("host", "smtp..x.cn", "SMTP 服务器"), ("user", "整改办", "用户名"), ("password", "开门ｏｐｅｎ", "密码")],
)
def test_a_mail_server_that_nobody_can_speak_to_ends_the_mails_and_nothing_else(
    app: Flask, port: int, key: str, text: str, words: str
) -> None:
    sink = Sink()
    options = {"authenticator": sink.authenticate, "auth_require_tls": False, "auth_required": True}
    with listening(sink, port, **options):
        use_mail(port, **{"mail.user": "zgb", "mail.password": "open sesame", f"mail.{key}": text})
        queue(a_reader(), "a", "b", channels=MAIL)
        assert deliver(now()) == told(failed=2)
    assert all(f"设置里的“{words}”不能用" in message.answer for message in messages())
    assert "开" not in messages()[0].answer
    assert {message.attempts for message in messages()} == {1}


def test_one_mail_that_breaks_on_the_way_does_not_keep_back_the_others(
    sink: Sink, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    queue(a_reader(), "bad", "good", channels=MAIL)
    as_bytes, bad = EmailMessage.as_bytes, messages()[0].message_id

    def breaking(self: EmailMessage, *arguments: Any, **options: Any) -> bytes:
        if self["Message-ID"] == bad:
            raise LookupError("unknown encoding")
        return as_bytes(self, *arguments, **options)

    monkeypatch.setattr(EmailMessage, "as_bytes", breaking)
    assert deliver(now()) == told(sent=1, failed=1)
    assert [(message.state, message.attempts) for message in messages()] == [("failed", 1), ("sent", 1)]
    assert "LookupError: unknown encoding" in messages()[0].answer
    assert "Traceback" in caplog.text
    monkeypatch.undo()
    assert deliver(now() + timedelta(minutes=2)) == told(sent=1)


def test_encryption_that_the_server_does_not_know_is_a_failure_not_plain_text(sink: Sink, port: int) -> None:
    use_mail(port, **{"mail.security": "starttls"})
    queue(a_reader(), "a", channels=MAIL)
    assert deliver(now()) == told(failed=1)
    assert "STARTTLS" in messages()[0].answer
    assert sink.mails == []


def test_no_header_comes_out_of_a_name_or_a_subject(app: Flask) -> None:
    server = channels.server_of(
        {
            **{f"mail.{name}": "" for name in ("host", "port", "security", "user", "password")},
            "mail.sender": "zgb@organ.example",
            "organ.short_name": "工委",
        }
    )
    for evil in (
        {"to": "a@b.example\nBcc: c@d.example"},
        {"to_name": "x\r\nBcc: c@d.example"},
        {"subject": "x\nBcc: y"},
    ):
        envelope = channels.Envelope(
            **{
                "to": "a@b.example",
                "to_name": "李磊",
                "subject": "s",
                "text": "t",
                "html": "h",
                "message_id": "<1@x>",
                **evil,
            }
        )
        with pytest.raises(ValueError, match=r"address|Header|CR"):
            channels.write(envelope, server, sent_at=now())


def test_a_dead_message_is_tried_again_when_somebody_says_so(sink: Sink) -> None:
    queue(a_reader(), "a", channels=MAIL)
    with writing():
        db.session.execute(update(Message).values(state=MessageState.DEAD, attempts=8, answer="550"))
    key = messages()[0].key
    with writing():
        operations.retry(queries.get_message(db.session(), key), actor=SYSTEM)
    assert deliver(now()) == told(sent=1)
    with pytest.raises(Conflict), writing():
        operations.retry(queries.get_message(db.session(), key), actor=SYSTEM)


def test_a_clock_put_back_does_not_free_a_claim(sink: Sink) -> None:
    queue(a_reader(), "a", channels=MAIL)
    with writing():
        operations.claim(Channel.MAIL, at=now(), token="mine")
    with clock.moved_to(now() - timedelta(days=1)):
        assert deliver(now() + timedelta(days=2)) == told()


def test_whoever_is_asked_to_stop_ends_after_the_mail_just_sent_and_gives_back_the_others(
    sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, take = Event(), sink.handle_DATA
    monkeypatch.setattr(stopping, "asked", asked)

    async def take_and_ask(*arguments: Any) -> str:
        answer = await take(*arguments)
        if len(sink.mails) == 2:
            asked.set()
        return answer

    monkeypatch.setattr(sink, "handle_DATA", take_and_ask)
    more_than_a_batch = BATCH[Channel.MAIL] + 5
    queue(a_reader(), *(f"{serial}" for serial in range(more_than_a_batch)), channels=MAIL)
    assert deliver(now()) == told(sent=2)
    waiting = [message for message in messages() if message.state == MessageState.QUEUED]
    assert len(waiting) == more_than_a_batch - 2
    assert {(message.lease_token, message.attempts) for message in waiting} == {(None, 0)}
    asked.clear()
    assert deliver(now()) == told(sent=more_than_a_batch - 2)
    assert len(set(sink.ids)) == len(sink.mails) == more_than_a_batch
