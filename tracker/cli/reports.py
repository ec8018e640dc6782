"""``flask reports section``: the rectification section of the yearly report as a Word file."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
from flask import Flask
from flask.cli import AppGroup

from tracker.access.rules import SYSTEM
from tracker.cli.values import DAY, INSTANT
from tracker.core.db import db, writing
from tracker.core.errors import DomainError
from tracker.figures.questions import Question
from tracker.reports import operations
from tracker.settings.queries import load
from tracker.sources.queries import find_source_ids

group = AppGroup("reports", help="Reports made of the figures.")


def register(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(group)


@group.command("section")
@click.option("--year", required=True, type=click.IntRange(2000, 2100), help="the year that is reported on")
@click.option("--as-of", required=True, type=DAY, help="the day of the figures")
@click.option("--known-at", type=INSTANT, help="as known at this instant; now when left out")
@click.option("--source", "sources", multiple=True, help="number or title of a source; all of the year when left out")
@click.option("--decimals", type=click.IntRange(0, 2), help="of percentages; the office's setting when left out")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path, writable=True))
@click.option("--json", "as_data", is_flag=True, help="print JSON")
def section(
    year: int,
    as_of: date,
    known_at: datetime | None,
    sources: tuple[str, ...],
    decimals: int | None,
    out: Path,
    as_data: bool,
) -> None:
    """Write the section to a Word file, and tell its text, its figures and what was refused."""
    session = db.session()
    try:
        question = Question(as_of, known_at, source_ids=find_source_ids(session, sources))
        places = load(session)["rules.rate_decimals"] if decimals is None else decimals
        written = operations.write(session, year, question, decimals=places, actor=SYSTEM)
        session.rollback()
        out.write_bytes(operations.to_docx(written))
        with writing():
            operations.note_download(written, actor=SYSTEM)
    except (DomainError, OSError) as error:
        raise click.ClickException(str(error)) from error
    told = as_told(written)
    click.echo(json.dumps(told, ensure_ascii=False, indent=1) if as_data else told["text"])
    for refusal in told["refused"]:
        click.echo(f"refused: {refusal['sentence']} ({refusal['why']})", err=True)


def as_told(written: operations.Section) -> dict[str, Any]:
    """The section as scripts read it: text, figures with the numbers of their items, refused sentences."""
    passage = written.passage
    figures = [{"name": each.name, "value": each.value, "items": list(each.item_numbers)} for each in passage.figures]
    refused = [{"sentence": each.sentence, "why": each.why} for each in passage.refused]
    return {"text": passage.text, "figures": figures, "refused": refused}
