"""Checks what a sentence claims about rectification against the counts, whoever wrote the sentence."""

import re
from collections.abc import Iterable

from tracker.figures.rules import Rate, Tally
from tracker.office.numerals import read_number
from tracker.reports.rules import Facts, SourceFacts
from tracker.sources.rules import SourceKind

# What is quoted at some length is somebody else's word; a word in quotation marks is the writer's own.
_QUOTED = re.compile("“[^”]{5,}”|《[^》]*》")
_DENIED = "(?<!未)(?<!未能)(?<!没有)"
_ALL = re.compile(
    rf"{_DENIED}(?:全部|均已|都已|全都|悉数|逐一|百分之百)[^，。；,;]*?(?:完成|到位|销号|清零|办结|完毕)|"
    rf"{_DENIED}(?:完成|销号|整改|办结)(?:了)?(?:全部|所有)|全面(?:完成|销号|整改到位|整改完毕)"
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
_RATE = re.compile(r"(?<!按期)(整改完成率|完成率|销号率|整改率)[为是达到了已约：:]*(\d{1,9}(?:\.\d{1,9})?)%")
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
    """Why a sentence must not be stated, or None.

    A sentence that names a source is held against that source, any other against all problems or all tasks.
    """
    reasons = [check_claims(statement, tally) for tally in _scopes(statement, facts)]
    return None if None in reasons else reasons[0]


def check_claims(statement: str, tally: Tally) -> str | None:
    """Why a sentence about these items must not be stated, or None.

    What is quoted is somebody else's word and not a claim.
    """
    return next((why for why in _wrongs(_QUOTED.sub("", _in_figures(statement)), tally) if why), None)


def _in_figures(statement: str) -> str:
    """The sentence in one spelling: figures and percent signs of half width, numbers in figures, no white space."""
    narrow = "".join(statement.translate(_WIDE).split())
    percent = _PARTS.sub(lambda match: f"{100 if match[1] == '百' else read_number(match[1])}%", narrow)
    return _WORDED.sub(lambda match: str(read_number(match[1]) or match[1]), percent)


def _scopes(statement: str, facts: Facts) -> list[Tally]:
    named = [source.tally for source in facts.sources if name_of(source) in statement]
    if named:
        return named
    if "任务" in statement and "问题" not in statement:
        return [facts.tasks.tally]
    return [facts.problems.tally]


def _wrongs(said: str, tally: Tally) -> Iterable[str | None]:
    if _ALL.search(said) and (tally.open or not tally.total):
        yield (
            f"尚有{tally.open}个未销号，不能表述为全部完成。"
            if tally.total
            else "没有可统计的事项，不能表述为全部完成。"
        )
    for match in _COUNT.finditer(said):
        claimed = int(next(filter(None, match.groups())))
        yield None if claimed == tally.closed else f"已销号{tally.closed}个，不是{claimed}个。"
    for match in _OPEN.finditer(said):
        claimed = int(match[1] or match[2])
        yield None if claimed == tally.open else f"未销号{tally.open}个，不是{claimed}个。"
    for match in _RATE.finditer(said):
        yield _wrong_rate(match[1], f"{match[2]}%", tally)


def _wrong_rate(label: str, claimed: str, tally: Tally) -> str | None:
    rate: Rate = tally.completion_rate if label == "整改完成率" else tally.closure_rate
    printed = [rate.printed(decimals) for decimals in (0, 1, 2)]
    if claimed in printed:
        return None
    if None in printed:
        return f"没有可统计的事项，{label}无法计算。"
    return f"{label}应为{rate.printed()}（{rate.numerator}÷{rate.denominator}），不是{claimed}。"
