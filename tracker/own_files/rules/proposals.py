"""What a sentence with blanks would claim once figures fill them, and how it may be said where that is not true."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from rapidfuzz.fuzz import partial_ratio

from tracker.figures.rules import FigureName
from tracker.office.filling import Change, changed
from tracker.office.numerals import read_number
from tracker.own_files.rules.blanks import Blank, BlankKind, Waiting
from tracker.own_files.rules.sections import is_about
from tracker.reports.rules import WORDS, Facts, Figure, SourceFacts, contradictions, is_listed
from tracker.reports.statements import check_claims, check_statement, name_of

_YEAR = re.compile(r"^(?:19|20)\d\d年(?:度)?")
# Of a hundred: how alike a title and the words of a sentence are that has the numbers of its outline.
ALIKE = 75
_NUMBER = "([0-9０-９]+|[一二三四五六七八九十百〇零两]+)"
_OUTLINE = (
    ("aspects", "个方面", re.compile(rf"{_NUMBER}个?方面")),
    ("categories", "个大类", re.compile(rf"{_NUMBER}个?(?:大类|类别|类(?!似|型))")),
)
_COUNTED = rf"{_NUMBER}[个项条](?:具体|突出|主要)?(?:问题|任务)"
_ANY = re.compile(_COUNTED)
# All of them, unless words in between tell of some of them only.
_FED_BACK = re.compile(
    rf"(?:反馈|点评|指出|查摆|发现)(?:(?!完成|销号|办结|其中|中|已|未|尚|仍|还|剩)[^，。；,;])*?{_COUNTED}"
)
_PUT_RIGHT = re.compile("整改|销号|问题")
_CLOSED = re.compile("(?<!未)(?:完成|销号|办结)(?:了|整改|落实|并销号)*$")
_OPEN = re.compile("(?:尚有|仍有|还有|剩余|未完成|未销号|未办结)$")
_RATE = re.compile("(整改完成率|完成率|销号率)[为是达到约：:]*$")
# What is said of all of them where only some are closed.
_DOES = re.compile("完成")
_DONE = re.compile(
    "(?:已经|已|均|均已|都已|全部|已全部|均已全部)*(?:完成整改|整改完成|整改到位|完成|销号|办结)(?:并销号|任务)?$"
)


class Fill(NamedTuple):
    """A blank with the figure that belongs there."""

    blank: Blank
    figure: Figure


@dataclass(frozen=True)
class Proposal:
    """What the ledger says of a sentence that names a source.

    ``as_it_would_read`` has the figures in its blanks; with ``why`` it must not be stated so. ``instead`` is another
    wording that is true, by ``changes`` of the sentence (``fills`` among them); empty where none is known.
    """

    source: str
    fills: tuple[Fill, ...]
    as_it_would_read: str
    why: str | None = None
    instead: str = ""
    changes: tuple[Change, ...] = ()

    @property
    def filling(self) -> tuple[Change, ...]:
        """The changes that only fill the blanks; places are those of the paragraph."""
        return tuple(Change(*fill.blank.span, fill.figure.value) for fill in self.fills)


def propose(sentence: Waiting, facts: Facts, *, decimals: int) -> Proposal | None:
    """What figures fill the blanks of a sentence with; None when it names no source, or no figure belongs in them."""
    source = _named(sentence.text, facts.sources)
    if source is None:
        return None
    start = sentence.span.start
    fills = tuple(
        Fill(blank, figure)
        for blank in sentence.blanks
        if blank.kind is BlankKind.COUNT
        and (figure := _figure(sentence.text, blank.span.start - start, blank.span.end - start, source, decimals))
    )
    if not fills:
        return None
    changes = [Change(fill.blank.span.start - start, fill.blank.span.end - start, fill.figure.value) for fill in fills]
    read = changed(sentence.text, changes)
    if wrong := _disagreement(read, source):
        return Proposal(source.title, fills, read, wrong)
    why = check_claims(read, source.tally)
    if why is None:
        return Proposal(source.title, fills, read)
    reworded = sorted([*changes, *_rewording(sentence.text, source)])
    instead = changed(sentence.text, reworded)
    if len(reworded) == len(changes) or check_claims(instead, source.tally):
        return Proposal(source.title, fills, read, why)
    moved = tuple(Change(each.start + start, each.end + start, each.text) for each in reworded)
    return Proposal(source.title, fills, read, why, instead, moved)


def why_not(statement: str, facts: Facts) -> str | None:
    """Why a sentence with figures that somebody typed must not be stated, or None.

    One about rectification that names no source is held against all of them; one about other work against none.
    """
    source = _named(statement, facts.sources)
    if source is not None:
        return _disagreement(statement, source) or check_claims(statement, source.tally)
    is_ours = is_about(statement) and _PUT_RIGHT.search(statement)
    return check_statement(statement, facts) if is_ours else None


def _named(text: str, sources: Iterable[SourceFacts]) -> SourceFacts | None:
    """The one source that a sentence names; of problems and tasks under one title the one that it speaks of."""
    names = [(name, source) for source in sources for name in _names(source) if len(name) > 2 and name in text]
    names = names or [(source.title, source) for source in sources if _is_alike(text, source)]
    longest = max((len(name) for name, _source in names), default=0)
    found = [source for name, source in names if len(name) == longest]
    if len({source.title for source in found}) > 1:
        return None
    of_kind = [source for source in found if WORDS[source.item_kind] in text]
    return next(iter(of_kind or found), None)


def _is_alike(text: str, source: SourceFacts) -> bool:
    """Whether a sentence means a source that it calls a little otherwise: its outline must be the same."""
    said = [[read_number(match[1]) for match in pattern.finditer(text)] for _name, _words, pattern in _OUTLINE]
    return said == [[source.aspects], [source.categories]] and any(
        partial_ratio(name, text) >= ALIKE for name in _names(source)
    )


def _names(source: SourceFacts) -> set[str]:
    name = name_of(source)
    return {name, _YEAR.sub("", name)}


def _figure(text: str, start: int, end: int, source: SourceFacts, decimals: int) -> Figure | None:
    """The figure that the words around a blank ask for."""
    before, after = text[:start], text[end:]
    scope, noun = source.scope, WORDS[source.item_kind]
    if re.match("[%％]", after) and (match := _RATE.search(before)):
        is_own_word = match[1] == "整改完成率"
        rate = scope.rate(FigureName.COMPLETION_RATE if is_own_word else FigureName.CLOSURE_RATE, decimals)
        return Figure(rate.name, rate.value.rstrip("%"), rate.item_numbers) if rate.value.endswith("%") else None
    found: Sequence[tuple[bool, Callable[[], Figure | None]]] = (
        (bool(re.match("个?方面", after)), lambda: _outline(source, "aspects")),
        (bool(re.match("个?(?:大类|类)", after)), lambda: _outline(source, "categories")),
        (bool(_CLOSED.search(before)), lambda: scope.figure(FigureName.CLOSED)),
        (bool(_OPEN.search(before)), lambda: scope.figure(FigureName.OPEN)),
        (bool(re.match(f"[个项条](?:具体|突出|主要)?{noun}", after)), lambda: _fed_back(source)),
    )
    return next((make() for is_meant, make in found if is_meant), None)


def _outline(source: SourceFacts, name: str) -> Figure | None:
    count: int = getattr(source, name)
    return Figure(f"{source.scope.prefix}{name}", str(count)) if count else None


def _fed_back(source: SourceFacts) -> Figure:
    return Figure(f"{source.scope.prefix}fed_back", str(source.fed_back), tuple(item.number for item in source.items))


def _disagreement(read: str, source: SourceFacts) -> str | None:
    """What a sentence says of the outline or of all that was fed back and the ledger does not."""
    if found := contradictions(source):
        return found[0]
    if not is_listed(source):
        return f"该来源所列{WORDS[source.item_kind]}与统计数不符。"
    for name, words, pattern in _OUTLINE:
        counted = getattr(source, name)
        for match in pattern.finditer(read):
            if read_number(match[1]) != counted:
                told = f"登记的是{counted}{words}" if counted else f"没有登记{words[1:]}"
                return f"台账{told}，不是{match[1]}个，请先核对。"
    return _wrong_total(read, source)


def _wrong_total(read: str, source: SourceFacts) -> str | None:
    every = {source.fed_back, source.tally.total}
    some = every | {source.tally.closed, source.tally.open}
    numbers = (
        (known, match[1]) for pattern, known in ((_FED_BACK, every), (_ANY, some)) for match in pattern.finditer(read)
    )
    wrong = next((number for known, words in numbers if (number := read_number(words)) not in known), None)
    return None if wrong is None else f"台账登记反馈{source.fed_back}个，不是{wrong}个。"


def _rewording(text: str, source: SourceFacts) -> list[Change]:
    """Changes after which a sentence says how many are closed instead of saying that all are."""
    at = max(text.find(name) for name in _names(source))
    outline = _OUTLINE[0][2].search(text)
    at = outline.start() if at < 0 and outline else at
    stop = re.compile("[，。；,;！]").search(text, at)
    end = stop.start() if stop else len(text)
    done = _DONE.search(text, at, end)
    if done is not None and not re.search("[率到]", text[done.start() - 1 : done.start()]):
        return [Change(done.start(), end, _state(source))]
    clause = max(text.rfind(mark, 0, at) for mark in "，。；,;") + 1
    does = next(_DOES.finditer(text, clause, at), None)
    if does is None:
        return []
    return [Change(does.start(), does.end(), "抓好"), Change(end, end, _state(source))]


def _state(source: SourceFacts) -> str:
    tally = source.tally
    withdrawn = f"，核减{tally.withdrawn}个" if tally.withdrawn else ""
    return withdrawn + (f"，已完成{tally.closed}个" if tally.closed else f"，{tally.open}个正在整改")


def filled(sentence: Waiting, values: Mapping[str, str]) -> tuple[Change, ...]:
    """The changes that put what a person typed into the blanks, by their keys; places are those of the paragraph."""
    return tuple(Change(*blank.span, values[blank.key]) for blank in sentence.blanks if values.get(blank.key))


def read_with(sentence: Waiting, changes: Sequence[Change]) -> str:
    """The sentence as it reads after changes at places of the paragraph."""
    start = sentence.span.start
    return changed(sentence.text, [Change(each.start - start, each.end - start, each.text) for each in sorted(changes)])
