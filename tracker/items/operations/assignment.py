"""Naming who answers and by when: directly before issuing, by an approved request after it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tracker.access.rules import Action, Actor, ensure
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Conflict
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.versions import check_version
from tracker.items.models import Item, ItemSupport
from tracker.items.operations.changes import move_on
from tracker.items.queries import find_first_deadline
from tracker.items.rules import Deadline, Event, State, refuse_text, settle

# What of an issued item is changed without a request: nothing of it is printed in the plan.
FREE = frozenset({"cause", "remark"})


@dataclass(frozen=True)
class Assignment:
    """What is to be set; UNCHANGED fields are left as they are. Units and people by id."""

    lead_unit_id: Any = ...
    leader_id: Any = ...
    supervisor_id: Any = ...
    owner_id: Any = ...
    deadline: Any = ...
    supporting_unit_ids: Any = ...
    cause: Any = ...
    goal: Any = ...
    remark: Any = ...

    def values(self) -> dict[str, Any]:
        """The plain columns that are set."""
        plain = ("lead_unit_id", "leader_id", "supervisor_id", "owner_id", "cause", "goal", "remark")
        return {name: getattr(self, name) for name in plain if getattr(self, name) is not ...}


def assign(item: Item, assignment: Assignment, *, actor: Actor, version: int | None = None) -> None:
    """Set who answers for an item and by when; nothing is recorded when nothing differs.

    Raises DomainError for a deadline before the feedback, Stale for an older ``version``, Conflict for what was issued:
    that is changed by a request, another lead unit by reassigning it.
    """
    ensure(actor, Action.EDIT_ITEM, item)
    values = assignment.values()
    if assignment.deadline is not ...:
        values |= _deadline_values(item, assignment.deadline)
    stored = {name: getattr(item, name) for name in values}
    check_version(item, version, typed=values, stored=stored)
    refuse_after_issue(item, assignment)
    changed = _changed(item, assignment)
    if item.state is not State.DRAFT and set(changed) - FREE:
        raise Conflict(_l("已下发的事项不能直接修改责任分工、时限和目标，请提出变更申请，写明理由和批准人。"))
    _set(item, changed, actor=actor)


def amend(item: Item, assignment: Assignment, *, reason: str, actor: Actor) -> None:
    """Carry out an approved change of what was issued; whoever calls has asked who may and whether it was approved."""
    refuse_after_issue(item, assignment)
    _set(item, _changed(item, assignment), actor=actor, reason=reason)
    session = db.session()
    session.flush()
    # Who was read before the change is not who answers now.
    session.expire(item, ["leader", "supervisor", "owner"])


def _changed(item: Item, assignment: Assignment) -> dict[str, Any]:
    """The columns that an assignment changes."""
    values = assignment.values()
    if assignment.deadline is not ...:
        values |= _deadline_values(item, assignment.deadline)
    supports = assignment.supporting_unit_ids
    if supports is not ...:
        supports = [
            unit_id for unit_id in dict.fromkeys(supports) if unit_id != values.get("lead_unit_id", item.lead_unit_id)
        ]
        if supports != [each.unit_id for each in item.supports]:
            values["supports"] = _supports(item, supports)
    return {name: value for name, value in values.items() if getattr(item, name) != value}


def _set(item: Item, values: Mapping[str, Any], *, actor: Actor, reason: str = "") -> None:
    if item.is_secret:
        refuse_text(**{name: values.get(name) for name in ("cause", "goal", "remark")})
    if values:
        on = item.changed_on if item.state is State.DRAFT else clock.today()
        move_on(item, Event.ASSIGN, actor=actor, on=on, reason=reason, **values)


def columns_of(draft: Item, assignment: Assignment) -> dict[str, Any]:
    """The columns that an assignment sets on a draft, deadline and cooperating units included."""
    values = assignment.values()
    if assignment.deadline is not ...:
        values |= _deadline_values(draft, assignment.deadline)
    if assignment.supporting_unit_ids is not ...:
        others = [each for each in dict.fromkeys(assignment.supporting_unit_ids) if each != values.get("lead_unit_id")]
        values["supports"] = [ItemSupport(unit_id=unit_id, position=place) for place, unit_id in enumerate(others)]
    return values


def refuse_after_issue(item: Item, assignment: Assignment) -> None:
    """Raise Conflict for what can't be set that way once an item is issued."""
    if item.state is State.DRAFT:
        return
    if assignment.lead_unit_id not in (..., item.lead_unit_id):
        raise Conflict(_l("已下发的事项更换牵头单位须用“改派”，由新的单位重新签收。"), field="lead_unit")
    if assignment.deadline is None:
        raise Conflict(_l("已下发的事项必须有整改时限。"), field="deadline")


def _deadline_values(item: Item, deadline: Deadline | None) -> dict[str, Any]:
    if deadline is None:
        return {"deadline_kind": None, "due_on": None, "first_due_on": None, "due_text": "", "then_sustained": False}
    source = item.source
    settled = settle(deadline, received_on=source.received_on, at_once_days=source.at_once_days)
    values: dict[str, Any] = {
        "deadline_kind": settled.kind,
        "due_on": settled.due_on,
        "due_text": _words(item, settled),
        "then_sustained": settled.then_sustained,
    }
    if item.state is State.DRAFT or settled.due_on is None:
        values["first_due_on"] = settled.due_on
    elif item.first_due_on is None:
        # It was long-term for a while; that takes the deadline it was issued with from nobody's memory.
        values["first_due_on"] = find_first_deadline(db.session(), item.id) or settled.due_on
    if settled.due_on != item.due_on and item.state is not State.DRAFT:
        values["deadline_moved_on"] = clock.today()
    return values


def _words(item: Item, settled: Deadline) -> str:
    """The words as they are to be printed; those left over from another deadline would contradict this one."""
    stood = Deadline(item.deadline_kind or settled.kind, item.due_on, item.due_text, item.then_sustained)
    return "" if settled.text == item.due_text and settled != stood else settled.text


def _supports(item: Item, unit_ids: Sequence[int]) -> list[ItemSupport]:
    there = {each.unit_id: each for each in item.supports}
    chosen = []
    for position, unit_id in enumerate(unit_ids):
        support = there.get(unit_id) or ItemSupport(unit_id=unit_id)
        support.position = position
        chosen.append(support)
    return chosen
