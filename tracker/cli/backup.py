"""``backup [FILE]``, ``backup verify FILE`` and ``restore FILE``: the database and all evidence in one file."""

import json
import os
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import click
from flask import Flask
from flask.cli import with_appcontext

from tracker.access.rules import SYSTEM
from tracker.audit.operations import record
from tracker.backups import operations
from tracker.backups.manifest import Manifest
from tracker.backups.places import folder
from tracker.backups.rules import file_name
from tracker.core import clock
from tracker.core.db import writing
from tracker.core.errors import DomainError
from tracker.core.failing import told_as

THERE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("backup")
@click.argument("words", metavar="[verify] [FILE]", nargs=-1)
@click.option("--json", "as_data", is_flag=True, help="print JSON")
@with_appcontext
@click.pass_context
def backup(context: click.Context, words: tuple[str, ...], as_data: bool) -> None:
    """Write the database and all evidence into FILE, while people go on working.

    A folder gets a file of its own, named by day and time as the daily ones; without FILE it goes where they go.

    With the word verify before it, restore FILE into a scratch place and hold it against what it says of itself.
    """
    verb, name = words if len(words) == 2 else ("make", "".join(words[-1:]))
    # The word alone is a FILE forgotten: a backup of that name would look like one that was verified.
    if len(words) > 2 or verb not in {"make", "verify"} or words == ("verify",):
        raise click.UsageError("backup [FILE] / backup verify FILE")
    if verb == "verify":
        file = THERE.convert(name, None, context)
        told = _done(operations.verify, file)
        click.echo("已试恢复并核对行数、文件和操作日志 / restored on trial and checked", err=True)
    else:
        file = Path(name) if words else _folder()
        # What may not be looked at is refused in words further on.
        if os.path.isdir(file):
            file /= file_name(clock.local(clock.now()))
        told = _make(file)
    _print(told, file, as_data=as_data)


def _folder() -> Path:
    try:
        return folder()
    except DomainError as error:
        raise click.ClickException(str(error)) from error


def _make(file: Path) -> Manifest:
    with writing():
        record(SYSTEM, "backup.make", file.name)
    told = _done(operations.back_up, file)
    for sha256 in told.missing:
        click.echo(f"缺失，备份中没有 / missing, not in the backup: {sha256}", err=True)
    if told.breaks:
        click.echo(
            f"操作日志有 {told.breaks} 处对不上，请运行 audit verify / the trail does not hold together: audit verify",
            err=True,
        )
    return told


@click.command("restore")
@click.argument("file", type=THERE)
@click.option("--json", "as_data", is_flag=True, help="print JSON")
@with_appcontext
def restore(file: Path, as_data: bool) -> None:
    """Put FILE into an empty database and an empty data folder, and hold it against what it says of itself."""
    told = _done(operations.restore, file)
    click.echo("已核对行数、文件和操作日志。再运行 db upgrade / checked; now run db upgrade", err=True)
    _print(told, file, as_data=as_data)


def _done(act: Callable[[Path], Manifest], file: Path) -> Manifest:
    try:
        return act(file.absolute())
    except operations.TROUBLE as error:
        raise click.ClickException(told_as(error)) from error


def _print(told: Manifest, file: Path, *, as_data: bool) -> None:
    if as_data:
        click.echo(json.dumps({"file": str(file), **asdict(told)}, ensure_ascii=False, indent=1))
        return
    rows = sum(told.rows.values())
    click.echo(f"{file}：{len(told.rows)} 张表 {rows} 行，佐证等文件 {told.files} 个，操作日志末条校验码 {told.head}")


def register(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(backup)
    app.cli.add_command(restore)
