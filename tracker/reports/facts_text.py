"""Facts as text and back: what a report keeps, and what its hash seals."""

import hashlib
import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

from cattrs.preconf.json import make_converter

from tracker.core import clock
from tracker.reports.rules import Facts, Figure

_converter = make_converter()
_converter.register_unstructure_hook(Decimal, str)
_converter.register_structure_hook(Decimal, lambda value, _type: Decimal(value))
# Sets in one order, so that equal facts are equal texts.
_converter.register_unstructure_hook(frozenset, sorted)
_converter.register_unstructure_hook_func(lambda type_: str(type_).startswith("frozenset["), sorted)


def write(facts: Facts) -> str:
    """The facts as canonical JSON: sorted keys, no spaces, days and instants in ISO form."""
    return _canonical(_converter.unstructure(facts))


def read(text: str) -> Facts:
    """What ``write`` wrote; names that a later version added take their defaults."""
    facts = _converter.structure(json.loads(text), Facts)
    return replace(facts, known_at=clock.local(facts.known_at))


def write_figures(figures: dict[str, Figure]) -> str:
    """Figures by name as canonical JSON."""
    return _canonical({name: [each.value, list(each.item_numbers)] for name, each in figures.items()})


def read_figures(text: str) -> dict[str, Figure]:
    """What ``write_figures`` wrote."""
    return {name: Figure(name, value, tuple(numbers)) for name, (value, numbers) in json.loads(text).items()}


def digest(text: str) -> str:
    """The SHA-256 of a text, by which a change of it would be seen."""
    return hashlib.sha256(text.encode()).hexdigest()


def _canonical(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
