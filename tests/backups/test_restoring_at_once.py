"""While a backup is restored somebody else does the same, or begins to work there."""

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import select

from tests.backups.places import Elsewhere, backed_up, check_restored
from tests.closure.closing_office import ClosingOffice
from tracker.access.rules import SYSTEM
from tracker.audit.models import AuditEntry
from tracker.audit.operations import record
from tracker.backups import operations, packing
from tracker.core import files
from tracker.core.db import db, writing
from tracker.core.errors import Conflict, DomainError


def meanwhile(act: Callable[[], object]) -> Any:
    """Something happens while a restoration has begun and not read anything yet."""
    unpack = packing.unpack

    def acted(*words: Any, **more: Any) -> Any:
        with mock.patch("tracker.backups.operations.unpack", unpack):
            act()
        return unpack(*words, **more)

    return mock.patch("tracker.backups.operations.unpack", acted)


@pytest.fixture
def target(empty_app: Flask, office: ClosingOffice, tmp_path: Path) -> Path:
    """A backup of the office."""
    backed_up(empty_app, tmp_path / "backup.tar")
    return tmp_path / "backup.tar"


@pytest.fixture
def there(elsewhere: Elsewhere) -> Flask:
    """Where nothing is yet."""
    return elsewhere()


def test_another_restoration_that_is_begun_meanwhile_is_refused_and_harms_nothing(
    there: Flask, target: Path, tmp_path: Path
) -> None:
    def restore_as_well() -> None:
        with pytest.raises(Conflict, match="正在恢复"):
            operations.restore(target)

    with there.app_context(), meanwhile(restore_as_well):
        told = operations.restore(target)
    check_restored(there, told)
    assert [path.name for path in (tmp_path / "there0").glob(".*")] == []


def test_what_was_entered_meanwhile_is_not_thrown_away(there: Flask, target: Path) -> None:
    def begin_anew() -> None:
        upgrade()
        with writing():
            record(SYSTEM, "trial", "entered meanwhile")
        db.session.remove()
        uploaded.append(files.path_of(files.store(io.BytesIO(b"uploaded meanwhile"), limit_bytes=100).sha256))

    uploaded: list[Path] = []
    with there.app_context(), meanwhile(begin_anew), pytest.raises(DomainError):
        operations.restore(target)
    with there.app_context():
        assert "entered meanwhile" in db.session.scalars(select(AuditEntry.subject)).all()
    assert uploaded[0].read_bytes() == b"uploaded meanwhile"
