"""Who is next on an item."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from tracker.access.rules import Role
from tracker.closure.rules import is_of_a_body, is_of_a_meeting
from tracker.desk.rules.piece import Piece, step_kind, step_route
from tracker.desk.rules.pieces import Whole
from tracker.desk.rules.possible import LivingItem
from tracker.items.rules import State
from tracker.sources.rules import StepKind

NAMES_SHOWN = 6


class NextCode(StrEnum):
    """What is waited for."""

    ISSUE = "issue"
    ACCEPT = "accept"
    REASSIGN = "reassign"
    WORK = "work"
    UNIT_HEAD = "unit_head"
    OFFICE = "office"
    LEADER = "leader"
    COLLECTIVE = "collective"
    SUPERIOR = "superior"
    CONFIRM = "confirm"
    CHILDREN = "children"


@dataclass(frozen=True)
class Next:
    """Who is next: holders of ``roles``, the person the item itself names by ``relation``, or these ``people``."""

    code: NextCode
    roles: tuple[Role, ...] = ()
    relation: str = ""
    people: tuple[str, ...] = ()


def who_is_next(item: LivingItem, whole: Whole) -> Next | None:
    """What the item waits for and from whom; None when nothing is waited for."""
    if whole.children:
        return Next(NextCode.CHILDREN)
    if whole.open_request is not None and item.state in (State.ISSUED, State.WORKING):
        return Next(NextCode.REASSIGN, (Role.OFFICE,))
    if item.state is State.APPLIED and whole.last_round and whole.last_round.waiting:
        return _next_decider(item, whole, whole.last_round.waiting)
    if item.state is State.CLOSED and whole.last_round and whole.last_round.unconfirmed:
        return Next(NextCode.CONFIRM, (Role.OFFICE,))
    return _NEXT.get(item.state)


_NEXT: Mapping[State, Next] = {
    State.DRAFT: Next(NextCode.ISSUE, (Role.OFFICE,)),
    State.ISSUED: Next(NextCode.ACCEPT, (Role.LIAISON, Role.UNIT_HEAD)),
    State.WORKING: Next(NextCode.WORK, relation="handler"),
    State.SUSTAINED: Next(NextCode.WORK, relation="handler"),
}


def _next_decider(item: LivingItem, whole: Whole, waiting: Piece) -> Next:
    round_, kind, route = whole.last_round, step_kind(waiting), step_route(waiting)
    if is_of_a_body(kind, route):
        is_meeting = is_of_a_meeting(kind, route)
        return Next(NextCode.COLLECTIVE if is_meeting else NextCode.SUPERIOR, (Role.OFFICE,))
    excluded = {*round_.applicants, *round_.deciders} if round_ else set()
    able = [each for each in whole.deciders if not each.flag and each.by_id not in excluded]
    if kind is StepKind.LEADER and route is None:
        able = [each for each in able if each.by_id == item.leader_id] or able
    names = {each.by_id: each.by or "" for each in able}
    return Next(NextCode(kind), people=tuple(names.values())[:NAMES_SHOWN])


def next_people(following: Next, whole: Whole) -> list[str]:
    """The names of those who are next, the nearest holders of a role first, a handful at most."""
    found = [each for each in whole.holders if each.code in following.roles]
    names = {each.by_id: each.by or "" for each in found}
    return list(following.people) or list(names.values())[:NAMES_SHOWN]
