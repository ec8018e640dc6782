"""What a text says about its own size, and whether that is what was read."""

import re
from collections.abc import Sequence

from tracker.core.i18n import gettext as _
from tracker.intake.rules.lines import Counts, Line, LineKind
from tracker.office.numerals import read_number

NUMBER = (
    r"(?:(?<![0-9０-９])[0-9０-９]{1,5}|(?<![〇零一二三四五六七八九十百两])[〇零一二三四五六七八九十百两]{1,7}"
    r"|[XxＸ×*_＿○□]{1,4}|若干|多|几|数)(?:余|多)?"
)
ASPECT = r"个?大?(?:方面|领域|板块|层面)"
CATEGORY = r"(?:个?大类别?|个?类别?|大?类)"
JOIN = r"(?:[，,、及和共计的中]|涉及|合计|共计|归纳为|分为|问题|存在|具体|突出|主要|反馈|发现|指出){0,4}\s*"
PROBLEMS = rf"(?P<problems>{NUMBER})\s*[个项条](?:具体|突出|主要|重点|方面|共性|个性|典型)*的?(?:问题|不足|短板|差距)"
LEVEL = rf"{NUMBER}\s*(?:{ASPECT}|{CATEGORY})"
CHAIN = re.compile(
    rf"(?P<first>{NUMBER})\s*(?P<first_name>{ASPECT}|{CATEGORY})"
    rf"(?:{JOIN}(?P<second>{NUMBER})\s*(?P<second_name>{ASPECT}|{CATEGORY}))?"
    rf"(?:{JOIN}(?:{PROBLEMS}|(?P<bare>{NUMBER})\s*[个项条](?![^，。；：）)\s])))?"
)
TASKS = re.compile(
    rf"(?:(?P<aspects>{NUMBER})\s*{ASPECT}{JOIN}(?:(?P<categories>{NUMBER})\s*{CATEGORY}{JOIN})?)?"
    rf"(?P<tasks>{NUMBER})\s*[个项条](?:具体|主要|重点|年度|工作|目标)*(?:任务|举措|事项|工作)"
)
TOTAL = re.compile(
    rf"(?P<verb>共计?|合计|发现|反馈|指出|查摆|查找|梳理|存在|列出|提出|移交|归纳|汇总)[^，。；：:0-9]{{0,12}}?{PROBLEMS}"
)
COUNT_AFTER = re.compile(
    rf"(?:发现|反馈|指出|查摆|查找|梳理|存在|列出)[^，。；：:]{{0,12}}?问题\s*(?:共|共计|合计)?(?P<problems>{NUMBER})\s*[个项条]"
)
BRACKETED = re.compile(
    rf"[（(]\s*(?:共|计|合计|共计)?\s*(?P<problems>{NUMBER})\s*[个项条](?:具体|突出|主要)?(?:问题)?\s*[）)]"
)
BEHIND = re.compile(rf"[共，,：:]{PROBLEMS}")
SETTLED = re.compile(r"(?:解决|完成|销号|整改(?:了|完成|到位)?|已|办结)[^，。；]{0,6}$")
NAMES = {LineKind.aspect: "方面", LineKind.category: "类别", LineKind.problem: "问题"}


def declared_in(text: str) -> Counts | None:
    """Read the counts a passage declares, "XX个" as unknown; None when it declares none.

    In "4大类16个方面" the level named first is the upper one, whatever it is called.
    """
    chains = [match for match in CHAIN.finditer(text) if match["second"] or match["problems"] or match["bare"]]
    if chains:
        return max((_chain(match) for match in chains), key=_known)
    for pattern in (TOTAL, COUNT_AFTER):
        for match in pattern.finditer(text):
            if not SETTLED.search(text[: match.start()]):
                return Counts(problems=_value(match["problems"]))
    return None


def declared_by_heading(text: str) -> int | None:
    """Read how many problems the heading of a section declares for itself; None when it declares none."""
    whole = declared_in(text)
    if whole is not None and whole.problems is not None:
        return whole.problems
    match = BRACKETED.search(text) or BEHIND.search(text)
    return _value(match["problems"]) if match else None


def declared_tasks_in(text: str) -> Counts | None:
    """Read the counts a paper declares of the tasks it sets ("3个方面23项重点任务"); None when it declares none."""
    found = [
        Counts(_value(match["aspects"]), _value(match["categories"]), _value(match["tasks"]))
        for match in TASKS.finditer(text)
        if not SETTLED.search(text[: match.start()])
    ]
    return max(found, key=_known, default=None)


def is_full(counts: Counts) -> bool:
    """Tell whether the counts name a level of sections; only such counts stand for a whole text wherever they are."""
    return counts.aspects is not None or counts.categories is not None


def compare(declared: Counts, counted: Counts) -> tuple[str, ...]:
    """Say in words where what was read differs from what the text declares; unknown counts are not compared."""
    pairs = (
        (_("个方面"), declared.aspects, counted.aspects),
        (_("个类别"), declared.categories, counted.categories),
        (_("个问题"), declared.problems, counted.problems),
    )
    return tuple(
        _(
            "原文写明%(stated)d%(unit)s，实际读到%(read)d%(unit)s，请对照原文核对。",
            stated=stated,
            read=read or 0,
            unit=unit,
        )
        for unit, stated, read in pairs
        if stated is not None and stated != (read or 0)
    )


def compare_section(line: Line, stated: int, lines: Sequence[Line]) -> str | None:
    """Compare what a heading declares with the problems up to the next heading of its level; None when they agree."""
    ends = {LineKind.aspect} if line.kind is LineKind.aspect else {LineKind.aspect, LineKind.category}
    read = 0
    for following in lines[next(place for place, own in enumerate(lines) if own is line) + 1 :]:
        if following.kind in ends:
            break
        read += following.kind is LineKind.problem
    if read == stated:
        return None
    heading = f"{line.number}{line.text}"
    message = _(
        "“%(heading)s”写明%(stated)d个问题，实际读到%(read)d个问题，请对照原文核对。",
        heading=heading,
        stated=stated,
        read=read,
    )
    return str(message)


def _chain(match: re.Match[str]) -> Counts:
    first, second = _value(match["first"]), _value(match["second"])
    problems = _value(match["problems"] or match["bare"])
    if match["second"] is None:
        is_category = "类" in match["first_name"]
        return Counts(None if is_category else first, first if is_category else None, problems)
    if first is not None and second is not None and first > second:
        first, second = second, first
    return Counts(first, second, problems)


def _known(counts: Counts) -> int:
    return sum(count is not None for count in (counts.aspects, counts.categories, counts.problems))


def _value(words: str | None) -> int | None:
    return read_number(words) if words else None
