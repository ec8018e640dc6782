"""``flask intake``: read a text without writing anything, and load one as often as one likes."""

import json
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

import click
from flask import Flask
from flask.cli import AppGroup

from tracker.access.rules import SYSTEM, Actor
from tracker.core import clock
from tracker.core.db import db, writing
from tracker.core.errors import DomainError, NotFound
from tracker.core.forms import read_date
from tracker.core.i18n import gettext as _
from tracker.intake import operations
from tracker.intake.rules import as_json, count_lines
from tracker.intake.rules.outcome import differences
from tracker.office.recognition import FileKind, recognise
from tracker.org import queries as people
from tracker.settings.queries import load as load_settings
from tracker.sources.rules import SourceKind

group = AppGroup("intake", help="Read feedback texts; load them as numbered items.")


def register(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(group)


class Day(click.ParamType[date]):
    """A civil date in any form that the pages take."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read 20261231, 2026-12-31 or 12月31日."""
        if isinstance(value, date):
            return value
        try:
            return read_date(str(value), today=clock.today())
        except ValueError:
            self.fail(f"{value!r} is no date like 2026-12-31", param, ctx)


FILE = click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))


@group.command("read")
@FILE
@click.option("--received", type=Day(), help="the day of the feedback, for deadlines told by it")
@click.option("--json", "as_data", is_flag=True, help="print JSON")
def read(file: Path, received: date | None, as_data: bool) -> None:
    """Read FILE and print its outline; nothing is written."""
    try:
        with file.open("rb") as stream:
            _refuse_ledger(file, stream)
            reading = operations.read_stream(stream).reading
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    told = as_json(reading)
    if as_data:
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    for problem in told["problems"]:
        click.echo(" / ".join([*problem["path"], f"{problem['number']}{problem['text']}"]))
    _tell_counts(told)


def _tell_counts(told: Mapping[str, Any]) -> None:
    for warning in told["warnings"]:
        click.echo(warning, err=True)
    click.echo(f"declared {told['declared']}, counted {told['counted']}, ignored {len(told['ignored'])}", err=True)


@group.command("load")
@FILE
@click.option("--kind", required=True, type=click.Choice([kind.value for kind in SourceKind]))
@click.option("--title", required=True)
@click.option("--received", required=True, type=Day(), help="the day of the feedback")
@click.option("--create-missing", is_flag=True, help="make units and people that a ledger names and nobody knows")
@click.option("--by", "login", help="whose act it is; the system's own when left out")
@click.option("--json", "as_data", is_flag=True, help="print JSON")
def load(
    file: Path, kind: str, title: str, received: date, create_missing: bool, login: str | None, as_data: bool
) -> None:
    """Load FILE as a source with numbered items; what is there already is left alone."""
    try:
        with file.open("rb") as stream:
            _refuse_ledger(file, stream)
            limit_bytes = load_settings(db.session())["rules.upload_mb"] << 20
            text = operations.read_upload(stream, file.name, limit_bytes=limit_bytes)
        plan = operations.Plan(
            kind=SourceKind(kind),
            title=title.strip(),
            received_on=received,
            lines=text.reading.lines,
            declared=text.reading.declared,
            paragraphs=text.paragraphs,
            file_name=text.file_name,
            file_sha256=text.file_sha256,
        )
        with writing():
            loaded = operations.load(plan, actor=_actor(login))
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    for difference in differences(plan.declared, count_lines(plan.lines)):
        click.echo(f"{difference.name}: declared {difference.declared}, counted {difference.counted}", err=True)
    numbers = [item.number for item in loaded.added]
    if as_data:
        told = {"source": loaded.source.number, "is_new": loaded.is_new, "added": numbers}
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        click.echo(f"{loaded.source.number}: {len(numbers)} added")


def _refuse_ledger(file: Path, stream: BinaryIO) -> None:
    if file.suffix.lower() == ".csv" or recognise(stream) is FileKind.xlsx:
        raise DomainError(_("这是台账（表格）。目前只能读取反馈意见的 .docx 或 .txt 文件。"))


def _actor(login: str | None) -> Actor:
    if login is None:
        return SYSTEM
    account = people.find_account(db.session(), login)
    if account is None or not account.is_active:
        raise NotFound(_("没有登录名为 %(login)s 的账号，或已停用。", login=login))
    return people.load_actor(db.session(), account.person)
