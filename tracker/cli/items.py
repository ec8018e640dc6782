"""``items list``: the lists for scripts, as of any day."""

import json
from datetime import date
from typing import Any

import click
from flask import Flask
from flask.cli import AppGroup, with_appcontext

from tracker.access.rules import SYSTEM, reach
from tracker.cli.values import DAY
from tracker.core import clock
from tracker.core.db import db
from tracker.desk.queries.snapshot import Snapshot, Wanted, list_snapshots, list_supporting
from tracker.items.lists import ListName, kind_of
from tracker.items.rules import STATE_LABELS, State

group = AppGroup("items", help="The items of the ledger.")


@group.command("list")
@click.option(
    "--list", "list_name", type=click.Choice([each.value for each in ListName]), help="all items when left out"
)
@click.option("--unit", help="a part of the lead unit's name; units below it included")
@click.option("--source", help="the source's number, or a part of its title")
@click.option("--state", type=click.Choice([each.value for each in State]))
@click.option("--overdue", is_flag=True, help="only what was past its deadline on that day")
@click.option("--as-of", type=DAY, help="the day; today when left out")
@click.option("--json", "as_data", is_flag=True, help="print JSON")
@with_appcontext
def list_items(
    list_name: str | None,
    unit: str | None,
    source: str | None,
    state: str | None,
    overdue: bool,
    as_of: date | None,
    as_data: bool,
) -> None:
    """Print items as they were on a day."""
    session, today = db.session(), clock.today()
    wanted = Wanted(
        kind=kind_of(ListName(list_name)) if list_name else None,
        unit=unit,
        source=source,
        state=State(state) if state else None,
        is_overdue=overdue,
    )
    found = list_snapshots(session, wanted, as_of=as_of or today, known_at=clock.now(), seen_by=reach(SYSTEM))
    supporting = list_supporting(session, [row.id for row in found])
    rows = [_as_data(row, supporting.get(row.id, [])) for row in found]
    if as_data:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
    for row in () if as_data else rows:
        click.echo(f"{row['number']}  {STATE_LABELS[row['state']]}  {row['lead_unit'] or '—'}  {row['text'][:40]}")


def _as_data(row: Snapshot, supporting: list[str]) -> dict[str, Any]:
    return {
        "number": row.number,
        "kind": row.kind,
        "text": row.text,
        "source": row.source,
        "path": [title for title in (row.aspect, row.category) if title],
        "state": row.state,
        "leader": row.leader,
        "lead_unit": row.lead_unit,
        "supporting_units": supporting,
        "owner": row.owner,
        "handler": row.handler,
        "deadline": {
            "kind": row.deadline_kind,
            "then_sustained": row.then_sustained,
            "due_on": row.due_on.isoformat() if row.due_on else None,
            "text": row.due_text,
        },
        "closed_on": row.closed_on.isoformat() if row.closed_on else None,
        "parent": row.parent,
    }


def register(app: Flask) -> None:
    """Add the command."""
    app.cli.add_command(group)
