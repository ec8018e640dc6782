"""What is looked at before a report is issued: every sentence, its figures, blanks, percentages and the tables."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import permutations
from typing import NamedTuple

from tracker.core.i18n import gettext as _
from tracker.figures.rules import print_rate
from tracker.reports import texts
from tracker.reports.checks import Judge, blanks
from tracker.reports.naming import Named
from tracker.reports.rules import Facts, Figure, Sentence
from tracker.reports.wording import is_heading, wants_left_out

_PERCENT = re.compile(r"(\d+(?:\.\d+)?)[%％]")
_NUMBER = re.compile(r"(?<![\d.%％])\d{1,9}(?![\d.]*[%％\d年月日])")
# A blank that the writer marked as one to be filled by hand.
_MARKED = re.compile("【[^】]*】")
UNFINISHED = ("unfinished", "tasks/unfinished")
# How many items a finding names.
SOME = 10


class Found(NamedTuple):
    """Something wrong with a sentence; ``is_grave`` where the report must not be issued with it."""

    sentence: str
    why: str
    is_grave: bool = True


def examine(
    text: str,
    facts: Facts,
    figures: Mapping[str, Named],
    held: Mapping[str, Figure],
    withheld_now: Collection[str] = (),
) -> list[Found]:
    """All that stands against issuing a text, in its order; ``held`` are the figures that were not taken over.

    ``withheld_now`` are the items of the facts that are not for the public by now.
    """
    judge, shown = Judge(facts), {name: named.figure for name, named in figures.items()} | dict(held)
    hidden = facts.withheld.union(withheld_now if facts.is_public else ())
    lines = [(is_heading(line), texts.sentences(texts.fragments(line, shown))) for line in text.split("\n")]
    found: list[Found] = []
    for (_heading, told), hides in zip(lines, judge.telling.hiding(lines, hidden), strict=True):
        for sentence, is_hiding in zip(told, hides, strict=True):
            found += _of_sentence(sentence, judge, figures, held)
            if is_hiding:
                found.append(Found(sentence.text.strip(), str(_("这一句写到了不公开的事项。"))))
    sentences = [sentence for _heading, told in lines for sentence in told]
    found += _unlisted(sentences, judge, figures, hidden)
    found += _left_out(sentences, judge, facts, hidden)
    if not text.strip():
        found.append(Found("", str(_("报告没有正文。"))))
    return found


def _of_sentence(
    sentence: Sentence, judge: Judge, figures: Mapping[str, Named], held: Mapping[str, Figure]
) -> Iterator[Found]:
    printed = sentence.text.strip()
    if why := judge.why_not(sentence):
        yield Found(printed, why)
    else:
        yield from _percentages(sentence, printed)
    for figure in sentence.figures:
        if figure.name not in figures:
            words = _("“%(value)s”这个数字在台账中已经没有了，请改写这一句。", value=figure.value)
            yield Found(printed, str(words))
        elif figure.name in held:
            now = figures[figure.name].figure.value
            words = _("“%(value)s”还是旧数，现在是“%(now)s”，与附表不一致。", value=figure.value, now=now)
            yield Found(printed, str(words))
    if blanks(_MARKED.sub("", printed)):
        yield Found(printed, str(_("还有没填的空（XX）。暂不填的请用【】括起来。")))


def _unlisted(
    sentences: Sequence[Sentence], judge: Judge, figures: Mapping[str, Named], hidden: Collection[str]
) -> Iterator[Found]:
    """Where some of the unfinished items are told one by one, those of the same number that are not."""
    counting = [(sentence, each.name) for sentence in sentences for each in sentence.figures if each.name in UNFINISHED]
    if not counting:
        return
    listed = frozenset[str]().union(*map(judge.told_as_open, sentences))
    for sentence, name in counting:
        counted = figures[name].figure.item_numbers if name in figures else ()
        missing = [number for number in counted if number not in listed and number not in hidden]
        if missing and not listed.isdisjoint(counted):
            words = _("没有整改到位的事项逐项写出时缺了：%(numbers)s。", numbers=_some(missing))
            yield Found(sentence.text.strip(), str(words), is_grave=False)


def _left_out(sentences: Sequence[Sentence], judge: Judge, facts: Facts, hidden: frozenset[str]) -> Iterator[Found]:
    """That a text for the public says how many items it does not tell of, and knows of all of them."""
    if since := sorted(hidden - facts.withheld):
        words = _("取数以后有事项标为不公开：%(numbers)s。请重新取数，并删去写到它们的句子。", numbers=_some(since))
        yield Found("", str(words))
    elif wants_left_out(sentences, judge, facts):
        first = next((each.text.strip() for each in sentences if each.figures), "")
        yield Found(first, str(_("有事项不公开，正文没有写明有几个：请写上“不公开的”这个数字。")))


def _some(numbers: Sequence[str]) -> str:
    return "、".join(numbers[:SOME]) + ("……" if len(numbers) > SOME else "")


def _percentages(sentence: Sentence, printed: str) -> Iterator[Found]:
    """A percentage that somebody typed has to be that of two numbers of its sentence."""
    taken = {figure.value for figure in sentence.figures}
    numbers = [int(each) for each in _NUMBER.findall(printed)]
    for match in _PERCENT.finditer(printed):
        typed = f"{match[1]}%"
        if typed not in taken and not _is_of_two(typed, numbers):
            words = _("%(percent)s 在这一句里找不到对应的两个数，请核对。", percent=typed)
            yield Found(printed, str(words), is_grave=False)


def _is_of_two(typed: str, numbers: list[int]) -> bool:
    pairs = [(part, whole) for part, whole in permutations(numbers, 2) if whole > 0 and part <= whole]
    return any(print_rate(part, whole, decimals) == typed for part, whole in pairs for decimals in (0, 1, 2))
