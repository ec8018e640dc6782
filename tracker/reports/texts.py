"""Text with figures in it, ``共⟦27|total⟧个``: what a draft is kept as, taken apart, filled anew and printed."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from tracker.office.sentences import sentences as spans_of
from tracker.reports.rules import Figure, Fragment, Sentence

OPEN, BETWEEN, CLOSE = "⟦", "|", "⟧"
_CHIP = re.compile(r"⟦([^⟦⟧|]*)\|([^⟦⟧]+)⟧")
_STRAY = re.compile("[⟦⟧]")
_CLAUSE = re.compile("(?:“[^”]*”|《[^》]*》|[^，。；,;])+[，。；,;]*|[，。；,;]+")


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
    told = list(pieces)
    return _parted(told, [span.end for span in spans_of(Sentence(tuple(told)).text)])


def clauses(sentence: Sentence) -> list[Sentence]:
    """A sentence clause by clause, each with the sign that ends it; what is quoted is not taken apart."""
    return _parted(sentence.fragments, [match.end() for match in _CLAUSE.finditer(sentence.text)])


def _parted(told: Iterable[Fragment], stops: Sequence[int]) -> list[Sentence]:
    found: list[Sentence] = []
    held: list[Fragment] = []
    at = 0
    for piece in told:
        for words in [piece] if isinstance(piece, Figure) else _cut(piece, [stop - at for stop in stops]):
            held.append(words)
            at += len(words.value if isinstance(words, Figure) else words)
            if at in stops:
                found.append(Sentence(tuple(held)))
                held = []
    return [*found, Sentence(tuple(held))] if held else found


def _cut(words: str, stops: Iterable[int]) -> list[str]:
    """The words cut at these places, as far as they lie within."""
    places = [0, *(stop for stop in stops if 0 < stop < len(words)), len(words)]
    return [words[begin:end] for begin, end in pairwise(places) if begin < end]


def edited(text: str, keep: Callable[[str], bool]) -> str:
    """A typed draft with figures of unknown names as plain words, so that nothing typed is lost."""
    return _CHIP.sub(lambda match: match[0] if keep(match[2]) else match[1], text)
