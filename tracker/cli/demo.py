"""``demo load`` and ``demo people``."""

import click
from flask import Flask
from flask.cli import AppGroup

from tracker.core.errors import DomainError
from tracker.demo import people
from tracker.demo.loading import is_loaded, load

group = AppGroup("demo", help="A made-up committee office.")


@group.command("load")
def load_demo() -> None:
    """Load the demo office into an empty database; loading it twice changes nothing."""
    try:
        is_new = load()
    except DomainError as error:
        click.echo(str(error), err=True)
        raise SystemExit(1) from error
    click.echo("演示数据已装入 / demo loaded" if is_new else "演示数据已在 / demo is there already", err=True)


@group.command("people")
def print_people() -> None:
    """Print the sign-ins of the demo, where it is loaded."""
    if not is_loaded():
        raise click.ClickException("这里没有装入演示数据，没有演示账号 / no demo is loaded here, so it has no people")
    click.echo(f"演示账号，密码均为 / demo sign-ins, password of all: {people.PASSWORD}")
    for person in people.PEOPLE:
        click.echo(f"  {person.login:<16}{person.name}  {person.title}")


def register(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(group)
