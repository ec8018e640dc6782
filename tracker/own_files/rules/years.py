"""Years of a report that contradict the year it is about."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from tracker.office.passages import Passage, Span
from tracker.office.sentences import sentences
from tracker.own_files.rules.headings import Heading, headings
from tracker.own_files.rules.sections import QUOTED

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?=年)")
_PLANS = re.compile("打算|计划|下一步|下步|今后|明年|工作安排|工作思路|努力方向")
# A year from which something lasts, or to which a plan of years reaches, is none of the report's.
_SINCE_BEFORE = re.compile(r"(?:自|从|早在|截至|始于)$|\d{4}\s*年?[—–\-~～至到]$")
_SINCE_AFTER = re.compile(r"年(?:以来|起|底以来|[—–\-~～至到]\s*\d{4})")
_NAMED = re.compile("(?:获|获得|荣获|获评|评为|授予|入选|列入|印发|出台|参加)[^，。；、]{0,4}$")


class WrongYear(NamedTuple):
    """A year that does not fit, with its sentence and the year that would; None where it may belong to a name."""

    paragraph: int
    span: Span
    words: str
    sentence: str
    is_plan: bool
    suggested: int | None

    @property
    def key(self) -> str:
        """What it is known by as long as the file is the same."""
        return f"{self.paragraph}-{self.span.start}"


def wrong_years(passages: Sequence[Passage], year: int) -> list[WrongYear]:
    """The years that do not fit a report about ``year``, in order.

    Under what comes next that is the year itself and any before it; elsewhere any before it. Years in quotation marks
    and titles, and those since which something lasts, are left alone.
    """
    told = Counter(int(match[1]) for passage in passages for match in _YEAR.finditer(passage.text))
    usual = told.most_common(1)[0][0] if told else year
    plans = _plans(passages)
    return [
        found
        for place, passage in enumerate(passages)
        for found in _wrong(place, passage.text, year, usual, is_plan=place in plans)
    ]


def _plans(passages: Sequence[Passage]) -> set[int]:
    """The paragraphs under a heading that tells what comes next."""
    found: set[int] = set()
    above: Heading | None = None
    every = {each.paragraph: each for each in headings(passages)}
    for place in range(len(passages)):
        heading = every.get(place)
        if above is not None and heading is not None and heading.ends(above):
            above = None
        if above is None and heading is not None and _PLANS.search(heading.words):
            above = heading
        if above is not None:
            found.add(place)
    return found


def _wrong(place: int, text: str, year: int, usual: int, *, is_plan: bool) -> Iterator[WrongYear]:
    quoted = [match.span() for match in QUOTED.finditer(text)]
    for match in _YEAR.finditer(text):
        said = int(match[1])
        before, after = text[: match.start()], text[match.end() :]
        is_quoted = any(start < match.start() < end for start, end in quoted)
        if is_quoted or _SINCE_BEFORE.search(before) or _SINCE_AFTER.match(after) or said >= year + is_plan:
            continue
        fitting = year + 1 if is_plan else year + said - usual
        suggested = None if _NAMED.search(before) or fitting <= said else fitting
        sentence = next((s for s in sentences(text) if s.start <= match.start() < s.end), Span(0, len(text)))
        words = text[sentence.start : sentence.end]
        yield WrongYear(place, Span(*match.span()), match[1], words, is_plan, suggested)
