"""A server of PostgreSQL on another machine whose cable is pulled while a web server holds connections to it."""

import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import ROOT

from tests.deploy.databases import USER, ensure_user, program, run
from tests.deploy.hosts import Host, network, wait_for

# The first line tells that a connection lies in the pool, the last that whoever takes it is told that nobody is there.
ASKS = """
import sys
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError
from tracker.core.db import engine_options
engine = create_engine(sys.argv[1], **engine_options(sys.argv[1]))
for word in ("pooled", "answered"):
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT pg_sleep(12)" if word == "pooled" else "SELECT 1"))
    except OperationalError:
        word = "gone"
    print(word, flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def hosts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Host]]:
    """A web machine, and one with a database that answers."""
    if os.geteuid():
        pytest.skip("several hosts take root")
    ensure_user()
    with (
        tempfile.TemporaryDirectory(prefix="gone", ignore_cleanup_errors=True) as name,
        network({"database": 11, "web": 21}) as hosts,
    ):
        folder = Path(name)
        folder.chmod(0o777)
        data, database = folder / "data", hosts["database"]
        run("initdb", "--auth=trust", "--username=postgres", f"--pgdata={data}")
        with (data / "pg_hba.conf").open("a") as stream:
            stream.write("host all all 10.77.0.0/24 trust\n")
        places = ("-c", f"listen_addresses={database.address}", "-c", "unix_socket_directories=")
        database.start(program("postgres"), "-D", str(data), *places, log=folder / "log", user=USER)
        wait_for(lambda: "ready to accept connections" in (folder / "log").read_text(), "the database answers")
        yield hosts


def test_a_connection_to_a_server_that_is_gone_hangs_nobody_and_a_long_statement_is_not_cut_off(
    hosts: dict[str, Host], tmp_path: Path
) -> None:
    log, answers = tmp_path / "log", tmp_path / "answers"
    os.mkfifo(answers)
    url = f"postgresql+psycopg://postgres@{hosts['database'].address}/postgres"
    command = ("sh", "-c", f'exec {sys.executable} -c "$ASKS" {url} <{answers}')
    hosts["web"].start(*command, log=log, ASKS=ASKS, PYTHONPATH=str(ROOT))
    with answers.open("w", buffering=1) as go_on:
        wait_for(lambda: "pooled" in log.read_text(), "a long statement is answered")
        hosts["database"].cut()
        go_on.write("\n")
        wait_for(lambda: "gone" in log.read_text(), "it is told that nobody is there")
