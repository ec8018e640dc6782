"""Roles, relations, actions and the one table that says who may do what."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

from tracker.core.errors import Forbidden
from tracker.core.i18n import lazy_gettext as _l


class Role(StrEnum):
    """Granted per unit; reaches the unit and everything below it."""

    OFFICE = "office"
    LEADER = "leader"
    UNIT_HEAD = "unit_head"
    LIAISON = "liaison"
    HANDLER = "handler"
    VIEWER = "viewer"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"


class Relation(StrEnum):
    """What a person is to one item."""

    LEADER = "leader"
    SUPERVISOR = "supervisor"
    OWNER = "owner"
    HANDLER = "handler"
    SUPPORTING = "supporting"


class Action(StrEnum):
    """Everything a route or an operation may ask leave for."""

    ENTER = "enter"
    SIGN_IN = "sign_in"
    READ_ITEM = "read_item"
    READ_SOURCE = "read_source"
    INTAKE = "intake"
    IMPORT_LIST = "import_list"
    DRAW_UP = "draw_up"
    EDIT_ITEM = "edit_item"
    ISSUE = "issue"
    ACCEPT = "accept"
    REASSIGN = "reassign"
    ASK_REASSIGNMENT = "ask_reassignment"
    ASK_EXTENSION = "ask_extension"
    ASK_AMENDMENT = "ask_amendment"
    REPORT = "report"
    REPORT_OWN_LINE = "report_own_line"
    REVIEW_REPORT = "review_report"
    APPLY = "apply"
    DECIDE_AS_UNIT_HEAD = "decide_as_unit_head"
    DECIDE_AS_OFFICE = "decide_as_office"
    DECIDE_AS_LEADER = "decide_as_leader"
    ENTER_DECISION = "enter_decision"
    WITHDRAW = "withdraw"
    NUDGE = "nudge"
    SUPERVISE = "supervise"
    REINSPECT = "reinspect"
    READ_FIGURES = "read_figures"
    SHARE_FIGURES = "share_figures"
    READ_MEETING = "read_meeting"
    MANAGE_MEETINGS = "manage_meetings"
    READ_REPORT = "read_report"
    WRITE_REPORT = "write_report"
    SUBMIT = "submit"
    ARCHIVE = "archive"
    HAND_OVER = "hand_over"
    MANAGE_PEOPLE = "manage_people"
    MANAGE_SETTINGS = "manage_settings"
    MANAGE_JOBS = "manage_jobs"
    READ_TRAIL = "read_trail"


R, N = Role, Relation
_OFFICE = frozenset({R.OFFICE})
_UNIT = frozenset({R.UNIT_HEAD, R.LIAISON})
_READERS = frozenset({R.OFFICE, R.LEADER, R.UNIT_HEAD, R.LIAISON, R.VIEWER})

# Action → (roles that may, in the item's lead unit), (relations that may).
# ENTER is anybody signed in, SIGN_IN anybody at all.
PERMISSIONS: Mapping[Action, tuple[frozenset[Role], frozenset[Relation]]] = {
    Action.ENTER: (frozenset(R), frozenset(N)),
    Action.SIGN_IN: (frozenset(), frozenset()),
    Action.READ_ITEM: (_READERS, frozenset(N)),
    Action.READ_SOURCE: (frozenset({R.OFFICE, R.LEADER, R.VIEWER}), frozenset()),
    Action.INTAKE: (_OFFICE, frozenset()),
    Action.IMPORT_LIST: (_UNIT | _OFFICE, frozenset()),
    Action.DRAW_UP: (_OFFICE, frozenset()),
    Action.EDIT_ITEM: (_OFFICE, frozenset()),
    Action.ISSUE: (_OFFICE, frozenset()),
    Action.ACCEPT: (_UNIT, frozenset()),
    Action.REASSIGN: (_OFFICE, frozenset()),
    Action.ASK_REASSIGNMENT: (_UNIT, frozenset()),
    Action.ASK_EXTENSION: (_UNIT, frozenset()),
    Action.ASK_AMENDMENT: (_UNIT | _OFFICE, frozenset()),
    Action.REPORT: (_UNIT | _OFFICE, frozenset({N.HANDLER})),
    Action.REPORT_OWN_LINE: (_UNIT | _OFFICE, frozenset({N.HANDLER, N.SUPPORTING})),
    Action.REVIEW_REPORT: (_OFFICE, frozenset()),
    Action.APPLY: (_UNIT, frozenset({N.HANDLER})),
    Action.DECIDE_AS_UNIT_HEAD: (frozenset({R.UNIT_HEAD}), frozenset()),
    Action.DECIDE_AS_OFFICE: (_OFFICE, frozenset()),
    Action.DECIDE_AS_LEADER: (frozenset({R.LEADER}), frozenset({N.LEADER})),
    Action.ENTER_DECISION: (_OFFICE, frozenset()),
    Action.WITHDRAW: (_OFFICE, frozenset()),
    Action.NUDGE: (frozenset({R.OFFICE, R.LEADER, R.UNIT_HEAD}), frozenset({N.LEADER, N.SUPERVISOR})),
    Action.SUPERVISE: (_OFFICE, frozenset()),
    Action.REINSPECT: (_OFFICE, frozenset()),
    Action.READ_FIGURES: (_READERS, frozenset(N)),
    Action.SHARE_FIGURES: (_OFFICE, frozenset()),
    Action.READ_MEETING: (_READERS, frozenset()),
    Action.MANAGE_MEETINGS: (_OFFICE, frozenset()),
    Action.READ_REPORT: (frozenset({R.OFFICE, R.LEADER, R.VIEWER}), frozenset()),
    Action.WRITE_REPORT: (_OFFICE, frozenset()),
    Action.SUBMIT: (_OFFICE, frozenset()),
    Action.ARCHIVE: (_OFFICE, frozenset()),
    Action.HAND_OVER: (_OFFICE, frozenset()),
    Action.MANAGE_PEOPLE: (frozenset({R.ADMINISTRATOR}), frozenset()),
    Action.MANAGE_SETTINGS: (frozenset({R.ADMINISTRATOR}), frozenset()),
    Action.MANAGE_JOBS: (frozenset({R.ADMINISTRATOR}), frozenset()),
    Action.READ_TRAIL: (frozenset({R.AUDITOR}), frozenset()),
}
del R, N

# What belongs to no unit: settings, jobs, the trail, superiors' forms, handovers, the sources with their chains. A
# grant that ends at some units does not reach it.
ORGAN_WIDE = frozenset(
    {
        Action.INTAKE,
        Action.SUBMIT,
        Action.ARCHIVE,
        Action.HAND_OVER,
        Action.MANAGE_SETTINGS,
        Action.MANAGE_JOBS,
        Action.READ_TRAIL,
    }
)


# A list of readers shuts nobody out who manages the item or answers for it by name.
MANAGING = frozenset({Role.OFFICE})
ANSWERING = frozenset({Relation.LEADER, Relation.SUPERVISOR, Relation.OWNER, Relation.HANDLER})


@dataclass(frozen=True)
class UnitSet:
    """Units a role reaches; ``everywhere`` stands for the whole tree, present and future."""

    everywhere: bool = False
    ids: frozenset[int] = frozenset()

    def __contains__(self, unit_id: object) -> bool:
        return self.everywhere or unit_id in self.ids

    def __or__(self, other: "UnitSet") -> "UnitSet":
        return UnitSet(self.everywhere or other.everywhere, self.ids | other.ids)

    def __bool__(self) -> bool:
        return self.everywhere or bool(self.ids)


@dataclass(frozen=True)
class Actor:
    """Who acts: a person with what each granted role reaches. ``person_id`` None is the system itself.

    A substitute (AB角) acts for somebody absent: ``grants`` and relations are then those of ``for_id``, while
    ``person_id`` stays the one whose hand it is.
    """

    person_id: int | None
    name: str
    grants: Mapping[Role, UnitSet] = field(default_factory=dict)
    is_system: bool = False
    for_id: int | None = None
    for_name: str = ""

    @property
    def stands_as(self) -> int | None:
        """Whose relations to items count: those of the absent person, else one's own."""
        return self.person_id if self.for_id is None else self.for_id

    @property
    def identities(self) -> frozenset[int]:
        """Everybody who counts as the one who acts, for four eyes: a substitute and the absent person are one."""
        return frozenset(each for each in (self.person_id, self.for_id) if each is not None)

    @property
    def signature(self) -> str:
        """The name under an act, with the one it was done for: 陈静（代 王敏）."""
        return f"{self.name}（代 {self.for_name}）" if self.for_id is not None else self.name

    def units(self, roles: Collection[Role]) -> UnitSet:
        """All units that any of these roles reaches."""
        reached = UnitSet(everywhere=self.is_system)
        for role in roles:
            reached |= self.grants.get(role, UnitSet())
        return reached

    def has(self, role: Role) -> bool:
        """Whether the role is granted anywhere."""
        return role in self.grants


