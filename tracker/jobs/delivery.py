"""Sending what is queued: claimed in small batches, looked at again, rendered, sent outside of any transaction."""

import logging
import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from tracker.core import clock
from tracker.core.db import db, writing
from tracker.outbox import operations, queries
from tracker.outbox.channels import Envelope, Postman, Refused, Server, Unreachable, server_of
from tracker.outbox.forwarding import LOOKS_BACK, forward
from tracker.outbox.letters import Rendered, compose
from tracker.outbox.models import Message
from tracker.outbox.rules import LEASE, Channel, MessageState, Skip
from tracker.settings.queries import Settings, load

log = logging.getLogger(__name__)

OUTCOMES = (MessageState.SENT, MessageState.FAILED, MessageState.SKIPPED, MessageState.DEAD)


def deliver(at: datetime) -> dict[str, int]:
    """Send all that is due at an instant: ``{"sent", "failed", "skipped", "dead"}``.

    The inbox comes first, because it cannot fail. A mail server that cannot be reached ends the run.
    """
    run = _Run(at)
    while run.claim(Channel.INBOX):
        run.prepare(Channel.INBOX)
    while run.forward():
        while run.claim(Channel.INBOX):
            run.prepare(Channel.INBOX)
    while run.claim(Channel.MAIL):
        if not run.send(run.prepare(Channel.MAIL)):
            break
    return {str(state): run.told[state] for state in OUTCOMES}


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
    message_id: str
    outcome: Rendered | Skip | _Fault

    @property
    def envelope(self) -> Envelope:
        """The mail; only for what was rendered."""
        assert isinstance(self.outcome, Rendered)
        words = self.outcome
        return Envelope(self.to, self.to_name, words.subject, words.text, words.html, self.message_id)


@dataclass
class _Run:
    """One run under one token; ``told`` counts what became of the messages."""

    at: datetime
    token: str = field(default_factory=lambda: secrets.token_hex(16))
    told: Counter[MessageState] = field(default_factory=Counter)
    claimed_at: datetime = field(default_factory=clock.now)
    server: Server | None = None

    @property
    def looks_back(self) -> datetime:
        """How old a message may be and still reach a substitute."""
        return clock.now() - LOOKS_BACK

    def claim(self, channel: Channel) -> int:
        """Take the next batch; how many. Nothing is written when nothing is due."""
        session = db.session()
        session.rollback()
        self.claimed_at = clock.now()
        if not queries.is_any_claimable(session, channel, at=self.at, now=self.claimed_at):
            return 0
        with writing():
            return operations.claim(channel, at=self.at, token=self.token)

    def forward(self) -> int:
        """Queue what reached absent people for their substitutes; how many. Nothing is written when there is none."""
        db.session().rollback()
        if not queries.list_unforwarded(db.session(), clock.civil_date(self.at), self.looks_back, limit=1):
            return 0
        with writing():
            return forward(self.at)

    def prepare(self, channel: Channel) -> Sequence[_Parcel]:
        """Render what was claimed and store it. What is only to be read in the inbox is sent with that."""
        session = db.session()
        settings = load(session)
        self.server = server_of(settings)
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
        known = (message.id, message.attempts, person.mail, person.name, message.message_id)
        return _Parcel(*known, outcome=self._compose(message, settings))

    def _compose(self, message: Message, settings: Settings) -> Rendered | Skip | _Fault:
        if message.channel is Channel.MAIL and not (self.server and self.server.is_usable):
            return Skip.NO_SERVER
        try:
            return compose(message, self.at, settings)
        except Exception as error:
            # One message that cannot be told must not keep back the others.
            log.exception("message %s cannot be rendered", message.key)
            db.session().rollback()
            return _Fault(f"{type(error).__name__}: {error}")

    def send(self, parcels: Sequence[_Parcel]) -> bool:
        """Carry mails to the server one by one, each noted at once; False when it cannot be reached."""
        assert self.server is not None
        with Postman(self.server) as postman:
            for index, parcel in enumerate(parcels):
                if clock.now() - self.claimed_at > LEASE / 2:
                    with writing():
                        operations.release(self.token, [each.id for each in parcels[index:]])
                    return True
                try:
                    answer = postman.carry(parcel.envelope, sent_at=clock.now())
                except Unreachable as error:
                    with writing():
                        for each in parcels[index:]:
                            self._fail(each, str(error))
                    return False
                except Refused as error:
                    with writing():
                        self._fail(parcel, str(error))
                else:
                    with writing():
                        is_ours = operations.mark_sent(self.token, parcel.id, answer)
                    self._note(is_ours, MessageState.SENT)
        return True

    def _fail(self, parcel: _Parcel, answer: str) -> None:
        attempts = parcel.attempts
        state = operations.mark_failed(self.token, parcel.id, attempts=attempts, answer=answer, at=self.at)
        self.told[state] += 1

    def _note(self, is_ours: bool, state: MessageState) -> None:
        if is_ours:
            self.told[state] += 1
