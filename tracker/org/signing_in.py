"""The signed-in person as Flask-Login sees it."""

from functools import cached_property

from flask_login import LoginManager, UserMixin

from tracker.access.rules import Actor
from tracker.core.db import db
from tracker.org import queries
from tracker.org.models import Person

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


@login_manager.user_loader
def load(text: str) -> SignedIn | None:
    """The person a session cookie names, if the account is open and the key is the present one."""
    person_id, _, key = text.partition(":")
    if not person_id.isdigit():
        return None
    person = queries.find_signed_in(db.session(), int(person_id), key)
    return SignedIn(person) if person else None
