"""Extensions in words."""

from datetime import date

from tracker.core.i18n import gettext as _
from tracker.extensions.models import Extension, ExtensionStep
from tracker.extensions.rules import LEVEL_LABELS, VERDICT_LABELS
from tracker.items.wording import short_date


def what_waits(extension: Extension) -> str:
    """Whose turn it is; a dash when nothing waits."""
    return str(LEVEL_LABELS[extension.waits_for]) if extension.waits_for else "—"


def asked_for(extension: Extension, today: date) -> str:
    """From which day to which, and the how manieth time."""
    days = {"old": short_date(extension.due_on, today), "new": short_date(extension.asked_until, today)}
    return str(_("%(old)s → %(new)s（第%(n)d次）", n=extension.nth, **days))


def said(step: ExtensionStep, today: date) -> str:
    """What a level said, with the day it grants; empty while it waits."""
    if step.verdict is None:
        return ""
    words = str(VERDICT_LABELS[step.verdict])
    return str(_("%(words)s至%(day)s", words=words, day=short_date(step.until, today))) if step.until else words
