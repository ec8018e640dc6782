"""What machines ask of the program, and what its administrator sees."""

import re
from pathlib import Path
from unittest import mock

import pytest
from factories import a_unit, an_account, sign_in
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text

from tests.databases import revised
from tracker.access.rules import Role
from tracker.backups import operations
from tracker.core import clock
from tracker.core.db import db, writing
from tracker.outbox.rules import Channel, MessageState
from tracker.work import operations as work

ELSEWHERE = {"REMOTE_ADDR": "10.9.8.7"}


def metrics(client: FlaskClient) -> dict[tuple[str, tuple[str, ...]], float]:
    """Every figure by its name and the values of its labels."""
    answer = client.get("/metrics")
    assert answer.status_code == 200
    return {
        (sample.name, tuple(sample.labels.values())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }


def test_it_says_that_it_lives_without_asking_the_database(client: FlaskClient) -> None:
    with mock.patch("sqlalchemy.engine.Engine.connect", side_effect=AssertionError):
        answer = client.get("/healthz", environ_base=ELSEWHERE)
    assert (answer.status_code, answer.text) == (200, "ok\n")


def test_it_is_ready_when_database_schema_and_files_are(client: FlaskClient) -> None:
    answer = client.get("/readyz", environ_base=ELSEWHERE)
    assert (answer.status_code, answer.get_json()) == (200, {"ready": True})


def test_it_is_not_ready_on_a_schema_that_is_too_old_but_on_one_that_is_newer(
    empty_app: Flask, client: FlaskClient
) -> None:
    with revised(empty_app, "0028"):
        answer = client.get("/readyz")
        assert (answer.status_code, list(answer.get_json())) == (503, ["ready", "schema"])
    with revised(empty_app, "9999"):
        assert client.get("/readyz").status_code == 200


def test_it_is_not_ready_without_its_database(
    tmp_path: Path, empty_app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with empty_app.app_context():
        db.session.remove()
        db.engine.dispose()
    monkeypatch.setattr("sqlalchemy.pool.base.Pool.connect", mock.Mock(side_effect=db_gone()))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.get_json()["database"]) == (503, "unreachable")


def db_gone() -> Exception:
    from sqlalchemy.exc import OperationalError

    return OperationalError("SELECT 1", {}, Exception("connection refused"))


def test_it_is_not_ready_when_its_files_cannot_be_written(client: FlaskClient) -> None:
    with mock.patch("os.access", return_value=False):
        answer = client.get("/readyz")
    assert (answer.status_code, answer.get_json()["files"]) == (503, "not writable")


def test_the_figures_are_for_the_addresses_of_the_list_alone(client: FlaskClient) -> None:
    assert client.get("/metrics", environ_base=ELSEWHERE).status_code == 404
    # Without a proxy that is believed, nobody becomes somebody else by saying so.
    told = client.get("/metrics", environ_base=ELSEWHERE, headers={"X-Forwarded-For": "127.0.0.1"})
    assert told.status_code == 404
    assert client.get("/metrics").status_code == 200


def test_the_figures_count_requests_messages_and_signs_of_life(empty_app: Flask, client: FlaskClient) -> None:
    with empty_app.app_context():
        with writing():
            person = an_account("李磊", Role.LIAISON, a_unit())
            work.take("queue-reminders", token="a")
        from tests.outbox.trials import queue

        queue(person, "a", numbers=["巡察2026-1-001"])
        now = clock.now().timestamp()
    before = metrics(client).get(("rectify_request_seconds_count", ("org.sign_in", "GET", "2xx")), 0)
    client.get("/sign-in")
    told = metrics(client)
    assert told["rectify_request_seconds_count", ("org.sign_in", "GET", "2xx")] == before + 1
    assert told["rectify_messages", (str(Channel.INBOX), str(MessageState.QUEUED))] == 1
    assert abs(told["rectify_scheduler_beat_timestamp_seconds", ()] - now) < 60
    assert told["rectify_database_bytes", ()] > 0
    assert ("rectify_backup_verified_timestamp_seconds", ()) not in told


def test_a_method_of_a_strangers_making_makes_no_figure_of_its_own(empty_app: Flask, client: FlaskClient) -> None:
    with empty_app.app_context(), writing():
        an_account("系统员", Role.ADMINISTRATOR, a_unit("市直机关工委"))
    for number in range(3):
        client.open(f"/nowhere-{number}", method=f"X{number}")
    names = {labels for name, labels in metrics(client) if name == "rectify_request_seconds_count"}
    assert ("none", "none", "4xx") in names
    assert {method for _endpoint, method, _status in names} <= {"GET", "POST", "none"}


def test_the_administrator_sees_how_the_system_stands_and_nobody_else(empty_app: Flask, client: FlaskClient) -> None:
    with empty_app.app_context(), writing():
        keeper = an_account("系统员", Role.ADMINISTRATOR, a_unit("市直机关工委"))
        reader = an_account("李磊", Role.OFFICE, a_unit("组织部"))
        work.take("queue-reminders", token="a")
    sign_in(client, keeper)
    page = client.get("/operations/system").text
    words = re.sub(r"<[^>]+>|\s+", " ", page)
    with empty_app.app_context():
        schema = str(db.session.execute(text("SELECT version_num FROM alembic_version")).scalar_one())
    for told in ("表结构版本", schema, "剩余", "最近心跳", "待发送的消息", "还没有备份", "每天自动备份"):
        assert told in words, told
    with empty_app.app_context(), writing():
        operations.note_failed(operations.note_begun("20261129-020000", taken_at=clock.now()), "找不到 pg_dump")
    page = client.get("/operations/system").text
    assert ("找不到 pg_dump" in page, "没有做成" in page, "还没有备份" in page) == (True, True, False)
    sign_in(client, reader)
    assert client.get("/operations/system").status_code == 403


def test_an_administrator_is_warned_before_the_disk_is_full(empty_app: Flask, client: FlaskClient) -> None:
    with empty_app.app_context(), writing():
        keeper = an_account("系统员", Role.ADMINISTRATOR, a_unit("市直机关工委"))
        reader = an_account("李磊", Role.OFFICE, a_unit("组织部"))
    sign_in(client, keeper)
    assert "磁盘快满了" not in client.get("/messages").text
    with mock.patch("shutil.disk_usage", return_value=mock.Mock(free=5, total=100)):
        assert "磁盘快满了" in client.get("/messages").text
        sign_in(client, reader)
        assert "磁盘快满了" not in client.get("/messages").text
