"""Chinese is the source language; English comes from the catalogue."""

from flask import has_request_context, request, session
from flask_babel import (
    Babel,
    force_locale,
    format_date,
    format_datetime,
    get_locale,
    gettext,
    lazy_gettext,
    lazy_pgettext,
    ngettext,
    pgettext,
)

__all__ = [
    "LANGUAGES",
    "babel",
    "choose_language",
    "current_language",
    "force_locale",
    "format_date",
    "format_datetime",
    "get_locale",
    "gettext",
    "lazy_gettext",
    "lazy_pgettext",
    "ngettext",
    "pgettext",
]

LANGUAGES = {"zh": "中文", "en": "English"}

# A moment reads the same in both languages, and sorts as it reads.
babel = Babel(date_formats={**Babel.default_date_formats, "datetime.short": "yyyy-MM-dd HH:mm"})


def select_locale() -> str:
    """The language chosen in this session, else the browser's, else Chinese."""
    if not has_request_context():
        return "zh"
    chosen = session.get("language")
    if chosen in LANGUAGES:
        return str(chosen)
    return request.accept_languages.best_match(list(LANGUAGES), default="zh") or "zh"


def choose_language(code: str) -> None:
    """Keep the language for this session; an unknown code is ignored."""
    if code in LANGUAGES:
        session["language"] = code


def current_language() -> str:
    """The code of the language words are shown in: ``zh`` or ``en``."""
    locale = get_locale()
    return locale.language if locale else "zh"
