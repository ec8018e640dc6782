"""Why a sentence must not be stated: held against its own figures, the facts, and the items it names."""

import re
from collections.abc import Collection, Iterable, Iterator
from functools import cached_property

from tracker.figures.rules import FigureName
from tracker.figures.years import YearFigure
from tracker.reports.naming import STATES
from tracker.reports.rules import WORDS, Facts, Figure, Scope, Sentence, SourceFacts, contradictions, is_listed
from tracker.reports.statements import Meaning, prefix_of
from tracker.reports.telling import Telling, Told
from tracker.reports.texts import clauses

_STILL_OPEN = re.compile("尚未|未销号|未完成|没有完成|未整改到位|没有整改到位|(?:仍在|正在)整改")
_UNFINISHED = re.compile(f"{_STILL_OPEN.pattern}|仍在|正在")
_FINISHED = re.compile(
    "(?<!未)(?<!未能)(?<!申请)(?<!待)(?:已销号|销号|已完成|完成整改|整改完成|整改完毕|已办结|整改到位|全部完成)"
)
# What is yet to come is not said to be done.
_PLANNED = re.compile("力争|确保|争取|计划|预计|限期|要求|推动")
_NEXT = re.compile("下一?步.*", re.DOTALL)
_QUOTED = re.compile("“[^”]{5,}”")
_BLANK = re.compile("(?<![A-Za-z])[XＸ×]{1,5}(?![A-Za-z])|[_＿]{2,}")


