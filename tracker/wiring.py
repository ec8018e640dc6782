"""Where the house is put together: which rooms have pages or commands, and which hooks they fill."""

from importlib import import_module

from flask import Flask

from tracker.audit import operations as audit
from tracker.core import hooks
from tracker.figures.rules import print_rate
from tracker.intake import queries as intake
from tracker.items.operations import changes

# Features with a ``views`` module holding ``blueprint``.
PAGES: tuple[str, ...] = (
    "shell",
    "sources",
    "intake",
    "org",
    "desk",
    "figures",
    "closure",
)

# Modules of ``tracker.cli`` with a function ``register(app)``.
COMMANDS: tuple[str, ...] = (
    "demo",
    "intake",
)


# Features whose ``models`` hold tables.
TABLES = (
    "audit",
    "closure",
    "intake",
    "items",
    "org",
    "outbox",
    "progress",
    "reminders",
    "settings",
    "sources",
    "work",
)


def load_tables() -> None:
    """Load every table, so that relationships and migrations know them all."""
    for feature in TABLES:
        import_module(f"tracker.{feature}.models")


def fill_hooks() -> None:
    """Hang every function that a lower room asks an upper one for."""
    hooks.fill("before_commit", audit.append)
    hooks.fill("after_rollback", audit.forget)
    hooks.fill("after_rollback", changes.forget)
    hooks.fill("waits_for_stamp", changes.waits_for_stamp)
    hooks.fill("stamp", changes.stamp)
    hooks.fill("items_of_source", intake.list_of_source)
    hooks.fill("count_by_source", intake.count_by_source)
    hooks.fill("print_rate", print_rate)


def register(app: Flask) -> None:
    """Register the pages and commands of all rooms."""
    for feature in PAGES:
        app.register_blueprint(import_module(f"tracker.{feature}.views").blueprint)
    for name in COMMANDS:
        import_module(f"tracker.cli.{name}").register(app)
