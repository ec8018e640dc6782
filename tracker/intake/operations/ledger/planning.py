"""What a ledger would do; nothing is written."""

from collections.abc import Callable, Mapping, Sequence

from sqlalchemy.orm import Session

from tracker.access.rules import Actor
from tracker.core.errors import DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.intake.operations.ledger.comparing import Standing, edited, refusal
from tracker.intake.operations.ledger.matching import Matcher
from tracker.intake.operations.ledger.plan import Choices, LedgerPlan, PlannedRow, RowKind
from tracker.intake.rules.ledger import Base, Fault, LedgerItem, LedgerReading
from tracker.items.headings import FIELD_LABELS, SETTABLE, Field
from tracker.items.models import Item
from tracker.items.operations import Names, Typed
from tracker.items.operations.naming import near_names
from tracker.items.rules import State, settle
from tracker.office.sheets import letters
from tracker.org import queries as org
from tracker.progress import queries as progress
from tracker.sources.models import Source

PEOPLE = (Field.LEADER, Field.SUPERVISOR, Field.OWNER)
NEAR_LIMIT = 3
WRITTEN = frozenset({RowKind.NEW, RowKind.CHANGED})

# Called now and then with how many rows are done of how many.
Tell = Callable[[int, int], None]


def plan_ledger(
    session: Session,
    reading: LedgerReading,
    source: Source | None,
    choices: Choices,
    *,
    actor: Actor,
    base: Base | None = None,
    lock: bool = False,
    tell: Tell = lambda _done, _of: None,
) -> LedgerPlan:
    """What carrying the ledger out would do, each row new, changed, the same, in conflict or faulty.

    Rows go into ``source``, which may be one that is not drawn up yet; without it they must name items that are there.
    ``base`` holds the words of a list as it was handed out: only cells edited since then are changes.
    """
    return _Planner(session, reading, source, choices, actor, base or {}, lock).plan(tell)


