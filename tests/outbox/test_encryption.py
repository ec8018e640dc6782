"""Mail over TLS and STARTTLS, with sign-in, against a real server with a certificate of its own.

``certificates/`` holds a certificate for 127.0.0.1 and its key, made for these tests and good for nothing else.
"""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from tests.outbox.sinks import Sink, free_port, listening, use_mail
from tests.outbox.trials import a_reader, messages, now, queue, states
from tracker.access.rules import SYSTEM
from tracker.core.db import db, writing
from tracker.jobs.delivery import deliver
from tracker.org.models import Account, Person
from tracker.outbox import channels
from tracker.outbox.rules import Channel, Skip
from tracker.settings import operations as settings

CERTIFICATES = Path(__file__).parent / "certificates"
MAIL = (Channel.MAIL,)
SIGN_IN = {"mail.user": "zgb", "mail.password": "open sesame"}


def a_context() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATES / "server.pem", CERTIFICATES / "server.key")
    return context


@contextmanager
def serving(security: str, **values: str) -> Iterator[Sink]:
    """A server that speaks only encrypted and lets in only who signs in; the office is set to it."""
    sink, port = Sink(), free_port()
    options: dict[str, Any] = {"authenticator": sink.authenticate, "auth_required": True}
    if security == "tls":
        options |= {"ssl_context": a_context(), "auth_require_tls": False}
    else:
        options |= {"tls_context": a_context(), "require_starttls": True}
    use_mail(port, **{"mail.security": security, **SIGN_IN, **values})
    with listening(sink, port, **options):
        yield sink


@pytest.fixture
def _trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    """As an office does whose mail server has a certificate of its own."""
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATES / "server.pem"))


@pytest.mark.usefixtures("app", "_trusted")
@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_batch_goes_over_one_encrypted_connection_with_one_sign_in(security: str) -> None:
    with serving(security) as sink:
        queue(a_reader(), *(f"s{number}" for number in range(5)), channels=MAIL)
        assert deliver(now())["sent"] == 5
    assert (len(sink.sessions), sink.logins) == (1, [(b"zgb", b"open sesame")])


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_certificate_that_nobody_vouches_for_gets_neither_mail_nor_password(security: str) -> None:
    with serving(security) as sink:
        queue(a_reader(), "a", channels=MAIL)
        assert deliver(now())["failed"] == 1
    assert "CERTIFICATE_VERIFY_FAILED" in messages()[0].answer
    assert (sink.mails, sink.logins) == ([], [])


@pytest.mark.usefixtures("app", "_trusted")
@pytest.mark.parametrize("security", ["tls", "starttls"])
def test_a_wrong_password_is_told_and_the_right_one_sends_it(security: str) -> None:
    with serving(security, **{"mail.password": "wrong"}) as sink:
        queue(a_reader(), "a", channels=MAIL)
        assert deliver(now())["failed"] == 1
        assert messages()[0].answer.startswith("535")
        with writing():
            settings.put({"mail.password": "open sesame"}, actor=SYSTEM)
        assert deliver(now() + timedelta(minutes=2))["sent"] == 1
    assert len(sink.mails) == 1


@pytest.mark.usefixtures("app", "_trusted")
def test_plain_text_spoken_to_an_encrypted_port_is_a_failure_that_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channels, "SOCKET_SECONDS", 0.5)
    with serving("tls", **{"mail.security": "none", "mail.user": ""}) as sink:
        queue(a_reader(), "a", channels=MAIL)
        assert deliver(now())["failed"] == 1
    assert sink.mails == []


@pytest.mark.usefixtures("_trusted")
def test_an_address_with_a_line_break_holds_up_nobody(app: Flask) -> None:
    with serving("starttls") as sink:
        first = a_reader()
        queue(first, "a", "b", channels=MAIL)
        with writing():
            # It was good when the first two were queued, and has been spoiled since.
            db.session.get_one(Person, first.id).mail = "a@b.example\r\nBcc: c@d.example"
        queue(first, "c", channels=MAIL)
        with writing():
            mine = db.session.get_one(Person, first.id)
            other = Person(name="陈静", mail="chenjing@organ.example", unit_id=mine.unit_id, language="en")
            db.session.add(other)
            db.session.flush()
            db.session.add(Account(person_id=other.id, login="chenjing", session_key="k"))
        queue(other, "d", channels=MAIL)
        assert deliver(now()) == {"sent": 1, "failed": 2, "skipped": 0, "dead": 0}
    assert states() == ["failed", "failed", "skipped", "sent"]
    assert messages()[2].answer == Skip.BAD_ADDRESS
    (mail,) = sink.mails
    assert mail["To"].addresses[0].addr_spec == "chenjing@organ.example"  # type: ignore[union-attr]


@pytest.mark.usefixtures("app", "_trusted")
def test_a_mail_has_text_and_html_in_its_reader_s_language() -> None:
    with serving("starttls") as sink:
        reader = a_reader()
        queue(reader, "a", channels=MAIL)
        deliver(now())
        with writing():
            db.session.get_one(Person, reader.id).language = "en"
        queue(reader, "b", channels=MAIL)
        deliver(now())
    for mail, words, others in ((sink.mails[0], "登录", "sign in"), (sink.mails[1], "sign in", "登录")):
        parts = [mail.get_body((kind,)).get_content().lower() for kind in ("plain", "html")]  # type: ignore[union-attr]
        assert all(words in part and others not in part for part in parts), parts
