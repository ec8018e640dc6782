"""Facts made of what the database gives: items with all they count in, sources with the items they hold."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from tracker.core.i18n import force_locale
from tracker.figures.queries import COUNTS
from tracker.figures.rules import FigureName, Tally
from tracker.items.rules import DEADLINE_LABELS, STATE_LABELS, DeadlineKind, ItemKind
from tracker.office.numerals import chinese_date
from tracker.progress.rules import OUTCOME_LABELS, OutcomeKind
from tracker.reports.rules import Answer, ItemFacts, Outcomes, SourceFacts, UnfinishedItem
from tracker.sources.models import Source

PEOPLE = (OutcomeKind.TALKED_TO, OutcomeKind.CRITICISED, OutcomeKind.PUNISHED)
SHORT = 120
_ENDS = re.compile("[。；;\n]")


def source_facts(
    sources: Iterable[Source],
    rows: Sequence[Any],
    tallies: Mapping[ItemKind, Mapping[int | None, Tally]],
    own_names: Collection[str],
) -> tuple[SourceFacts, ...]:
    """Each source with its problems and, as another, with its tasks; a source without items is left out.

    ``rows`` are of ``queries``, in the order of the sources' ids; the tallies were counted apart from them.
    """
    by_kind: dict[tuple[int, ItemKind], list[Any]] = {}
    for row in rows:
        by_kind.setdefault((row.source_id, row.kind), []).append(row)
    return tuple(
        _source(source, kind, by_kind[source.id, kind], tallies[kind].get(source.id, Tally()), own_names)
        for source in sources
        for kind in ItemKind
        if (source.id, kind) in by_kind
    )


def _source(
    source: Source, kind: ItemKind, rows: Sequence[Any], tally: Tally, own_names: Collection[str]
) -> SourceFacts:
    is_problem = kind is ItemKind.PROBLEM
    return SourceFacts(
        id=source.id,
        title=source.title,
        kind=source.kind,
        received_on=source.received_on,
        tally=tally,
        items=tuple(_item(row) for row in rows),
        aspects=len({row.aspect_id for row in rows} - {None}),
        categories=len({row.category_id for row in rows} - {None}),
        item_kind=kind,
        accountable_body="" if source.accountable_body in own_names else source.accountable_body,
        declared_aspects=source.declared_aspects if is_problem else None,
        declared_categories=source.declared_categories if is_problem else None,
        declared_problems=source.declared_problems if is_problem else None,
    )


def _item(row: Any) -> ItemFacts:
    counted_in = frozenset(name for name in COUNTS if getattr(row, name))
    return ItemFacts(
        number=row.number,
        text=row.finding,
        counted_in=counted_in,
        aspect=row.aspect or "",
        category=row.category or "",
        leader=row.leader or "",
        lead_unit=row.lead_unit or "",
        deadline=print_deadline(row),
        state=_state(row, counted_in),
        closed_on=row.closed_on if FigureName.CLOSED in counted_in else None,
        is_withheld=row.is_withheld,
    )


def _state(row: Any, counted_in: Collection[FigureName]) -> str:
    is_closed_late = FigureName.CLOSED in counted_in and FigureName.CLOSED_ON_TIME not in counted_in
    is_late = is_closed_late or FigureName.OVERDUE in counted_in
    with force_locale("zh"):
        return f"{STATE_LABELS[row.state]}{'（逾期）' if is_late else ''}"


def print_deadline(row: Any) -> str:
    """A deadline as printed in the feedback while it still is that one, else its day, always in Chinese."""
    if row.due_text and row.is_due_as_now:
        return str(row.due_text)
    if row.deadline_kind is None:
        return ""
    with force_locale("zh"):
        label = str(DEADLINE_LABELS[row.deadline_kind])
    if row.due_on is None:
        return label
    day = chinese_date(row.due_on)
    printed = day if row.deadline_kind is DeadlineKind.BY_DATE else f"{label}（{day}）"
    return f"{printed}，并长期坚持" if row.then_sustained else printed


def unfinished_item(row: Any, next_step: str) -> UnfinishedItem:
    """An open item with the first measure that is not done."""
    return UnfinishedItem(row.number, row.finding, print_deadline(row), row.lead_unit or "", next_step)


def answer(row: Any, done: str, next_step: str) -> Answer:
    """What became of a point of an appraisal."""
    told = unfinished_item(row, next_step)
    is_closed = bool(row.closed)
    return Answer(row.number, row.finding, is_closed, done, told.lead_unit, told.deadline, told.next_step)


def outcomes(found: Mapping[OutcomeKind, Decimal]) -> Outcomes:
    """The counted results; money without trailing zeros, people by kind with zeros once anybody is told of."""

    def count(kind: OutcomeKind) -> int:
        return int(found.get(kind, 0))

    with force_locale("zh"):
        people = tuple((str(OUTCOME_LABELS[kind]), count(kind)) for kind in PEOPLE)
    return Outcomes(
        regulations_new=count(OutcomeKind.REGULATION_NEW),
        regulations_revised=count(OutcomeKind.REGULATION_REVISED),
        recovered=Decimal(found.get(OutcomeKind.RECOVERED, 0)).normalize(),
        meetings=count(OutcomeKind.MEETING),
        people=people if any(number for _, number in people) else (),
    )


def in_short(statement: str) -> str:
    """As many whole sentences of a statement as fit into a line or two; at least the first."""
    sentences = [" ".join(part.split()) for part in _ENDS.split(statement) if part.strip()]
    kept = sentences[:1]
    for sentence in sentences[1:]:
        if len("，".join([*kept, sentence])) > SHORT:
            break
        kept.append(sentence)
    return "，".join(kept)
