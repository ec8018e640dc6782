"""A real SMTP server on 127.0.0.1 that keeps what it gets and misbehaves when told to."""

import asyncio
import email
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tracker.access.rules import SYSTEM
from tracker.core.db import writing
from tracker.settings import operations as settings

# Whatever the day and hour at which the tests run: quiet hours that begin and end at once are none.
AT_ANY_HOUR = {
    "reminders.holds_days_off": False,
    "reminders.send_hour": 0,
    "reminders.quiet_from": 0,
    "reminders.quiet_to": 0,
}


class Sink:
    """Its handler. ``refuses`` answers RCPT, ``stalls`` waits before it answers DATA, ``drops`` cuts the line then."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.sessions: set[int] = set()
        self.refuses = ""
        self.stalls = 0.0
        self.drops = 0
        self.logins: list[tuple[bytes, bytes]] = []

    async def handle_RCPT(
        self, _server: SMTP, session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Take every recipient, or none."""
        if self.refuses:
            return self.refuses
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Keep the mail."""
        if self.stalls:
            await asyncio.sleep(self.stalls)
        assert isinstance(envelope.content, bytes)
        self.mails.append(email.message_from_bytes(envelope.content, policy=default))  # type: ignore[arg-type]
        self.sessions.add(id(session))
        if self.drops:
            self.drops -= 1
            server.transport.abort()
        return f"250 taken as {len(self.mails)}"

    def authenticate(self, _server: SMTP, _session: Session, _envelope: Envelope, _how: str, data: Any) -> AuthResult:
        """Let in whoever knows the word."""
        assert isinstance(data, LoginPassword)
        self.logins.append((data.login, data.password))
        return AuthResult(success=data.password == b"open sesame", handled=False)

    @property
    def ids(self) -> list[str]:
        """The Message-IDs of what came, in order."""
        return [str(mail["Message-ID"]) for mail in self.mails]


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def listening(sink: Sink, port: int, **options: Any) -> Iterator[None]:
    """Let the sink listen for a while."""
    controller = Controller(sink, hostname="127.0.0.1", port=port, **options)
    controller.start()
    try:
        yield
    finally:
        controller.stop()


def send_at_any_hour() -> None:
    """Let messages of the office under test leave whenever they are due."""
    with writing():
        settings.put(AT_ANY_HOUR, actor=SYSTEM)


def use_mail(port: int, **values: object) -> None:
    """Set the mail server of the office under test, whose mails leave at any hour unless the values say otherwise."""
    server = {"mail.host": "127.0.0.1", "mail.port": port, "mail.sender": "zgb@organ.example"}
    chosen = {**AT_ANY_HOUR, **server, **values}
    with writing():
        settings.put({key.replace("__", "."): value for key, value in chosen.items()}, actor=SYSTEM)
