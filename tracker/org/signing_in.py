"""The signed-in person as Flask-Login sees it: who a session belongs to and when it ends."""

from functools import cached_property

from flask import flash, g, has_request_context, request, session
from flask_login import LoginManager, UserMixin, login_user, logout_user

from tracker.access.rules import Actor
from tracker.core import clock
from tracker.core.db import db
from tracker.core.i18n import gettext as _
from tracker.org import queries
from tracker.org.kept import note_idle
from tracker.org.models import Person

SEEN_AT = "seen_at"
# The session cookie is written anew at most this often.
NOTED_EVERY_SECONDS = 60

login_manager = LoginManager()
login_manager.session_protection = "basic"


class SignedIn(UserMixin):
    """A person in a running session."""

    def __init__(self, person: Person) -> None:
        self.person = person

    def get_id(self) -> str:
        """What the session cookie carries: the person and the key that ends with their sessions."""
        return session_id(self.person)

    @cached_property
    def actor(self) -> Actor:
        """The person with what is granted, as it is now."""
        return queries.load_actor(db.session(), self.person)


def session_id(person: Person) -> str:
    """The text that names a running session of this person."""
    assert person.account is not None
    return f"{person.id}:{person.account.session_key}"


def begin_session(person: Person) -> None:
    """Begin a new session for this person; of what stood in the cookie before only the language stays."""
    language = session.get("language")
    session.clear()
    # Flask-WTF keeps the token for the rest of the request, but it belonged to the session that is gone.
    g.pop("csrf_token", None)
    if language:
        session["language"] = language
    login_user(SignedIn(person))
    session[SEEN_AT] = _seconds()


def end_session() -> None:
    """Forget who is signed in; only the language stays."""
    language = session.get("language")
    logout_user()
    session.clear()
    if language:
        session["language"] = language


@login_manager.user_loader
def load(text: str) -> SignedIn | None:
    """The person a session cookie names, if the account is open, the key is the present one and it is not idle."""
    person_id, _colon, key = text.partition(":")
    found = queries.find_signed_in(db.session(), int(person_id), key) if person_id.isdigit() else None
    if found is None:
        return None
    person, idle_minutes = found
    idle_seconds = _seconds() - session.setdefault(SEEN_AT, _seconds())
    if idle_seconds >= idle_minutes * 60:
        session.pop(SEEN_AT)
        session.pop("_user_id")
        note_idle(person.id)
        flash(_("超过 %(minutes)d 分钟没有操作，已自动退出，请重新登录。", minutes=idle_minutes), "warning")
        return None
    if idle_seconds >= NOTED_EVERY_SECONDS:
        session[SEEN_AT] = _seconds()
    return SignedIn(person)


def origin() -> str:
    """Where the present act comes from, for the trail: an address, or nothing for a command."""
    return (request.remote_addr or "")[:64] if has_request_context() else ""


def _seconds() -> int:
    return int(clock.now().timestamp())
