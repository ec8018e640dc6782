"""``flask figures``: counts and rates as of any day."""

import json
from datetime import date, datetime
from typing import Any

import click
from flask import Flask
from flask.cli import with_appcontext

from tracker.access.rules import SYSTEM, Action, reach
from tracker.cli.values import DAY, INSTANT
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import DomainError
from tracker.figures import queries
from tracker.figures.questions import Question, check_knowable
from tracker.figures.rules import Breakdown, row_of
from tracker.settings.queries import load
from tracker.sources.queries import find_counting, find_source_ids
from tracker.sources.rules import Counting


def register(app: Flask) -> None:
    """Add the command."""
    app.cli.add_command(figures)


@click.command("figures")
@click.option("--as-of", required=True, type=DAY, help="the day whose figures are asked for")
@click.option("--known-at", type=INSTANT, help="as known at this instant; now when left out")
@click.option("--source", "sources", multiple=True, help="number or title of a source; all when left out")
@click.option(
    "--counting",
    type=click.Choice([way.value for way in Counting]),
    help="a common problem as one, or as many as it has parts; as the sources settled it when left out",
)
@click.option("--by", default=Breakdown.ALL.value, type=click.Choice([by.value for by in Breakdown]))
@click.option("--json", "as_data", is_flag=True, help="print JSON")
@with_appcontext
def figures(
    as_of: date, known_at: datetime | None, sources: tuple[str, ...], counting: str | None, by: str, as_data: bool
) -> None:
    """Print the figures of a day, a row for each unit, source or the like with at least one item."""
    session = db.session()
    try:
        check_knowable(as_of, known_at, today=clock.today(), now=clock.now())
        ids = find_source_ids(session, sources)
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    decimals = load(session)["rules.rate_decimals"]
    way = Counting(counting) if counting else find_counting(session, ids)
    question = Question(as_of, known_at, source_ids=ids, counting=way)
    found = queries.tally(session, question, reach(SYSTEM, Action.READ_FIGURES), Breakdown(by))
    rows = [row_of(row.key, row.tally, decimals) for row in found]
    if as_data:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
    else:
        for row in rows:
            click.echo(_in_words(row))


def _in_words(row: dict[str, Any]) -> str:
    return f"{row['key'] or '—'}: {row['closed']} / {row['total']}, {row['closure_rate'] or '—'}"
