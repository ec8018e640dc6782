"""The signed-in person as Flask-Login sees it: who a session belongs to and when it ends."""

from collections.abc import Sequence
from functools import cached_property

from flask import flash, g, has_request_context, request, session
from flask_login import LoginManager, UserMixin, login_user, logout_user

from tracker.access.rules import Actor
from tracker.core import clock
from tracker.core.db import db
from tracker.core.i18n import gettext as _
from tracker.org import queries
from tracker.org.kept import note_idle
from tracker.org.models import Person, Substitute
from tracker.org.rules import NOT_PASSED_ON

SEEN_AT = "seen_at"
ACTING_FOR = "acting_for"
# The session cookie is written anew at most this often.
NOTED_EVERY_SECONDS = 60

login_manager = LoginManager()
login_manager.session_protection = "basic"


class SignedIn(UserMixin):
    """A person in a running session."""

    def __init__(self, person: Person, absent: Sequence[Substitute] = ()) -> None:
        self.person = person
        self.absent = absent

    def get_id(self) -> str:
        """What the session cookie carries: the person and the key that ends with their sessions."""
        return session_id(self.person)

    @cached_property
    def actor(self) -> Actor:
        """The person with what is granted, as it is now; for somebody absent with what is granted to that person.

        A substitution that is over, or was ended, ends here by itself. Whoever keeps the system acts for nobody.
        """
        reading, stands_in = db.session(), self.stands_in
        if stands_in is not None and not NOT_PASSED_ON & queries.list_roles(reading, self.person.id):
            return queries.load_substitute(reading, self.person, stands_in.absent)
        return queries.load_actor(reading, self.person)

    @property
    def stands_in(self) -> Substitute | None:
        """The substitution under which the person acts now, if they chose one that runs today."""
        chosen = session.get(ACTING_FOR)
        return next((each for each in self.absent if each.absent_id == chosen), None)


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
    today = clock.today()
    found = queries.find_signed_in(db.session(), int(person_id), key, today) if person_id.isdigit() else None
    if found is None:
        return None
    person, idle_minutes, absent = found
    idle_seconds = _seconds() - session.setdefault(SEEN_AT, _seconds())
    if idle_seconds >= idle_minutes * 60:
        session.pop(SEEN_AT)
        session.pop("_user_id")
        note_idle(person.id)
        flash(_("超过 %(minutes)d 分钟没有操作，已自动退出，请重新登录。", minutes=idle_minutes), "warning")
        return None
    if idle_seconds >= NOTED_EVERY_SECONDS:
        session[SEEN_AT] = _seconds()
    signed_in = SignedIn(person, absent)
    if ACTING_FOR in session and signed_in.stands_in is None:
        session.pop(ACTING_FOR)
        flash(_("代理已经结束，现在以本人身份办理。"), "info")
    return signed_in


def act_for(absent_id: int | None) -> None:
    """Let the following requests of this session be for somebody absent, or for oneself again."""
    if absent_id is None:
        session.pop(ACTING_FOR, None)
    else:
        session[ACTING_FOR] = absent_id


def origin() -> str:
    """Where the present act comes from, for the trail: an address, or nothing for a command."""
    return (request.remote_addr or "")[:64] if has_request_context() else ""


def _seconds() -> int:
    return int(clock.now().timestamp())
