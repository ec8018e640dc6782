"""Sending what is queued: claimed in small batches, looked at again, rendered, sent outside of any transaction."""

import logging
import secrets
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tracker.core import clock
from tracker.core.carriage import Refused, Stalled, Unreachable
from tracker.core.db import db, writing
from tracker.jobs import stopping
from tracker.outbox import operations, queries
from tracker.outbox.channels import Envelope, Postman, Server, server_of
from tracker.outbox.forwarding import LOOKS_BACK, forward
from tracker.outbox.letters import Rendered, compose
from tracker.outbox.models import Message
from tracker.outbox.rules import LEASE, Channel, MessageState, Skip
from tracker.outlets.channels import Line, line_of
from tracker.outlets.rules import values
from tracker.reminders.operations import HELD_WITHIN, held_now
from tracker.settings.queries import Settings, load

log = logging.getLogger(__name__)

OUTCOMES = (MessageState.SENT, MessageState.FAILED, MessageState.SKIPPED, MessageState.DEAD)


def deliver(at: datetime) -> dict[str, int]:
    """Send all that is due at an instant: ``{"sent", "failed", "skipped", "dead"}``.

    The inbox comes first, because it cannot fail, and again after each batch, which a slow server may draw out. A mail
    server or an outside channel that cannot be reached, or does not answer, ends the run for what goes through it, and
    for nothing else. In quiet hours and on days off nothing leaves the house, and digests stay where they are. Asked to
    stop, it ends after the message it is sending.
    """
    run = _Run(at)
    is_quiet = run.look_at_hours()
    run.fill_inboxes()
    while run.forward():
        run.fill_inboxes()
    if not is_quiet:
        _carry_out_of_the_house(run, at)
    return {str(state): run.told[state] for state in OUTCOMES}


def _carry_out_of_the_house(run: "_Run", at: datetime) -> None:
    with Postman(server_of(load(db.session()))) as postman:
        while run.claim(Channel.MAIL):
            if not run.mail(run.prepare(Channel.MAIL), postman):
                break
            run.fill_inboxes()
    for channel, outlet_id in queries.list_outlets_due(db.session(), at=at, now=clock.now()):
        while run.claim(channel, outlet_id):
            if not run.post(run.prepare(channel)):
                break
            run.fill_inboxes()


@dataclass(frozen=True)
class _Fault:
    """What went wrong when a message was rendered."""

    words: str


@dataclass(frozen=True)
class _Parcel:
    """A claimed message as it was read, and what came of rendering it."""

    id: int
    attempts: int
    to: str
    to_name: str
    phone: str
    message_id: str
    line: Line | None
    outcome: Rendered | Skip | _Fault

    @property
    def words(self) -> Rendered:
        """What it says; only for what was rendered."""
        assert isinstance(self.outcome, Rendered)
        return self.outcome

    @property
    def envelope(self) -> Envelope:
        """The mail."""
        words = self.words
        return Envelope(self.to, self.to_name, words.subject, words.text, words.html, self.message_id)

    def post(self, organ: str) -> str:
        """Hand it to its outside channel; what was answered."""
        assert self.line is not None
        key = self.message_id.strip("<>").partition("@")[0]
        told = (self.words.text.strip(), self.phone, self.words.numbers, organ, key)
        return self.line.carry(values(*told), message_id=key, at=clock.now())


