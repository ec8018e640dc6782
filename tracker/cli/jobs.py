"""``flask jobs``: run one by hand, see what they did last."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import click
from flask import Flask
from flask.cli import AppGroup

from tracker.cli.values import INSTANT
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import DomainError
from tracker.core.i18n import format_datetime
from tracker.jobs.registry import JOBS, Job, get_job
from tracker.jobs.running import run_now
from tracker.jobs.wording import every_words, result_words
from tracker.work.models import JobRun
from tracker.work.queries import list_runs

group = AppGroup("jobs", help="What runs by itself every minute.")


@group.command("run")
@click.argument("name", type=click.Choice([job.name for job in JOBS]))
@click.option("--at", type=INSTANT, help="as if it were this instant, or the end of this day; now when left out")
@click.option("--json", "as_data", is_flag=True, help="print JSON")
def run_job(name: str, at: datetime | None, as_data: bool) -> None:
    """Run a job once. --at moves what is due; records keep the true time."""
    try:
        result = run_now(get_job(name), at or clock.now())
    except DomainError as error:
        raise click.ClickException(str(error)) from error
    click.echo(json.dumps(dict(result)) if as_data else _told(result))


@group.command("list")
@click.option("--json", "as_data", is_flag=True, help="print JSON")
def list_jobs(as_data: bool) -> None:
    """Tell each job, how often it runs, and its last run."""
    runs = list_runs(db.session())
    if as_data:
        click.echo(json.dumps([_row(job, runs.get(job.name)) for job in JOBS], ensure_ascii=False, indent=1))
        return
    for job in JOBS:
        told = "，".join(_in_words(runs.get(job.name)))
        click.echo(f"{job.label}（{job.name}）：{every_words(job.every_seconds)}，{told}")


def _told(result: Mapping[str, int]) -> str:
    words = result_words(result) or "已完成"
    return words if not result or any(result.values()) else f"没有要做的（{words}）"


def _in_words(run: JobRun | None) -> Iterator[str]:
    if run is None or run.finished_at is None:
        yield "还没有做完过" if run else "还没有运行过"
        return
    yield f"{format_datetime(run.finished_at, 'short')} 完成"
    if told := result_words(json.loads(run.result or "{}")):
        yield told


def _row(job: Job, run: JobRun | None) -> dict[str, Any]:
    def told(name: str) -> str | None:
        instant: datetime | None = getattr(run, name, None)
        return instant.isoformat() if instant else None

    return {
        "name": job.name,
        "every_seconds": job.every_seconds,
        "started_at": told("started_at"),
        "finished_at": told("finished_at"),
        "heartbeat_at": told("heartbeat_at"),
        "result": json.loads(run.result) if run and run.result else None,
    }


def register(app: Flask) -> None:
    """Add the commands."""
    app.cli.add_command(group)
