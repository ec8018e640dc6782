"""Deciding a request of any kind; approved, it is carried out at once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from tracker.access.rules import Action, Actor, can, ensure
from tracker.audit.operations import record
from tracker.core import clock, hooks
from tracker.core.db import db
from tracker.core.errors import AlreadyThere, Conflict, Forbidden
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.versions import check_version
from tracker.items import operations as items
from tracker.items.models import Item
from tracker.items.operations import Hands, Paper
from tracker.requests.models import Asked
from tracker.requests.queries import find_pending
from tracker.requests.rules import STATE_LABELS, RequestEvent, RequestState, check_opinion, move

R = TypeVar("R", bound=Asked)


@dataclass(frozen=True)
class Kind(Generic[R]):
    """A kind of request: its name in trail, hooks and addresses, its table, who may decide it, and what approval does.

    Any of the actions of ``approved_by`` lets a person decide. ``carry_out`` raises Conflict when the item has moved on
    since; ``told`` is what the trail keeps beside the reason. Of what the office asks of itself (``is_own``) the office
    may enter the paper of whoever approved. ``words`` are what its pages say, ``loads`` what they read beside the item
    and the names.
    """

    name: str
    table: type[R]
    approved_by: Callable[[R], Sequence[Action]]
    told: Callable[[R], Mapping[str, Any]]
    carry_out: Callable[[R, Actor], None]
    words: Mapping[str, object]
    is_own: Callable[[R], bool] = lambda _request: False
    loads: Sequence[Any] = ()


KINDS: dict[str, Kind[Any]] = {}


def register(kind: Kind[Any]) -> None:
    """Give a kind its pages; wiring does."""
    KINDS[kind.name] = kind


def file(kind: Kind[R], request: R, *, actor: Actor) -> R:
    """Let a request that was put together wait, and those who may decide it know."""
    note_asked(kind, request, actor=actor)
    hooks.call(f"{kind.name}_waits", request)
    return request


def note_asked(kind: Kind[R], request: R, *, actor: Actor) -> None:
    """Keep a request that waits for nobody: the paper that decides it is there already."""
    session = db.session()
    session.add(request)
    session.flush()
    record(actor, f"{kind.name}.ask", request.item.number, reason=request.reason, **kind.told(request))


def refuse_second(pending: Asked | None, *, is_same: bool, waits: object, actor: Actor) -> None:
    """Raise AlreadyThere for a second press of whoever asked the same, Conflict in the words of ``waits`` else."""
    if pending is None:
        return
    if is_same and pending.askers & actor.identities:
        raise AlreadyThere(_l("申请已经提交，没有重复登记。"))
    raise Conflict(waits)


def retract(kind: Kind[R], request: R, *, actor: Actor) -> None:
    """Whoever asked takes it back before it is decided. It must have been read with a lock."""
    if not actor.identities & request.askers:
        raise Forbidden(_l("只有申请人本人可以撤回申请。"))
    request.state = move(request.state, RequestEvent.RETRACT)
    record(actor, f"{kind.name}.retract", request.item.number, **kind.told(request))


def lapse(kind: Kind[Any], item: Item, actor: Actor, _asked: object) -> None:
    """Hook ``reassigned``: what the unit before asked for is over; what the office asks of itself stands."""
    pending = find_pending(db.session(), kind.table, item.id)
    if pending is not None and not kind.is_own(pending):
        pending.state = move(pending.state, RequestEvent.RETRACT)
        record(actor, f"{kind.name}.lapse", item.number, **kind.told(pending))


def ensure_decidable(kind: Kind[R], request: R, *, actor: Actor) -> None:
    """Raise Conflict when it waits no more, Forbidden for whoever may not decide it."""
    move(request.state, RequestEvent.APPROVE)
    if not any(can(actor, action, request.item) for action in kind.approved_by(request)):
        raise Forbidden(kind.words["decided_by"])
    items.check_hands(request.item, _hands(kind, request), actor=actor)


def _hands(kind: Kind[R], request: R) -> Hands:
    if kind.is_own(request):
        # The office enters what was approved before, so the paper is older than the request.
        return Hands(request.askers, request.item.source.received_on, since=_l("反馈日期"))
    return Hands(request.askers, clock.civil_date(request.asked_at))


def decide(
    kind: Kind[R],
    request: R,
    verdict: RequestEvent,
    opinion: str,
    *,
    actor: Actor,
    version: int | None = None,
) -> None:
    """Approve or refuse with one's own click; it must have been locked. Raises Stale when somebody was faster."""
    _check_version(request, opinion, version)
    ensure_decidable(kind, request, actor=actor)
    check_opinion(verdict, opinion)
    items.sign(request, opinion, actor=actor)
    _settle(kind, request, verdict, actor=actor)


def ensure_enterable(kind: Kind[R], request: R, *, actor: Actor) -> None:
    """Raise unless the person may enter what was decided on paper: nobody of the office about their own request."""
    move(request.state, RequestEvent.APPROVE)
    ensure(actor, Action.ENTER_DECISION, request.item)
    if not kind.is_own(request):
        items.check_entering(_hands(kind, request), actor=actor)


def decide_on_paper(
    kind: Kind[R],
    request: R,
    verdict: RequestEvent,
    opinion: str,
    paper: Paper,
    *,
    actor: Actor,
    version: int | None = None,
) -> None:
    """The office enters who decided on paper, with its scan; it must have been read with a lock."""
    _check_version(request, opinion, version)
    ensure_enterable(kind, request, actor=actor)
    check_opinion(verdict, opinion)
    items.enter(request, paper, opinion, item=request.item, hands=_hands(kind, request), actor=actor)
    _settle(kind, request, verdict, actor=actor)


def _check_version(request: Asked, opinion: str, version: int | None) -> None:
    state = (
        f"{STATE_LABELS[request.state]}（{request.signature}）" if request.signature else STATE_LABELS[request.state]
    )
    stored = {str(_l("意见")): request.opinion, str(_l("状态")): str(state)}
    check_version(request, version, typed={str(_l("意见")): opinion, str(_l("状态")): None}, stored=stored)


def _settle(kind: Kind[R], request: R, verdict: RequestEvent, *, actor: Actor) -> None:
    request.state = move(request.state, verdict)
    told = {**kind.told(request), "approval": verdict, **items.told_of(request)}
    record(actor, f"{kind.name}.decide", request.item.number, **told)
    if request.state is RequestState.APPROVED:
        kind.carry_out(request, actor)
    session = db.session()
    session.flush()
    session.expire(request, ["decider", "decider_for", "entered_by"])
    hooks.call(f"{kind.name}_decided", request)


def note_download(kind: Kind[R], request: R, name: str, *, actor: Actor) -> None:
    """Note in the trail who takes a scan out of the house."""
    record(actor, f"{kind.name}.download", request.item.number, name=name)
