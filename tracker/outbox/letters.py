"""What a message says: rendered at sending, in its reader's language, from what is still so."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import current_app

from tracker.core import hooks
from tracker.core.i18n import force_locale
from tracker.org.models import Person
from tracker.outbox.models import Message
from tracker.outbox.rules import OUTSIDE, Channel, Skip
from tracker.settings.queries import Settings


@dataclass(frozen=True)
class Letter:
    """What is to be told: a folder below ``templates/mail/``, values for its templates, numbers of the items.

    ``parts`` are ids of what is told one by one, for hook ``parts_told`` once the reader has it in the inbox.
    """

    template: str
    values: Mapping[str, Any] = field(default_factory=dict)
    numbers: Sequence[str] = ()
    parts: Sequence[int] = ()


@dataclass(frozen=True)
class Rendered:
    """The words of one message."""

    subject: str
    text: str
    html: str
    numbers: Sequence[str] = ()
    parts: Sequence[int] = ()


def compose(message: Message, at: datetime, settings: Settings) -> Rendered | Skip:
    """The words of a message, or why it is not to be sent: hook ``render:<kind>(message, at)`` tells."""
    account = message.person.account
    if account is None or not account.is_active:
        return Skip.NO_ACCOUNT
    letter: Letter | Skip = hooks.call(f"render:{message.kind}", message, at)[0]
    if isinstance(letter, Skip):
        return letter
    tells_more = message.outlet is not None and message.outlet.tells_more
    return render(letter, message.person, message.channel, settings, tells_more=tells_more)


def render(
    letter: Letter, reader: Person, channel: Channel, settings: Settings, *, tells_more: bool = False
) -> Rendered:
    """Fill in the templates. What leaves the system is body.txt and body.html; inbox.html stays within.

    Outside channels get outside.txt, number and count only, unless they may say as much as a mail.
    """
    values = {
        "reader": reader.name,
        "organ": settings["organ.short_name"] or settings["organ.name"],
        "base_url": settings["reminders.base_url"].rstrip("/"),
        "numbers": list(letter.numbers),
        **letter.values,
    }
    parts = ["subject.txt", "body.txt", "inbox.html" if channel is Channel.INBOX else "body.html"]
    if channel in OUTSIDE and not tells_more:
        parts[1:] = ["outside.txt", "outside.txt"]
    with force_locale(reader.language):
        subject, text, html = (_fill(letter.template, part, values) for part in parts)
    told = tuple(letter.parts) if channel is Channel.INBOX else ()
    return Rendered(" ".join(subject.split())[:300], text.strip() + "\n", html, tuple(letter.numbers), told)


def _fill(template: str, part: str, values: Mapping[str, Any]) -> str:
    # Not render_template: its context is that of a page, and here no page is being answered.
    names = [f"mail/{template}/{part}", f"mail/{part}"]
    return current_app.jinja_env.select_template(names).render(values)
