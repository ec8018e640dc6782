"""Carrying a ledger out: all of it in one transaction, new items in one go."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import inspect

from tracker.access.rules import Action, Actor, can, ensure_may
from tracker.audit.operations import record
from tracker.closure import operations as closure
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Conflict, DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.intake.operations.carrying_out import kind_of
from tracker.intake.operations.ledger.plan import Choices, LedgerPlan, PlannedRow, RowKind
from tracker.intake.operations.ledger.planning import state_of, typed_of
from tracker.intake.rules.ledger import LedgerItem
from tracker.intake.rules.ledger.rows import Title
from tracker.intake.rules.outcome import original_number
from tracker.items import operations as items
from tracker.items.headings import Field
from tracker.items.models import Item
from tracker.items.operations import Names, Typed, understand
from tracker.items.operations.assignment import columns_of
from tracker.items.rules import Event, OwnWord, State
from tracker.org import operations as org
from tracker.org import queries as org_queries
from tracker.progress import operations as progress
from tracker.progress import queries as progress_queries
from tracker.settings.queries import load
from tracker.sources import operations as sources
from tracker.sources import queries as source_queries
from tracker.sources.models import Section, Source
from tracker.sources.rules import Level

REASON = "台账导入"
# What the top of the tree is called until somebody gives it its name.
ORGAN = "本机关"


@dataclass(frozen=True)
class CarriedOut:
    """What was done: the source new items went into, if any, and the items added and changed."""

    source: Source | None
    added: Sequence[Item]
    changed: Sequence[Item]


def carry_out_ledger(plan: LedgerPlan, choices: Choices, *, actor: Actor) -> CarriedOut:
    """Write what the plan says, all rows or, when that was chosen, only the good ones.

    Raises DomainError while rows are faulty or in conflict and all are wanted, or while names are new and nobody
    said to add them.
    """
    _refuse_unready(plan, choices)
    source = plan.source
    new = plan.of_kind(RowKind.NEW)
    if new or plan.new_units:
        ensure_may(actor, Action.INTAKE)
    if source is not None and inspect(source).transient:
        source = _draw_up(source, actor=actor)
    _add_units(plan, actor=actor)
    names = Names(db.session(), [typed_of(each.row, choices.names) for each in plan.rows])
    writer = _Writer(plan, choices, names, actor)
    changed = writer.change(plan.of_kind(RowKind.CHANGED))
    added = writer.add(new, source) if source is not None and new else []
    if added or changed:
        counts = {**plan.counts, "files": len(plan.reading.headings)}
        record(actor, "ledger.carry_out", source.number if source else changed[0].number, **counts)
    return CarriedOut(source, added, changed)


def _refuse_unready(plan: LedgerPlan, choices: Choices) -> None:
    counts = plan.counts
    bad = counts[RowKind.FAULTY] + counts[RowKind.CONFLICT]
    if bad and not choices.only_good:
        message = _l(
            "有 %(bad)d 行不能导入，什么都没有写入。请按提示改正后重新上传，或选择“只导入没有问题的行”。", bad=bad
        )
        raise Conflict(message) if counts[RowKind.CONFLICT] else DomainError(message)
    unknown = [*plan.new_units, *plan.new_people]
    if unknown and not choices.creates_missing:
        message = _l(
            "有 %(n)d 个单位或人员还没有建立：%(names)s。核对无误后，请勾选“新增这些单位和人员”。",
            n=len(unknown),
            names="、".join(unknown[:10]),
        )
        raise DomainError(message, field="creates_missing")
    if not plan.reading.items:
        raise DomainError(next(iter(plan.reading.warnings), _l("表格里没有事项。")))


def _draw_up(source: Source, *, actor: Actor) -> Source:
    return sources.draw_up(
        source.kind, source.title, source.received_on, actor=actor, issuing_body=source.issuing_body or ""
    )


def _add_units(plan: LedgerPlan, *, actor: Actor) -> None:
    if not plan.new_units:
        return
    session = db.session()
    root = org_queries.find_root(session)
    if root is None:
        root = org.add_unit(load(session)["organ.short_name"] or ORGAN, parent=None, actor=actor)
    for name in plan.new_units:
        org.add_unit(name, parent=root, actor=actor)


class _Writer:
    def __init__(self, plan: LedgerPlan, choices: Choices, names: Names, actor: Actor) -> None:
        self.plan, self.choices, self.names, self.actor = plan, choices, names, actor
        self.session = db.session()
        # What is to change of items that were issued, asked for in one act.
        self.wanted: list[tuple[Item, dict[Field, str]]] = []

    def change(self, rows: Sequence[PlannedRow]) -> list[Item]:
        """Change the items of rows that say something else."""
        ids = [each.item.id for each in rows if each.item]
        measures = progress_queries.measures_of(self.session, ids)
        changed: list[Item] = []
        for each in rows:
            item = each.item
            assert item is not None
            try:
                self._change(item, each, measures.get(item.id, ()))
            except DomainError as error:
                message = _l(
                    "第 %(row)d 行 %(number)s：%(message)s", row=each.row.row, number=item.number, message=error
                )
                raise type(error)(message) if type(error) is DomainError else Conflict(message) from error
            changed.append(item)
        items.ask_for(self.wanted, self.choices.approval, actor=self.actor)
        return changed

    def _change(self, item: Item, planned: PlannedRow, measures: Sequence[Any]) -> None:
        typed = typed_of(planned.row, self.choices.names)
        edited = {str(each) for each in planned.changes}
        cleared = {str(each): "" for each, change in planned.changes.items() if not change.after}
        kept = {name: value for name, value in vars(typed).items() if name in edited}
        kept |= {name: value for name, value in cleared.items() if hasattr(typed, name)}
        wanted: dict[Field, str] = {}
        if kept:
            only = replace(type(typed)(), **kept)
            assignment = understand(only, self.names, item=item, actor=self.actor, adds_people=True)
            if item.state is State.DRAFT:
                items.assign(item, assignment, actor=self.actor)
            else:
                items.refuse_after_issue(item, assignment)
                items.assign(item, items.free_of(assignment), actor=self.actor)
                wanted = items.words_of(self._in_words(only, planned))
        if Field.MEASURES in planned.changes and item.state is not State.DRAFT and measures:
            wanted[Field.MEASURES] = "\n".join(planned.row.measures)
        elif Field.MEASURES in planned.changes:
            progress.replace_measures(item, measures, planned.row.measures, actor=self.actor)
        if Field.PROGRESS in planned.changes and planned.row.progress:
            progress.write_entry(item, planned.row.progress, actor=self.actor, unit_id=item.lead_unit_id)
        if Field.OWN_WORD in planned.changes:
            self._declare(item, planned.row.own_word)

        if wanted:
            self.wanted.append((item, wanted))

    def _in_words(self, typed: Typed, planned: PlannedRow) -> Typed:
        """A deadline as the ledger has it: a request keeps the words."""
        changed = planned.changes.get(Field.DEADLINE)
        return typed if changed is None else replace(typed, deadline=changed.after)

    def _declare(self, item: Item, word: OwnWord) -> None:
        """A unit's 基本完成 counts once the office accepts it; what the office itself brings is accepted by that."""
        if word is not OwnWord.BASICALLY_COMPLETED or can(self.actor, Action.DECIDE_AS_OFFICE, item):
            items.declare(item, word, actor=self.actor)
        else:
            closure.declare_basically(item, str(_l("见导入的台账")), on=clock.today(), actor=self.actor)

    def add(self, rows: Sequence[PlannedRow], source: Source) -> list[Item]:
        """Draw up an item for each new row, with its measures and progress, where the ledger says it stands."""
        sections = _Sections(source, self.actor)
        probe = Item(source=source, state=State.DRAFT)
        drafts = [self._draft(each.row, probe, sections, place) for place, each in enumerate(rows)]
        told = [each.row for each in rows]

        def begin(drawn_up: Sequence[Item]) -> None:
            for item, row in zip(drawn_up, told, strict=True):
                self._place_in_life(item, row)

        added = items.draw_up_many(source, drafts, actor=self.actor, kind=kind_of(source), then=begin)
        pairs = list(zip(added, told, strict=True))
        progress.lay_down([(item, row.measures) for item, row in pairs if row.measures], actor=self.actor)
        progress.keep_imported([(item, row.progress) for item, row in pairs if row.progress], actor=self.actor)
        return added

    def _draft(self, row: LedgerItem, probe: Item, sections: "_Sections", place: int) -> items.Draft:
        typed = typed_of(row, self.choices.names)
        assignment = understand(typed, self.names, item=probe, actor=self.actor, adds_people=True)
        numbers = [*(title.number for title in row.titles), row.number]
        values = {
            **columns_of(probe, assignment),
            "original_number": original_number(numbers),
            "position": place,
        }
        return items.Draft(row.finding, sections.at(row.titles), values)

    def _place_in_life(self, item: Item, row: LedgerItem) -> None:
        state = state_of(row, self.plan, self.choices)
        if state is State.CLOSED:
            on = row.closed_on or self.choices.closed_on or clock.today()
            items.close_on_import(item, actor=self.actor, on=_within(on, item), reason=REASON)
        elif state is State.WORKING:
            items.take_over(item, actor=self.actor)
            if row.own_word is not OwnWord.NONE:
                today = clock.today()
                items.move_on(
                    item, Event.DECLARE, actor=self.actor, reason=REASON, own_word=row.own_word, own_word_on=today
                )


def _within(day: date, item: Item) -> date:
    return max(day, item.changed_on)


class _Sections:
    """The headings of a source by their titles; what is not there is added as the rows come to it."""

    def __init__(self, source: Source, actor: Actor) -> None:
        self.source, self.actor = source, actor
        there: dict[tuple[str, ...], Section] = {}
        by_id: dict[int, tuple[str, ...]] = {}
        for section in source_queries.list_sections(db.session(), source.id):
            path = (*by_id.get(section.parent_id or 0, ()), section.title)
            by_id[section.id] = path
            there.setdefault(path, section)
        self._there = there

    def at(self, titles: Sequence[Title]) -> Section | None:
        """The lowest heading of a path, added with all above it when it is missing."""
        path: tuple[str, ...] = ()
        found: Section | None = None
        for title in titles:
            path = (*path, title.words)
            if path not in self._there:
                level = Level.ASPECT if found is None else Level.CATEGORY
                self._there[path] = sources.add_section(
                    self.source, title.words, parent=found, level=level, number=title.number[:20], actor=self.actor
                )
            found = self._there[path]
        return found
