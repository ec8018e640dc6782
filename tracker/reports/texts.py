"""Text with figures in it, ``共⟦27|total⟧个``: what a draft is kept as, taken apart, filled anew and printed."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from tracker.reports.rules import Figure, Fragment, Sentence

OPEN, BETWEEN, CLOSE = "⟦", "|", "⟧"
_CHIP = re.compile(r"⟦([^⟦⟧|]*)\|([^⟦⟧]+)⟧")
_STRAY = re.compile("[⟦⟧]")
# A sentence ends with its mark; what stands in quotation marks or brackets keeps together.
_PAIRS = {"“": "”", "《": "》", "（": "）", "「": "」"}
_ENDS = "。！？"


def chip(figure: Figure) -> str:
    """A figure within a draft."""
    return f"{OPEN}{figure.value}{BETWEEN}{figure.name}{CLOSE}"


def plain(text: str) -> str:
    """Somebody's words on one line, without the signs that mark figures."""
    return _STRAY.sub("", " ".join(text.split()))


def fragments(text: str, figures: Mapping[str, Figure]) -> Iterator[Fragment]:
    """The pieces of a text: words and figures, each figure with the value it has in ``figures``.

    A name that is not there keeps the value it was written with and counts no items.
    """
    at = 0
    for match in _CHIP.finditer(text):
        if match.start() > at:
            yield _STRAY.sub("", text[at : match.start()])
        yield figures.get(match[2]) or Figure(match[2], match[1])
        at = match.end()
    if at < len(text):
        yield _STRAY.sub("", text[at:])


def names(text: str) -> list[str]:
    """The names of the figures in a draft, in order, each once."""
    return list(dict.fromkeys(match[2] for match in _CHIP.finditer(text)))


def refilled(text: str, figures: Mapping[str, Figure]) -> str:
    """The draft with the value of every figure as it is in ``figures``; words stay as they are."""
    return "\n".join(written(fragments(line, figures)) for line in text.split("\n"))


def written(pieces: Iterable[Fragment]) -> str:
    """Pieces as a draft keeps them."""
    return "".join(chip(each) if isinstance(each, Figure) else each for each in pieces)


def printed(text: str, figures: Mapping[str, Figure] | None = None) -> str:
    """The draft as it is printed."""
    return "\n".join(Sentence(tuple(fragments(line, figures or {}))).text for line in text.split("\n"))


def sentences(pieces: Iterable[Fragment]) -> list[Sentence]:
    """The pieces of a paragraph, sentence by sentence."""
    found: list[Sentence] = []
    held: list[Fragment] = []
    closing: list[str] = []
    for piece in pieces:
        if isinstance(piece, Figure):
            held.append(piece)
            continue
        *ended, rest = _cut(piece, closing)
        for words in ended:
            found.append(Sentence((*held, words)))
            held = []
        if rest:
            held.append(rest)
    return [*found, Sentence(tuple(held))] if held else found


def _cut(words: str, closing: list[str]) -> list[str]:
    """The words after every end of a sentence, the last one being what no sentence has ended yet."""
    cut, start = [], 0
    for at, sign in enumerate(words):
        if closing and sign == closing[-1]:
            closing.pop()
        elif sign in _PAIRS:
            closing.append(_PAIRS[sign])
        elif sign in _ENDS and not closing:
            cut.append(words[start : at + 1])
            start = at + 1
    return [*cut, words[start:]]


def edited(text: str, keep: Callable[[str], bool]) -> str:
    """A typed draft with figures of unknown names as plain words, so that nothing typed is lost."""
    return _CHIP.sub(lambda match: match[0] if keep(match[2]) else match[1], text)
