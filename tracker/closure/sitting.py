"""Several applications decided in one sitting, one after another; where one stands is kept in the address."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from tracker.core.forms import number_in

SKIPPED_MAX = 200


@dataclass(frozen=True)
class Sitting:
    """The how many-th application this is, and which were left for later."""

    place: int = 1
    skipped: frozenset[int] = frozenset()

    @classmethod
    def read(cls, arguments: Mapping[str, str]) -> "Sitting":
        """What an address says; whatever is no number is nothing."""
        skipped = (number_in(each) for each in arguments.get("skip", "").split(".")[:SKIPPED_MAX])
        return cls(max(1, number_in(arguments.get("place"))), frozenset(each for each in skipped if each))

    def address(self) -> dict[str, Any]:
        """The arguments of the address."""
        skip = ".".join(str(each) for each in sorted(self.skipped))
        return {"place": self.place if self.place > 1 else None, "skip": skip or None}

    def after(self) -> "Sitting":
        """The same once this one is decided."""
        return replace(self, place=self.place + 1)

    def skip(self, review_id: int) -> "Sitting":
        """The same once this one is left for later."""
        return Sitting(self.place + 1, self.skipped | {review_id})

    def total(self, remaining: int) -> int:
        """How many there are in all: those before this one, and what still waits, this one included."""
        return self.place - 1 + max(1, remaining)
