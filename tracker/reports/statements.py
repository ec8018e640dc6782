"""Checks what a sentence claims about rectification against the counts, whoever wrote the sentence."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain

from tracker.figures.rules import FigureName, Rate, Tally
from tracker.figures.years import YearFigure
from tracker.items.rules import ItemKind
from tracker.office.numerals import read_number
from tracker.reports import texts
from tracker.reports.rules import WORDS, Facts, Figure, Scope, Sentence, SourceFacts
from tracker.sources.rules import SourceKind

# What is quoted at some length is somebody else's word; a word in quotation marks is the writer's own.
_QUOTED = re.compile("“[^”]{5,}”|《[^》]*》")
_DENIED = "(?<!未)(?<!未能)(?<!没有)"
_ALL = re.compile(
    rf"{_DENIED}(?:全部|均已|都已|全都|悉数|逐一|百分之百)[^，。；,;]*?(?:完成|到位|销号|清零|办结|完毕)|"
    rf"{_DENIED}(?:完成|销号|整改|办结)(?:了)?(?:全部|所有)|全面(?:完成|销号|整改到位|整改完毕)|"
    rf"(?<![\d.])100%的?(?:问题|任务|事项)?[均都已]*(?:完成|销号|整改|办结|清零)|"
    rf"{_DENIED}(?:完成|销号|整改|办结)(?:比例|进度)?[为是达到了已]*100%"
)
_DONE = "(?:完成整改|整改完成|整改到位|整改完毕|完成|销号|办结)"
_COUNT = re.compile(
    r"(?<!未)(?<!未能)(?<!申报)(?<!自报)(?<!基本)(?:完成|销号|办结)(?:了|整改|落实|并销号)*(\d{1,9})[个项条]|"
    r"(?<!未)(?<!未能)(?<!申报)(?<!基本)完成(?!率)[^，。；,;完]*?(\d{1,9})[个项条](?:问题|任务|事项)|"
    # 27个问题已完成整改, unless the clause goes on with how many: 27个问题已完成24个.
    rf"(\d{{1,9}})[个项条](?:问题|任务|事项)?(?:整改)?(?:已经|均已|都已|已|均|都)(?:按期|如期)?{_DONE}(?![^，。；,;]*\d)|"
    r"已(?:经)?整改(\d{1,9})[个项条]"
)
_OPEN = re.compile(
    r"(?:尚有|仍有|还有|尚余)(\d{1,9})[个项条](?:问题|任务|事项)?(?:尚未|未|没有)(?:完成|销号|整改到位|办结)|"
    r"未销号的?(?:问题|任务|事项)?[共为有]?(\d{1,9})[个项条]"
)
_RATE = re.compile(
    r"(?<!按期)(整改完成率|完成率|销号率|整改率|整改到位率|办结率)[为是达到了已约：:]*(\d{1,9}(?:\.\d{1,9})?)%"
)
# That a clause is about more than the items it stands beside.
_WIDER = re.compile(r"台账|其余|(?:全部|所有)的?(?:问题|任务|事项)|\d+[个项条](?:问题|任务|事项)")
_AND_OTHERS = re.compile(r"\d[）)]?等|”等\d*[个项条]?(?:突出|具体)?(?:问题|任务|事项)")
_OF_ALL = re.compile("列入台账|各来源|所有来源")
_OF_YEAR = {YearFigure.CLOSED_IN_YEAR, YearFigure.STILL_OPEN}
_WIDE = str.maketrans("０１２３４５６７８９％．", "0123456789%.")
_PARTS = re.compile("百分之(百|[一二三四五六七八九十]{1,3})")
_WORDED = re.compile("([一二两三四五六七八九十百千〇零]{2,})(?=[个项条](?:问题|任务|事项|已|均|都))")

_ENDING = re.compile(
    r"(?:反馈|点评|指出|查摆|查找|发现|存在|议定|交办)?(?:出)?(?:的)?(?:问题|意见|事项)*(?:(?:整改)?(?:清单|台账))?$"
)
_VERBS = {
    SourceKind.INSPECTION: "反馈的",
    SourceKind.SUPERVISION: "反馈的",
    SourceKind.APPRAISAL: "点评指出的",
    SourceKind.DEMOCRATIC_LIFE: "查摆出的",
    SourceKind.CAMPAIGN: "查摆出的",
    SourceKind.AUDIT: "指出的",
    SourceKind.SELF_CHECK: "自查发现的",
    SourceKind.MEETING: "议定的",
    SourceKind.WORK_PLAN: "部署的",
    SourceKind.ASSIGNMENT: "交办的",
}


def name_of(source: SourceFacts) -> str:
    """The title without 反馈意见, 问题清单 and the like, which the sentence says itself."""
    return _ENDING.sub("", source.title) or source.title


def phrase_of(source: SourceFacts) -> str:
    """Who said it, as the beginning of a sentence: 市纪委市监委内部督查反馈的."""
    name, verb = name_of(source), _VERBS[source.kind]
    return name + (verb.removeprefix("自查") if name.endswith("自查") else verb)


def check_statement(statement: str, facts: Facts) -> str | None:
    """Why a sentence in words alone must not be stated, or None."""
    return Meaning(facts).why_not(Sentence.of(statement))


def check_claims(statement: str, *tallies: Tally) -> str | None:
    """Why a sentence about these items must not be stated, or None.

    Of several tallies a number has to be that of one, and what is said of all has to hold for each. What is quoted is
    somebody else's word and not a claim.
    """
    return next((why for why in _wrongs(_claimed(statement), tallies) if why), None)


def _claimed(statement: str) -> str:
    return _QUOTED.sub("", _in_figures(statement))


def _in_figures(statement: str) -> str:
    """The sentence in one spelling: figures and percent signs of half width, numbers in figures, no white space."""
    narrow = "".join(statement.translate(_WIDE).split())
    percent = _PARTS.sub(lambda match: f"{100 if match[1] == '百' else read_number(match[1])}%", narrow)
    return _WORDED.sub(lambda match: str(read_number(match[1]) or match[1]), percent)


class Meaning:
    """Holds sentences against what their clauses are about: the sources that figures and words name, else all."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    @cached_property
    def scopes(self) -> list[Scope]:
        """Every source by itself."""
        return [source.scope for source in self._facts.sources]

    @cached_property
    def of_kind(self) -> dict[ItemKind, Scope]:
        """All problems, and all tasks."""
        return {ItemKind.PROBLEM: self._facts.problems, ItemKind.TASK: self._facts.tasks}

    @cached_property
    def _by_figure(self) -> dict[str, Scope]:
        """What a figure is about, by the beginning of its name; by all of it where it is about all."""
        own = {scope.prefix + name: scope for scope in self.of_kind.values() for name in (*FigureName, *YearFigure)}
        return own | {scope.prefix: scope for scope in self.scopes}

    @cached_property
    def _by_name(self) -> dict[str, list[Scope]]:
        found: dict[str, list[Scope]] = {}
        for scope in self.scopes:
            found.setdefault(_in_figures(name_of(scope.sources[0])), []).append(scope)
        return found

    @cached_property
    def _names(self) -> re.Pattern[str]:
        # The longest first: a name within a longer one does not stand for itself.
        names = sorted(filter(None, self._by_name), key=len, reverse=True)
        return re.compile("|".join(map(re.escape, names)) or r"(?!)")

    def why_not(self, sentence: Sentence, items_of: Sequence[Scope] = ()) -> str | None:
        """Why a sentence must not be stated, or None.

        ``items_of`` are the sources of items that it tells of; clauses about these alone claim nothing of others.
        """
        parts = texts.clauses(sentence)
        named = [self.named_in(part) for part in parts]
        everywhere = list(chain(*named))
        tells_of_more = not items_of or bool(_AND_OTHERS.search(_in_figures(sentence.text)))
        since: list[Scope] = []
        for part, own in zip(parts, named, strict=True):
            since += own
            said = _claimed(_without_years(part))
            if own or tells_of_more or _WIDER.search(said):
                meant = since or everywhere or [*items_of, *self._all_of(part, sentence)]
                if why := check_claims(said, *_tallies(meant)):
                    return why
            if _is_claim(said):
                since = []
        return None

    def named_in(self, part: Sentence) -> list[Scope]:
        """What the figures and the words of a clause name, in this order."""
        found = [scope for figure in part.figures if (scope := self.of_figure(figure))]
        by_words: list[Scope] = []
        for match in self._names.finditer(_in_figures(part.text)):
            told = self._by_name[match[0]]
            by_words += [scope for scope in told if WORDS[scope.sources[0].item_kind] in part.text] or told
        if not by_words and _OF_ALL.search(part.text):
            found += self._all_of(part, part)
        return found + by_words

    def of_figure(self, figure: Figure) -> Scope | None:
        """What a figure is about; None for what counts no items of sources, such as meetings."""
        return self._by_figure.get(figure.name) or self._by_figure.get(prefix_of(figure.name))

    def _all_of(self, part: Sentence, sentence: Sentence) -> list[Scope]:
        """All problems, all tasks or both: whatever the clause, else the sentence, speaks of."""
        for text in (part.text, sentence.text):
            if kinds := [kind for kind in ItemKind if WORDS[kind] in text]:
                return [self.of_kind[kind] for kind in kinds]
        return [scope for scope in self.of_kind.values() if scope.sources] or [self.of_kind[ItemKind.PROBLEM]]


