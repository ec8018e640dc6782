"""Who is told of a nudge, how soon one may be nudged again, and who answers."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum

from tracker.access.rules import PERMISSIONS, Action, Actor, Role, Subject
from tracker.core.errors import Conflict, DomainError, Forbidden
from tracker.core.i18n import lazy_gettext as _l
from tracker.items.rules import STATE_LABELS, State

SENTENCE_MAX, REPLY_MAX = 200, 200
# What waits for the unit; on an application others decide, and a draft is nobody's yet.
NUDGEABLE = frozenset({State.ISSUED, State.WORKING, State.SUSTAINED})


class Told(StrEnum):
    """Whom the sender may choose, relative to the item."""

    OWNER = "owner"
    HANDLER = "handler"
    LIAISON = "liaison"
    UNIT_HEAD = "unit_head"


TOLD_LABELS: Mapping[Told, object] = {
    Told.OWNER: _l("责任人"),
    Told.HANDLER: _l("经办人"),
    Told.LIAISON: _l("联络员"),
    Told.UNIT_HEAD: _l("单位负责人"),
}

# Who is told when none of the chosen can sign in.
STAND_INS = (Told.LIAISON, Told.UNIT_HEAD)


def readers(
    chosen: Collection[Told], present: Mapping[Told, Sequence[int]], *, sender: Collection[int]
) -> dict[int, Told]:
    """Whom a nudge reaches, each once under the first relation that names them; the sender is left out.

    ``present`` holds the ids of people who can sign in. When none of the chosen can, the stand-ins are told.
    """
    for wanted in (chosen, STAND_INS):
        found = {person: each for each in reversed(Told) if each in wanted for person in present.get(each, ())}
        reached = {person: relation for person, relation in found.items() if person not in sender}
        if reached:
            return reached
    return {}


def presses_by_role(actor: Actor) -> bool:
    """Whether a role lets a person nudge, not only a relation to single items."""
    roles, _relations = PERMISSIONS[Action.NUDGE]
    return any(actor.has(role) for role in roles)


def check_chosen(chosen: Collection[Told]) -> None:
    """Raise DomainError when nobody was chosen."""
    if not chosen:
        raise DomainError(_l("请至少选择一类催办对象。"), field="told")


def why_not_now(state: State, *, has_children: bool) -> object | None:
    """Why an item cannot be nudged as it stands; None when it can."""
    why: object | None = None
    if has_children:
        why = _l("总项随分项办结，请催办各分项。")
    elif state is State.APPLIED:
        why = _l("已申请销号，正等待审核。")
    elif state not in NUDGEABLE:
        why = _l("现在是“%(state)s”，不需要催办。", state=STATE_LABELS[state])
    return why


def may_nudge_again(last_on: date | None, today: date, *, days: int) -> bool:
    """Whether so many days have passed since the last nudge of an item; 0 days never stand in the way."""
    return last_on is None or today >= last_on + timedelta(days=days)


def check_reply(text: str) -> str:
    """The reply as it is kept; raises DomainError when it is empty."""
    reply = text.strip()
    if not reply:
        raise DomainError(_l("请填写回复。"), field="reply")
    return reply


def may_reply(actor: Actor, subject: Subject, reader_ids: Collection[int]) -> bool:
    """Whether a person answers for the unit: its head, liaison, the owner, the handler, and whoever was nudged."""
    answering = {subject.owner_id, subject.handler_id, *reader_ids}
    return actor.stands_as in answering or subject.lead_unit_id in actor.units((Role.UNIT_HEAD, Role.LIAISON))


def ensure_may_reply(actor: Actor, subject: Subject, reader_ids: Collection[int]) -> None:
    """Raise Forbidden unless ``may_reply``."""
    if not may_reply(actor, subject, reader_ids):
        raise Forbidden(_l("催办由被催办的单位回复。"))


def check_unanswered(replied_by: str | None) -> None:
    """Raise Conflict when somebody has replied."""
    if replied_by is not None:
        raise Conflict(_l("%(name)s已经回复了这次催办。", name=replied_by))
