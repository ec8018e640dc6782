"""Naming who stands in for somebody absent, and ending it early."""

from datetime import date

from tracker.access.rules import Actor
from tracker.audit.operations import record
from tracker.core import clock, hooks
from tracker.core.db import db
from tracker.core.errors import Conflict, DomainError, Forbidden
from tracker.core.i18n import lazy_gettext as _l
from tracker.org import queries
from tracker.org.models import Person, Substitute
from tracker.org.operations.people import ensure_manages_person
from tracker.org.rules import check_days_of, check_stands_in


def name_substitute(
    absent: Person, substitute: Person, *, since: date, until: date, reason: str, actor: Actor
) -> Substitute:
    """Let somebody stand in for a person from one day to another, both included; the substitute is told.

    The absent person names one, or an administrator for them, who never names themselves. Raises DomainError for days
    or people that won't do, Conflict when either is already absent, or stands in for somebody, on one of these days.
    """
    _ensure_names(absent, actor)
    if not actor.is_system and actor.person_id == substitute.id:
        raise Forbidden(_l("不能指定自己代理别人。"))
    session = db.session()
    check_days_of(since, until, today=clock.today())
    queries.lock_people(session, sorted({absent.id, substitute.id}))
    check_stands_in(
        is_self=absent.id == substitute.id,
        can_sign_in=substitute.account is not None and substitute.account.is_active,
        roles=queries.list_roles(session, substitute.id),
    )
    if not reason.strip():
        raise DomainError(_l("请写明事由，如出差、休假。"), field="reason")
    for other in queries.list_overlapping(session, [absent.id, substitute.id], since=since, until=until):
        _refuse_overlap(other, absent, substitute)
    named = Substitute(
        absent=absent,
        person=substitute,
        since=since,
        until=until,
        reason=reason.strip(),
        named_by_id=actor.person_id,
        named_at=clock.now(),
    )
    session.add(named)
    session.flush()
    record(actor, "substitute.name", absent.name, person_id=substitute.id, since=since, until=until, reason=reason)
    hooks.call("substitute_named", named)
    return named


def _ensure_names(absent: Person, actor: Actor) -> None:
    """The person themselves, not somebody who stands in for them, or their administrator."""
    if actor.for_id is not None:
        raise Forbidden(_l("代理期间不能替被代理人指定代理人。"))
    if actor.person_id != absent.id:
        ensure_manages_person(actor, absent)


def _refuse_overlap(other: Substitute, absent: Person, substitute: Person) -> None:
    """Nobody has two substitutes at once, and nobody stands in who is absent, or absent who stands in."""
    days = {"since": other.since.isoformat(), "until": other.until.isoformat()}
    names = {"absent": other.absent.name, "person": other.person.name}
    if other.absent_id == absent.id:
        raise Conflict(_l("%(absent)s从 %(since)s 到 %(until)s 已由%(person)s代理。", **names, **days), field="since")
    if other.absent_id == substitute.id or other.person_id == absent.id:
        message = _l(
            "%(person)s从 %(since)s 到 %(until)s 正代理%(absent)s，代理不能层层转托，请换一个人或错开时间。",
            **names,
            **days,
        )
        raise Conflict(message, field="substitute")


def end_substitute(named: Substitute, *, actor: Actor) -> None:
    """End it now: by the absent person, whoever stands in, or the administrator."""
    if actor.for_id is not None or actor.person_id not in (named.absent_id, named.person_id):
        ensure_manages_person(actor, named.absent)
    if named.ended_at is not None or named.until < clock.today():
        raise Conflict(_l("这次代理已经结束。"))
    named.ended_at = clock.now()
    record(actor, "substitute.end", named.absent.name, person_id=named.person_id)
