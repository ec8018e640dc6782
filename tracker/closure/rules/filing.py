"""An application as it was filed: what stood there then, so that nothing changed later alters what was decided."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any, Self

from tracker.core.filetypes import FileType, of_type
from tracker.core.i18n import lazy_gettext as _l
from tracker.progress.rules import OUTCOME_LABELS, OUTCOME_UNITS, OutcomeKind


@dataclass(frozen=True)
class _Kept:
    """Something that is kept as JSON; days as 2026-06-30."""

    @classmethod
    def read(cls, values: dict[str, Any]) -> Self:
        """What was kept."""
        return cls(**{each.name: _day(each.type, values[each.name]) for each in fields(cls)})


def _day(kind: Any, value: Any) -> Any:
    return date.fromisoformat(value) if value and kind in (date, date | None) else value


@dataclass(frozen=True)
class FiledMeasure(_Kept):
    """A measure with what was told about it."""

    id: int
    text: str
    owner: str
    due_on: date | None
    done_on: date | None
    told: str


@dataclass(frozen=True)
class FiledEvidence(_Kept):
    """A file by its number within the item."""

    serial: int
    name: str
    size_bytes: int
    sha256: str
    by: str
    is_for_others: bool
    added_on: date
    media_type: str

    @property
    def type(self) -> FileType:
        """What its content is."""
        return of_type(self.media_type)


@dataclass(frozen=True)
class FiledOutcome(_Kept):
    """A counted result; ``amount`` as printed."""

    kind: str
    amount: str
    note: str
    counted_on: date

    @property
    def words(self) -> object:
        """The result in words, e.g. 追回资金66.57万元."""
        kind = OutcomeKind(self.kind)
        return _l("%(kind)s%(amount)s%(unit)s", kind=OUTCOME_LABELS[kind], amount=self.amount, unit=OUTCOME_UNITS[kind])


@dataclass(frozen=True)
class Filed:
    """Everything beside the texts; empty lists for what was filed before such things were kept."""

    measures: Sequence[FiledMeasure] = ()
    evidence: Sequence[FiledEvidence] = ()
    outcomes: Sequence[FiledOutcome] = ()

    @property
    def done(self) -> int:
        """How many measures were done."""
        return sum(each.done_on is not None for each in self.measures)

    def written(self) -> str:
        """All of it as it is kept."""
        return json.dumps(asdict(self), ensure_ascii=False, default=date.isoformat)

    @classmethod
    def read(cls, kept: str) -> "Filed":
        """What ``written`` kept; nothing for an empty text."""
        values = json.loads(kept) if kept else {"measures": [], "evidence": [], "outcomes": []}
        return cls(
            [FiledMeasure.read(each) for each in values["measures"]],
            [FiledEvidence.read(each) for each in values["evidence"]],
            [FiledOutcome.read(each) for each in values["outcomes"]],
        )
