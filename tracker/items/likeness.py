"""How alike two findings are; the same on every database, without one.

The measure is ``rapidfuzz.fuzz.ratio``, letters that stay in order by all letters: Chinese has no blanks between words,
so measures by words say nothing. Of its scorers it finds the most relapses for the least noise (``docs/decisions.md``).
"""

import re
from collections.abc import Iterable, Sequence
from typing import Generic, NamedTuple, TypeVar

from rapidfuzz import fuzz, process

Thing = TypeVar("Thing")

# Of 100. Of the same unit a little less is enough.
ALIKE, OF_SAME_UNIT = 50, 5
SHOWN = 3

_NO_WORD = re.compile(r"[\W_]+")


class Like(NamedTuple, Generic[Thing]):
    """Something alike, and how much: 100 is the same."""

    thing: Thing
    score: float


def _plain(text: str) -> str:
    return _NO_WORD.sub("", text).lower()


class Likenesses(Generic[Thing]):
    """Texts to be compared with; signs, blanks and the size of letters do not count."""

    def __init__(self, texts: Iterable[tuple[Thing, str, int | None]]) -> None:
        """Take things with their text and the unit that led them."""
        taken = [(thing, _plain(text), unit_id) for thing, text, unit_id in texts]
        self._things = [(thing, unit_id) for thing, _text, unit_id in taken]
        self._texts = [text for _thing, text, _unit_id in taken]

    def like(self, text: str, *, unit_id: int | None = None) -> Sequence[Like[Thing]]:
        """The most alike first, a handful at most; those of the same unit count a little more."""
        plain, lowest = _plain(text), ALIKE - OF_SAME_UNIT
        if not plain:
            return []
        near = process.extract(plain, self._texts, scorer=fuzz.ratio, score_cutoff=lowest, limit=None)
        found = []
        for _text, score, place in near:
            thing, unit = self._things[place]
            score += OF_SAME_UNIT if unit_id is not None and unit == unit_id else 0
            found.append((score, -place, thing))
        found.sort(key=lambda each: each[:2], reverse=True)
        return [Like(thing, min(score, 100)) for score, _place, thing in found[:SHOWN] if score >= ALIKE]
