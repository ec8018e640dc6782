"""``files tidy``: what lies in the store and belongs to nothing. ``files send``: to the object store what it lacks."""

import json
import sys
from datetime import timedelta

import click
from flask import Flask
from flask.cli import AppGroup

from tracker.core import clock, files, object_store
from tracker.core.db import db
from tracker.core.errors import DomainError, NotFound
from tracker.core.queries import list_hashes
from tracker.core.tidying import clear, look

group = AppGroup("files", help="The store of uploaded files.")

# What came in the last day may belong to a change that is not committed yet, or to a form still being filled in.
KEPT_FOR = timedelta(days=1)


@group.command("tidy")
@click.option("--delete", is_flag=True, help="delete them; without it they are only told")
@click.option("--json", "as_data", is_flag=True, help="print JSON")
def tidy(delete: bool, as_data: bool) -> None:
    """Tell the files older than a day that nothing names, and those named that are missing (exit code 1)."""
    before = clock.now() - KEPT_FOR
    try:
        found = look(_named(), before=before)
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    gone = clear(found.leftovers, named=_named, before=before) if delete else []
    size_bytes = sum(each.size_bytes for each in found.leftovers)
    if as_data:
        told = {
            "kept": found.kept,
            "leftovers": [each.path.name for each in found.leftovers],
            "size_bytes": size_bytes,
            "deleted": len(gone),
            "missing": list(found.missing),
        }
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
    else:
        click.echo(f"在用 {found.kept} 个，无主 {len(found.leftovers)} 个（{size_bytes} 字节），已删除 {len(gone)} 个")
    if found.leftovers and not delete:
        click.echo("加 --delete 删除无主文件 / add --delete to delete what belongs to nothing", err=True)
    for sha256 in found.missing:
        click.echo(f"缺失 / missing: {sha256}", err=True)
    sys.exit(1 if found.missing else 0)


@group.command("send")
def send() -> None:
    """Copy named files that the object store lacks out of the folder into it; exit code 1 when one is in neither."""
    store = object_store.find()
    if store is None:
        raise click.ClickException("没有设置对象存储 / TRACKER_OBJECT_STORE is not set")
    sent = lost = 0
    try:
        for sha256 in sorted(_named() - store.sizes().keys()):
            try:
                files.hand_over(files.path_of(sha256), sha256)
                sent += 1
            except NotFound:
                click.echo(f"缺失 / missing: {sha256}", err=True)
                lost += 1
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"已送入对象存储 {sent} 个 / sent to the object store: {sent}")
    sys.exit(1 if lost else 0)


def _named() -> set[str]:
    session = db.session()
    try:
        return list_hashes(session)
    finally:
        session.rollback()


def register(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(group)
