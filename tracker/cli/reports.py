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
from tracker.own_files import operations as own_files
from tracker.own_files.rules.answers import refusals
from tracker.reports import operations
from tracker.reports.rules import Figure, Refusal
from tracker.settings.queries import load
from tracker.sources.queries import find_source_ids

_READABLE = click.Path(exists=True, dir_okay=False, path_type=Path)

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
@click.option(
    "--into", type=_READABLE, help="write the section into this report (.docx or text), all else left as it is"
)
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path, writable=True))
@click.option("--json", "as_data", is_flag=True, help="print JSON")
def section(
    year: int,
    as_of: date,
    known_at: datetime | None,
    sources: tuple[str, ...],
    decimals: int | None,
    into: Path | None,
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
        made = _made(into, written, places) if into else None
        out.write_bytes(made.content if made else operations.to_docx(written))
        with writing():
            operations.note_download(written, actor=SYSTEM)
    except (DomainError, OSError) as error:
        raise click.ClickException(str(error)) from error
    told = as_told(written)
    if made:
        tell_more(told, made)
    click.echo(json.dumps(told, ensure_ascii=False, indent=1) if as_data else told["text"])
    for refusal in told["refused"]:
        click.echo(f"没有写入 / refused: {refusal['sentence']} ({refusal['why']})", err=True)


def _made(into: Path, written: operations.Section, decimals: int) -> own_files.Made:
    with into.open("rb") as stream:
        text = own_files.open_text(stream)
    return own_files.write_into(text, written, decimals=decimals)


def tell_more(told: dict[str, Any], made: own_files.Made) -> None:
    """Add the figures that stand in the report's blanks and the sentences they would make untrue; say what is left."""
    known = {(each["name"], each["value"]) for each in told["figures"]}
    fills = (fill.figure for each in made.answered for fill in each.fills)
    told["figures"] += [_figure(each) for each in fills if (each.name, each.value) not in known]
    told["refused"] += [_refusal(each) for each in refusals(made.answered)]
    report, stretch = made.report, made.report.marks.stretch
    for sentence in report.section.overlooked(stretch) if report.section and stretch else ():
        click.echo(f"涉及整改，未改动 / about rectification, left as it was: {sentence.text}", err=True)
    for wrong in report.wrong_years:
        click.echo(f"请核对年份 / year to look at: {wrong.words}：{wrong.sentence}", err=True)
    click.echo(f"剩余空白 / blanks left: {made.open_blanks}", err=True)


def as_told(written: operations.Section) -> dict[str, Any]:
    """The section as scripts read it: text, figures with the numbers of their items, refused sentences."""
    passage = written.passage
    figures = [_figure(each) for each in passage.figures]
    return {"text": passage.text, "figures": figures, "refused": [_refusal(each) for each in passage.refused]}


def _figure(figure: Figure) -> dict[str, Any]:
    return {"name": figure.name, "value": figure.value, "items": list(figure.item_numbers)}


def _refusal(refusal: Refusal) -> dict[str, str]:
    return {"sentence": refusal.sentence, "why": refusal.why}
