"""``setup-code``: what the first-run page asks for, while there is nobody to ask."""

import click
from flask import Flask, current_app

from tracker.core.db import db
from tracker.org import queries
from tracker.org.setup import setup_code


@click.command("setup-code")
def print_setup_code() -> None:
    """Print the set-up code of an empty system; nothing once it is set up."""
    if not queries.is_set_up(db.session()):
        click.echo(f"首次使用：请在页面上输入初始化码 / first run: enter the set-up code  {setup_code(current_app)}")


def register(app: Flask) -> None:
    """Add the command."""
    app.cli.add_command(print_setup_code)
