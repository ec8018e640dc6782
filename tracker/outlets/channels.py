"""The other way out of the house: one POST to a listed place. The name is resolved once, no redirect is followed."""

import socket
import ssl
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http.client import HTTPConnection, HTTPException
from queue import Empty, Queue
from threading import Thread
from urllib.parse import parse_qsl, unquote, urlsplit

from tracker.core.carriage import Refused, Stalled, Unreachable, in_time
from tracker.core.errors import DomainError
from tracker.core.places import Place, place_of, read_places
from tracker.outlets.models import Outlet
from tracker.outlets.rules import (
    ANSWER_BYTES,
    CALL_SECONDS,
    LOOKUP_SECONDS,
    Call,
    Kind,
    check_address,
    check_place,
    fill,
    is_taken,
    read_body,
    sign,
)

SHOWN = 300


@dataclass(frozen=True)
class Line:
    """An outside channel as it is set, and the places that may be called. Its secrets are in no text made of it."""

    kind: Kind
    endpoint: str = field(repr=False)
    secret: str = field(repr=False)
    body: str
    allowed: Collection[Place]

    def carry(self, values: Mapping[str, str], *, message_id: str, at: datetime) -> str:
        """Hand a message over; what was answered. Raises Unreachable, Refused or Stalled with the reason."""
        try:
            place = place_of(self.endpoint)
            check_place(place, self.allowed)
            body = fill(read_body(self.kind, self.body), values)
            address = _resolve(place, self.allowed)
        except DomainError as error:
            raise Unreachable(str(error)) from error
        call = sign(self.kind, self.endpoint, self.secret, body, message_id=message_id, seconds=at.timestamp())
        status, answer = _post(place, address, call, is_safe=urlsplit(self.endpoint).scheme == "https")
        told = self._without_secrets(f"{status} {answer.decode('utf-8', 'replace')}", call)[:SHOWN].strip()
        if not is_taken(self.kind, status, answer):
            raise Refused(told)
        return told

    def _without_secrets(self, text: str, call: Call) -> str:
        """What was answered may quote what was asked, and that holds the keys."""
        parts = urlsplit(self.endpoint)
        keys = {self.endpoint, self.secret, call.path, parts.path, *(value for _name, value in parse_qsl(parts.query))}
        for key in sorted({*keys, *(unquote(key) for key in keys), *parts.path.split("/")}, key=len, reverse=True):
            text = text.replace(key, "…") if len(key) > 7 else text
        return text


def line_of(outlet: Outlet, allowed: str) -> Line:
    """The channel as it is set; ``allowed`` is the setting of that name."""
    return Line(outlet.kind, outlet.endpoint, outlet.secret, outlet.body, read_places(allowed))


def _resolve(place: Place, allowed: Collection[Place]) -> str:
    found = _look_up(place)
    if not isinstance(found, str):
        raise Unreachable(f"{place}: {found}") from found
    check_address(found, place, allowed)
    return found


def _look_up(place: Place) -> str | Exception:
    """The address of a name, or why there is none. Nothing ends a look-up, so a slow one is left to itself."""
    answers: Queue[str | Exception] = Queue()

    def ask() -> None:
        try:
            answers.put(str(socket.getaddrinfo(place.host, place.port, type=socket.SOCK_STREAM)[0][4][0]))
        except (OSError, UnicodeError) as error:
            answers.put(error)

    Thread(target=ask, daemon=True).start()
    try:
        return answers.get(timeout=LOOKUP_SECONDS)
    except Empty:
        return TimeoutError("name look-up timed out")


class _Connection(HTTPConnection):
    """A connection to an address that was looked up and checked before; its certificate is that of the name."""

    def __init__(self, place: Place, address: str, *, is_safe: bool) -> None:
        super().__init__(place.host, place.port, timeout=CALL_SECONDS)
        self.default_port = 443 if is_safe else 80
        self._address, self._is_safe = address, is_safe

    def connect(self) -> None:
        """Connect to the address, not to whatever the name stands for by now."""
        self.sock = socket.create_connection((self._address, self.port), CALL_SECONDS)
        if self._is_safe:
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(self.sock, server_hostname=self.host, do_handshake_on_connect=False)
            self.sock.do_handshake()

    def cut(self) -> None:
        """End it from another thread, also in the middle of a handshake."""
        line = self.sock
        if line is not None:
            # SSLSocket's own shutdown drops what the reading thread still holds.
            socket.socket.shutdown(line, socket.SHUT_RDWR)


def _post(place: Place, address: str, call: Call, *, is_safe: bool) -> tuple[int, bytes]:
    """Status and the beginning of the answer. The whole call has CALL_SECONDS, however slowly it is answered."""
    connection = _Connection(place, address, is_safe=is_safe)
    with in_time(CALL_SECONDS, connection.cut) as is_late:
        try:
            try:
                connection.connect()
            except OSError as error:
                raise Unreachable(f"{place}: {error}") from error
            connection.request("POST", call.path, call.body, dict(call.headers))
            response = connection.getresponse()
            answer = response.read(ANSWER_BYTES)
        except (OSError, HTTPException, ValueError) as error:
            late = is_late.is_set() or isinstance(error, TimeoutError)
            raise (Stalled if late else Refused)(f"{place}: {type(error).__name__}: {error}"[:SHOWN]) from error
        finally:
            connection.close()
    if is_late.is_set():
        raise Stalled(f"{place}: timed out")
    return response.status, answer
