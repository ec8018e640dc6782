"""Names for ids and words for codes, as the rooms that know them call them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from tracker.audit.wording import WordsOf
from tracker.core import hooks
from tracker.core.db import db

_KINDS = {"unit_id": "unit", "lead_unit_id": "unit", "supports": "unit", "section_id": "section"}


def words_for(key: str, value: Any) -> str | None:
    """What the room that knows this kind of code calls it."""
    return next((str(words) for words in hooks.call("words_of", key, value) if words), None)


def namer(told: Iterable[Mapping[str, Any]]) -> WordsOf:
    """What to call any value of these: units, people and headings by the names they bear now, codes in words."""
    wanted: set[tuple[str, int]] = set()
    for each in told:
        for key, value in each.items():
            if key.endswith("_id") or key == "supports":
                wanted |= {(_kind(key), id) for id in _ids(value)}
    found: dict[tuple[str, int], str] = {}
    for names in hooks.call("names_of", db.session(), wanted) if wanted else ():
        found |= names

    def words_of(key: str, value: Any) -> str | None:
        return found.get((_kind(key), value)) or words_for(key, value)

    return words_of


def _kind(key: str) -> str:
    return _KINDS.get(key, "person")


def _ids(value: Any) -> Iterator[int]:
    if isinstance(value, int):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from _ids(each)
