"""What an application tells, what each kind of item requires of it, and what is still missing."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from tracker.core.errors import DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.items.rules import DeadlineKind, State
from tracker.office.numerals import chinese_date

EXPLANATION_MIN = 10
STATEMENT_LIMIT = 4000
TOLD_LIMIT = 1000
MORE_LIMIT = 2000

PLEDGE = _l(
    "我单位承诺：本次申请所报的整改措施落实情况、整改成效和佐证材料真实、准确、完整，没有弄虚作假；如有不实，愿承担相应责任。"
)


@dataclass(frozen=True)
class Telling:
    """What the unit tells; ``measures`` maps the id of a measure to what was done about it."""

    statement: str = ""
    measures: Mapping[int, str] = field(default_factory=dict)
    similar_checked: str = ""
    similar_found: str = ""
    mechanism: str = ""
    explanation: str = ""
    is_pledged: bool = False

    def written(self) -> str:
        """The telling as it is kept."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def read(cls, kept: str) -> "Telling":
        """What ``written`` kept."""
        values = json.loads(kept)
        return cls(**{**values, "measures": {int(key): text for key, text in values["measures"].items()}})


class Part(StrEnum):
    """What may be required of an application."""

    MEASURES = "measures"
    STATEMENT = "statement"
    EVIDENCE = "evidence"
    EXPLANATION = "explanation"
    SIMILAR = "similar"
    MECHANISM = "mechanism"
    PLEDGE = "pledge"


ALWAYS = frozenset({Part.STATEMENT, Part.EVIDENCE, Part.EXPLANATION, Part.PLEDGE})
IN_FULL = ALWAYS | {Part.MEASURES, Part.SIMILAR}
REQUIRED: Mapping[DeadlineKind, frozenset[Part]] = {
    DeadlineKind.AT_ONCE: ALWAYS,
    DeadlineKind.BY_DATE: IN_FULL,
    DeadlineKind.STAGED: IN_FULL,
    DeadlineKind.LONG_TERM: IN_FULL | {Part.MECHANISM},
}

# Of a secret item everything is told on paper; what is pledged is that it was done there.
OF_SECRET = frozenset({Part.PLEDGE})


def required_of(kind: DeadlineKind | None, *, then_sustained: bool, state: State) -> frozenset[Part]:
    """What an application for such an item must tell; whatever is kept up for ever needs a lasting mechanism."""
    parts = REQUIRED[kind or DeadlineKind.BY_DATE]
    return parts | {Part.MECHANISM} if then_sustained or state is State.SUSTAINED else parts


@dataclass(frozen=True)
class Basis:
    """What an application is held against: parts required, measures in order (whether done, by id), files there."""

    parts: frozenset[Part]
    measures: Mapping[int, bool]
    evidence: int

    @property
    def undone(self) -> int:
        """How many measures are not done."""
        return sum(not is_done for is_done in self.measures.values())


class Missing(NamedTuple):
    """Something that is missing: the part, the form field it belongs to (None for the evidence), and the words."""

    part: Part
    field: str | None
    message: object


class Incomplete(DomainError):
    """The application lacks something; ``missing`` names all of it."""

    def __init__(self, missing: list[Missing]) -> None:
        first = missing[0]
        super().__init__(first.message, field=first.field)
        self.missing = missing


def list_missing(telling: Telling, basis: Basis) -> list[Missing]:
    """What is still missing, in the order of the form; empty when the application can be filed."""
    return [each for each in _gaps(telling, basis) if each.part in basis.parts]


def check_complete(telling: Telling, basis: Basis) -> None:
    """Raise Incomplete, naming all that is missing, unless the application can be filed."""
    if missing := list_missing(telling, basis):
        raise Incomplete(missing)


def told_field(measure_id: int) -> str:
    """The field in which is told what was done about a measure."""
    return f"told-{measure_id}"


def _gaps(telling: Telling, basis: Basis) -> Iterator[Missing]:
    """All that could be missing, whether it is required or not."""
    for place, measure_id in enumerate(basis.measures, start=1):
        if not telling.measures.get(measure_id, "").strip():
            message = _l("请写明第 %(n)d 条措施的完成情况。", n=place)
            yield Missing(Part.MEASURES, told_field(measure_id), message)
    yield from _gaps_in_statement(telling.statement.strip(), basis)
    if basis.evidence == 0:
        yield Missing(Part.EVIDENCE, None, _l("还没有佐证材料，请先上传至少一份。"))
    if basis.undone and len(telling.explanation.strip()) < EXPLANATION_MIN:
        message = _l(
            "有 %(n)d 条措施未完成，请说明原因和后续安排，不少于 %(min)d 个字。", n=basis.undone, min=EXPLANATION_MIN
        )
        yield Missing(Part.EXPLANATION, "explanation", message)
    if not telling.similar_checked.strip():
        yield Missing(Part.SIMILAR, "similar_checked", _l("请写明举一反三排查了哪些方面。"))
    if not telling.similar_found.strip():
        yield Missing(Part.SIMILAR, "similar_found", _l("请写明举一反三的结果；没有发现同类问题的，也请写明。"))
    if not telling.mechanism.strip():
        yield Missing(Part.MECHANISM, "mechanism", _l("需长期坚持的事项，请写明长效机制。"))
    if not telling.is_pledged:
        yield Missing(Part.PLEDGE, "is_pledged", _l("请勾选真实性承诺。"))


def _gaps_in_statement(statement: str, basis: Basis) -> Iterator[Missing]:
    if not statement:
        yield Missing(Part.STATEMENT, "statement", _l("请填写完成情况。"))
    elif not basis.measures and len(statement) < EXPLANATION_MIN:
        message = _l("没有登记整改措施的，请在完成情况中写明做了什么，不少于 %(min)d 个字。", min=EXPLANATION_MIN)
        yield Missing(Part.STATEMENT, "statement", message)


def told_at_first(text: str, done_on: date | None) -> str:
    """What is filled in for a measure before anybody wrote anything: that it was carried out, and when."""
    return f"{text.rstrip('。；;.，, ')}，已于{chinese_date(done_on)}完成。" if done_on else ""