SYSTEM = Actor(None, "系统", is_system=True)


class Subject(Protocol):
    """What the table must know of an item."""

    lead_unit_id: int | None
    leader_id: int | None
    supervisor_id: int | None
    owner_id: int | None
    handler_id: int | None

    @property
    def supporting_unit_ids(self) -> Collection[int]:
        """The cooperating units."""
        ...

    @property
    def reader_ids(self) -> Collection[int] | None:
        """The named readers (知悉范围); None where no list narrows who may know."""
        ...


def may(actor: Actor, action: Action) -> bool:
    """Whether the person could do this to anything at all; the route's question."""
    if action is Action.SIGN_IN:
        return True
    roles, relations = PERMISSIONS[action]
    if action in ORGAN_WIDE:
        return actor.units(roles).everywhere
    if actor.is_system or any(actor.has(role) for role in roles):
        return True
    return bool(relations) and actor.person_id is not None


def can(actor: Actor, action: Action, subject: Subject) -> bool:
    """Whether the person may do this to this item; the operation's question. A list of readers narrows it."""
    roles, relations = PERMISSIONS[action]
    if actor.is_system:
        return True
    related = any(_is_related(actor, relation, subject) for relation in relations)
    return (_reaches(actor, roles, subject) or related) and knows(actor, subject)


