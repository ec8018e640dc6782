"""Chinese is the source language; English comes from the catalogue."""

from pathlib import Path

from babel.support import NullTranslations, Translations
from flask import Flask, g, has_app_context, has_request_context, request, session
from flask_babel import Babel, Domain, force_locale, format_date, format_datetime, get_locale
from wtforms.i18n import messages_path

__all__ = [
    "LANGUAGES",
    "choose_language",
    "connect",
    "current_language",
    "field_texts",
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


class Texts(Domain):
    """The translations of one kind of texts, read once for each language.

    A page shows hundreds of them; the library would look for the language in nine places for each.
    """

    def __init__(self, folder: str, domain: str) -> None:
        super().__init__(folder, domain)
        self._folder, self._domain = folder, domain

    def get_translations(self) -> NullTranslations:
        """Those of the present language; of Chinese, and where no language is known, the texts themselves."""
        if not has_app_context():
            return NullTranslations()
        language = current_language()
        if language not in self.cache:
            self.cache[language] = Translations.load(self._folder, [language], self._domain)
        found: NullTranslations = self.cache[language]
        return found


texts = Texts(str(Path(__file__).parents[2] / "translations"), "messages")
# What the library of forms says of its own.
field_texts = Texts(messages_path(), "wtforms")
babel.domain_instance = texts

gettext, ngettext, pgettext = texts.gettext, texts.ngettext, texts.pgettext
lazy_gettext, lazy_pgettext = texts.lazy_gettext, texts.lazy_pgettext


def connect(app: Flask) -> None:
    """Let an application and its templates speak both languages."""
    babel.init_app(app, locale_selector=select_locale, default_timezone=app.config["TRACKER_ZONE"])
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        gettext,
        # Jinja fills in the number itself, with all else that stands in the text.
        lambda one, many, number: texts.get_translations().ngettext(one, many, number),
        newstyle=True,
        pgettext=pgettext,
    )


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
    # Where the library keeps it once it is chosen.
    locale = getattr(g.get("_flask_babel"), "babel_locale", None) if has_app_context() else None
    locale = locale or get_locale()
    return locale.language if locale else "zh"
