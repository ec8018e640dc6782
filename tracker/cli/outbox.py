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
from tracker.outbox.rules import CHANNEL_LABELS, RETRIABLE, STATE_LABELS, Channel, MessageState

group = AppGroup("outbox", help="Messages to people.")


def _narrowed(command: Any) -> Any:
    """Options that narrow a list of messages."""
    command = click.option("--person", help="only those to people whose name has this in it")(command)
    command = click.option("--kind", help="only those of this kind, e.g. reminder_digest")(command)
    return click.option("--channel", type=click.Choice([each.value for each in Channel]), help="only those sent so")(
        command
    )


def _filter(
    states: list[str], channel: str | None = None, kind: str | None = None, person: str | None = None
) -> queries.MessageFilter:
    chosen = [MessageState(state) for state in states]
    return queries.MessageFilter(chosen, Channel(channel) if channel else None, kind or "", person or "")


@group.command("list")
@click.option("--state", type=click.Choice([state.value for state in MessageState]), help="only those in this state")
@_narrowed
@click.option("--json", "as_data", is_flag=True, help="print JSON")
def list_messages(state: str | None, as_data: bool, **narrowed: str | None) -> None:
    """Tell all messages, the newest first."""
    query = queries.select_messages(_filter([state] if state else [], **narrowed))
    rows = [_row(message) for message in queries.list_messages(db.session(), query)]
    if as_data:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    for row in rows:
        how = f"{STATE_LABELS[row['state']]}  {CHANNEL_LABELS[row['channel']]}"
        click.echo(f"{row['key']}  {how}  {row['to']}  {row['subject']}")


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
@click.argument("key", required=False)
@click.option("--all", "states", multiple=True, type=click.Choice([each.value for each in RETRIABLE]), help="all in it")
@_narrowed
def retry(key: str | None, states: tuple[str, ...], **narrowed: str | None) -> None:
    """Send a failed, dead or skipped message anew, or all of a state: --all dead --channel mail."""
    if (key is None) is (not states):
        raise click.UsageError("写一条消息的编号，或 --all 加状态 / give either a key or --all with a state")
    try:
        with writing():
            if key is None:
                count = operations.retry_all(_filter(list(states), **narrowed), actor=SYSTEM)
            else:
                operations.retry(queries.get_message(db.session(), key), actor=SYSTEM)
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"已重新排队 / queued again: {count if key is None else key}", err=True)


def register(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(group)
