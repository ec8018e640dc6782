"""The section （六） in official Chinese. Documents that are handed in are never translated."""

from collections.abc import Callable

from tracker.figures.rules import FigureName
from tracker.items.rules import ItemKind
from tracker.office.numerals import chinese_date
from tracker.reports.counts import NOUNS, about_source, joined, totals_part
from tracker.reports.rules import (
    Claim,
    Facts,
    Figure,
    Fragment,
    Outcomes,
    Part,
    Passage,
    Refusal,
    Sentence,
    TypicalItem,
    UnfinishedItem,
)
from tracker.sources.rules import SourceKind

HEADING = "（六）狠抓整改落实，提升党建工作质量水平"
# Longer lists are read in the attached tables, where every item has its row.
NAMED_IN_TEXT = 30

_ORDINALS = "一二三四五六七八九"
_STANCE = {
    SourceKind.INSPECTION: "巡视巡察反馈",
    SourceKind.SUPERVISION: "督查反馈",
    SourceKind.APPRAISAL: "述职评议点评指出",
    SourceKind.DEMOCRATIC_LIFE: "民主生活会、组织生活会查摆",
    SourceKind.CAMPAIGN: "专题教育查摆",
    SourceKind.AUDIT: "审计指出",
    SourceKind.SELF_CHECK: "自查发现",
    SourceKind.MEETING: "会议议定",
    SourceKind.WORK_PLAN: "年度部署",
    SourceKind.ASSIGNMENT: "上级交办",
}


def write_section(facts: Facts, decimals: int = 1) -> Passage:
    """Write the section; a sentence that cannot be stated truthfully is left out and told in ``refused``."""
    parts = [make(facts, decimals) for make in _PARTS] if facts.everything.tally.total else [_process(facts)]
    refused = [Refusal(claim.sentence.text, claim.why) for part in parts for claim in part.claims if claim.why]
    stated = [(part.opening, [claim.sentence for claim in part.claims if not claim.why]) for part in parts]
    told = [(opening, sentences) for opening, sentences in stated if sentences]
    if len(told) == 1:
        return Passage(HEADING, (tuple(told[0][1]),), tuple(refused))
    paragraphs = tuple(
        (Sentence.of(f"{_ORDINALS[index]}是{opening}。"), *sentences) for index, (opening, sentences) in enumerate(told)
    )
    return Passage(HEADING, paragraphs, tuple(refused))


def quoted(text: str) -> str:
    """Somebody else's words in quotation marks, their own marks turned into inner ones."""
    return f"“{text.strip().rstrip('。；;').replace('“', '‘').replace('”', '’')}”"


def _process(facts: Facts) -> Part:
    """What may be said when nothing is counted: how the work is done, without a figure."""
    claims = [
        Claim(
            Sentence.of(
                "坚持把问题整改作为履行抓党建工作责任的重要任务，用问题清单、责任清单、整改清单管理整改工作，"
                "对反馈、点评、查摆的问题逐项登记、逐项整改、逐项销号。"
            )
        ),
        Claim(Sentence.of("台账中本年度没有登记需要整改的事项。")),
    ]
    return Part("", claims + [about_source(source) for source in facts.sources])


def _stance(facts: Facts, decimals: int) -> Part:
    targets = [
        "、".join(dict.fromkeys(_STANCE[source.kind] for source in scope.sources)) + f"的{word}"
        for scope, word in ((facts.problems, "突出问题"), (facts.tasks, "重点任务"))
        if scope.sources
    ]
    plan = "逐项研究整改措施，" if facts.measures_total else ""
    stance = f"坚持把问题整改作为履行抓党建工作责任的重要任务，针对{'和'.join(targets)}，{plan}抓好整改落实。"
    return Part("强化政治担当，压实整改责任", [Claim(Sentence.of(stance)), *_organisation(facts)])


def _organisation(facts: Facts) -> list[Claim]:
    items = [item for source in facts.sources for item in source.items if item.is_counted]
    units = {item.lead_unit for item in items}
    if not items or "" in units:
        return []
    figure = Figure("lead_units", str(len(units)), tuple(item.number for item in items))
    return [Claim(Sentence.of("整改事项分解落实到", figure, "个牵头单位。"))]


