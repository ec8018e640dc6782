"""Counting what a meeting looks at: the whole, each unit, the slow ones by name. Plain functions of frozen items."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from tracker.figures.rules import AGES, Tally
from tracker.items.rules import COUNTED, OPEN, RUNNING, DeadlineKind, OwnWord, State
from tracker.meetings.frozen import Frozen, FrozenItem
from tracker.sources.rules import Counting


def tally_of(frozen: Frozen, items: Iterable[FrozenItem] | None = None) -> Tally:
    """The tally of frozen items, all or some, as ``figures`` counts it: by wholes or by parts, never mixed."""
    found: dict[str, int] = {}
    for item in frozen.items if items is None else items:
        if is_counted(item, frozen.counting):
            for name in _counted_as(item, frozen.as_of, frozen.near_days):
                found[name] = found.get(name, 0) + 1
    return Tally(**found)


def is_counted(item: FrozenItem, counting: Counting) -> bool:
    """Whether an item is in figures that are counted by wholes or by parts."""
    return bool(item.parent) is (counting is Counting.PARTS)


def _counted_as(item: FrozenItem, as_of: date, near_days: int) -> Iterator[str]:
    yield item.state.value
    if item.state not in COUNTED:
        return
    if item.deadline_kind is DeadlineKind.AT_ONCE:
        yield "at_once"
    if item.due_on is not None and item.due_on != item.first_due_on:
        yield "extended"
    yield from _of_closed(item) if item.state is State.CLOSED else _of_open(item, as_of)
    yield from _of_running(item, as_of, near_days)


def _of_closed(item: FrozenItem) -> Iterator[str]:
    if item.confirmed_on is not None:
        yield "confirmed"
    for name, due_on in (
        ("closed_on_time", item.due_on),
        ("closed_on_time_first_deadline", item.first_due_on),
    ):
        if due_on is None or (item.closed_on is not None and item.closed_on <= due_on):
            yield name


def _of_open(item: FrozenItem, as_of: date) -> Iterator[str]:
    if item.own_word is OwnWord.BASICALLY_COMPLETED:
        yield "basically_completed"
    if item.own_word is OwnWord.COMPLETED:
        yield "completed_by_unit"
    if item.is_left_out:
        yield from ("left_out", *(("left_out_completed",) if item.own_word is OwnWord.COMPLETED else ()))
    age = (as_of - item.received_on).days
    yield next(name.value for name, (_first, last) in AGES.items() if last is None or age <= last)


def _of_running(item: FrozenItem, as_of: date, near_days: int) -> Iterator[str]:
    if item.state not in RUNNING or item.due_on is None or item.first_due_on is None:
        return
    if item.due_on < as_of:
        yield "overdue"
    elif (item.due_on - as_of).days <= near_days:
        yield "due_soon"
    if item.first_due_on < as_of:
        yield "overdue_first_deadline"


def is_open(item: FrozenItem) -> bool:
    """Whether it is still to be closed."""
    return item.state in OPEN


def days_over(item: FrozenItem, as_of: date) -> int:
    """By how many days an item is overdue; 0 when it is not."""
    is_late = item.state in RUNNING and item.due_on is not None and item.due_on < as_of
    return (as_of - item.due_on).days if is_late and item.due_on else 0


@dataclass(frozen=True)
class UnitStanding:
    """A unit in the meeting: its tally, its unfinished items (overdue first, longest first), how many are parts."""

    unit_id: int | None
    unit: str
    tally: Tally
    unfinished: tuple[FrozenItem, ...]
    parts: int

    @property
    def id(self) -> int | None:
        """The unit, for the boards of ``figures``."""
        return self.unit_id


def by_unit(frozen: Frozen) -> list[UnitStanding]:
    """Every unit that leads something, the one that is furthest behind first.

    Behind is: more overdue, then the lower closure rate, then more unfinished; what is left keeps the order of the
    items.
    """
    held = _held(frozen)
    return _ranked(
        _standing(frozen, unit_id, items[0].unit, tally_of(frozen, items), items) for unit_id, items in held.items()
    )


def _held(frozen: Frozen) -> Mapping[int | None, list[FrozenItem]]:
    held: dict[int | None, list[FrozenItem]] = {}
    for item in frozen.items:
        held.setdefault(item.unit_id, []).append(item)
    return held


def _ranked(standings: Iterable[UnitStanding]) -> list[UnitStanding]:
    return sorted((each for each in standings if each.tally.total or each.unfinished), key=_behind)


def _standing(
    frozen: Frozen, unit_id: int | None, unit: str, tally: Tally, items: Iterable[FrozenItem]
) -> UnitStanding:
    unfinished = sorted(filter(is_open, items), key=lambda each: _slow(each, frozen.as_of))
    parts = sum(bool(each.parent) for each in unfinished)
    return UnitStanding(unit_id, unit, tally, tuple(unfinished), parts)


@dataclass(frozen=True)
class Standings:
    """The figures of a meeting: of the whole, and of every unit as ``by_unit`` gives them."""

    tally: Tally
    units: list[UnitStanding]


def standings_of(frozen: Frozen) -> Standings:
    """The figures of frozen items."""
    return Standings(tally_of(frozen), by_unit(frozen))


def standings_beside(frozen: Frozen, counted: Mapping[int | None, tuple[str, Tally]]) -> Standings:
    """The same for a meeting of which only the unfinished items were read; ``counted`` are units with their tallies."""
    held = _held(frozen)
    # A unit that leads nothing but parts is in no tally by wholes.
    names = {unit_id: (items[0].unit, Tally()) for unit_id, items in held.items()} | dict(counted)
    units = (_standing(frozen, each, *named, held.get(each, ())) for each, named in names.items())
    return Standings(sum((tally for _unit, tally in counted.values()), Tally()), _ranked(units))


def _behind(standing: UnitStanding) -> tuple[int, float, int]:
    rate = standing.tally.closure_rate
    part = rate.numerator / rate.denominator if rate.denominator else 1.0
    return (-standing.tally.overdue, part, -len(standing.unfinished))


def _slow(item: FrozenItem, as_of: date) -> tuple[int, date, str]:
    return (-days_over(item, as_of), item.due_on or date.max, item.number)


def overdue(frozen: Frozen) -> list[FrozenItem]:
    """What is overdue, by name, the longest first; parts of a common problem too."""
    late = [each for each in frozen.items if days_over(each, frozen.as_of)]
    return sorted(late, key=lambda each: _slow(each, frozen.as_of))


def adds_up(frozen: Frozen) -> bool:
    """Whether the frozen figures are those of the frozen items, and the units together the whole."""
    whole = tally_of(frozen)
    counts = {name: value for name, value in frozen.figures.items() if isinstance(value, int)}
    parts = sum((each.tally for each in by_unit(frozen)), Tally())
    return all(getattr(whole, name) == value for name, value in counts.items()) and parts.total == whole.total
