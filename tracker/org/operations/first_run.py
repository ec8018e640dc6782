"""The first run: the organ, its units and the first administrator, all or nothing."""

from dataclasses import dataclass

from tracker.access.rules import SYSTEM, Actor, Role
from tracker.audit.operations import record
from tracker.audit.queries import get_head
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import DomainError, NotFound
from tracker.core.i18n import lazy_gettext as _l
from tracker.org import queries
from tracker.org.models import Person
from tracker.org.operations.accounts import grant, open_account
from tracker.org.operations.people import Details, add_namesake
from tracker.org.operations.units import grow_units
from tracker.org.rules import read_units
from tracker.settings.operations import change


@dataclass(frozen=True)
class Organ:
    """What is typed at the first run; ``units`` is a text with one unit per line."""

    name: str
    short_name: str
    units: str
    administrator: str
    login: str


def set_up(organ: Organ, *, password_hash: str, actor: Actor = SYSTEM) -> Person:
    """Make the organ, its units and its first administrator, who is also the office until somebody else is.

    Raises NotFound once a unit or an account is there.
    """
    session = db.session()
    # Of two who set up at once the second waits here and finds it done.
    get_head(session, lock=True)
    if queries.is_set_up(session):
        raise NotFound(_l("系统已经建立，请直接登录。"))
    paths = read_units(organ.units, organ=organ.name)
    try:
        root = grow_units([organ.name], actor=actor)
    except DomainError as error:
        raise DomainError(error.message, field="organ") from error
    for path in paths:
        grow_units(path, actor=actor)
    person = add_namesake(Details(organ.administrator, root.id), actor=actor)
    account = open_account(person, organ.login, password_hash=password_hash, actor=actor)
    account.signed_in_at = clock.now()
    for role in (Role.ADMINISTRATOR, Role.OFFICE):
        grant(person, role, root, actor=actor)
    change({"organ.name": organ.name, "organ.short_name": organ.short_name}, actor=actor)
    record(Actor(person.id, person.name), "organ.set_up", organ.name)
    return person