class _Planner:
    def __init__(
        self,
        session: Session,
        reading: LedgerReading,
        source: Source | None,
        choices: Choices,
        actor: Actor,
        base: Base,
        lock: bool,
    ) -> None:
        self.choices, self.actor, self.base, self.source = choices, actor, base, source
        self.outcome = LedgerPlan(reading, source, faults=list(reading.faults))
        self.matcher = Matcher(session, reading.items, source, actor=actor, lock=lock)
        items = self.matcher.items()
        self.measures = progress.measures_of(session, [item.id for item in items])
        self.entries = progress.entries_of(session, [item.id for item in items], newest=1)
        self.told = progress.told_last(session, [item.id for item in items])
        self.typed = {id(row): typed_of(row, choices.names) for row in reading.items}
        self.names = Names(session, self.typed.values())
        self.all_units = [choice.value for choice in org.list_unit_choices(session)]
        self.columns = {heading.sheet: heading for heading in reading.headings}
        # Names of the present row that nobody bears.
        self.unknown_units: list[str] = []
        self.unknown_people: list[str] = []

    def plan(self, tell: Tell) -> LedgerPlan:
        rows, bad = self.outcome.reading.items, self.outcome.reading.bad_rows
        for place, row in enumerate(rows):
            self.unknown_units, self.unknown_people = [], []
            planned = self._planned(row)
            if (row.sheet, row.row) in bad:
                planned.kind = RowKind.FAULTY
            self.outcome.rows.append(planned)
            if planned.kind in WRITTEN:
                self._tell_unknown()
            if place % 500 == 0:
                tell(place, len(rows))
        return self.outcome

    def _planned(self, row: LedgerItem) -> PlannedRow:
        item = self.matcher.find(row)
        if item is not None:
            return self._against(row, self._standing(item))
        found = [*self._new_faults(row), *self._faults(row, SETTABLE)]
        return PlannedRow(row, self._kind(row, found, RowKind.NEW))

    def _standing(self, item: Item) -> Standing:
        counted, told = (next(iter(each.get(item.id, ())), None) for each in (self.entries, self.told))
        return Standing(item, self.measures.get(item.id, ()), counted, told)

    def _against(self, row: LedgerItem, standing: Standing) -> PlannedRow:
        changes, conflicts = edited(row, standing, self.base)
        faults: list[tuple[Field | None, object]] = [
            (each, words) for each in changes if (words := refusal(each, standing, actor=self.actor))
        ]
        faults += self._faults(row, [each for each in changes if each in SETTABLE])
        kind = RowKind.CHANGED if changes else RowKind.SAME
        kind = self._kind(row, faults, RowKind.CONFLICT if conflicts else kind)
        for each in conflicts:
            message = _l("导出之后，别人已把它改成“%(now)s”，请核对后再导入。", now=changes[each].before[:40] or "空")
            self._add(row, each, message)
        return PlannedRow(row, kind, standing.item, changes)

    def _kind(self, row: LedgerItem, faults: Sequence[tuple[Field | None, object]], otherwise: RowKind) -> RowKind:
        for wanted, message in faults:
            self._add(row, wanted, message)
        return RowKind.FAULTY if faults else otherwise

    def _add(self, row: LedgerItem, wanted: Field | None, message: object) -> None:
        heading = self.columns.get(row.sheet)
        numbers = heading.columns_of(wanted) if heading and wanted else []
        self.outcome.faults.append(Fault(row.sheet, row.row, letters(numbers[0]) if numbers else "", message))

    def _new_faults(self, row: LedgerItem) -> list[tuple[Field | None, object]]:
        """What keeps a row from becoming a new item."""
        if self.source is None:
            number = row.words(Field.NUMBER)
            if not number:
                return [(None, _l("这一行没有编号，看不出是哪个事项。"))]
            return [(Field.NUMBER, _l("没有编号为 %(number)s 的事项，或您无权查看。", number=number[:60]))]
        if not row.finding and not row.words(Field.NUMBER):
            # The reading has said so.
            return []
        if not row.finding:
            return [(Field.NUMBER, _l("没有编号为 %(number)s 的事项，这一行也没有具体问题。", number=row.number[:60]))]
        if not row.closed and state_of(row, self.outcome, self.choices) is State.WORKING and self.choices.state:
            needed = ((Field.LEAD_UNIT, row.words(Field.LEAD_UNIT)), (Field.DEADLINE, row.words(Field.DEADLINE)))
            return [(each, _missing(each)) for each, words in needed if not words]
        if row.closed and row.closed_on and row.closed_on < self.source.received_on:
            return [(Field.CLOSED_ON, _l("销号时间 %(day)s 早于反馈日期，请核对。", day=row.closed_on))]
        return []

    def _faults(self, row: LedgerItem, wanted: Sequence[Field]) -> list[tuple[Field | None, object]]:
        found: list[tuple[Field | None, object]] = []
        for each in wanted:
            try:
                self._check(row, each)
            except DomainError as error:
                found.append((each, error.message))
        return found

    def _check(self, row: LedgerItem, wanted: Field) -> None:
        typed = self.typed[id(row)]
        if wanted in (Field.LEAD_UNIT, Field.SUPPORTING_UNITS):
            names = row.supporting_units if wanted is Field.SUPPORTING_UNITS else [row.words(wanted)]
            meant = [self.choices.names.get(name, name) for name in names if name]
            self.unknown_units += [name for name in meant if self.names.find_unit(name) is None]
        elif wanted in PEOPLE and (name := row.words(wanted)):
            unit = self.names.find_unit(typed.lead_unit) if wanted is Field.OWNER else None
            if self.names.person(name, field=str(wanted), unit_id=unit.id if unit else None) is None:
                self.unknown_people.append(name)
        elif wanted is Field.DEADLINE and row.deadline is not None and self.source is not None:
            settle(row.deadline, received_on=self.source.received_on, at_once_days=self.source.at_once_days)

    def _tell_unknown(self) -> None:
        """Only what is written can add units and people."""
        for name in self.unknown_units:
            if name not in self.outcome.new_units:
                self.outcome.new_units[name] = near_names(name, self.all_units, NEAR_LIMIT)
        self.outcome.new_people += [
            name for name in dict.fromkeys(self.unknown_people) if name not in self.outcome.new_people
        ]


def _missing(wanted: Field) -> object:
    return _l("作为整改中的事项导入，要填写“%(field)s”。", field=FIELD_LABELS[wanted])


def state_of(row: LedgerItem, plan: LedgerPlan, choices: Choices) -> State:
    """Where a new item begins: closed where the ledger says so, at work when it was chosen or the ledger tells of work.

    Without lead unit or deadline nobody can be at work, unless that was chosen.
    """
    if row.closed:
        return State.CLOSED
    if choices.state is not None:
        return choices.state
    tells_of_work = any(each.closed or each.own_word != "none" or each.progress for each in plan.reading.items)
    is_ready = bool(row.words(Field.LEAD_UNIT)) and row.deadline is not None
    return State.WORKING if tells_of_work and is_ready else State.DRAFT


def typed_of(row: LedgerItem, names: Mapping[str, str]) -> Typed:
    """What a row says of who answers and by when; columns that the ledger has not, and empty cells, say nothing."""
    values: dict[str, object] = {str(each): row.words(each) for each in SETTABLE if row.words(each)}
    if Field.LEAD_UNIT in values:
        values["lead_unit"] = names.get(row.words(Field.LEAD_UNIT), row.words(Field.LEAD_UNIT))
    if Field.SUPPORTING_UNITS in values:
        values["supporting_units"] = "、".join(names.get(name, name) for name in row.supporting_units)
    if Field.DEADLINE in values:
        values["deadline"] = row.deadline if row.deadline is not None else ...
    return Typed(**values)
