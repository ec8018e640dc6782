"""What lies where a backup is restored, and a trail that did not hold together before."""

import io
from pathlib import Path
from unittest import mock

import pytest
from flask import Flask
from sqlalchemy import text

from tests.backups.places import Elsewhere, backed_up, check_restored
from tests.closure.closing_office import ClosingOffice
from tests.databases import behind_the_back
from tracker.audit.operations import verify_trail
from tracker.backups import operations
from tracker.core import files
from tracker.core.db import db
from tracker.core.errors import Conflict, DomainError


def test_a_trail_that_does_not_hold_together_is_told_and_comes_back_as_it_was(
    empty_app: Flask, office: ClosingOffice, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    with empty_app.app_context(), behind_the_back() as connection:
        connection.execute(
            text("UPDATE audit_entry SET subject = 'altered' WHERE id = (SELECT min(id) FROM audit_entry)")
        )
    done = empty_app.test_cli_runner().invoke(args=["backup", str(tmp_path / "backup.tar")])
    assert (done.exit_code, "操作日志有 1 处对不上" in done.stderr) == (0, True), done.output
    there = elsewhere()
    with there.app_context():
        operations.verify(tmp_path / "backup.tar")
        operations.restore(tmp_path / "backup.tar")
        assert len(verify_trail(db.session())[2]) == 1


def test_evidence_of_somebody_is_never_taken_for_what_a_restoration_left_behind(
    empty_app: Flask, office: ClosingOffice, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    target, there = tmp_path / "backup.tar", elsewhere()
    backed_up(empty_app, target)
    with there.app_context():
        folder = files.folder().parent
        # As a power cut leaves it behind the last step; months later the database alone is moved away.
        (folder / operations.RESTORING).mkdir()
        kept = files.store(io.BytesIO(b"uploaded since"), limit_bytes=100)
        with pytest.raises(Conflict, match="1 个不在这份备份里"):
            operations.restore(target)
        assert files.path_of(kept.sha256).read_bytes() == b"uploaded since"
        assert not (folder / operations.RESTORING).exists()


def test_files_of_the_backup_itself_may_lie_there_and_stay_when_it_fails(
    empty_app: Flask, office: ClosingOffice, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    target, there = tmp_path / "backup.tar", elsewhere()
    told = backed_up(empty_app, target)
    with there.app_context():
        kept = files.store(io.BytesIO(b"proof 1" * 100), limit_bytes=1000)
        fails = mock.patch("tracker.backups.operations._check_same", side_effect=DomainError("no"))
        with fails, pytest.raises(DomainError):
            operations.restore(target)
        assert [path.name for path in files.folder().rglob("*") if path.is_file()] == [kept.sha256]
        operations.restore(target)
    check_restored(there, told)
