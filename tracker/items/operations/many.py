"""Naming who answers for many items at once: drafts directly, what was issued by one request each under one reason."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from tracker.access.rules import Actor
from tracker.core import hooks
from tracker.core.errors import Conflict, DomainError, Forbidden
from tracker.core.i18n import lazy_gettext as _l
from tracker.items.headings import SETTABLE, Field
from tracker.items.models import Item
from tracker.items.operations.assignment import FREE, Assignment, assign, refuse_after_issue
from tracker.items.operations.deciding import Approval
from tracker.items.operations.naming import Names, Typed, understand
from tracker.items.rules import State


def assign_many(
    rows: Sequence[tuple[Item, Typed]],
    names: Names,
    *,
    actor: Actor,
    adds_people: bool,
    versions: Mapping[str, int] | None = None,
    approval: Approval | None = None,
) -> None:
    """Set who answers for many items, all or none; what was issued is asked for with ``approval``.

    Raises Conflict naming the numbers that somebody changed since ``versions`` (by number) were seen, DomainError with
    the field ``why`` while issued items would change without a reason; a refusal of one item names it.
    """
    _check_seen([item for item, _typed in rows], versions or {})
    wanted: list[tuple[Item, dict[Field, str]]] = []
    for item, typed in rows:
        try:
            assignment = understand(typed, names, item=item, actor=actor, adds_people=adds_people)
            if item.state is State.DRAFT:
                assign(item, assignment, actor=actor)
                continue
            refuse_after_issue(item, assignment)
            assign(item, free_of(assignment), actor=actor)
            wanted.append((item, words_of(typed)))
        except (Forbidden, DomainError) as error:
            raise name_item(item, error) from error
    ask_for(wanted, approval, actor=actor)


def free_of(assignment: Assignment) -> Assignment:
    """What of an assignment is set directly on an item that was issued."""
    return replace(Assignment(), **{name: getattr(assignment, name) for name in FREE})


def words_of(typed: Typed) -> dict[Field, str]:
    """What was typed of that which is changed by request once it is issued, in words."""
    told = {field: getattr(typed, str(field)) for field in SETTABLE if str(field) not in FREE}
    return {field: words for field, words in told.items() if isinstance(words, str)}


def ask_for(wanted: Sequence[tuple[Item, Mapping[Field, str]]], approval: Approval | None, *, actor: Actor) -> None:
    """Ask for these changes of issued items, by the room of change requests; rows without a difference ask nothing."""
    if wanted:
        hooks.call("change_issued", wanted, approval or Approval(""), actor=actor)


def _check_seen(items: Sequence[Item], seen: Mapping[str, int]) -> None:
    stale = [item.number for item in items if seen.get(item.number, item.version) != item.version]
    if stale:
        message = _l(
            "打开页面之后，以下事项已被别人修改：%(numbers)s。什么都没有保存，请核对后再提交。",
            numbers="、".join(stale),
        )
        raise Conflict(message)


def name_item(item: Item, error: DomainError) -> DomainError:
    """A refusal of one item among many, told with its number; what asks about the whole form stays as it is."""
    if isinstance(error, Forbidden) or error.field == "adds_people":
        return error
    message = _l("%(number)s：%(message)s", number=item.number, message=error.message)
    return type(error)(message, field=error.field)
