"""Where the house is put together: which rooms have pages or commands, and which hooks they fill."""

from functools import partial
from importlib import import_module
from typing import Any

from flask import Flask

from tracker.amendments.operations import KIND as AMENDMENT
from tracker.amendments.operations import change_issued
from tracker.archives.guarding import refuse_archived
from tracker.archives.queries import find_present
from tracker.audit import operations as audit
from tracker.cli import translate_help
from tracker.closure import operations as closure
from tracker.closure import rules as closure_rules
from tracker.closure.obstacles import list_obstacles
from tracker.closure.operations import declaring
from tracker.core import hooks
from tracker.corrections import rules as corrections_rules
from tracker.corrections.operations import KIND as CORRECTION
from tracker.extensions import letters as extensions
from tracker.extensions import rules as extensions_rules
from tracker.extensions.operations import asking
from tracker.figures.rules import print_rate
from tracker.handovers import letters as handovers
from tracker.handovers import rules as handovers_rules
from tracker.handovers.queries import count_held
from tracker.intake import queries as intake
from tracker.items import wording as items_wording
from tracker.items.operations import changes
from tracker.meetings import letters as meetings
from tracker.meetings import operations as meetings_operations
from tracker.meetings import rules as meetings_rules
from tracker.meetings.telling import last_meeting
from tracker.nudges import letters as nudges
from tracker.nudges.operations import draft_by_rule
from tracker.org import wording as org_wording
from tracker.org.queries import names_of
from tracker.org.signing_in import origin
from tracker.outbox import forwarding
from tracker.progress import rules as progress_rules
from tracker.progress.operations import lay_down_typed
from tracker.reinspections import letters as reinspections
from tracker.reinspections import rules as reinspections_rules
from tracker.reminders import alarms, digests, groups, notices
from tracker.reminders import wording as reminders_wording
from tracker.reminders.operations import note_told
from tracker.reminders.upcoming import next_reminder
from tracker.reports import kinds as reports_kinds
from tracker.requests import letters as requests_letters
from tracker.requests import operations as requests
from tracker.requests import rules as requests_rules
from tracker.rounds import letters
from tracker.rounds import rules as rounds_rules
from tracker.rounds.operations import entry_written
from tracker.settings import rules as settings_rules
from tracker.sources import queries as sources
from tracker.sources import wording as sources_wording

# Features with a ``views`` module holding ``blueprint``.
PAGES: tuple[str, ...] = (
    "shell",
    "org",
    "settings",
    "workdays",
    "audit",
    "sources",
    "items",
    "intake",
    "figures",
    "meetings",
    "reports",
    "own_files",
    "progress",
    "rounds",
    "closure",
    "extensions",
    "requests",
    "corrections",
    "amendments",
    "reinspections",
    "reminders",
    "submissions",
    "nudges",
    "handovers",
    "archives",
    "desk",
    "outbox",
    "outlets",
    "jobs",
    "monitoring",
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
    "files",
    "backup",
    "database",
)


# Features whose ``models`` hold tables.
TABLES = (
    "amendments",
    "archives",
    "audit",
    "backups",
    "closure",
    "corrections",
    "extensions",
    "figures",
    "handovers",
    "intake",
    "items",
    "meetings",
    "nudges",
    "org",
    "outbox",
    "outlets",
    "own_files",
    "progress",
    "reinspections",
    "reminders",
    "reports",
    "rounds",
    "settings",
    "sources",
    "submissions",
    "work",
    "workdays",
)


# What has words for the codes that stand in the trail.
WORDED = (
    settings_rules,
    org_wording,
    items_wording,
    progress_rules,
    closure_rules,
    extensions_rules,
    corrections_rules,
    requests_rules,
    reinspections_rules,
    reminders_wording,
    rounds_rules,
    handovers_rules,
    meetings_rules,
    reports_kinds,
    sources_wording,
)


def load_tables() -> None:
    """Load every table, so that relationships and migrations know them all."""
    for feature in TABLES:
        import_module(f"tracker.{feature}.models")


def fill_hooks() -> None:
    """Hang every function that a lower room asks an upper one for."""
    hooks.fill("before_flush", refuse_archived)
    hooks.fill("before_commit", audit.append)
    hooks.fill("after_rollback", audit.forget)
    hooks.fill("after_rollback", changes.forget)
    hooks.fill("waits_for_stamp", changes.waits_for_stamp)
    hooks.fill("stamp", changes.stamp)
    hooks.fill("origin", origin)
    hooks.fill("names_of", names_of)
    hooks.fill("names_of", sources.names_of)
    for room in WORDED:
        hooks.fill("words_of", room.words_of)
    hooks.fill("items_of_source", intake.list_of_source)
    hooks.fill("count_by_source", intake.count_by_source)
    hooks.fill("archive_of", find_present)
    hooks.fill("print_rate", print_rate)
    hooks.fill("measures_typed", lay_down_typed)
    hooks.fill("entry_written", entry_written)
    hooks.fill("before_issue", closure.check_manned)
    hooks.fill("issue_obstacles", list_obstacles)
    hooks.fill("next_reminder", next_reminder)
    hooks.fill("duties_of", count_held)
    hooks.fill("parts_told", note_told)
    hooks.fill("last_meeting", last_meeting)
    _fill_news()
    _fill_requests()
    _fill_letters()


