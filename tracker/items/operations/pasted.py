"""What a pasted block would change, and carrying it out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from tracker.access.rules import Action, Actor, can
from tracker.core.db import db
from tracker.core.errors import DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.items import queries
from tracker.items.deadlines import read_deadline
from tracker.items.headings import Field
from tracker.items.models import Item
from tracker.items.operations.assignment import refuse_after_issue
from tracker.items.operations.deciding import Approval
from tracker.items.operations.many import assign_many
from tracker.items.operations.naming import Names, Typed, UnknownPeople, understand
from tracker.items.pasting import CellError, PastedRow, match_rows, read_block
from tracker.items.rules import STATE_LABELS, TRANSITIONS, Deadline, Event, State, settle
from tracker.items.wording import told_names
from tracker.sources.models import Source

_FREE = frozenset({Field.CAUSE, Field.REMARK})


@dataclass(frozen=True)
class PlannedRow:
    """What a row would change of its item: field to the words before and after."""

    place: int
    item: Item
    typed: Typed
    changes: Mapping[Field, tuple[str, str]]


@dataclass
class Plan:
    """All that a paste would do. ``unchanged`` counts rows that say what stands there already."""

    rows: list[PlannedRow] = field(default_factory=list)
    errors: list[CellError] = field(default_factory=list)
    unknown: Sequence[str] = ()
    new_people: list[str] = field(default_factory=list)
    unchanged: int = 0
    names: Any = None

    @property
    def has_issued(self) -> bool:
        """Whether it would change what was issued, and needs a reason and an approval."""
        return any(row.item.state is not State.DRAFT and set(row.changes) - _FREE for row in self.rows)


def plan_paste(
    session: Session, text: str, *, source: Source, column: Field | None, actor: Actor, lock: bool = False
) -> Plan:
    """What pasting a block over a source's items would do; nothing is written.

    Raises DomainError when the block as a whole can't be understood; what is wrong with single cells is in the plan.
    """
    items = {item.number: item for item in queries.list_of_source(session, source.id, actor=actor, lock=lock)}
    if not items:
        raise DomainError(_l("这一来源没有您可以指定的事项。"), field="source")
    block = read_block(text, column=column, numbers=list(items))
    rows, errors = match_rows(block, list(items), source_number=source.number)
    typed = {row.number: Typed(**{str(name): words for name, words in row.cells.items()}) for row in rows}
    plan = Plan(errors=errors, unknown=block.unknown, names=Names(session, typed.values()))
    for row in rows:
        _plan_row(plan, row, items[row.number], typed[row.number], actor=actor)
    plan.errors.sort(key=lambda error: error.place)
    return plan


def _plan_row(plan: Plan, row: PastedRow, item: Item, typed: Typed, *, actor: Actor) -> None:
    now = told_names(item)
    changes = {name: (now[name], words) for name, words in row.cells.items() if now[name] != words}
    if not changes:
        plan.unchanged += 1
        return
    if (item.state, Event.ASSIGN) not in TRANSITIONS or not can(actor, Action.EDIT_ITEM, item):
        message = _l("%(number)s 现在是“%(state)s”，不能再指定。", number=item.number, state=STATE_LABELS[item.state])
        plan.errors.append(CellError(row.place, None, message))
        return
    errors = [error for name in changes if (error := _cell_error(plan, row, name, item, actor))]
    plan.errors += errors
    if errors:
        return
    if Field.DEADLINE in changes:
        before, words = changes[Field.DEADLINE]
        changes[Field.DEADLINE] = (before, _with_day(words, item))
    plan.rows.append(PlannedRow(row.place, item, typed, changes))


def _with_day(words: str, item: Item) -> str:
    """A deadline's words with the day they are taken to mean, so that a wrong reading is seen before it is written."""
    due_on = _settled(read_deadline(words, item.source.received_on), item).due_on
    return f"{words}（{due_on}）" if due_on else words


def _settled(deadline: Deadline, item: Item) -> Deadline:
    return settle(deadline, received_on=item.source.received_on, at_once_days=item.source.at_once_days)


def _cell_error(plan: Plan, row: PastedRow, name: Field, item: Item, actor: Actor) -> CellError | None:
    # An owner is looked for in the lead unit of the same row.
    cells = {name: row.cells[name]}
    if name is Field.OWNER and Field.LEAD_UNIT in row.cells:
        cells[Field.LEAD_UNIT] = row.cells[Field.LEAD_UNIT]
    try:
        typed = Typed(**{str(each): words for each, words in cells.items()})
        found = understand(typed, plan.names, item=item, actor=actor, adds_people=False)
        if found.deadline is not ... and found.deadline is not None:
            _settled(found.deadline, item)
        refuse_after_issue(item, found)
    except UnknownPeople as error:
        plan.new_people += [each for each in error.names if each not in plan.new_people]
    except DomainError as error:
        return CellError(row.place, Field(error.field) if error.field in set(Field) else name, error.message)
    return None


def carry_out_paste(plan: Plan, *, versions: Mapping[str, int], actor: Actor, approval: Approval | None = None) -> int:
    """Write a plan without errors; new people are written down. The number of items that changed.

    What was issued is asked for with ``approval``.

    Raises DomainError while the plan has errors, Conflict for items changed since ``versions`` were seen.
    """
    if plan.errors:
        raise DomainError(_l("还有 %(n)d 处需要修改，什么都没有写入。", n=len(plan.errors)))
    rows = [(row.item, row.typed) for row in plan.rows]
    assign_many(rows, plan.names, actor=actor, adds_people=True, versions=versions, approval=approval)
    db.session().flush()
    return len(rows)