def _lists(facts: Facts, decimals: int) -> Part:
    lists = "列出问题清单、责任清单、整改清单，逐项编号、挂账管理"
    if not facts.measures_total:
        return Part("建立三张清单，实行台账管理", [Claim(Sentence.of(lists + "。"))])
    total = Figure("measures_total", str(facts.measures_total))
    done = Figure("measures_done", str(facts.measures_done))
    sentence = Sentence.of(lists, "，制定整改措施", total, "条，已落实", done, "条。")
    why = "已落实的措施多于制定的措施。" if facts.measures_done > facts.measures_total else None
    return Part("建立三张清单，实行台账管理", [Claim(sentence, why)])


def _results(facts: Facts, decimals: int) -> Part:
    outcomes = facts.outcomes
    counted = joined(
        [
            ("新建制度", Figure("regulations_new", str(outcomes.regulations_new)), "项"),
            ("修订制度", Figure("regulations_revised", str(outcomes.regulations_revised)), "项"),
            ("追缴挽回资金", Figure("recovered", _money(outcomes)), "万元"),
            ("召开整改工作会议", Figure("meetings", str(outcomes.meetings)), "次"),
        ]
    )
    sentences = [Sentence.of("通过整改，", *counted, "。")] if counted else []
    if outcomes.people:
        sentences.append(Sentence.of("人员处理情况：", *_people(outcomes), "。"))
    return Part("注重整改实效，巩固整改成果", [Claim(sentence) for sentence in sentences])


def _money(outcomes: Outcomes) -> str:
    return f"{outcomes.recovered:f}" if outcomes.recovered else "0"


def _people(outcomes: Outcomes) -> list[Fragment]:
    parts: list[Fragment] = []
    for index, (label, count) in enumerate(outcomes.people):
        parts += ["、" + label if index else label, Figure(f"people/{label}", str(count)), "人次"]
    return parts


def _typical(facts: Facts, decimals: int) -> Part:
    closed = facts.everything.numbers(FigureName.CLOSED)
    return Part("抓好典型问题，带动面上整改", [_about_typical(item, closed) for item in facts.typical])


def _about_typical(item: TypicalItem, closed: tuple[str, ...]) -> Claim:
    done = item.done.strip().rstrip("。；;")
    sentence = Sentence.of(f"针对{quoted(item.text)}的问题（{item.number}），{done}，已销号。")
    return Claim(sentence, None if item.number in closed else "该事项尚未销号，不能作为已完成的典型。")


def _unfinished(facts: Facts, decimals: int) -> Part:
    still_open = facts.everything.numbers(FigureName.OPEN)
    if not still_open:
        following = "下一步，将适时开展“回头看”，对已销号事项跟踪巩固，防止问题反弹。"
        return Part("持续跟踪问效，防止问题反弹", [Claim(Sentence.of(following))])
    named = tuple(item.number for item in facts.unfinished)
    why = None if sorted(named) == sorted(still_open) else "列出的未完成事项与未销号数不符。"
    clauses = joined(
        [
            ("", scope.figure(FigureName.OPEN), f"{NOUNS[kind].measure}{NOUNS[kind].word}")
            for scope, kind in ((facts.problems, ItemKind.PROBLEM), (facts.tasks, ItemKind.TASK))
        ]
    )
    where = "，逐项情况见附表" if len(named) > NAMED_IN_TEXT else ""
    claims = [Claim(Sentence.of(f"截至{chinese_date(facts.as_of)}，仍有", *clauses, f"没有整改到位{where}。"), why)]
    if not where:
        claims += [_about_unfinished(item, still_open) for item in facts.unfinished]
    following = "下一步，将对未销号事项逐项跟踪督办，整改一项、销号一项；适时开展“回头看”，防止问题反弹。"
    return Part("正视未完成事项，持续用力整改", [*claims, Claim(Sentence.of(following))])


def _about_unfinished(item: UnfinishedItem, still_open: tuple[str, ...]) -> Claim:
    step = item.next_step.strip().removeprefix("下一步").lstrip("，：").rstrip("。；;")
    unit, deadline = item.lead_unit or "待明确", item.deadline or "待明确"
    words = f"{quoted(item.text)}（{item.number}）尚未销号，牵头单位{unit}，整改时限{deadline}"
    sentence = Sentence.of(words + (f"，下一步{step}。" if step else "。"))
    return Claim(sentence, None if item.number in still_open else "该事项已销号或不在本报告的来源中。")


_PARTS: tuple[Callable[[Facts, int], Part], ...] = (_stance, _lists, totals_part, _results, _typical, _unfinished)
