"""Cutting lines into pieces: one piece per number, also where several numbers stand in one paragraph."""

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass, replace

from tracker.intake.rules.markers import (
    DEPTH,
    INLINE,
    LEADING,
    SOFT,
    UNCOUNTED,
    Family,
    Marker,
    as_marker,
)
from tracker.intake.rules.purposes import (
    Purpose,
    purpose_of_heading,
    purpose_of_introduction,
    purpose_of_label,
    purpose_of_start,
    sentences,
    title_end,
    title_of,
)
from tracker.intake.rules.textlines import TextLine

QUOTED = re.compile(r"“[^”]{0,400}”|《[^》]{0,100}》|（[^（）]{0,200}）|\([^()]{0,200}\)")
LABEL_PLACE = re.compile(r"(?<=[。；;\s])(?=\S{1,8}[：:])|(?=【\S{1,8}】)|(?=[（(]\S{1,8}[：:])")
ENDS_OPEN = re.compile(r"[：:]\s*$")
HARD_AT_START = (Family.chinese_bracket, Family.arabic, Family.arabic_bracket, Family.circled)
LOOK_AHEAD_LINES = 30


@dataclass(frozen=True)
class Piece:
    """A number with the words up to the next number, or words without a number.

    ``opens`` tells that the piece begins its line, ``introduces`` that a list follows right after it in the same line
    or that it ends with a colon. ``raw`` is the piece as printed.
    """

    order: int
    paragraph: int
    marker: Marker | None
    text: str
    raw: str
    opens: bool
    introduces: bool = False
    purpose: Purpose | None = None


@dataclass(frozen=True)
class Place:
    """A number found inside a line."""

    start: int
    end: int
    marker: Marker


def pieces_of(lines: Sequence[TextLine]) -> list[Piece]:
    """Cut all lines, in document order."""
    counted: dict[Family, int] = {}
    found: list[Piece] = []
    for number, line in enumerate(lines):
        ahead = lines[number + 1 : number + LOOK_AHEAD_LINES]
        for piece in _cut_line(line, ahead, counted) if line.purpose is None else [_whole(line)]:
            found.append(replace(piece, order=len(found)))
    return found


def _whole(line: TextLine) -> Piece:
    return Piece(0, line.paragraph, line.marker, line.text, line.raw, opens=True, purpose=line.purpose)


def _cut_line(line: TextLine, ahead: Sequence[TextLine], counted: dict[Family, int]) -> Iterator[Piece]:
    marker = line.marker
    if marker is not None and marker.ordinal is not None:
        counted[marker.family] = marker.ordinal
    places = [] if marker and marker.family is Family.table_problem else _places(line, ahead, counted)
    if marker and marker.family is Family.some and not _some_again(line, ahead):
        marker = None
    starts = [*places, None]
    end = places[0].start if places else len(line.text)
    prefix = line.raw[: len(line.raw) - len(line.text)]
    yield from _cut_slice(line, marker, line.text[:end], prefix, starts[0])
    for place, following in zip(places, starts[1:], strict=True):
        end = following.start if following else len(line.text)
        yield from _cut_slice(
            line, place.marker, line.text[place.end : end], line.text[place.start : place.end], following
        )


def _some_again(line: TextLine, ahead: Sequence[TextLine]) -> bool:
    if len(re.findall("有的|有些", line.text)) > 1:
        return True
    following = ahead[0].marker if ahead else None
    return bool(following and following.family is Family.some)


def _cut_slice(
    line: TextLine, marker: Marker | None, text: str, prefix: str, following: Place | None
) -> Iterator[Piece]:
    """Cut sentences off an entry that no longer belong to it, such as 下一步… after the last problem."""
    if not text.strip() and not prefix.strip() and marker is None:
        return
    if marker is not None and marker.family is Family.label and not text.strip():
        marker, text, prefix = None, prefix, ""
    cuts = _cuts(text, marker, following)
    opens = line.marker is marker or (marker is None and text == line.text[: len(text)])
    for number, (start, end) in enumerate(zip([0, *cuts], [*cuts, len(text)], strict=True)):
        words = text[start:end]
        is_first, is_last = number == 0, end == len(text)
        introduces = (is_last and following is not None) or bool(ENDS_OPEN.search(words))
        raw = f"{prefix}{words}" if is_first else words
        shown = marker if is_first else None
        yield Piece(0, line.paragraph, shown, words, raw, opens and is_first, introduces)


