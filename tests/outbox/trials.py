"""Messages of a made-up kind, whose hook says whatever the test wants."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from factories import a_unit, an_account
from sqlalchemy import select

from tracker.access.rules import Role
from tracker.core import clock, hooks
from tracker.core.db import db, writing
from tracker.org.models import Person
from tracker.outbox import operations
from tracker.outbox.letters import Letter
from tracker.outbox.models import Message
from tracker.outbox.rules import Channel, Skip

TRIAL = "trial"
ANSWERS: dict[str, Any] = {}


def render(message: Message, _at: datetime) -> Letter | Skip:
    """The answer set for this message's slot, else a plain letter."""
    answer = ANSWERS.get(message.slot, Letter("test", {}, ["巡察2026-1-001"]))
    if isinstance(answer, Exception):
        raise answer
    assert isinstance(answer, Letter | Skip)
    return answer


hooks.fill(f"render:{TRIAL}", render)


@contextmanager
def answering(**answers: Any) -> Iterator[None]:
    """Let the hook answer so for a while."""
    ANSWERS.update(answers)
    try:
        yield
    finally:
        ANSWERS.clear()


def a_reader(name: str = "李磊", mail: str = "lilei@organ.example") -> Person:
    """Somebody with an account, committed."""
    with writing():
        return an_account(name, Role.LIAISON, a_unit(), mail=mail)


def queue(person: Person, *slots: str, channels: tuple[Channel, ...] | None = None, **values: Any) -> int:
    """Queue messages to a person, committed; how many are to be sent."""
    with writing():
        mine = db.session.get_one(Person, person.id)
        return sum(operations.queue(TRIAL, mine, slot=slot, channels=channels, **values) for slot in slots)


def messages(channel: Channel = Channel.MAIL) -> list[Message]:
    """What the database has of a channel, in the order of queueing."""
    session = db.session()
    session.rollback()
    session.expire_all()
    return list(session.scalars(select(Message).where(Message.channel == channel).order_by(Message.id)))


def states(channel: Channel = Channel.MAIL) -> list[str]:
    """The states of a channel's messages, in the order of queueing."""
    return [message.state.value for message in messages(channel)]


def now() -> datetime:
    """The present instant."""
    return clock.now()
