"""The sentences of the section that tell counts: of all, and of each source."""

from collections.abc import Iterable
from typing import NamedTuple

from tracker.figures.rules import FigureName
from tracker.items.rules import ItemKind
from tracker.office.numerals import chinese_date
from tracker.reports.rules import (
    Claim,
    Facts,
    Figure,
    Fragment,
    Part,
    Scope,
    Sentence,
    SourceFacts,
    is_listed,
    undeclared,
)
from tracker.reports.statements import check_claims, phrase_of

_STATES = {
    FigureName.DRAFT: "待下发",
    FigureName.ISSUED: "待签收",
    FigureName.WORKING: "整改中",
    FigureName.APPLIED: "已申请销号待审批",
    FigureName.SUSTAINED: "持续整改",
}
_DECLARED = {"aspects": "方面", "categories": "大类", "problems": "问题"}


class Noun(NamedTuple):
    """How items of a kind are counted and what is done to them."""

    measure: str
    word: str
    work: str


NOUNS = {ItemKind.PROBLEM: Noun("个", "问题", "整改"), ItemKind.TASK: Noun("项", "任务", "")}


def totals_part(facts: Facts, decimals: int) -> Part:
    """The paragraph of total figures, followed by each source's own."""
    claims: list[Claim] = []
    for scope, kind in ((facts.problems, ItemKind.PROBLEM), (facts.tasks, ItemKind.TASK)):
        if scope.sources:
            claims += _about_all(scope, NOUNS[kind], facts, decimals)
            claims += [about_source(source) for source in scope.sources]
    return Part("紧盯整改任务，严格对账销号", claims)


def _about_all(scope: Scope, noun: Noun, facts: Facts, decimals: int) -> Iterable[Claim]:
    why = None
    if not scope.tally.total:
        why = f"没有可统计的{noun.word}，销号率无法计算。"
    elif not all(is_listed(source) for source in scope.sources):
        why = "有的来源所列事项与统计数不符。"
    sentences = [_total_sentence(scope, noun, facts, decimals)]
    if scope.tally.total:
        sentences += _further_sentences(scope, noun)
    return [Claim(sentence, why or check_claims(sentence.text, scope.tally)) for sentence in sentences]


def _total_sentence(scope: Scope, noun: Noun, facts: Facts, decimals: int) -> Sentence:
    total, closed, still_open = (scope.figure(n) for n in (FigureName.TOTAL, FigureName.CLOSED, FigureName.OPEN))
    head = (
        f"截至{chinese_date(facts.as_of)}，列入台账的{noun.word}共",
        total,
        f"{noun.measure}，已完成{noun.work}并销号",
    )
    rate: tuple[Fragment, ...] = (f"{noun.measure}，销号率", scope.rate(FigureName.CLOSURE_RATE, decimals))
    if not scope.tally.open:
        return Sentence.of(*head, closed, *rate, "。")
    states = joined([(label, scope.figure(name), noun.measure) for name, label in _STATES.items()])
    return Sentence.of(*head, closed, *rate, "；尚有", still_open, f"{noun.measure}未销号，其中", *states, "。")


def _further_sentences(scope: Scope, noun: Noun) -> list[Sentence]:
    """What overlaps with the states, each in a sentence that says of what it is a part."""
    names = (
        (f"已销号{noun.word}中，", {FigureName.CONFIRMED: "经上级认定"}, "。"),
        (
            f"未销号{noun.word}中，责任单位",
            {FigureName.COMPLETED_BY_UNIT: "申报完成", FigureName.BASICALLY_COMPLETED: "申报基本完成"},
            "，均未计入已销号数。",
        ),
        (f"列入台账的{noun.word}中，", {FigureName.AT_ONCE: "立行立改", FigureName.EXTENDED: "经批准延期"}, "。"),
        (f"未销号{noun.word}中，", {FigureName.OVERDUE: "已逾期"}, "。"),
    )
    told = [
        (head, joined([(label, scope.figure(name), noun.measure) for name, label in labels.items()]), tail)
        for head, labels, tail in names
    ]
    return [Sentence.of(head, *clauses, tail) for head, clauses, tail in told if clauses]


def joined(clauses: list[tuple[str, Figure, str]]) -> list[Fragment]:
    """Clauses as ``整改中2个、持续整改1个``; those that count nothing are left out."""
    kept = [clause for clause in clauses if clause[1].value != "0"]
    parts: list[Fragment] = []
    for index, (label, figure, measure) in enumerate(kept):
        parts += ["、" + label if index else label, figure, measure]
    return parts


def about_source(source: SourceFacts) -> Claim:
    """协助指导…抓好整改，…反馈的3个方面9大类27个问题整改，已完成24个，尚有3个未销号。"""
    noun, scope = NOUNS[source.item_kind], Scope(f"{source.title}/", (source,))
    figure = scope.figure
    helped = f"协助指导{source.accountable_body}抓好整改，" if source.accountable_body else ""
    fed_back = Figure(f"{source.title}/fed_back", str(source.fed_back), tuple(item.number for item in source.items))
    head: list[Fragment] = [helped + phrase_of(source), *_outline(source), fed_back, noun.measure + noun.word]
    if source.tally.withdrawn:
        rest: list[Fragment] = ["其余", figure(FigureName.TOTAL), noun.measure]
        head += ["，核减", figure(FigureName.WITHDRAWN), noun.measure, "，", *rest]
    done: list[Fragment] = ["，已完成", figure(FigureName.CLOSED), noun.measure]
    still: list[Fragment] = ["，尚有", figure(FigureName.OPEN), f"{noun.measure}未销号。"]
    if not source.tally.open:
        tail: list[Fragment] = ["已全部完成。"]
    elif not source.tally.closed:
        tail = ["正在推进", *still]
    else:
        tail = [*done, *still]
    sentence = Sentence.of(*head, noun.work, *tail)
    return Claim(sentence, _why_not(source, noun) or check_claims(sentence.text, source.tally))


def _outline(source: SourceFacts) -> list[Fragment]:
    counts = (("aspects", source.aspects, "个方面"), ("categories", source.categories, "大类"))
    parts: list[Fragment] = []
    for name, count, words in counts:
        if count:
            parts += [Figure(f"{source.title}/{name}", str(count)), words]
    return parts


def _why_not(source: SourceFacts, noun: Noun) -> str | None:
    if not source.tally.total:
        return f"该来源没有可统计的{noun.word}。"
    for name, said, counted in undeclared(source):
        return f"原文称有{said}个{_DECLARED[name]}，台账登记{counted}个，请先核对。"
    return None if is_listed(source) else f"该来源所列{noun.word}与统计数不符。"
