"""Where the house is put together: which rooms have pages or commands, and which hooks they fill."""

from importlib import import_module

from flask import Flask

from tracker.audit import operations as audit
from tracker.core import hooks
from tracker.figures.rules import print_rate
from tracker.intake import queries as intake
from tracker.items import wording as items_wording
from tracker.items.operations import changes
from tracker.org import wording as org_wording
from tracker.org.queries import names_of
from tracker.org.signing_in import origin
from tracker.progress.operations import lay_down_typed
from tracker.reminders import digests, notices
from tracker.reminders.operations import note_told
from tracker.reminders.upcoming import next_reminder
from tracker.settings import rules as settings_rules

# Features with a ``views`` module holding ``blueprint``.
PAGES: tuple[str, ...] = (
    "shell",
    "org",
    "settings",
    "audit",
    "sources",
    "items",
    "intake",
    "figures",
    "reports",
    "progress",
    "closure",
    "reminders",
    "desk",
    "outbox",
    "jobs",
)

# Modules of ``tracker.cli`` with a function ``register(app)``.
COMMANDS: tuple[str, ...] = (
    "setup_code",
    "items",
    "users",
    "audit",
    "demo",
    "intake",
    "figures",
    "reports",
    "jobs",
    "outbox",
    "scheduler",
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
    hooks.fill("origin", origin)
    hooks.fill("names_of", names_of)
    for words_of in (settings_rules.words_of, org_wording.words_of, items_wording.words_of):
        hooks.fill("words_of", words_of)
    hooks.fill("items_of_source", intake.list_of_source)
    hooks.fill("count_by_source", intake.count_by_source)
    hooks.fill("print_rate", print_rate)
    hooks.fill("measures_typed", lay_down_typed)
    hooks.fill("issued", notices.issued)
    hooks.fill("reassignment_asked", notices.reassignment_asked)
    hooks.fill("reassignment_decided", notices.reassignment_decided)
    hooks.fill("application_waits", notices.application_waits)
    hooks.fill("application_decided", notices.application_decided)
    hooks.fill("render:notice", notices.render)
    hooks.fill("render:reminder_digest", digests.render)
    hooks.fill("next_reminder", next_reminder)
    hooks.fill("parts_told", note_told)


def register(app: Flask) -> None:
    """Register the pages and commands of all rooms."""
    for feature in PAGES:
        app.register_blueprint(import_module(f"tracker.{feature}.views").blueprint)
    for name in COMMANDS:
        import_module(f"tracker.cli.{name}").register(app)
