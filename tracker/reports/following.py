"""What a report leaves to the next year: the problems that it says remain (part 二) and its plans (part 三)."""

import re
from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from tracker.core.i18n import lazy_gettext as _l
from tracker.sources.rules import SourceKind

_PART = re.compile(r"\s*[一二三四五六七八九十]+、\s*(?P<title>[^。]{2,40})")
_ITEM = re.compile(
    r"\s*(?P<number>（[一二三四五六七八九十]+）|\([一二三四五六七八九十]+\)|\d{1,2}[.．、])\s*(?P<text>.+)"
)
# 一是…二是… within one paragraph.
_NTH = re.compile(r"(?<![第之唯])(?P<number>[一二三四五六七八九十]+是)(?=[^，。])")

_YEAR = re.compile(r"(?<!\d)(20\d{2})年")
_BEGINNING = 12


class Following(StrEnum):
    """Which part of a report is taken in as a new source."""

    PROBLEMS = "problems"
    PLANS = "plans"


FOLLOWING_LABELS = {Following.PROBLEMS: _l("存在问题"), Following.PLANS: _l("下步打算")}
KINDS = {Following.PROBLEMS: SourceKind.SELF_CHECK, Following.PLANS: SourceKind.WORK_PLAN}
_TITLES = {
    Following.PROBLEMS: re.compile("存在.{0,6}问题|存在.{0,4}不足|问题和不足|主要问题"),
    Following.PLANS: re.compile("下一?步.{0,6}(?:打算|工作|计划|安排|思路|措施)|今后.{0,4}(?:打算|工作)|工作打算"),
}


class Point(NamedTuple):
    """One problem or plan: its number as printed, its words, and the paragraph it stands in."""

    number: str
    text: str
    paragraph: int


def year_told(paragraphs: Sequence[str]) -> int | None:
    """The year that a report says it is about: the first it names; None where it names none at its beginning."""
    found = (_YEAR.search(text) for text in paragraphs[:_BEGINNING])
    return next((int(match[1]) for match in found if match), None)


def part_of(paragraphs: Sequence[str], which: Following) -> range:
    """The paragraphs of a part, its heading first; empty where the report has none."""
    heads = [(at, match["title"]) for at, text in enumerate(paragraphs) if (match := _PART.match(text))]
    for place, (at, title) in enumerate(heads):
        if _TITLES[which].search(title):
            end = heads[place + 1][0] if place + 1 < len(heads) else len(paragraphs)
            return range(at, end)
    return range(0)


def points_of(paragraphs: Sequence[str], part: range) -> list[Point]:
    """The points of a part: its numbered paragraphs, else what 一是 … 二是 … tells within them."""
    numbered = [
        Point(match["number"], match["text"].strip(), at) for at in part[1:] if (match := _ITEM.match(paragraphs[at]))
    ]
    return numbered or [point for at in part for point in _told(paragraphs[at], at)]


def _told(text: str, at: int) -> list[Point]:
    marks = list(_NTH.finditer(text))
    ends = [each.start() for each in marks[1:]] + [len(text)]
    pairs = zip(marks, ends, strict=False)
    return [Point(mark["number"], text[mark.end() : end].strip().rstrip("。；;"), at) for mark, end in pairs]
