"""``flask intake``: read a text without writing anything, and load one as often as one likes."""

import json
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

import click
from flask import Flask
from flask.cli import AppGroup

from tracker.access.rules import SYSTEM, Actor
from tracker.cli.values import DAY
from tracker.core.db import db, writing
from tracker.core.errors import DomainError, NotFound
from tracker.core.i18n import gettext as _
from tracker.intake import operations
from tracker.intake.operations import ledger
from tracker.intake.rules import as_json, compare, count_lines
from tracker.intake.rules.ledger import as_json as ledger_as_json
from tracker.items.rules import State
from tracker.org import queries as people
from tracker.settings.queries import load as load_settings
from tracker.sources.rules import SourceKind

group = AppGroup("intake", help="Read feedback texts; load them as numbered items.")


def register(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(group)


FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@group.command("read")
@FILE
@click.option("--received", type=DAY, help="the day of the feedback, for deadlines told by it")
@click.option("--json", "as_data", is_flag=True, help="print JSON")
def read(file: Path, received: date | None, as_data: bool) -> None:
    """Read FILE and print its outline, writing nothing; the exit code is 1 when no problem was found."""
    try:
        with file.open("rb") as stream:
            told = _ledger_as_json(stream, received) if ledger.is_table(stream, file.name) else _text_as_json(stream)
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    if as_data:
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        _tell(told)
    sys.exit(0 if told["problems"] else 1)


def _text_as_json(stream: BinaryIO) -> dict[str, Any]:
    return as_json(operations.read_stream(stream).reading)


def _ledger_as_json(stream: BinaryIO, received: date | None) -> dict[str, Any]:
    session = db.session()
    reading = ledger.Table(ledger.read_sheets(stream)).read(session, received)
    return ledger_as_json(reading, received_on=received, at_once_days=load_settings(session)["rules.at_once_days"])


def _tell(told: Mapping[str, Any]) -> None:
    for problem in told["problems"]:
        click.echo(" / ".join([*problem["path"], f"{problem['number']}{problem['text']}"]))
    for warning in told["warnings"]:
        click.echo(warning, err=True)
    for error in told.get("errors", ()):
        click.echo(f"{error['sheet']} {error['column']}{error['row']}: {error['message']}", err=True)
    aspects, categories, problems = (told["counted"][name] for name in ("aspects", "categories", "problems"))
    counted = f"读到 {aspects} 个方面、{categories} 个类别、{problems} 个问题"
    click.echo(f"{counted}；不计入的 {len(told['ignored'])} 行", err=True)


@group.command("load")
@FILE
@click.option("--kind", required=True, type=click.Choice([kind.value for kind in SourceKind]))
@click.option("--title", required=True)
@click.option("--received", required=True, type=DAY, help="the day of the feedback")
@click.option("--create-missing", is_flag=True, help="make units and people that a ledger names and nobody knows")
@click.option("--only-good", is_flag=True, help="of a ledger take the rows without errors, leave the others")
@click.option(
    "--state",
    type=click.Choice([State.DRAFT.value, State.WORKING.value]),
    help="where a ledger's open items begin; by what the ledger tells when left out",
)
@click.option("--closed-on", type=DAY, help="the day for rows that are closed without a day; today when left out")
@click.option("--why", default="", help="the reason, where items that were issued already would change")
@click.option("--by", "login", help="whose act it is; the system's own when left out")
@click.option("--json", "as_data", is_flag=True, help="print JSON")
def load(file: Path, kind: str, title: str, received: date, login: str | None, as_data: bool, **given: Any) -> None:
    """Load FILE as a source with numbered items; what is there already is left alone."""
    known = {"kind": SourceKind(kind), "title": title.strip(), "received_on": received}
    try:
        with file.open("rb") as stream:
            limit_bytes = load_settings(db.session())["rules.upload_mb"] << 20
            actor = _actor(login)
            if ledger.is_table(stream, file.name):
                told = _load_ledger(
                    ledger.receive_table(stream, file.name, limit_bytes=limit_bytes), known, given, actor
                )
            else:
                told = _load_text(operations.read_upload(stream, file.name, limit_bytes=limit_bytes), known, actor)
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    if as_data:
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        click.echo(f"{told['source']}：新增 {len(told['added'])} 个事项")


def _load_text(text: operations.Received, known: Mapping[str, Any], actor: Actor) -> dict[str, Any]:
    plan = operations.Plan(
        lines=text.reading.lines,
        declared=text.reading.declared,
        paragraphs=text.paragraphs,
        file_name=text.file_name,
        file_sha256=text.file_sha256,
        **known,
    )
    with writing():
        loaded = operations.load(plan, actor=actor)
    for difference in compare(plan.declared, count_lines(plan.lines)):
        click.echo(difference, err=True)
    numbers = [item.number for item in loaded.added]
    return {"source": loaded.source.number, "is_new": loaded.is_new, "added": numbers}


def _load_ledger(
    table: ledger.Table, known: Mapping[str, Any], given: Mapping[str, Any], actor: Actor
) -> dict[str, Any]:
    choices = ledger.Choices(
        creates_missing=given["create_missing"],
        only_good=given["only_good"],
        state=State(given["state"]) if given["state"] else None,
        closed_on=given["closed_on"],
        why=given["why"],
    )
    with writing():
        session = db.session()
        source = ledger.target(session, **known, lock=True)
        is_new = source not in session
        reading = table.read(session, known["received_on"])
        plan = ledger.plan_ledger(session, reading, source, choices, actor=actor, base=table.base, lock=True)
        for fault in plan.faults:
            click.echo(f"{fault.sheet} {fault.column}{fault.row}: {fault.message}", err=True)
        done = ledger.carry_out_ledger(plan, choices, actor=actor)
    for warning in plan.reading.warnings:
        click.echo(str(warning), err=True)
    return {
        "source": done.source.number if done.source else "",
        "is_new": is_new,
        "added": [item.number for item in done.added],
        "changed": [item.number for item in done.changed],
        "counts": plan.counts,
    }


def _actor(login: str | None) -> Actor:
    if login is None:
        return SYSTEM
    account = people.find_account(db.session(), login)
    if account is None or not account.is_active:
        raise NotFound(_("没有登录名为 %(login)s 的账号，或已停用。", login=login))
    return people.load_actor(db.session(), account.person)
