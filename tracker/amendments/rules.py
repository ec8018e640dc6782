"""What of an issued item may be changed by request, who decides, and what follows."""

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from typing import NamedTuple

from tracker.access.rules import Action
from tracker.core.errors import Conflict, DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.items.headings import Field
from tracker.items.rules import STATE_LABELS as ITEM_STATES
from tracker.items.rules import TRANSITIONS as LIFE
from tracker.items.rules import Event, State

TEXT_MAX = 20_000

# The finding is never changed; another lead unit is a reassignment, another deadline that a unit wants an extension.
AMENDABLE = frozenset(state for state, event in LIFE if event is Event.ASSIGN) - {State.DRAFT}


class Amended(StrEnum):
    """What may be changed."""

    MEASURES = "measures"
    SUPPORTING_UNITS = "supporting_units"
    LEADER = "leader"
    SUPERVISOR = "supervisor"
    OWNER = "owner"
    GOAL = "goal"
    DEADLINE = "deadline"


AMENDED_LABELS: Mapping[Amended, object] = {
    Amended.MEASURES: _l("整改措施"),
    Amended.SUPPORTING_UNITS: _l("配合单位"),
    Amended.LEADER: _l("责任领导"),
    Amended.SUPERVISOR: _l("分管领导"),
    Amended.OWNER: _l("责任人"),
    Amended.GOAL: _l("整改目标"),
    Amended.DEADLINE: _l("整改时限"),
}


def check_amendable(state: State) -> None:
    """Raise Conflict for a draft, which is changed directly, and for what is applied for or over."""
    if state not in AMENDABLE:
        raise Conflict(_l("事项现在是“%(state)s”，不能申请变更。", state=ITEM_STATES[state]))


def approved_by(*, is_by_office: bool) -> Action:
    """Whose leave a request needs: the office's for what a unit asks, a leader's for what the office itself asks."""
    return Action.DECIDE_AS_LEADER if is_by_office else Action.DECIDE_AS_OFFICE


def check_asked(changed: Collection[Amended], *, is_by_office: bool) -> None:
    """A unit that needs another deadline asks for an extension."""
    if Amended.DEADLINE in changed and not is_by_office:
        raise Conflict(_l("调整时限请申请延期。"), field="deadline")


def check_reason(reason: str, *, field: str = "reason") -> None:
    """A request tells why."""
    if not reason.strip():
        raise DomainError(_l("请写明变更的理由。"), field=field)


def list_differences(old: Mapping[Amended, str], new: Mapping[Amended, str]) -> dict[Amended, tuple[str, str]]:
    """What differs, field by field; what ``new`` leaves out stays."""
    wanted = {**old, **new}
    return {
        field: (old[field], wanted[field].strip()) for field in Amended if wanted[field].strip() != old[field].strip()
    }


def differences(old: Mapping[Amended, str], new: Mapping[Amended, str]) -> dict[Amended, tuple[str, str]]:
    """What differs, field by field; raises DomainError when nothing does."""
    changed = list_differences(old, new)
    if not changed:
        raise DomainError(_l("没有任何改动：请直接修改要变更的内容，其余保持不变。"))
    return changed


# Whom the plan named is known from the change that issued it, the rest from the requests that changed it.
NAMED = (Field.LEAD_UNIT, Field.LEADER, Field.SUPERVISOR, Field.OWNER)
WORDED = (Amended.MEASURES, Amended.SUPPORTING_UNITS, Amended.GOAL, Amended.DEADLINE)
# What stood in the printed plan, field by field, in words.
Printed = Mapping[Field, str]


class Step(NamedTuple):
    """A field that was changed, in words; steps come in the order of ``position``."""

    position: int
    field: str
    before: str
    after: str


def differing(steps: Iterable[Step], *, deadline: tuple[str, str]) -> Printed:
    """What the plan said of the fields that read otherwise now; ``steps`` with the oldest first.

    ``deadline`` is the first and the present day, which extensions move as well.
    """
    first: dict[Field, str] = {}
    last: dict[Field, str] = {}
    for step in steps:
        first.setdefault(Field(step.field), step.before)
        last[Field(step.field)] = step.after
    printed = {field: words for field, words in first.items() if words != last[field]}
    if Field.DEADLINE not in printed and deadline[0] != deadline[1]:
        printed[Field.DEADLINE] = first.get(Field.DEADLINE) or deadline[0]
    return {field: printed[field] for field in Field if field in printed}
