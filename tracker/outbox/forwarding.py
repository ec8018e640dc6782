"""What reaches somebody absent reaches their substitute as well: hooks ``substitute_named`` and two renderers."""

from datetime import datetime, timedelta

from markupsafe import Markup

from tracker.core import clock
from tracker.core.db import db
from tracker.org.models import Substitute
from tracker.outbox import operations, queries
from tracker.outbox.letters import Letter
from tracker.outbox.models import Message
from tracker.outbox.rules import Skip

NAMED = "substitute_named"
# A substitution lasts a year at most, and a sweep comes every few minutes.
LOOKS_BACK = timedelta(days=7)
BATCH = 200


def substitute_named(named: Substitute) -> None:
    """Hook ``substitute_named``: tell whoever is to stand in."""
    data = {"absent": named.absent.name, "since": named.since.isoformat(), "until": named.until.isoformat()}
    operations.queue(NAMED, named.person, slot=str(named.id), data=data)


def forward(at: datetime) -> int:
    """Queue for substitutes what reached those they stand in for; how many. Running it again changes nothing.

    It was looked at when it was told to the absent person, and says what that person was told.
    """
    session = db.session()
    found = queries.list_unforwarded(session, clock.civil_date(at), clock.now() - LOOKS_BACK, limit=BATCH)
    for message, person in found:
        data = {"message": message.id}
        operations.queue(
            queries.FORWARDED,
            person,
            slot=f"message:{message.key}",
            data=data,
            numbers=operations.numbers_of(message),
        )
    return len(found)


def render_forwarded(message: Message, _at: datetime) -> Letter | Skip:
    """Hook ``render:forwarded``: the words the absent person was told."""
    told = queries.find_message(db.session(), int(operations.data_of(message)["message"]))
    if told is None:
        return Skip.NOT_DUE
    # Rendered by our own templates with everything escaped, and stored as it was told.
    values = {"absent": told.person.name, "subject": told.subject, "body": Markup(told.body_html)}
    return Letter("forwarded", values, operations.numbers_of(told))


def render_named(message: Message, _at: datetime) -> Letter | Skip:
    """Hook ``render:substitute_named``: for whom, from when to when."""
    return Letter(NAMED, operations.data_of(message))
