"""Why a sentence must not be stated: held against its own figures, the facts, and the items it names."""

import re
from collections.abc import Iterable, Iterator
from functools import cached_property

from tracker.figures.rules import FigureName, Tally
from tracker.figures.years import YearFigure
from tracker.items.rules import ItemKind
from tracker.reports.naming import STATES
from tracker.reports.rules import WORDS, Facts, Figure, Scope, Sentence, SourceFacts, is_listed, undeclared
from tracker.reports.statements import check_claims, check_statement

_DECLARED = {"aspects": "方面", "categories": "大类", "problems": "问题"}
# Numbers of items: 巡察2026-1-017, also 巡察2026-1-017-03.
_NUMBER = re.compile(r"\d+-\d+-\d{3,}(?:-\d{2,})?(?![\d-])")
_UNFINISHED = re.compile("尚未|未销号|未完成|没有完成|仍在|正在|未整改到位|没有整改到位")
_FINISHED = re.compile("(?<!未)(?<!未能)(?:已销号|销号|已完成|完成整改|已办结|整改到位)")
_BLANK = re.compile("(?<![A-Za-z])[XＸ×]{1,5}(?![A-Za-z])|[_＿]{2,}")


class Judge:
    """Holds sentences against facts; made once for all sentences of a text."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    @cached_property
    def _by_prefix(self) -> dict[str, SourceFacts]:
        return {self._facts.scope_of(source).prefix: source for source in self._facts.sources}

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
    def _closed(self) -> frozenset[str]:
        return frozenset(self._facts.everything.numbers(FigureName.CLOSED))

    @cached_property
    def _open(self) -> frozenset[str]:
        return frozenset(self._facts.everything.numbers(FigureName.OPEN))

    @cached_property
    def _unlisted(self) -> frozenset[int]:
        """The sources whose items are not those that their tally counts, by identity, since hashing takes all items."""
        return frozenset(id(source) for source in self._facts.sources if not is_listed(source))

    def why_not(self, sentence: Sentence) -> str | None:
        """Why a sentence must not be stated, or None."""
        return next(self._reasons(sentence), None)

    def _reasons(self, sentence: Sentence) -> Iterator[str]:
        figures = sentence.figures
        prefixes = dict.fromkeys(_prefix(figure.name) for figure in figures)
        sources = [self._by_prefix[prefix] for prefix in prefixes if prefix in self._by_prefix]
        if sources:
            for source in sources:
                yield from _of_source(source, is_listed_=id(source) not in self._unlisted)
                yield from _claims(sentence, source.tally)
        elif figures:
            yield from self._of_all(sentence)
        yield from self._items(sentence)
        # Figures of no scope, such as how often people met, say nothing of what the words are about.
        is_judged = bool(sources) or self._tells_of_all(figures) or bool(_NUMBER.search(sentence.text))
        if not is_judged and (why := check_statement(sentence.text, self._facts)):
            yield why
        yield from _adding_up(figures)

    def _tells_of_all(self, figures: Iterable[Figure]) -> bool:
        own = _own_names(self._facts.problems) | _own_names(self._facts.tasks)
        return any(figure.name in own for figure in figures)

    def _of_all(self, sentence: Sentence) -> Iterator[str]:
        named = {figure.name for figure in sentence.figures}
        for scope, kind in ((self._facts.problems, ItemKind.PROBLEM), (self._facts.tasks, ItemKind.TASK)):
            own = named & _own_names(scope)
            if own:
                yield from self._of_scope(scope, kind, own)
            if own - {scope.prefix + name for name in YearFigure}:
                yield from _claims(sentence, scope.tally)
        if "measures_done" in named and self._facts.measures_done > self._facts.measures_total:
            yield "已落实的措施多于制定的措施。"
        listed = sorted(each.number for each in self._facts.unfinished)
        if named & {"unfinished", "tasks/unfinished"} and listed != sorted(self._open):
            yield "列出的未完成事项与未销号数不符。"

    def _of_scope(self, scope: Scope, kind: ItemKind, own: Iterable[str]) -> Iterator[str]:
        if not scope.tally.total and any(name.endswith("_rate") for name in own):
            yield f"没有可统计的{WORDS[kind]}，销号率无法计算。"
        if not self._unlisted.isdisjoint(map(id, scope.sources)):
            yield "有的来源所列事项与统计数不符。"

    def _items(self, sentence: Sentence) -> Iterator[str]:
        text = sentence.text
        for match in _NUMBER.finditer(text):
            known = [each for each in self._by_core.get(match[0], ()) if text[: match.end()].endswith(each)]
            says_open = _UNFINISHED.search(text)
            if says_open and not self._open.intersection(known):
                yield "该事项已销号或不在本报告的来源中。"
            elif not says_open and _FINISHED.search(text) and not self._closed.intersection(known):
                yield "该事项尚未销号，不能作为已完成的典型。"


def _prefix(name: str) -> str:
    return name[: name.rfind("/") + 1]


def _own_names(scope: Scope) -> frozenset[str]:
    return frozenset(scope.prefix + name for name in (*FigureName, *YearFigure))


def _claims(sentence: Sentence, tally: Tally) -> Iterator[str]:
    if why := check_claims(sentence.text, tally):
        yield why


def _of_source(source: SourceFacts, *, is_listed_: bool) -> Iterator[str]:
    word = WORDS[source.item_kind]
    if not source.tally.total:
        yield f"该来源没有可统计的{word}。"
    for name, said, counted in undeclared(source):
        yield f"原文称有{said}个{_DECLARED[name]}，台账登记{counted}个，请先核对。"
    if not is_listed_:
        yield f"该来源所列{word}与统计数不符。"


def _adding_up(figures: Iterable[Figure]) -> Iterator[str]:
    """Whole and parts as one sentence prints them: total = closed + open, open = its states where all are told."""
    told: dict[str, dict[str, int]] = {}
    for figure in figures:
        if figure.value.isdigit():
            told.setdefault(_prefix(figure.name), {})[figure.name[len(_prefix(figure.name)) :]] = int(figure.value)
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
