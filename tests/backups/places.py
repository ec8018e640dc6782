"""Where backups are taken to, and whether they came there."""

from collections.abc import Callable
from pathlib import Path

from flask import Flask

from tracker.audit.operations import verify_trail
from tracker.backups import operations, packing
from tracker.backups.databases import database_of
from tracker.backups.manifest import Manifest
from tracker.core import files
from tracker.core.db import db
from tracker.core.queries import list_hashes

Elsewhere = Callable[[], Flask]


def backed_up(app: Flask, target: Path) -> Manifest:
    with app.app_context():
        return operations.back_up(target)


def is_empty(app: Flask) -> bool:
    """Neither table nor file nor anything left over."""
    with app.app_context():
        no_files = not any(path.is_file() for path in files.folder().rglob("*"))
        no_rest = not (Path(app.config["TRACKER_DATA_DIR"]) / operations.RESTORING).exists()
        return database_of(db.engine).is_empty() and no_files and no_rest


def check_restored(app: Flask, told: Manifest) -> None:
    with app.app_context():
        rows, head, breaks = verify_trail(db.session())
        assert (rows, head, breaks) == (told.rows["audit_entry"], told.head, [])
        hashes = list_hashes(db.session())
        assert len(hashes) == told.files
        for sha256 in hashes:
            assert packing.sha256_of(files.path_of(sha256)) == sha256
