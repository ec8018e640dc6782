"""How a request is decided: with one's own click, or on a paper that the office enters; four eyes count either way."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from tracker.access.rules import Actor
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import DomainError
from tracker.core.files import StoredFile, bare_name
from tracker.core.i18n import lazy_gettext as _l
from tracker.items import four_eyes, queries
from tracker.items.models import Decided, Item
from tracker.items.papers import check_dated, check_signed
from tracker.org import queries as people
from tracker.org.models import Person


@dataclass(frozen=True)
class Paper:
    """A decision that stands on paper: by a person of the roster or by a body, on a day, with its scan."""

    person: str
    body: str
    on: date
    scan: StoredFile
    scan_name: str


@dataclass(frozen=True)
class Approval:
    """Why many issued items are changed in one act; on ``paper`` who approved it, without one a leader is asked."""

    reason: str
    paper: Paper | None = None


def approval_of(
    why: str, *, decider: str, body: str, paper_on: date | None, kept: tuple[StoredFile, str] | None
) -> Approval:
    """What was typed about an approval; raises DomainError for half a paper."""
    if kept is None and not decider and not body and paper_on is None:
        return Approval(why)
    if kept is None:
        raise DomainError(_l("请选择扫描件。"), field="scan")
    if paper_on is None:
        raise DomainError(_l("请填写决定日期。"), field="paper_on")
    return Approval(why, Paper(decider, body, paper_on, *kept))


@dataclass(frozen=True)
class Hands:
    """Who asked, on which day, and who decided earlier steps; ``since`` says what that day was."""

    asking: Collection[int | None]
    asked_on: date
    earlier: Collection[int | None] = ()
    since: object = _l("申请之日")


def check_hands(item: Item, hands: Hands, *, actor: Actor) -> None:
    """Raise Forbidden for whoever asked, decided an earlier step, or is a party to the item."""
    decider = queries.load_decider(db.session(), actor.identities)
    four_eyes.check_decider(decider, item, asking=hands.asking, earlier=hands.earlier)


def check_entering(hands: Hands, *, actor: Actor) -> None:
    """Raise Forbidden for whoever asked: they do not enter what was decided about it."""
    four_eyes.check_entering(actor.identities, asking=hands.asking)


def sign(row: Decided, opinion: str, *, actor: Actor) -> None:
    """Note that somebody decided with their own click."""
    row.decider_id, row.decider_for_id = actor.person_id, actor.for_id
    row.opinion, row.decided_at = opinion.strip(), clock.now()


def enter(row: Decided, paper: Paper, opinion: str, *, item: Item, hands: Hands, actor: Actor) -> None:
    """Note what was decided on paper; four eyes count whoever signed it. Who may enter it is asked before."""
    has_person = bool(paper.person.strip())
    check_signed(has_person=has_person, body=paper.body)
    floors = {hands.since: hands.asked_on}
    check_dated(paper.on, today=clock.today(), floors=floors, field="paper_on")
    if has_person:
        signer = _person_called(paper.person)
        check_hands(item, hands, actor=people.load_actor(db.session(), signer))
        row.decider_id = signer.id
    row.body, row.paper_on, row.entered_by_id = paper.body.strip(), paper.on, actor.person_id
    row.scan_name, row.scan_sha256 = bare_name(paper.scan_name), paper.scan.sha256
    row.opinion, row.decided_at = opinion.strip(), clock.now()


def _person_called(name: str) -> Person:
    found = people.find_people(db.session(), [name.strip()]).get(name.strip(), ())
    if len(found) != 1:
        message = _l("有 %(n)d 个人叫“%(name)s”，请写人员名册里的姓名。", n=len(found), name=name.strip())
        raise DomainError(message, field="decider")
    return found[0]


def told_of(row: Decided) -> dict[str, Any]:
    """What the trail is told of a decision on paper; nothing of a click, which the trail's own columns tell."""
    if not row.is_on_paper:
        return {"opinion": row.opinion}
    signed = {"decider_id": row.decider_id} if row.decider_id else {"body": row.body}
    paper = {"paper_on": row.paper_on, "scan": row.scan_name, "is_for_others": True}
    return {"opinion": row.opinion, **signed, **paper}
