"""Which paragraphs of a report begin with a heading, how high it stands, and which of them tells of rectification."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from tracker.office.passages import Passage
from tracker.office.sentences import MARGIN, sentences
from tracker.reports.wording import section_heading

_CHINESE = "[一二三四五六七八九十百〇零]"
# Levels of numbers as GB/T 9704 orders them.
_NUMBERS = (
    (0, re.compile(rf"第(?:{_CHINESE}+|\d+)(?:部分|章|节|篇)[、，：:]?")),
    (1, re.compile(rf"{_CHINESE}+[、.．]")),
    (2, re.compile(rf"[（(]{_CHINESE}+[）)][、.．]?")),
    (3, re.compile(r"\d{1,2}(?:\.\d{1,2})*[、.．](?!\d)|\d{1,2}(?:\.\d{1,2})+(?=[\s\u3000])")),
    (4, re.compile(r"[（(]\d{1,2}[）)][、.．]?|[⑴-⒇]|\d{1,2}[）)]")),
    (5, re.compile(r"[①-⑳]")),
)
# A heading fits on a line or two; a paragraph without number or style is one only when it is short and ends in no stop.
LONGEST, LONGEST_BARE = 50, 30
# Left of a table of contents: the page number, behind dots or a tab.
_CONTENTS = re.compile(r"[.．·…\t]{1,}\s*\d+$")
_TOLD = (re.compile("整改落实|问题整改|整改工作|整改情况|抓好整改|整改任务"), re.compile("整改"))


class Heading(NamedTuple):
    """A heading: its words without number, where they end in the paragraph, and the levels it has.

    ``rank`` is told by its number, ``level`` by its style; None for one without.
    """

    paragraph: int
    words: str
    end: int
    rank: int | None
    level: int | None

    def ends(self, other: "Heading") -> bool:
        """Whether what stands under the other heading ends here."""
        if self.rank is not None and other.rank is not None:
            return self.rank <= other.rank
        if self.level is not None and other.level is not None:
            return self.level <= other.level
        if self.rank is None and self.level is None:
            return other.rank is None and other.level is None
        return self.rank is None or (other.rank is None and other.level is None)


def headings(passages: Sequence[Passage]) -> list[Heading]:
    """The headings of a report in order, those that are the first sentence of their paragraph too."""
    found = (_heading(place, passage) for place, passage in enumerate(passages))
    return [heading for heading in found if heading is not None]


def _heading(place: int, passage: Passage) -> Heading | None:
    spans = sentences(passage.text)
    if not spans or _CONTENTS.search(passage.text.strip(MARGIN)):
        return None
    first = passage.text[spans[0].start : spans[0].end]
    rank, typed = _number(first)
    if rank is None and passage.number:
        rank = _number(passage.number)[0]
    words = first[typed:].strip(MARGIN).rstrip("。：:")
    is_bare = rank is None and passage.level is None
    if is_bare and not _looks_like_one(words, first, is_alone=len(spans) == 1, in_table=passage.in_table):
        return None
    return Heading(place, words, spans[0].end, rank, passage.level) if len(words) <= LONGEST else None


def _number(text: str) -> tuple[int | None, int]:
    for rank, pattern in _NUMBERS:
        if match := pattern.match(text):
            return rank, match.end()
    return None, 0


def _looks_like_one(words: str, first: str, *, is_alone: bool, in_table: bool) -> bool:
    if in_table or len(words) > LONGEST_BARE:
        return False
    if is_alone:
        return not first.endswith(("。", "；", "：", ":", "！", "？", "，"))
    return words == _WORDS or bool(_TOLD[0].search(words))


_HEADING = section_heading()
_WORDS = _HEADING[_number(_HEADING)[1] :]


def about_rectification(passages: Sequence[Passage]) -> list[Heading]:
    """The headings that may be the one of the section, the likeliest kind of them only.

    One that stands above all others of its kind is alone.
    """
    every = headings(passages)
    outside = [each for each in every if not passages[each.paragraph].in_table] or every
    for pattern in (re.compile(re.escape(_WORDS)), *_TOLD):
        found = [each for each in outside if pattern.search(each.words)]
        if found:
            inner = set(under(every, found[0]))
            return found[:1] if all(each in inner for each in found[1:]) else found
    return []


def under(every: Sequence[Heading], heading: Heading) -> list[Heading]:
    """The headings that stand under another one, in order."""
    found: list[Heading] = []
    for each in every:
        if each.paragraph <= heading.paragraph:
            continue
        if each.ends(heading):
            break
        found.append(each)
    return found
