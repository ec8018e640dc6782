"""``flask scheduler``: the process that runs the jobs."""

import click
from flask import Flask, current_app


@click.command("scheduler")
def scheduler() -> None:
    """Run the jobs until stopped. A second scheduler does no harm."""
    from tracker.jobs.scheduling import run

    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    run(app)


def register(app: Flask) -> None:
    """Add the command."""
    app.cli.add_command(scheduler)