def _fill_news() -> None:
    """Whoever must know of what happened is told."""
    hooks.fill("issued", notices.issued)
    hooks.fill("issued", meetings_operations.note_issued)
    hooks.fill("voided", meetings_operations.note_issued)
    hooks.fill("deadline_asked", meetings.deadline_asked)
    hooks.fill("reassignment_asked", notices.reassignment_asked)
    hooks.fill("reassignment_decided", notices.reassignment_decided)
    hooks.fill("reassigned", notices.reassigned)
    hooks.fill("declaration_waits", notices.declaration_waits)
    hooks.fill("declaration_answered", notices.declaration_answered)
    hooks.fill("application_waits", notices.application_waits)
    hooks.fill("application_decided", notices.application_decided)
    hooks.fill("looks_given", reinspections.looks_given)
    hooks.fill("look_rebound", reinspections.look_rebound)
    hooks.fill("nudged", nudges.nudged)
    hooks.fill("nudge_answered", nudges.nudge_answered)
    hooks.fill("draft_supervision_notices", draft_by_rule)
    hooks.fill("notice_sent", nudges.notice_sent)
    hooks.fill("notice_answered", nudges.notice_answered)
    hooks.fill("substitute_named", forwarding.substitute_named)
    hooks.fill("handed_over", handovers.handed_over)


def _fill_requests() -> None:
    """Whoever decides what was asked for is told, and whoever asked; what was issued is changed by asking."""
    hooks.fill("change_issued", change_issued)
    hooks.fill("reassigned", declaring.lapse)
    hooks.fill("reassigned", asking.lapse)
    hooks.fill("reassigned", partial(requests.lapse, AMENDMENT))
    hooks.fill("extension_waits", extensions.extension_waits)
    hooks.fill("extension_decided", extensions.extension_decided)
    kinds: tuple[requests.Kind[Any], ...] = (AMENDMENT, CORRECTION)
    for kind in kinds:
        requests.register(kind)
        hooks.fill(f"{kind.name}_waits", partial(requests_letters.waits, kind))
        hooks.fill(f"{kind.name}_decided", partial(requests_letters.decided, kind))
        hooks.fill(f"render:{kind.name}_waits", partial(requests_letters.render_waits, kind))
        hooks.fill(f"render:{kind.name}_decided", partial(requests_letters.render_decided, kind))


def _fill_letters() -> None:
    """What each kind of message says is told by the room that queued it."""
    hooks.fill("render:extension_waits", extensions.render_waits)
    hooks.fill("render:extension_decided", extensions.render_decided)
    hooks.fill("render:looks_waiting", reinspections.render_looks)
    hooks.fill("render:look_rebound", reinspections.render_rebound)
    hooks.fill("render:checks_due", reinspections.render_checks)
    hooks.fill("render:supervision_notice", nudges.render_notice)
    hooks.fill("render:notice_answered", nudges.render_notice_answered)
    hooks.fill("render:nudge", nudges.render_nudge)
    hooks.fill("render:nudge_answered", nudges.render_answered)
    hooks.fill("render:handed_over", handovers.render)
    hooks.fill("render:deadline_asked", meetings.render)
    hooks.fill("render:meeting_ahead", meetings.render_ahead)
    hooks.fill("render:notice", notices.render)
    hooks.fill("render:reminder_digest", digests.render)
    hooks.fill("render:alarm", alarms.render)
    hooks.fill("render:group_digest", groups.render)
    hooks.fill("render:reminder_single", digests.render_single)
    hooks.fill("render:reports_owed", letters.reports_owed)
    hooks.fill("render:report_returned", letters.report_returned)
    hooks.fill("render:substitute_named", forwarding.render_named)
    hooks.fill("render:forwarded", forwarding.render_forwarded)


def register(app: Flask) -> None:
    """Register the pages and commands of all rooms."""
    for feature in PAGES:
        app.register_blueprint(import_module(f"tracker.{feature}.views").blueprint)
    for name in COMMANDS:
        import_module(f"tracker.cli.{name}").register(app)
    translate_help(app.cli)
