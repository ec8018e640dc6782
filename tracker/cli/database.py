"""``db``: what Flask-Migrate offers, but for what would harm. The way back is a restored backup; no table is unmade."""

from flask import Flask
from flask_migrate.cli import db

HARMFUL = ("init", "downgrade")


def register(_app: Flask) -> None:
    """Take the harmful commands away."""
    for name in HARMFUL:
        db.commands.pop(name, None)
