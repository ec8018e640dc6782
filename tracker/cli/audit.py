"""``audit verify``: whether the trail still is what was written."""

import json
import sys

import click
from flask import Flask
from flask.cli import AppGroup

from tracker.audit.operations import verify_trail
from tracker.audit.wording import FAULTS
from tracker.core.db import db

group = AppGroup("audit", help="The trail of acts.")


@group.command("verify")
@click.option("--json", "as_data", is_flag=True, help="print JSON")
def verify(as_data: bool) -> None:
    """Check the whole chain; the exit code is 1 when it is broken anywhere."""
    rows, head, breaks = verify_trail(db.session())
    broken = [{"row": each.row, "what": each.what} for each in breaks]
    if as_data:
        click.echo(json.dumps({"rows": rows, "head": head, "broken": broken}, ensure_ascii=False, indent=1))
    else:
        click.echo(f"共 {rows} 条，末条校验码 {head}" if not breaks else f"发现 {len(breaks)} 处问题")
    for each in breaks:
        click.echo(f"第 {each.row} 条：{FAULTS[each.what]}", err=True)
    sys.exit(1 if breaks else 0)


def register(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(group)
