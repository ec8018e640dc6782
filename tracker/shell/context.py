"""What base.html is given on every page."""

from functools import cached_property
from pathlib import Path
from typing import Any

from flask import Flask, current_app, url_for
from flask_login import current_user

from tracker.access.guard import present_actor
from tracker.access.rules import Action, may
from tracker.core import clock
from tracker.core.db import db
from tracker.core.i18n import current_language, gettext
from tracker.monitoring.queries import Signs, find_signs
from tracker.monitoring.readings import warnings
from tracker.monitoring.rules import is_late
from tracker.office.page_script import find_script
from tracker.outbox import queries as messages
from tracker.settings.queries import Settings, load
from tracker.shell.menu import Group, menu
from tracker.work.rules import SILENT_AFTER


class Shell:
    """The frame of one page; each part asks the database only when a page draws it."""

    @cached_property
    def settings(self) -> Settings:
        """All settings, read once."""
        return load(db.session())

    @property
    def product(self) -> str:
        """The product's name in the reader's language."""
        return str(gettext("整改台账"))

    @property
    def confidentiality(self) -> str:
        """What must not be typed in."""
        return str(gettext("涉密信息不得录入"))

    @cached_property
    def organ(self) -> str:
        """The short name of the organ, e.g. 市直机关工委."""
        return str(self.settings["organ.short_name"] or self.settings["organ.name"])

    @property
    def is_demo(self) -> bool:
        """Whether the coloured bar is shown."""
        return bool(current_app.config["TRACKER_IS_DEMO"])

    @property
    def language(self) -> str:
        """``zh`` or ``en``."""
        return current_language()

    @cached_property
    def unread(self) -> int:
        """Messages not yet opened."""
        if not current_user.is_authenticated:
            return 0
        return messages.count_unread(db.session(), current_user.person.id)

    @cached_property
    def _signs(self) -> Signs | None:
        """How the system fares, for those who can do something about it."""
        if not current_user.is_authenticated or not may(present_actor(), Action.MANAGE_JOBS):
            return None
        return find_signs(db.session())

    @property
    def warnings(self) -> list[object]:
        """What needs looking after."""
        return warnings(self._signs) if self._signs else []

    @property
    def is_silent(self) -> bool:
        """Whether the scheduler has stopped."""
        return self._signs is not None and is_late(self._signs.beat_at, clock.now(), SILENT_AFTER)

    @cached_property
    def menu(self) -> list[Group]:
        """The left menu."""
        return menu(present_actor(), {"unread": self.unread})

    home_url = property(lambda self: _url("desk.my_desk"))
    search_url = property(lambda self: _url("desk.search"))
    system_url = property(lambda self: _url("monitoring.system"))
    jobs_url = property(lambda self: _url("jobs.overview"))
    messages_url = property(lambda self: _url("outbox.inbox"))
    substitutes_url = property(lambda self: _url("org.substitutes"))
    password_url = property(lambda self: _url("org.change_password"))
    reminders_url = property(lambda self: _url("reminders.my_reminders"))
    sign_out_url = property(lambda self: _url("org.sign_out"))


def _url(endpoint: str) -> str:
    return url_for(endpoint) if endpoint in current_app.view_functions else "/"


def add_context(app: Flask) -> None:
    """Give every template the shell and the addresses of its assets."""
    app.jinja_env.globals["static_version"] = _static_version(Path(__file__).parent / "static")

    @app.context_processor
    def _context() -> dict[str, Any]:
        version = app.jinja_env.globals["static_version"]
        return {
            "shell": Shell(),
            "bootstrap_css_url": url_for("bootstrap.static", filename="css/bootstrap.min.css"),
            "app_css_url": url_for("shell.static", filename="app.css", v=version),
            "app_js_url": url_for("shell.static", filename="app.js", v=version),
            "htmx_url": url_for("shell.htmx"),
            "chart_urls": _chart_urls(str(version)),
        }


def _chart_urls(version: str) -> list[str]:
    """The scripts of a page with charts; none where the one that draws was never written."""
    script = find_script()
    if script is None:
        return []
    written = format(int(script.stat().st_mtime), "x")
    return [url_for("shell.chart_script", v=written), url_for("shell.static", filename="charts.js", v=version)]


def _static_version(folder: Path) -> str:
    """Changes with the newest asset, so that browsers never keep an old one."""
    return format(max(int(path.stat().st_mtime) for path in folder.iterdir()), "x")
