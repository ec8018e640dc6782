"""Where the sentences of official Chinese prose end."""

import re
from collections.abc import Iterator

from tracker.office.passages import Span

ENDS = "。！？!?"
PAIRS = {
    "“": "”",
    "‘": "’",
    "「": "」",
    "『": "』",
    "《": "》",
    "〈": "〉",
    "（": "）",
    "(": ")",
    "【": "】",
    "〔": "〕",
}
CLOSING = "".join(PAIRS.values())
# What cannot begin a sentence, so that a quotation before it has not ended one.
GOES_ON = "，、；：。！？,;:的"
_TURNS = re.compile(f"[\n{ENDS}{''.join(PAIRS)}]")
_MARKS = re.compile(f"[{''.join(PAIRS)}{CLOSING}]")
MARGIN = " \t\n\u3000\xa0\u200b\ufeff"


def sentences(text: str) -> list[Span]:
    """The sentences of a paragraph in order, without the blanks around them.

    A semicolon ends none, and neither does a full stop in the midst of quotation marks or brackets; one that closes a
    quotation does. The last sentence may lack its full stop.
    """
    found: list[Span] = []
    begin = 0
    for end in [*_ends(text), len(text)]:
        start, stop = _trimmed(text, begin, end)
        if start < stop:
            found.append(Span(start, stop))
        begin = end
    return found


def _ends(text: str) -> Iterator[int]:
    """Where each sentence ends, behind its stop and whatever that closes."""
    closes = _partners(text)
    covered = 0
    place = 0
    while turn := _TURNS.search(text, place):
        place = turn.start()
        covered = max(covered, closes.get(place, 0))
        if text[place] == "\n":
            yield place + 1
        elif text[place] in ENDS:
            end = place + 1
            while end < len(text) and text[end] in ENDS + CLOSING:
                end += 1
            is_outside = end > covered
            quotes = text[end - 1] in CLOSING and text[end : end + 1] in GOES_ON and end < len(text)
            if is_outside and not quotes:
                yield end
            place = end - 1
        place += 1


def _partners(text: str) -> dict[int, int]:
    """Where what opens at a place closes; a mark without a partner opens nothing."""
    open_marks: list[tuple[int, str]] = []
    found: dict[int, int] = {}
    for mark in _MARKS.finditer(text):
        place, sign = mark.start(), mark[0]
        if sign in PAIRS:
            open_marks.append((place, PAIRS[sign]))
        else:
            depth = next((d for d in range(len(open_marks) - 1, -1, -1) if open_marks[d][1] == sign), None)
            if depth is not None:
                found[open_marks[depth][0]] = place
                del open_marks[depth:]
    return found


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in MARGIN:
        start += 1
    while end > start and text[end - 1] in MARGIN:
        end -= 1
    return start, end
