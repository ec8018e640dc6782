"""Accounts and grants: who may sign in, and as what."""

from sqlalchemy.orm import Session

from tracker.access.rules import Actor, Role
from tracker.audit.operations import record
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Conflict, DomainError, NotFound
from tracker.core.i18n import lazy_gettext as _l
from tracker.org import queries
from tracker.org.models import Account, Grant, Person, Unit
from tracker.org.operations.people import ensure_manages_person
from tracker.org.operations.units import ensure_manages_unit
from tracker.org.passwords import new_session_key
from tracker.org.rules import CODE_LIFE, check_login


def open_account(person: Person, login: str, *, actor: Actor, password_hash: str = "", code_hash: str = "") -> Account:
    """Give a person the means to sign in: with a password, or with a one-time code that lasts a day."""
    ensure_manages_person(actor, person)
    login = check_login(login)
    if person.account is not None:
        raise Conflict(_l("%(name)s已有账号“%(login)s”。", name=person.name, login=person.account.login))
    if queries.find_account(db.session(), login) is not None:
        raise DomainError(_l("账号“%(login)s”已被别人使用，请换一个。", login=login), field="login")
    account = Account(person=person, login=login, password_hash=password_hash, session_key=new_session_key())
    _set_code(account, code_hash)
    db.session.add(account)
    db.session.flush()
    record(actor, "account.open", person.name, login=login)
    return account


def issue_code(person: Person, *, code_hash: str, actor: Actor) -> None:
    """Let a person set a new password with a one-time code; the old password and all sessions end at once."""
    ensure_manages_person(actor, person)
    account = _account_of(person)
    if actor.person_id == person.id:
        raise Conflict(_l("不能给自己发一次性口令，请使用“修改密码”。"))
    if not account.is_active:
        raise Conflict(_l("账号已停用，请先启用。"))
    account.password_hash, account.session_key = "", new_session_key()
    _set_code(account, code_hash)
    if tries := queries.find_tries(db.session(), account.login):
        tries.wrong, tries.locked_until = 0, None
    record(actor, "account.issue_code", person.name, login=account.login)


def deactivate(person: Person, *, actor: Actor) -> None:
    """Shut an account; its sessions end with the next request."""
    ensure_manages_person(actor, person)
    account = _account_of(person)
    if not account.is_active:
        return
    _ensure_an_administrator_besides(db.session(), person)
    account.is_active, account.session_key = False, new_session_key()
    record(actor, "account.deactivate", person.name, login=account.login)


def reactivate(person: Person, *, actor: Actor) -> None:
    """Open a shut account again; the password is what it was."""
    ensure_manages_person(actor, person)
    account = _account_of(person)
    if not account.is_active:
        account.is_active = True
        record(actor, "account.reactivate", person.name, login=account.login)


def grant(person: Person, role: Role, unit: Unit, *, actor: Actor) -> Grant:
    """Grant a role in a unit and everything below it; granting it twice changes nothing."""
    ensure_manages_person(actor, person)
    ensure_manages_unit(actor, unit)
    session = db.session()
    if granted := queries.find_grant(session, person.id, role, unit.id):
        return granted
    granted = Grant(person=person, role=role, unit=unit)
    session.add(granted)
    session.flush()
    record(actor, "grant.add", person.name, role=role, unit=unit.path)
    return granted


def revoke(person: Person, role: Role, unit: Unit, *, actor: Actor) -> None:
    """Take a granted role away; it counts from the person's next request."""
    ensure_manages_person(actor, person)
    session = db.session()
    granted = queries.find_grant(session, person.id, role, unit.id)
    if granted is None:
        raise NotFound(_l("这个角色已经撤销。"))
    if role is Role.ADMINISTRATOR:
        _ensure_an_administrator_besides(session, person)
    session.delete(granted)
    session.flush()
    session.expire(person, ["grants"])
    record(actor, "grant.revoke", person.name, role=role, unit=unit.path)


def _account_of(person: Person) -> Account:
    if person.account is None:
        raise NotFound(_l("%(name)s还没有账号。", name=person.name))
    return person.account


def _set_code(account: Account, code_hash: str) -> None:
    account.code_hash = code_hash
    account.code_expires_at = clock.now() + CODE_LIFE if code_hash else None


def _ensure_an_administrator_besides(session: Session, person: Person) -> None:
    """Raise Conflict when this is the last administrator."""
    # Two who take each other's away at once: the second waits here, and then looks again.
    queries.list_administrators(session, lock=True)
    there = {account.person_id for account in queries.list_administrators(session)}
    if there == {person.id}:
        raise Conflict(_l("%(name)s是最后一名系统管理员，请先指定另一名。", name=person.name))
