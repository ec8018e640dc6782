"""The way out of the house: SMTP over one kept connection."""

import smtplib
import socket
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from types import TracebackType
from typing import Any, Protocol, Self

from tracker.core.carriage import Refused, Stalled, Unreachable, in_time
from tracker.core.errors import DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.outbox.rules import CARRY_SECONDS, SOCKET_SECONDS, is_address
from tracker.settings.rules import SETTINGS, read


class Registry(Protocol):
    """All settings at one moment."""

    def __getitem__(self, key: str) -> Any: ...


# Some servers end a connection that brings too many.
MAILS_MAX = 100
# What is told from here; anything else is a fault of ours.
TROUBLE = (smtplib.SMTPException, OSError, ValueError)


@dataclass(frozen=True)
class Server:
    """The mail server as it is set. The password is in no text made of it."""

    host: str
    port: int
    security: str
    user: str
    sender: str
    sender_name: str
    password: str = field(repr=False)

    @property
    def is_usable(self) -> bool:
        """Whether there is a server and somebody to send as."""
        return bool(self.host) and is_address(self.sender)


def server_of(settings: Registry) -> Server:
    """The mail server that the settings name."""
    names = ("host", "port", "security", "user", "sender", "password")
    return Server(sender_name=settings["organ.short_name"], **{name: settings[f"mail.{name}"] for name in names})


@dataclass(frozen=True)
class Envelope:
    """One mail, ready to go."""

    to: str
    to_name: str
    subject: str
    text: str
    html: str
    message_id: str


def write(envelope: Envelope, server: Server, *, sent_at: datetime) -> EmailMessage:
    """The mail as it travels. Raises ValueError for an address or a header with anything else in it."""
    if not is_address(envelope.to):
        raise ValueError(f"no mail address: {envelope.to!r}")
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(server.sender_name, addr_spec=server.sender)
    mail["To"] = Address(envelope.to_name, addr_spec=envelope.to)
    mail["Subject"] = envelope.subject
    mail["Date"] = format_datetime(sent_at)
    mail["Message-ID"] = envelope.message_id
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(envelope.text, cte="base64")
    mail.add_alternative(envelope.html, subtype="html", cte="base64")
    return mail


class _Known:
    """A line that is told of before it is connected, so that somebody else can cut it off while it is."""

    def __init__(self, tell: Callable[[Any], None], *where: Any, **options: Any) -> None:
        tell(self)
        super().__init__(*where, **options)


class _Line(_Known, smtplib.SMTP):
    """One that is plain at first."""


class _SafeLine(_Known, smtplib.SMTP_SSL):
    """One that is encrypted from the first byte."""


class Postman:
    """Carries mails to one server; connects with the first one, and anew after a failure or MAILS_MAX mails."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._line: smtplib.SMTP | None = None
        self._carried = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self._take_leave()

    def _take_leave(self) -> None:
        if self._line is None:
            return
        try:
            with in_time(SOCKET_SECONDS, self._cut):
                self._line.quit()
        except (smtplib.SMTPException, OSError):
            self._hang_up()
        self._line = None

    def carry(self, envelope: Envelope, *, sent_at: datetime) -> str:
        """Hand a mail over; what the server answered. Raises Unreachable, Refused or Stalled with its answer."""
        try:
            mail = write(envelope, self._server, sent_at=sent_at)
        except (ValueError, IndexError) as error:
            raise Refused(str(error)) from error
        if self._carried >= MAILS_MAX:
            self._take_leave()
        with in_time(CARRY_SECONDS, self._cut) as is_late:
            line = self._line or self._connect()
            self._carried += 1
            try:
                return _hand_over(line, mail, sender=self._server.sender, to=envelope.to)
            except Exception as error:
                self._hang_up()
                if not isinstance(error, TROUBLE):
                    raise
                raise (Stalled if is_late.is_set() or _is_timeout(error) else Refused)(told(error)) from error

    def _connect(self) -> smtplib.SMTP:
        """The line to the server, anew. Raises Unreachable."""
        server = self._server
        _check(server)
        # Without a name of our own smtplib asks the name server, which offices without internet wait for in vain.
        self._carried = 0
        own_name = socket.gethostname().encode("ascii", "replace").decode().replace("?", "-") or "localhost"
        options: Mapping[str, Any] = {"local_hostname": own_name, "timeout": SOCKET_SECONDS}
        line: smtplib.SMTP
        try:
            if server.security == "tls":
                context = ssl.create_default_context()
                line = _SafeLine(self._keep, server.host, server.port, context=context, **options)
            else:
                line = _Line(self._keep, server.host, server.port, **options)
            if server.security == "starttls":
                line.starttls(context=ssl.create_default_context())
            line.ehlo_or_helo_if_needed()
            if server.user:
                line.login(server.user, server.password)
        except TROUBLE as error:
            self._hang_up()
            raise Unreachable(told(error)) from error
        return line

    def _keep(self, line: smtplib.SMTP) -> None:
        self._line = line

    def _cut(self) -> None:
        sock = self._line and self._line.sock
        if sock:
            # SSLSocket's own shutdown drops what the sending thread still holds.
            socket.socket.shutdown(sock, socket.SHUT_RDWR)

    def _hang_up(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None


def _check(server: Server) -> None:
    """Refuse what was stored before it was looked at: the library stumbles over it, and may quote the password."""
    for name in ("host", "user", "password") if server.user else ("host",):
        definition = SETTINGS[f"mail.{name}"]
        try:
            read(definition, getattr(server, name))
        except DomainError as error:
            words = _l("设置里的“%(label)s”不能用：%(why)s", label=definition.label, why=error)
            raise Unreachable(str(words)) from error


def _hand_over(line: smtplib.SMTP, mail: EmailMessage, *, sender: str, to: str) -> str:
    """What smtplib's sendmail does, but for the last answer, which names the mail in the server's own log."""
    code, text = line.mail(sender)
    if code != 250:
        raise smtplib.SMTPSenderRefused(code, text, sender)
    code, text = line.rcpt(to)
    if code not in (250, 251):
        raise smtplib.SMTPRecipientsRefused({to: (code, text)})
    code, text = line.data(mail.as_bytes())
    if code != 250:
        raise smtplib.SMTPDataError(code, text)
    return f"{code} {_decoded(text)}"


def told(error: Exception) -> str:
    """The server's answer in words: code and text where it gave one, else what went wrong on the way."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return "; ".join(f"{code} {_decoded(text)}" for code, text in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_decoded(error.smtp_error)}"
    return f"{type(error).__name__}: {error}"


def _is_timeout(error: BaseException) -> bool:
    """Whether nothing was answered in time; smtplib tells that as a line that was cut."""
    return isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError)


def _decoded(text: bytes | str) -> str:
    return text.decode("utf-8", "replace") if isinstance(text, bytes) else text
