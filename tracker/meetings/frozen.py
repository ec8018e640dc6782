"""What a meeting looks at, as it stood: items, what waits, what was decided last, with figures, definition and hash."""

import hashlib
import json
from collections.abc import Collection, Container, Mapping
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime
from typing import Any

from tracker.items.rules import DeadlineKind, ItemKind, OwnWord, State
from tracker.sources.rules import Counting


@dataclass(frozen=True)
class FrozenItem:
    """An item as it stood. What is told of its progress is empty for one that is closed or withdrawn.

    ``parent`` is the number of the common problem (总项) that a part belongs to; figures count either it or its parts.
    ``obstacle`` and ``next_step`` are the unit's words beside its last progress; ``asked_until`` the deadline it
    asks for; ``is_left_out`` that its source leaves it, being sustained, out of the denominators.
    """

    id: int
    number: str
    finding: str
    kind: ItemKind
    source_id: int
    source: str
    received_on: date
    aspect: str
    unit_id: int | None
    unit: str
    leader: str
    owner: str
    state: State
    own_word: OwnWord
    deadline_kind: DeadlineKind | None
    due_on: date | None
    first_due_on: date | None
    closed_on: date | None
    confirmed_on: date | None
    parent: str = ""
    progress: str = ""
    progress_on: date | None = None
    obstacle: str = ""
    next_step: str = ""
    asked_until: date | None = None
    is_left_out: bool = False


@dataclass(frozen=True)
class FrozenWait:
    """A request of an item that somebody has to decide: a closing (``until`` None) or a later deadline."""

    item_id: int
    since: date
    by: str
    words: str
    until: date | None = None


@dataclass(frozen=True)
class FrozenDecision:
    """What the meeting before decided, and where it stood: the item it became, if it did.

    Number, state and progress are the item's, for those who may see it.
    """

    position: int
    text: str
    unit_id: int
    unit: str
    due_on: date | None
    number: str = ""
    state: State | None = None
    progress: str = ""
    due_text: str = ""
    item_id: int | None = None

    def seen_by(self, ids: Collection[int]) -> "FrozenDecision":
        """The decision without what is told of its item, unless that may be seen."""
        if self.item_id is None or self.item_id in ids:
            return self
        return replace(self, item_id=None, number="", state=None, progress="")


@dataclass(frozen=True)
class Frozen:
    """All that a meeting looks at. ``figures`` are printed by name, as on every page; ``definition`` is their 口径.

    ``known_at`` is the instant of what was known, ``trail_head`` the hash at which the trail then ended; ``scope`` the
    items that are meant, in words; ``counting`` whether figures count wholes or parts. Items come by unit in the order
    of the tree, then by number.
    """

    title: str
    held_on: date
    scope: str
    as_of: date
    known_at: datetime
    near_days: int
    decimals: int
    definition: str
    figures: Mapping[str, int | str | None]
    items: tuple[FrozenItem, ...]
    waits: tuple[FrozenWait, ...] = ()
    last_title: str = ""
    last_decisions: tuple[FrozenDecision, ...] = ()
    trail_head: str = ""
    counting: Counting = Counting.WHOLES

    def to_text(self) -> str:
        """The content as canonical JSON: sorted keys, no spaces, days and instants in ISO form."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=_told)

    def seen_by(self, ids: Collection[int], unit_ids: Container[int], others: Collection[int] = ()) -> "Frozen":
        """What of it somebody may see: the items with these ids, and decisions for these units.

        ``others`` are ids of items that may be seen but are none of the meeting's: what the last one decided.
        """
        mine = frozenset(ids)
        known = mine | frozenset(others)
        return replace(
            self,
            items=tuple(each for each in self.items if each.id in mine),
            waits=tuple(each for each in self.waits if each.item_id in mine),
            last_decisions=tuple(each.seen_by(known) for each in self.last_decisions if each.unit_id in unit_ids),
        )


def _told(value: Any) -> str:
    return str(value.isoformat())


def digest(text: str) -> str:
    """The SHA-256 of a frozen text, by which a change of it would be seen."""
    return hashlib.sha256(text.encode()).hexdigest()


def read(text: str) -> Frozen:
    """What ``Frozen.to_text`` wrote; names that a later version added take their defaults."""
    told = json.loads(text)
    told["items"] = tuple(FrozenItem(**_typed(FrozenItem, each)) for each in told["items"])
    told["waits"] = tuple(FrozenWait(**_typed(FrozenWait, each)) for each in told["waits"])
    told["last_decisions"] = tuple(FrozenDecision(**_typed(FrozenDecision, each)) for each in told["last_decisions"])
    return Frozen(**_typed(Frozen, told))


_CODES = {"kind": ItemKind, "state": State, "own_word": OwnWord, "deadline_kind": DeadlineKind, "counting": Counting}


def _typed(of: type, told: Mapping[str, Any]) -> dict[str, Any]:
    return {each.name: _value(each.name, told[each.name]) for each in fields(of) if each.name in told}


def _value(name: str, value: Any) -> Any:
    if value is None or not isinstance(value, str):
        return value
    if name in _CODES:
        return _CODES[name](value)
    if name.endswith("_on") or name in ("as_of", "since", "until", "asked_until"):
        return date.fromisoformat(value)
    return datetime.fromisoformat(value) if name == "known_at" else value
