"""How alike two findings are, by the pairs of characters they share; the same on every database, without one."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Generic, NamedTuple, TypeVar

Thing = TypeVar("Thing")

# Half of the pairs shared is alike; of the same unit a little less is enough.
ALIKE, OF_SAME_UNIT = 0.5, 0.1
SHOWN = 3

_NO_WORD = re.compile(r"[\W_]+")


class Like(NamedTuple, Generic[Thing]):
    """Something alike, and how much: 1 is the same."""

    thing: Thing
    score: float


def pairs_of(text: str) -> frozenset[str]:
    """The pairs of neighbouring characters of a text, without signs and spaces."""
    plain = _NO_WORD.sub("", text).lower()
    return frozenset(plain[at : at + 2] for at in range(len(plain) - 1))


def likeness(first: str, second: str) -> float:
    """From 0 to 1: twice the pairs that both have by all that they have."""
    one, other = pairs_of(first), pairs_of(second)
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0


class Likenesses(Generic[Thing]):
    """Texts to be compared with, by the pairs they hold, so that many texts are compared with many in no time."""

    def __init__(self, texts: Iterable[tuple[Thing, str, int | None]]) -> None:
        """Take things with their text and the unit that led them."""
        self._things: list[tuple[Thing, int, int | None]] = []
        self._holding: dict[str, list[int]] = defaultdict(list)
        for thing, text, unit_id in texts:
            pairs = pairs_of(text)
            for pair in pairs:
                self._holding[pair].append(len(self._things))
            self._things.append((thing, len(pairs), unit_id))

    def like(self, text: str, *, unit_id: int | None = None) -> Sequence[Like[Thing]]:
        """The most alike first, a handful at most; those of the same unit count a little more."""
        pairs = pairs_of(text)
        shared = Counter(place for pair in pairs for place in self._holding.get(pair, ()))
        found = []
        for place, count in shared.items():
            thing, size, unit = self._things[place]
            score = 2 * count / (len(pairs) + size)
            if score + (OF_SAME_UNIT if unit_id is not None and unit == unit_id else 0) >= ALIKE:
                found.append((score, -place, thing))
        found.sort(key=lambda each: each[:2], reverse=True)
        return [Like(thing, score) for score, _place, thing in found[:SHOWN]]
