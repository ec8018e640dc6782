"""``db``: what Flask-Migrate offers, but for what would harm. The way back is a restored backup; no table is unmade."""

from flask import Flask
from flask_migrate.cli import db

from tracker.cli import translate_help

HARMFUL = ("init", "downgrade")


def register(_app: Flask) -> None:
    """Take the harmful commands away, and explain the others."""
    for name in HARMFUL:
        db.commands.pop(name, None)
    translate_help(db)
