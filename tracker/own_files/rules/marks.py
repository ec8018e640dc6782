"""What a person marked in a report: the section, its sentences, what becomes of each blank and year."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum

from tracker.core.i18n import lazy_gettext as _l
from tracker.own_files.rules.sections import Stretch


class Way(StrEnum):
    """How the blanks of a sentence are answered."""

    FIGURE = "figure"
    INSTEAD = "instead"
    OWN = "own"
    LEFT = "left"


WAY_LABELS = {
    Way.FIGURE: _l("按台账填写"),
    Way.INSTEAD: _l("改写为"),
    Way.OWN: _l("自行填写"),
    Way.LEFT: _l("暂不填写"),
}


@dataclass(frozen=True)
class Answer:
    """How a sentence is answered; ``values`` is what was typed, by the key of the blank."""

    way: Way
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Marks:
    """All marks of a report.

    ``paragraph`` is that of the section's heading, ``stretch`` the sentences that go; None until they are known.
    ``answers`` are by the key of their sentence, ``years`` by the key of the year: the new one, 0 where it stays.
    """

    paragraph: int | None = None
    stretch: Stretch | None = None
    answers: Mapping[str, Answer] = field(default_factory=dict)
    years: Mapping[str, int] = field(default_factory=dict)

    def as_text(self) -> str:
        """The marks as the database keeps them."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def read(cls, text: str) -> "Marks":
        """The marks as they were kept."""
        kept = json.loads(text)
        answers = {key: Answer(Way(each["way"]), each["values"]) for key, each in kept["answers"].items()}
        stretch = Stretch(*kept["stretch"]) if kept["stretch"] is not None else None
        return cls(kept["paragraph"], stretch, answers, kept["years"])


NO_MARKS = Marks().as_text()