class Judge:
    """Holds sentences against facts; made once for all sentences of a text."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._meaning = Meaning(facts)
        self.telling = Telling(facts)

    @cached_property
    def _closed(self) -> frozenset[str]:
        return frozenset(self._facts.everything.numbers(FigureName.CLOSED))

    @cached_property
    def _open(self) -> frozenset[str]:
        return frozenset(self._facts.everything.numbers(FigureName.OPEN))

    @cached_property
    def _scope_by_number(self) -> dict[str, Scope]:
        return {item.number: scope for scope in self._meaning.scopes for item in scope.sources[0].items}

    @cached_property
    def _unlisted(self) -> frozenset[int]:
        """The sources whose items are not those that their tally counts, by identity, since hashing takes all items."""
        return frozenset(id(source) for source in self._facts.sources if not is_listed(source))

    def why_not(self, sentence: Sentence) -> str | None:
        """Why a sentence must not be stated, or None."""
        return next(self._reasons(sentence), None)

    def told_as_open(self, sentence: Sentence) -> frozenset[str]:
        """The numbers of the open items that a sentence says are not finished."""
        told = self._told(sentence)
        says_open = _STILL_OPEN.search(_own_words(sentence.text, told))
        return self._open.intersection(number for each in told for number in each.numbers) if says_open else frozenset()

    def _reasons(self, sentence: Sentence) -> Iterator[str]:
        figures, told = sentence.figures, self._told(sentence)
        for scope in _distinct(map(self._meaning.of_figure, figures)):
            if scope not in self._meaning.of_kind.values():
                yield from self._of_source(scope.sources[0])
        yield from self._of_all({figure.name for figure in figures})
        yield from self._items(sentence, told)
        subjects = [number for each in told if not each.is_passing for number in each.numbers]
        scopes = (self._scope_by_number[number] for number in subjects)
        if why := self._meaning.why_not(sentence, _distinct(scopes)):
            yield why
        yield from _adding_up(figures)

    def _told(self, sentence: Sentence) -> list[Told]:
        """The places that tell of items; words of several items stand for the one that is named beside them."""
        numbered = list(self.telling.by_number(sentence.text))
        named = {number for each in numbered for number in each.numbers}
        meant = {id(source) for scope in self._meaning.named_in(sentence) for source in scope.sources}
        found = []
        for each in self.telling.by_finding(sentence.text):
            nearer = [number for number in each.numbers if number in named] or [
                number for number in each.numbers if id(self._scope_by_number[number].sources[0]) in meant
            ]
            found.append(each._replace(numbers=tuple(nearer) or each.numbers))
        return numbered + found

    def _of_source(self, source: SourceFacts) -> Iterator[str]:
        word = WORDS[source.item_kind]
        if not source.tally.total:
            yield f"该来源没有可统计的{word}。"
        yield from contradictions(source)
        if id(source) in self._unlisted:
            yield f"该来源所列{word}与统计数不符。"

    def _of_all(self, named: Collection[str]) -> Iterator[str]:
        for kind, scope in self._meaning.of_kind.items():
            own = [name for name in named if name in _own_names(scope)]
            if own and not scope.tally.total and any(name.endswith("_rate") for name in own):
                yield f"没有可统计的{WORDS[kind]}，销号率无法计算。"
            if own and not self._unlisted.isdisjoint(map(id, scope.sources)):
                yield "有的来源所列事项与统计数不符。"
        if "measures_done" in named and self._facts.measures_done > self._facts.measures_total:
            yield "已落实的措施多于制定的措施。"
        listed = sorted(each.number for each in self._facts.unfinished)
        if not {"unfinished", "tasks/unfinished"}.isdisjoint(named) and listed != sorted(self._open):
            yield "列出的未完成事项与未销号数不符。"

    def _items(self, sentence: Sentence, told: Collection[Told]) -> Iterator[str]:
        said = _own_words(sentence.text, told)
        for each in told:
            if _STILL_OPEN.search(said):
                if self._open.isdisjoint(each.numbers):
                    yield "该事项已销号或不在本报告的来源中。"
            elif not _UNFINISHED.search(said) and _says_finished(said) and self._closed.isdisjoint(each.numbers):
                yield "该事项尚未销号，不能作为已完成的典型。"


def _distinct(scopes: Iterable[Scope | None]) -> list[Scope]:
    return list({id(scope): scope for scope in scopes if scope}.values())


def _own_words(text: str, told: Iterable[Told]) -> str:
    """A sentence without the words of others: what was found, and what is quoted at some length."""
    kept, at = "", 0
    for each in sorted(told):
        kept += text[at : each.start]
        at = max(at, each.end)
    return _QUOTED.sub("", kept + text[at:])


def _says_finished(said: str) -> bool:
    clauses_ = (each.text for each in clauses(Sentence.of(_NEXT.sub("", said))))
    return any(_FINISHED.search(each) and not (_PLANNED.search(each) and "已" not in each) for each in clauses_)


def _own_names(scope: Scope) -> frozenset[str]:
    return frozenset(scope.prefix + name for name in (*FigureName, *YearFigure))


def _adding_up(figures: Iterable[Figure]) -> Iterator[str]:
    """Whole and parts as one sentence prints them: total = closed + open, open = its states where all are told."""
    told: dict[str, dict[str, int]] = {}
    for figure in figures:
        if figure.value.isdigit():
            told.setdefault(prefix_of(figure.name), {})[figure.name[len(prefix_of(figure.name)) :]] = int(figure.value)
    for counts in told.values():
        if {"total", "closed", "open"} <= set(counts) and counts["total"] != counts["closed"] + counts["open"]:
            yield f"总数{counts['total']}个不等于已销号{counts['closed']}个与未销号{counts['open']}个之和。"
        if {"carried_over", "new_in_year", "due_in_year"} <= set(counts):
            carried, new, due = counts["carried_over"], counts["new_in_year"], counts["due_in_year"]
            if due != carried + new:
                yield f"本年应整改{due}个不等于上年结转{carried}个与本年新增{new}个之和。"
        states = [counts[state] for state in STATES if state in counts]
        if len(states) > 1 and "open" in counts and sum(states) != counts["open"]:
            yield f"未销号{counts['open']}个不等于各状态之和{sum(states)}个。"


def blanks(text: str) -> list[str]:
    """The blanks in a text that nobody filled: XX, ××, ____."""
    return _BLANK.findall(text)
