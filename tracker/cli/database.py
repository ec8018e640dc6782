"""``db``: what Flask-Migrate offers, but for what would harm: tables are not unmade, nor said to be there unseen."""

from flask import Flask
from flask_migrate.cli import db

from tracker.cli import translate_help

HARMFUL = ("init", "downgrade", "stamp")


def register(_app: Flask) -> None:
    """Take the harmful commands away, and explain the others."""
    for name in HARMFUL:
        db.commands.pop(name, None)
    translate_help(db)