def prefix_of(name: str) -> str:
    """The beginning of a figure's name that tells whose it is."""
    return name[: name.rfind("/") + 1]


def _tallies(meant: Iterable[Scope]) -> list[Tally]:
    """The counts of each and, where they are several, of all of them together."""
    listed = list({id(scope): scope for scope in meant}.values())
    sources = {id(source): source for scope in listed for source in scope.sources}
    together = [sum((source.tally for source in sources.values()), Tally())] if len(listed) > 1 else []
    return [*(scope.tally for scope in listed), *together]


def _without_years(part: Sentence) -> str:
    """The words of a clause without what a year closed and has open, which are no counts of the sources."""
    counts = [each for each in part.figures if each.name.rpartition("/")[2] in _OF_YEAR]
    return Sentence(tuple("若干" if each in counts else each for each in part.fragments)).text


def _is_claim(said: str) -> bool:
    return any(pattern.search(said) for pattern in (_ALL, _COUNT, _OPEN, _RATE))


def _wrongs(said: str, tallies: Sequence[Tally]) -> Iterator[str | None]:
    first = tallies[0]
    if _ALL.search(said):
        if still_open := next((each.open for each in tallies if each.open), 0):
            yield f"尚有{still_open}个未销号，不能表述为全部完成。"
        elif not any(each.total for each in tallies):
            yield "没有可统计的事项，不能表述为全部完成。"
    for match in _COUNT.finditer(said):
        claimed = int(next(filter(None, match.groups())))
        if claimed not in {each.closed for each in tallies}:
            yield f"已销号{first.closed}个，不是{claimed}个。"
    for match in _OPEN.finditer(said):
        claimed = int(match[1] or match[2])
        if claimed not in {each.open for each in tallies}:
            yield f"未销号{first.open}个，不是{claimed}个。"
    for match in _RATE.finditer(said):
        wrongs = [_wrong_rate(match[1], f"{match[2]}%", each) for each in tallies]
        # A hundred per cent is said of all of them.
        if float(match[2]) == 100 or None not in wrongs:
            yield from wrongs


def _wrong_rate(label: str, claimed: str, tally: Tally) -> str | None:
    rate: Rate = tally.completion_rate if label == "整改完成率" else tally.closure_rate
    printed = [rate.printed(decimals) for decimals in (0, 1, 2)]
    if claimed in printed:
        return None
    if None in printed:
        return f"没有可统计的事项，{label}无法计算。"
    return f"{label}应为{rate.printed()}（{rate.numerator}÷{rate.denominator}），不是{claimed}。"
