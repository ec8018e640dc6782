"""Jobs by hand and by schedulers: leases, records, commands."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from unittest import mock

import pytest
import time_machine
from factories import a_unit, an_account
from flask import Flask
from psycopg.errors import IdleInTransactionSessionTimeout, ReadOnlySqlTransaction
from sqlalchemy.exc import InternalError, OperationalError

from tests.outbox.sinks import send_at_any_hour
from tests.outbox.trials import messages, queue
from tracker.access.rules import Role
from tracker.core import clock
from tracker.core.db import db, writing
from tracker.core.errors import Busy, NotFound
from tracker.jobs.registry import JOBS, Job, get_job
from tracker.jobs.running import run_now, sweep
from tracker.jobs.scheduling import Sweeper
from tracker.outbox.rules import Channel
from tracker.work import operations, queries


def a_job(function: Any = lambda at: {"done": 1}) -> Job:
    return Job("trial", 60, function, "试验")


def result() -> Mapping[str, Any]:
    session = db.session()
    session.rollback()
    session.expire_all()
    told: Mapping[str, Any] = json.loads(queries.list_runs(session)["trial"].result)
    return told


def test_a_job_that_somebody_runs_is_not_run_a_second_time(app: Flask) -> None:
    inner: list[object] = []

    def function(at: datetime) -> dict[str, int]:
        inner.append(sweep(a_job(), token="second"))
        return {"done": 1}

    assert sweep(a_job(function), token="first") == {"done": 1}
    assert inner == [None]
    assert sweep(a_job(), token="second") == {"done": 1}, "let go of at the end"


def test_a_killed_scheduler_s_job_is_taken_up_a_minute_later(app: Flask) -> None:
    with writing():
        assert operations.take("trial", token="killed")
    assert sweep(a_job(), token="next") is None
    with time_machine.travel(clock.now() + timedelta(seconds=61)):
        assert sweep(a_job(), token="next") == {"done": 1}


def test_a_beating_scheduler_keeps_its_job_however_long_it_takes(app: Flask) -> None:
    with writing():
        operations.take("trial", token="slow")
    with time_machine.travel(clock.now() + timedelta(seconds=45)), writing():
        operations.beat("slow")
    with time_machine.travel(clock.now() + timedelta(seconds=90)):
        assert sweep(a_job(), token="next") is None


def test_a_job_whose_end_could_not_be_noted_is_free_again_although_its_scheduler_lives(app: Flask) -> None:
    scheduler = Sweeper(app)
    gone = OperationalError("UPDATE job_run", {}, Exception("server closed the connection"))
    with mock.patch("tracker.work.operations.finish", side_effect=gone):
        scheduler.sweep(a_job())
    with time_machine.travel(clock.now() + timedelta(seconds=45)):
        scheduler.beat()
    assert sweep(a_job(), token="at once") is None
    with time_machine.travel(clock.now() + timedelta(seconds=90)):
        assert sweep(a_job(), token="next") == {"done": 1}


@pytest.mark.parametrize(
    ("gone", "said"),
    [
        (OperationalError("SELECT 1", {}, Exception("connection\n refused")), "connection refused"),
        (InternalError("BEGIN", {}, IdleInTransactionSessionTimeout("too idle"), None, True), "too idle"),
        (InternalError("UPDATE", {}, ReadOnlySqlTransaction("read-only")), "read-only"),
        (Busy("系统正忙"), "系统正忙"),
    ],
    ids=["refused", "cut off", "read-only", "busy"],
)
def test_a_scheduler_says_in_a_line_for_each_try_that_the_database_is_away(
    gone: Exception, said: str, app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    scheduler = Sweeper(app)
    with (
        mock.patch("tracker.work.queries.is_held", side_effect=gone),
        mock.patch("tracker.work.operations.beat", side_effect=gone),
    ):
        scheduler.sweep(a_job())
        scheduler.beat()
    assert [(record.getMessage(), record.exc_info) for record in caplog.records] == [
        (f"trial: database: {said}", None),
        (f"heartbeat: database: {said}", None),
    ]


def test_a_job_in_the_midst_of_which_the_database_went_says_so_in_a_line(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_at: datetime) -> dict[str, int]:
        raise OperationalError("SELECT 1", {}, Exception("connection refused"))

    assert sweep(a_job(fail), token="a") is None
    assert [(record.getMessage(), record.exc_info) for record in caplog.records] == [
        ("job trial failed: database: connection refused", None)
    ]


def test_what_ran_long_rests_nine_times_as_long_but_a_quarter_of_an_hour_at_most(app: Flask) -> None:
    start = clock.now()
    for seconds, rest in ((7, 63), (600, 900)):
        with time_machine.travel(start, tick=False) as traveller:
            job = replace(a_job(lambda _at, took=seconds: traveller.shift(took) or {"done": 1}), rests=True)
            end = start + timedelta(seconds=seconds)
            assert sweep(job, token="first") == {"done": 1}
            traveller.move_to(end + timedelta(seconds=rest - 1))
            assert sweep(job, token="too early") is None
            assert run_now(a_job(), clock.now()) == {"done": 1}, "by hand it waits for nobody"
        start = end + timedelta(seconds=2 * rest)


def test_what_must_not_wait_runs_again_at_once_and_a_wrong_clock_lets_nothing_rest_for_a_year(app: Flask) -> None:
    start = clock.now()
    with time_machine.travel(start, tick=False) as traveller:
        slow = a_job(lambda _at: traveller.shift(60) or {"done": 1})
        assert sweep(slow, token="first") == {"done": 1}
        assert sweep(slow, token="second") == {"done": 1}
    with time_machine.travel(start + timedelta(days=365), tick=False) as traveller:
        assert sweep(replace(slow, rests=True), token="a year ahead") == {"done": 1}
    with time_machine.travel(start + timedelta(minutes=5), tick=False) as traveller:
        assert sweep(replace(slow, rests=True), token="and back") == {"done": 1}


def test_a_failed_job_says_why_and_runs_again(app: Flask) -> None:
    def fail(_at: datetime) -> dict[str, int]:
        raise RuntimeError("no such luck")

    assert sweep(a_job(fail), token="a") is None
    assert result() == {"error": "RuntimeError: no such luck"}
    assert sweep(a_job(), token="a") == {"done": 1}
    assert result() == {"done": 1}


def test_a_run_by_hand_waits_for_nobody_and_is_noted(app: Flask) -> None:
    with writing():
        operations.take("trial", token="scheduler")
    assert run_now(a_job(), clock.now()) == {"done": 1}
    assert result() == {"done": 1}


def test_an_unknown_job_is_not_found() -> None:
    with pytest.raises(NotFound):
        get_job("nothing")


def run(app: Flask, *arguments: str) -> Any:
    return app.test_cli_runner().invoke(args=list(arguments))


def a_queued_mail(app: Flask) -> str:
    with app.app_context():
        send_at_any_hour()
        with writing():
            person = an_account("李磊", Role.LIAISON, a_unit(), mail="lilei@organ.example")
        queue(person, "a", numbers=["巡察2026-1-001"])
        return messages(Channel.MAIL)[0].key


def test_the_commands_print_the_shapes_that_scripts_read(empty_app: Flask) -> None:
    key = a_queued_mail(empty_app)
    told = run(empty_app, "jobs", "run", "queue-reminders", "--json")
    assert json.loads(told.stdout) == {"queued": 0, "dropped": 0}
    (row,) = [each for each in json.loads(run(empty_app, "outbox", "list", "--json").stdout) if each["key"] == key]
    assert list(row) == ["key", "to", "channel", "subject", "state", "queued_at", "sent_at", "attempts", "items"]
    assert (row["to"], row["channel"], row["state"]) == ("lilei@organ.example", "mail", "queued")
    assert row["items"] == ["巡察2026-1-001"]
    told = run(empty_app, "jobs", "run", "deliver-messages", "--at", "2030-01-01", "--json")
    assert json.loads(told.stdout) == {"sent": 1, "failed": 0, "skipped": 1, "dead": 0}
    assert [
        each["key"] for each in json.loads(run(empty_app, "outbox", "list", "--state", "skipped", "--json").stdout)
    ] == [key]
    jobs = json.loads(run(empty_app, "jobs", "list", "--json").stdout)
    assert [each["name"] for each in jobs] == [job.name for job in JOBS]
    results = {each["name"]: each["result"] for each in jobs}
    assert results["deliver-messages"] == {"sent": 1, "failed": 0, "skipped": 1, "dead": 0}
    assert run(empty_app, "outbox", "retry", key).exit_code == 0
    assert json.loads(run(empty_app, "outbox", "list", "--state", "queued", "--json").stdout)[0]["key"] == key


def test_without_json_jobs_are_told_in_words_at_the_hour_of_the_office(empty_app: Flask) -> None:
    with time_machine.travel(clock.instant_at(date(2026, 12, 1), 7, 30), tick=False):
        assert run(empty_app, "jobs", "run", "queue-reminders").stdout == "没有要做的（新增提醒 0 · 取消 0）\n"
        assert run(empty_app, "jobs", "run", "look-after-database").stdout == "已完成\n"
    lines = run(empty_app, "jobs", "list").stdout.splitlines()
    assert lines[0] == "生成填报（open-rounds）：每 60 秒，还没有运行过"
    assert lines[1] == "生成提醒（queue-reminders）：每 60 秒，2026-12-01 07:30 完成，新增提醒 0 · 取消 0"
    assert lines[4] == "维护数据库（look-after-database）：每 24 小时，2026-12-01 07:30 完成"
    assert len(lines) == len(JOBS)


def test_the_queue_is_listed_and_retried_by_state_channel_kind_and_person(empty_app: Flask) -> None:
    again = "已重新排队 / queued again:"
    key = a_queued_mail(empty_app)
    run(empty_app, "jobs", "run", "deliver-messages", "--json")
    for narrowed, found in (("--channel=mail", 1), ("--channel=sms", 0), ("--kind=trial", 2), ("--person=李", 2)):
        assert len(json.loads(run(empty_app, "outbox", "list", narrowed, "--json").stdout)) == found
    assert run(empty_app, "outbox", "retry", "--all", "dead", "--channel", "mail").stderr == f"{again} 0\n"
    assert run(empty_app, "outbox", "retry", "--all", "skipped", "--person", "王").stderr == f"{again} 0\n"
    assert run(empty_app, "outbox", "retry", "--all", "skipped", "--person", "李").stderr == f"{again} 1\n"
    assert json.loads(run(empty_app, "outbox", "list", "--state", "queued", "--json").stdout)[0]["key"] == key


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("outbox", "retry"), 2),
        (("outbox", "retry", "key", "--all", "dead"), 2),
        (("outbox", "retry", "--all", "sent"), 2),
        (("jobs", "run", "nothing"), 2),
        (("jobs", "run", "queue-reminders", "--at", "soon"), 2),
        (("jobs", "run", "queue-reminders", "--at", "9999-12-31T23:00:00+00:00"), 2),
        (("jobs", "run", "deliver-messages", "--at", "9999-12-31"), 2),
        (("outbox", "list", "--state", "lost"), 2),
        (("outbox", "retry", "nothing"), 1),
    ],
)
def test_refusals_exit_with_one_and_wrong_use_with_two(empty_app: Flask, arguments: tuple[str, ...], code: int) -> None:
    answer = run(empty_app, *arguments)
    assert (answer.exit_code, answer.stdout) == (code, "")
    assert answer.stderr
