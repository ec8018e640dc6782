"""Signing in and out, passwords and one-time codes.

What a refused try changes (the count, the trail) must stay, so these operations answer instead of raising.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, text

from tracker.access.rules import Actor
from tracker.audit.operations import record
from tracker.core import clock
from tracker.core.db import Instant, db
from tracker.core.errors import Conflict, DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.org import queries
from tracker.org.models import Account, Person, SignInTries
from tracker.org.passwords import new_session_key
from tracker.org.rules import LOCK, TRIES, TRIES_FORGOTTEN_AFTER

STRANGER = Actor(None, "未登录")
# What a stranger types as a name may be a password in the wrong field, so it stays out of the trail.
UNKNOWN = "不存在的账号"


@dataclass(frozen=True)
class Entry:
    """How a try ended: the person who is in, or nobody; ``locked_until`` when the name is locked now."""

    person: Person | None
    locked_until: datetime | None = None


def sign_in(login: str, *, matched_hash: str) -> Entry:
    """Let a person in whose password was found to match this hash, if it is still the stored one."""

    def holds(account: Account) -> bool:
        return bool(matched_hash) and account.password_hash == matched_hash

    entry = _enter(login, holds, "sign_in")
    if entry.person is not None and entry.person.account is not None:
        entry.person.account.signed_in_at = clock.now()
    return entry


def redeem_code(login: str, *, matched_hash: str) -> Entry:
    """Let a person go on to set a password whose one-time code was found to match this hash."""
    now = clock.now()

    def holds(account: Account) -> bool:
        is_fresh = account.code_expires_at is not None and account.code_expires_at > now
        return is_fresh and bool(matched_hash) and account.code_hash == matched_hash

    return _enter(login, holds, "sign_in.code")


def change_password(login: str, *, matched_hash: str, new_hash: str) -> Entry:
    """Set a new password for a person whose present one was found to match this hash; other sessions end."""

    def holds(account: Account) -> bool:
        return bool(matched_hash) and account.password_hash == matched_hash

    entry = _enter(login, holds, "password.change")
    if entry.person is not None:
        _set_password(entry.person, new_hash)
    return entry


def set_password(person: Person, *, code_expires_at: datetime, new_hash: str) -> None:
    """Set a person's own password by the one-time code that ends at this instant; the code is spent, sessions end."""
    account = person.account
    is_good = account is not None and account.is_active and account.code_expires_at == code_expires_at
    if not is_good or code_expires_at <= clock.now():
        raise Conflict(_l("一次性口令已失效，请联系系统管理员重新发放。"))
    _set_password(person, new_hash)
    record(_as_actor(person), "password.set", _login_of(person))


def sign_out(person: Person) -> None:
    """End the person's sessions, wherever a copy of the cookie may lie."""
    assert person.account is not None
    person.account.session_key = new_session_key()
    record(_as_actor(person), "sign_out", _login_of(person))


def refusal(entry: Entry) -> DomainError:
    """What to tell whoever was not let in: the same for every reason but a lock."""
    return _locked(entry) or DomainError(_l("账号或密码不对。"))


def code_refusal(entry: Entry) -> DomainError:
    """What to tell whoever showed no good code."""
    return _locked(entry) or DomainError(_l("账号或一次性口令不对，或口令已过期。口令自发放起 24 小时内有效。"))


def password_refusal(entry: Entry) -> DomainError:
    """What to tell whoever did not know their present password."""
    return _locked(entry) or DomainError(_l("现在的密码不对。"), field="password")


def _locked(entry: Entry) -> DomainError | None:
    if entry.locked_until is None:
        return None
    until = clock.local(entry.locked_until).strftime("%H:%M")
    return DomainError(_l("连续 %(tries)d 次不对，已锁定到 %(until)s，请到时再试。", tries=TRIES, until=until))


def _enter(login: str, holds: Callable[[Account], bool], act: str) -> Entry:
    now = clock.now()
    tries = _hold_tries(login, now)
    account = queries.find_account(db.session(), login, lock=True)
    subject = login if account else UNKNOWN
    # Another machine's clock may be ahead, and whoever waited for the row asked earlier than it was locked; days ahead
    # only a clock can be that was wrong.
    if tries.locked_until is not None and now < tries.locked_until <= now + TRIES_FORGOTTEN_AFTER:
        record(STRANGER, "sign_in.locked", subject)
        return Entry(None, tries.locked_until)
    if account is not None and account.is_active and holds(account):
        tries.wrong, tries.locked_until = 0, None
        record(_as_actor(account.person), act, login)
        return Entry(account.person)
    tries.wrong = 0 if tries.wrong + 1 >= TRIES else tries.wrong + 1
    tries.locked_until = None if tries.wrong else now + LOCK
    record(STRANGER, "sign_in.wrong", subject)
    return Entry(None, tries.locked_until)


def _hold_tries(login: str, now: datetime) -> SignInTries:
    """The row that counts tries with this name, locked; rows nobody tried for a day are dropped."""
    session = db.session()
    old = delete(SignInTries).where(SignInTries.tried_at < now - TRIES_FORGOTTEN_AFTER)
    session.execute(old, execution_options={"synchronize_session": False})
    statement = text(
        "INSERT INTO sign_in_tries (login, wrong, tried_at) VALUES (:login, 0, :now) "
        "ON CONFLICT (login) DO UPDATE SET tried_at = excluded.tried_at"
    ).bindparams(bindparam("now", type_=Instant()))
    session.execute(statement, {"login": login, "now": now})
    return queries.get_tries(session, login)


def _set_password(person: Person, new_hash: str) -> None:
    assert person.account is not None
    person.account.password_hash, person.account.session_key = new_hash, new_session_key()
    person.account.code_hash, person.account.code_expires_at = "", None
    person.account.signed_in_at = clock.now()


def _login_of(person: Person) -> str:
    return person.account.login if person.account else person.name


def _as_actor(person: Person) -> Actor:
    return Actor(person.id, person.name)