@dataclass
class _Run:
    """One run under one token; ``told`` counts what became of the messages."""

    at: datetime
    token: str = field(default_factory=lambda: secrets.token_hex(16))
    told: Counter[MessageState] = field(default_factory=Counter)
    begun_at: datetime = field(default_factory=clock.now)
    claimed_at: datetime = field(default_factory=clock.now)
    server: Server | None = None
    organ: str = ""
    held: Collection[str] = ()

    @property
    def looks_back(self) -> datetime:
        """How old a message may be and still reach a substitute."""
        return clock.now() - LOOKS_BACK

    def look_at_hours(self) -> bool:
        """Whether it is quiet now; then some kinds of message wait in the house as well."""
        db.session().rollback()
        is_quiet = held_now(self.at) is not None
        self.held = HELD_WITHIN if is_quiet else ()
        return is_quiet

    def claim(self, channel: Channel, outlet_id: int | None = None, *, at: datetime | None = None) -> int:
        """Take the next batch of what is due at the run's instant, or another; how many. Nothing due writes nothing."""
        if stopping.asked.is_set():
            return 0
        session = db.session()
        session.rollback()
        self.claimed_at = clock.now()
        at, now, held = at or self.at, self.claimed_at, self.held
        if not queries.is_any_claimable(session, channel, at=at, now=now, outlet_id=outlet_id, held=held):
            return 0
        with writing():
            return operations.claim(channel, at=at, token=self.token, outlet_id=outlet_id, held=held)

    def forward(self) -> int:
        """Queue what reached absent people for their substitutes; how many. Nothing is written when there is none."""
        if stopping.asked.is_set():
            return 0
        db.session().rollback()
        if not queries.list_unforwarded(db.session(), clock.civil_date(self.at), self.looks_back, limit=1):
            return 0
        with writing():
            return forward(self.at)

    def fill_inboxes(self) -> None:
        """Send to the inboxes what is due by now, also what was queued since the run began."""
        while self.claim(Channel.INBOX, at=self.at + (clock.now() - self.begun_at)):
            self.prepare(Channel.INBOX)

    def prepare(self, channel: Channel) -> Sequence[_Parcel]:
        """Render what was claimed and store it. What is only to be read in the inbox is sent with that."""
        session = db.session()
        settings = load(session)
        self.server = server_of(settings)
        self.organ = settings["organ.short_name"] or settings["organ.name"]
        parcels = [self._parcel(message, settings) for message in queries.list_claimed(session, self.token)]
        with writing():
            for parcel in parcels:
                if isinstance(parcel.outcome, _Fault):
                    self._fail(parcel, parcel.outcome.words)
                elif isinstance(parcel.outcome, Skip):
                    self._note(operations.mark_skipped(self.token, parcel.id, parcel.outcome), MessageState.SKIPPED)
                else:
                    operations.store(self.token, parcel.id, parcel.outcome)
                    if channel is Channel.INBOX:
                        self._note(operations.mark_sent(self.token, parcel.id), MessageState.SENT)
        return [parcel for parcel in parcels if isinstance(parcel.outcome, Rendered)]

    def _parcel(self, message: Message, settings: Settings) -> _Parcel:
        person = message.person
        line = line_of(message.outlet, settings["outlets.allowed"]) if message.outlet else None
        known = (message.id, message.attempts, person.mail, person.name, person.phone, message.message_id, line)
        return _Parcel(*known, outcome=self._compose(message, settings))

    def _compose(self, message: Message, settings: Settings) -> Rendered | Skip | _Fault:
        if message.channel is Channel.MAIL and not (self.server and self.server.is_usable):
            return Skip.NO_SERVER
        if message.outlet is not None and not message.outlet.is_on:
            return Skip.OUTLET_OFF
        try:
            return compose(message, self.at, settings)
        except Exception as error:
            # One message that cannot be told must not keep back the others.
            log.exception("message %s cannot be rendered", message.key)
            db.session().rollback()
            return _Fault(f"{type(error).__name__}: {error}")

    def mail(self, parcels: Sequence[_Parcel], postman: Postman) -> bool:
        """Carry mails to the server; False when it cannot be reached."""
        return self._send(parcels, lambda parcel: postman.carry(parcel.envelope, sent_at=clock.now()))

    def post(self, parcels: Sequence[_Parcel]) -> bool:
        """Hand messages to their outside channel; False when it cannot be reached."""
        return self._send(parcels, lambda parcel: parcel.post(self.organ))

    def _send(self, parcels: Sequence[_Parcel], carry: Callable[[_Parcel], str]) -> bool:
        """Carry messages one by one, each noted at once; False when the next one would fare no better."""
        for index, parcel in enumerate(parcels):
            if stopping.asked.is_set() or clock.now() - self.claimed_at > LEASE / 2:
                self._release(parcels[index:])
                return True
            try:
                answer = carry(parcel)
            except Unreachable as error:
                with writing():
                    for each in parcels[index:]:
                        self._fail(each, str(error))
                return False
            except Refused as error:
                with writing():
                    self._fail(parcel, str(error))
                if isinstance(error, Stalled):
                    self._release(parcels[index + 1 :])
                    return False
            except Exception as error:
                # One message that cannot be sent must not keep back the others.
                log.exception("message %s cannot be sent", parcel.message_id)
                with writing():
                    self._fail(parcel, f"{type(error).__name__}: {error}")
            else:
                with writing():
                    is_ours = operations.mark_sent(self.token, parcel.id, answer)
                self._note(is_ours, MessageState.SENT)
        return True

    def _release(self, parcels: Sequence[_Parcel]) -> None:
        with writing():
            operations.release(self.token, [each.id for each in parcels])

    def _fail(self, parcel: _Parcel, answer: str) -> None:
        attempts = parcel.attempts
        state = operations.mark_failed(self.token, parcel.id, attempts=attempts, answer=answer, at=self.at)
        self.told[state] += 1

    def _note(self, is_ours: bool, state: MessageState) -> None:
        if is_ours:
            self.told[state] += 1
