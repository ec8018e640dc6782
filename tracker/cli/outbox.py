"""``flask outbox``: what is queued, sent or given up, and another try."""

import json
from datetime import datetime
from typing import Any

import click
from flask import Flask
from flask.cli import AppGroup

from tracker.access.rules import SYSTEM
from tracker.core.db import db, writing
from tracker.core.errors import DomainError
from tracker.outbox import operations, queries
from tracker.outbox.models import Message
from tracker.outbox.rules import Channel, MessageState

group = AppGroup("outbox", help="Messages to people.")


@group.command("list")
@click.option("--state", type=click.Choice([state.value for state in MessageState]), help="only those in this state")
@click.option("--json", "as_data", is_flag=True, help="print JSON")
def list_messages(state: str | None, as_data: bool) -> None:
    """Tell all messages, the newest first."""
    query = queries.select_messages([MessageState(state)] if state else ())
    rows = [_row(message) for message in queries.list_messages(db.session(), query)]
    if as_data:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for row in rows:
        click.echo(f"{row['key']}  {row['state']:<8} {row['channel']:<6} {row['to']}  {row['subject']}")


def _row(message: Message) -> dict[str, Any]:
    is_mail = message.channel is Channel.MAIL
    return {
        "key": message.key,
        "to": message.person.mail if is_mail else message.person.name,
        "channel": message.channel,
        "subject": message.subject,
        "state": message.state,
        "queued_at": _told(message.queued_at),
        "sent_at": _told(message.sent_at),
        "attempts": message.attempts,
        "items": json.loads(message.item_numbers),
    }


def _told(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None


@group.command("retry")
@click.argument("key")
def retry(key: str) -> None:
    """Send a failed, dead or skipped message anew."""
    try:
        with writing():
            operations.retry(queries.get_message(db.session(), key), actor=SYSTEM)
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{key}: queued", err=True)


def register(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(group)