def knows(actor: Actor, subject: Subject) -> bool:
    """Whether the circle of named readers holds a person: who manages the item or answers for it is always in it."""
    if actor.is_system or _reaches(actor, MANAGING, subject):
        return True
    if any(_is_related(actor, relation, subject) for relation in ANSWERING):
        return True
    return subject.reader_ids is None or actor.stands_as in subject.reader_ids


def manages_all(actor: Actor) -> bool:
    """Whether no list of readers ever narrows what a person knows: the office of the whole organ."""
    return actor.is_system or actor.units(MANAGING).everywhere


def knows_source(actor: Actor, reader_ids: Collection[int]) -> bool:
    """Whether a person may know of a source that these people are named for; nobody named narrows nothing."""
    return not reader_ids or manages_all(actor) or actor.stands_as in reader_ids


def ensure(actor: Actor, action: Action, subject: Subject) -> None:
    """Raise Forbidden unless ``can``."""
    if not can(actor, action, subject):
        raise Forbidden(_l("您没有权限对这个事项做此操作。"))


def ensure_may(actor: Actor, action: Action) -> None:
    """Raise Forbidden unless ``may``."""
    if not may(actor, action):
        raise Forbidden(_l("您没有权限打开此页面或做此操作。如有需要，请联系系统管理员。"))


def reads_whole(actor: Actor) -> bool:
    """Whether the person reads whole feedback texts; whose grants end at some units reads what became items there."""
    return actor.units(PERMISSIONS[Action.READ_SOURCE][0]).everywhere


def _reaches(actor: Actor, roles: Collection[Role], subject: Subject) -> bool:
    reached = actor.units(roles)
    # Before a lead unit is named an item belongs to the office of the whole organ.
    return reached.everywhere if subject.lead_unit_id is None else subject.lead_unit_id in reached


def _is_related(actor: Actor, relation: Relation, subject: Subject) -> bool:
    if actor.stands_as is None:
        return False
    if relation is Relation.SUPPORTING:
        reached = actor.units((Role.UNIT_HEAD, Role.LIAISON))
        return any(unit_id in reached for unit_id in subject.supporting_unit_ids)
    return bool(getattr(subject, f"{relation}_id") == actor.stands_as)


@dataclass(frozen=True)
class Reach:
    """What ``can`` says of one item, for whole lists: any of these conditions lets a row be seen.

    Of items with named readers only those that these units hold (``managing``), that the person answers for, or that
    name the person.
    """

    units: UnitSet
    supporting: UnitSet
    person_id: int | None
    relations: frozenset[Relation]
    managing: UnitSet


def reach(actor: Actor, action: Action = Action.READ_ITEM) -> Reach:
    """The reach of a person for an action; ``items.queries.within`` turns it into SQL."""
    roles, relations = PERMISSIONS[action]
    supporting = UnitSet()
    if Relation.SUPPORTING in relations and actor.person_id is not None:
        supporting = actor.units((Role.UNIT_HEAD, Role.LIAISON))
    related = relations - {Relation.SUPPORTING}
    return Reach(actor.units(roles), supporting, actor.stands_as, related, actor.units(MANAGING))
