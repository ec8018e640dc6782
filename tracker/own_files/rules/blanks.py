"""Blanks that wait in a report, and of what kind each is."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from tracker.core.i18n import lazy_gettext as _l
from tracker.office.passages import Passage, Span
from tracker.office.sentences import sentences
from tracker.own_files.rules.sections import QUOTED


class BlankKind(StrEnum):
    """What seems to belong in a blank."""

    COUNT = "count"
    NAME = "name"
    YEAR = "year"


BLANK_LABELS = {BlankKind.COUNT: _l("数字"), BlankKind.NAME: _l("名称"), BlankKind.YEAR: _l("年份或日期")}

_BLANK = re.compile(
    r"(?:(?<!\d)(?:19|20))?(?<![A-Za-z])[XＸxｘ×]{2,}(?:\.[XＸ]+)?(?![A-Za-z])"
    r"|(?<![A-Za-z\d])[XＸ](?:\.[XＸ]+)?(?![A-Za-z\d光])"
    r"|(?<!\d)×(?!\d)"
    r"|[_＿]{2,}"
)
_MEASURES = "|".join(
    (
        "个|名|人(?!民|大|员|才|事)|次|场|期|份|件|项|条|篇|家(?!园|庭)|户|届|起|例|宗|笔|轮|节|堂|课时|学时|字|倍|天|小时|分钟|年|岁",
        "亩|吨|米|公里|千米|平方米|公斤|斤|元|[%％‰]|羽|头|只|辆|套|处(?!级|室)|座|幅|块|册|棵|株|支(?!部|委)|批|大?类|种|方面",
    )
)
_COUNTED = re.compile(rf"[\s\u3000]*(?:[余多来几])?(?:[百千万亿])*(?:余)?(?:{_MEASURES})")
_DATED = re.compile(r"年度|年(?=\d|[XＸ_＿\s\u3000])|月|日(?!报)")


@dataclass(frozen=True)
class Blank:
    """A blank of a paragraph; ``words`` is what stands there now."""

    paragraph: int
    span: Span
    words: str
    kind: BlankKind

    @property
    def key(self) -> str:
        """What it is known by as long as the file is the same."""
        return f"{self.paragraph}-{self.span.start}"


@dataclass(frozen=True)
class Waiting:
    """A sentence with blanks in it."""

    paragraph: int
    span: Span
    text: str
    blanks: tuple[Blank, ...]

    @property
    def key(self) -> str:
        """What it is known by as long as the file is the same."""
        return f"{self.paragraph}-{self.span.start}"


def waiting(passages: Sequence[Passage], leaving_out: Sequence[tuple[int, Span]] = ()) -> list[Waiting]:
    """The sentences with blanks, in order, but for those that lie within what is left out."""
    found = (_of_sentence(place, passage, span) for place, passage in enumerate(passages) for span in _parts(passage))
    return [
        each
        for each in found
        if each.blanks
        and not any(each.paragraph == place and span.start <= each.span.start < span.end for place, span in leaving_out)
    ]


def _parts(passage: Passage) -> Iterator[Span]:
    """The sentences with the gaps around them; a paragraph of nothing but a gap is one as well."""
    spans = sentences(passage.text) or [Span(0, 0)]
    ends = [*(span.start for span in spans[1:]), len(passage.text)]
    begin = min([spans[0].start, *(gap.start for gap in passage.gaps)])
    for span, end in zip(spans, ends, strict=True):
        behind = [gap.end for gap in passage.gaps if span.end <= gap.end <= end]
        yield Span(min(begin, span.start) if span is spans[0] else span.start, max([span.end, *behind]))


def _of_sentence(place: int, passage: Passage, span: Span) -> Waiting:
    text = passage.text[span.start : span.end]
    quoted = [match.span() for match in QUOTED.finditer(text)]
    signs = [match.span() for match in _BLANK.finditer(text)]
    gaps = [
        (gap.start - span.start, gap.end - span.start) for gap in passage.gaps if span.start <= gap.start < span.end
    ]
    blanks = [
        Blank(place, Span(span.start + start, span.start + end), text[start:end], _kind(text, start, end, quoted))
        for start, end in sorted({*signs, *gaps})
    ]
    return Waiting(place, span, text, tuple(blanks))


def _kind(text: str, start: int, end: int, quoted: Sequence[tuple[int, int]]) -> BlankKind:
    after = text[end:]
    is_year = text[start:end][:2].isdigit() or (len(text[start:end]) == len("XXXX") and after.startswith("年"))
    if is_year or _DATED.match(after):
        return BlankKind.YEAR
    if any(opens < start and end < closes for opens, closes in quoted):
        return BlankKind.NAME
    return BlankKind.COUNT if _COUNTED.match(after) else BlankKind.NAME
