"""Which items a sentence tells of: by their numbers, by what was found, by what was done about it or comes next."""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple

from tracker.reports.rules import Facts, Sentence

# Numbers of items: 巡察2026-1-017, also 巡察2026-1-017-03.
_NUMBER = re.compile(r"\d+-\d+-\d{3,}(?:-\d{2,})?(?![\d-])")
_SENTENCES = re.compile("[。；;！？!?\n]")
_INTRODUCED = re.compile("(?:[“‘「]|针对|关于)$")
# Fewer letters and figures than these are said of anything.
MEANT = 8


class Told(NamedTuple):
    """A place of a text that tells of an item; several numbers where several items have the same words.

    ``is_passing``: these are words of an item that the sentence did not say it is about.
    """

    start: int
    end: int
    numbers: tuple[str, ...]
    is_passing: bool = False


class Telling:
    """Finds the items of facts in texts; made once for all sentences of a text."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    @cached_property
    def _by_core(self) -> dict[str, list[str]]:
        """The numbers of all items by what they share with no other kind of number."""
        found: dict[str, list[str]] = {}
        for source in self._facts.sources:
            for item in source.items:
                if match := _NUMBER.search(item.number):
                    found.setdefault(match[0], []).append(item.number)
        return found

    @cached_property
    def _findings(self) -> "_Phrases":
        return _Phrases((item.text, item.number) for source in self._facts.sources for item in source.items)

    @cached_property
    def _all_words(self) -> "_Phrases":
        findings = ((item.text, item.number) for source in self._facts.sources for item in source.items)
        return _Phrases([*findings, *_deeds(self._facts)])

    def by_number(self, text: str) -> Iterator[Told]:
        """The numbers of items in a text; without any of the facts' where it is the number of another."""
        for match in _NUMBER.finditer(text):
            known = [each for each in self._by_core.get(match[0], ()) if text[: match.end()].endswith(each)]
            yield Told(*match.span(), tuple(known))

    def by_finding(self, text: str) -> list[Told]:
        """Where a text says what was found, or a whole sentence of it."""
        return self._findings.found(text)

    def hides(self, text: str, withheld: Iterable[str]) -> bool:
        """Whether a text tells of an item that is withheld; words that others have too give nothing away."""
        hidden = frozenset(withheld)
        return any(number in text for number in hidden) or any(
            hidden.issuperset(told.numbers) for told in self._all_words.found(text)
        )

    def hiding(self, lines: Iterable[tuple[bool, list[Sentence]]], withheld: Iterable[str]) -> list[list[bool]]:
        """Of every sentence whether it tells of what is withheld, itself or by going on about it.

        A line is a heading or a paragraph with its sentences. The first sentence of a paragraph says what the others
        are about, and a heading what the lines after it are, until another item is told of.
        """
        hidden, found, is_under = frozenset(withheld), list[list[bool]](), False
        for is_heading, told in lines:
            goes_on, marks = is_under and not is_heading, list[bool]()
            for place, sentence in enumerate(told):
                hides = bool(hidden) and self.hides(sentence.text, hidden)
                if hides:
                    goes_on = goes_on or not place
                elif goes_on and self.tells(sentence.text):
                    goes_on = False
                marks.append(hides or goes_on)
            is_under = any(marks) if is_heading else is_under
            found.append(marks)
        return found

    def tells(self, text: str) -> bool:
        """Whether a text tells of an item, by number or by what was found."""
        return any(told.numbers for told in self.by_number(text)) or bool(self.by_finding(text))


def _deeds(facts: Facts) -> Iterator[tuple[str, str]]:
    """What was done about items, and what comes next."""
    yield from ((each.done, each.number) for each in facts.typical)
    yield from ((each.done, each.number) for each in facts.answers)
    yield from ((each.next_step, each.number) for each in facts.unfinished)
    yield from ((each.next_step, each.number) for each in facts.answers)


class _Phrases:
    """Words of items, found in texts whatever their punctuation, white space and width."""

    def __init__(self, phrases: Iterable[tuple[str, str]]) -> None:
        numbers: dict[str, dict[str, None]] = {}
        for words, number in phrases:
            for part in {words, *_SENTENCES.split(words)}:
                signs = _signs(part)[0]
                if len(signs) >= MEANT:
                    numbers.setdefault(signs, {})[number] = None
        self._numbers = {signs: tuple(those) for signs, those in numbers.items()}
        self._by_head: dict[str, list[str]] = {}
        for signs in sorted(numbers, key=len, reverse=True):
            self._by_head.setdefault(signs[:MEANT], []).append(signs)

    def found(self, text: str) -> list[Told]:
        """The places of a text that hold such words, in order, without those within longer ones."""
        signs, places = _signs(text)
        found: list[Told] = []
        reached = 0
        for start in range(len(signs) - MEANT + 1):
            heads = self._by_head.get(signs[start : start + MEANT], ())
            words = next((each for each in heads if signs.startswith(each, start)), "")
            if words and start + len(words) > reached:
                reached = start + len(words)
                begin, end = places[start], places[reached - 1] + 1
                found.append(Told(begin, end, self._numbers[words], not _INTRODUCED.search(text[:begin])))
        return found


def _signs(text: str) -> tuple[str, list[int]]:
    """The letters and figures of a text in one width, and where each of them stands."""
    told = [
        (sign, place)
        for place, printed in enumerate(text)
        for sign in unicodedata.normalize("NFKC", printed)
        if sign.isalnum()
    ]
    return "".join(sign for sign, _place in told), [place for _sign, place in told]
