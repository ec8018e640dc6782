"""Going back to a moment, as docs/growing.md tells it: a base backup of PostgreSQL and the segments archived since."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from conftest import config_for
from factories import a_unit, an_account
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import func, select

from tests.deploy.databases import USER, ensure_user, program, run
from tests.deploy.hosts import wait_for
from tests.outbox.sinks import free_port
from tracker import create_app
from tracker.access.rules import SYSTEM, Role
from tracker.audit.models import AuditEntry
from tracker.audit.operations import record, verify_trail
from tracker.core.db import db, writing
from tracker.org.models import Person, Unit

ARCHIVING = """
archive_mode = on
archive_command = 'test ! -f {wal}/%f && cp %p {wal}/.%f && mv {wal}/.%f {wal}/%f'
wal_level = replica
"""
GOING_BACK = """
restore_command = 'cp {wal}/%f %p'
recovery_target_time = '{moment}'
recovery_target_action = promote
archive_mode = off
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    if os.geteuid():
        pytest.skip("a server of its own user takes root")
    ensure_user()
    made = Path(tempfile.mkdtemp(prefix="back"))
    made.chmod(0o755)
    for name in ("data", "base", "wal"):
        (made / name).mkdir(mode=0o700)
        shutil.chown(made / name, USER, USER)
    yield made
    for name in ("data", "base"):
        command = [program("pg_ctl"), "stop", "-D", str(made / name), "-m", "immediate"]
        subprocess.run(command, user=USER, capture_output=True, check=False)
    shutil.rmtree(made)


def started(folder: Path, settings: str) -> str:
    """Start a server over a folder; its address."""
    port = free_port()
    with (folder / "postgresql.conf").open("a") as stream:
        stream.write(f"port = {port}\nlisten_addresses = '127.0.0.1'\nunix_socket_directories = ''\n{settings}")
    run("pg_ctl", "start", "-w", "-D", str(folder), "-l", str(folder / "log"))
    return f"postgresql://postgres@127.0.0.1:{port}"


def an_app(server: str, folder: Path) -> Flask:
    return create_app(config_for(server.replace("postgresql://", "postgresql+psycopg://") + "/rectify", folder))


def hire(app: Flask, name: str) -> None:
    with app.app_context(), writing():
        unit = db.session.scalars(select(Unit).order_by(Unit.id)).first() or a_unit("市直机关工委")
        an_account(name, Role.LIAISON, unit)
        record(SYSTEM, "person.add", name)


def test_a_database_comes_back_as_it_was_at_a_moment(folder: Path, tmp_path: Path) -> None:
    run("initdb", "--auth=trust", "--username=postgres", f"--pgdata={folder / 'data'}")
    server = started(folder / "data", ARCHIVING.format(wal=folder / "wal"))
    with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
        admin.execute("CREATE DATABASE rectify")
        app = an_app(server, tmp_path)
        with app.app_context():
            upgrade()
        hire(app, "李磊")
        run("pg_basebackup", "--checkpoint=fast", f"--pgdata={folder / 'base'}", f"--dbname={server}/postgres")
        hire(app, "王敏")
        (moment,) = admin.execute("SELECT clock_timestamp()").fetchone() or ("",)
        hire(app, "孙浩")
        # The segment in which it all happened is finished and kept.
        (segment,) = admin.execute("SELECT pg_walfile_name(pg_switch_wal())").fetchone() or ("",)
        wait_for(lambda: (folder / "wal" / segment).exists(), "the segment is archived")
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
    run("pg_ctl", "stop", "-D", str(folder / "data"), "-m", "immediate")
    (folder / "base" / "recovery.signal").touch()
    back = an_app(started(folder / "base", GOING_BACK.format(wal=folder / "wal", moment=moment)), tmp_path)
    with back.app_context():
        assert set(db.session.scalars(select(Person.name))) == {"李磊", "王敏"}
        assert verify_trail(db.session())[2] == []
        before = db.session.scalar(select(func.count()).select_from(AuditEntry))
    hire(back, "赵刚")
    with back.app_context():
        assert verify_trail(db.session())[2] == []
        assert db.session.scalar(select(func.count()).select_from(AuditEntry)) == (before or 0) + 1
        db.session.remove()
        db.engine.dispose()