def _cuts(text: str, marker: Marker | None, following: Place | None) -> list[int]:
    cuts: set[int] = set()
    if marker is not None and title_end(text) < len(text) and purpose_of_heading(title_of(text)):
        cuts.add(title_end(text))
    start = 0
    parts = sentences(text)
    for number, sentence in enumerate(parts):
        is_last = number == len(parts) - 1
        begins_list = is_last and following is not None and following.marker.ordinal == 1 and marker is not None
        if start and (purpose_of_start(sentence) or (begins_list and purpose_of_introduction(sentence))):
            cuts.add(start)
        start += len(sentence)
    for match in LABEL_PLACE.finditer(text):
        if match.start() and purpose_of_label(text[match.start() :]):
            cuts.add(match.start())
    return sorted(cuts)


def _places(line: TextLine, ahead: Sequence[TextLine], counted: dict[Family, int]) -> list[Place]:
    quoted = [match.span() for match in QUOTED.finditer(line.text)]
    candidates = [
        place
        for place in _candidates(line)
        if line.text[place.end :].strip() and not any(start < place.start < end for start, end in quoted)
    ]
    accepted: list[Place] = []
    lists: dict[Family, list[int]] = {family: [last] for family, last in counted.items()}
    for number, place in enumerate(candidates):
        done = accepted[-1].end if accepted else 0
        is_doubled = place.marker.family is Family.label and not line.text[done : place.start].strip()
        if place.start < done or is_doubled:
            continue
        later = [*candidates[number + 1 :]]
        if _continues(place, lists) or _begins(place, later, ahead, set(lists)):
            _count(place, lists)
            accepted.append(place)
    if sum(place.marker.family is Family.some for place in accepted) == 1 and not _leads_some(line):
        accepted = [place for place in accepted if place.marker.family is not Family.some]
    counted.update({family: lasts[-1] for family, lasts in lists.items() if lasts})
    return accepted


def _leads_some(line: TextLine) -> bool:
    return line.marker is not None and line.marker.family is Family.some


def _candidates(line: TextLine) -> list[Place]:
    found = [
        Place(match.start(), match.end(), as_marker(family, match))
        for family, pattern in INLINE.items()
        for match in pattern.finditer(line.text)
    ]
    at_start = line.marker is not None and line.marker.family not in SOFT
    for family in HARD_AT_START if at_start else ():
        match = LEADING[family].match(line.text)
        if match and family is not (line.marker.family if line.marker else None):
            found.append(Place(match.start(), match.end(), as_marker(family, match)))
    return sorted(found, key=lambda place: (place.start, DEPTH[place.marker.family]))


def _continues(place: Place, lists: dict[Family, list[int]]) -> bool:
    ordinal = place.marker.ordinal
    return ordinal is not None and ordinal > 1 and ordinal - 1 in lists.get(place.marker.family, [])


def _begins(place: Place, later: Sequence[Place], ahead: Sequence[TextLine], known: Set[Family]) -> bool:
    """Whether a list begins here: a second number follows, or the text has numbered so before."""
    family, ordinal = place.marker.family, place.marker.ordinal
    if family in {Family.label, Family.some}:
        return True
    if ordinal != 1:
        return False
    if family is Family.passage or (family not in SOFT and family in known):
        return True
    followers = [entry.marker for entry in later] + [line.marker for line in ahead if line.marker]
    return any(marker.family is family and marker.ordinal == 2 for marker in followers)


def _count(place: Place, lists: dict[Family, list[int]]) -> None:
    """Keep the last ordinal of every list that is open: a nested list stands on top of the one it interrupts."""
    family, ordinal = place.marker.family, place.marker.ordinal
    if family in UNCOUNTED or ordinal is None:
        return
    lasts = lists.setdefault(family, [])
    if ordinal - 1 not in lasts:
        lasts.append(ordinal)
        return
    while lasts[-1] != ordinal - 1:
        lasts.pop()
    lasts[-1] = ordinal
