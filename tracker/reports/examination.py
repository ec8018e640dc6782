"""What is looked at before a report is issued: every sentence, its figures, blanks, percentages and the tables."""

import re
from collections.abc import Iterator, Mapping
from itertools import permutations
from typing import NamedTuple

from tracker.core.i18n import gettext as _
from tracker.figures.rules import print_rate
from tracker.reports import texts
from tracker.reports.checks import Judge, blanks
from tracker.reports.naming import Named
from tracker.reports.rules import Facts, Figure, Sentence

_PERCENT = re.compile(r"(\d+(?:\.\d+)?)[%％]")
_NUMBER = re.compile(r"(?<![\d.%％])\d{1,9}(?![\d.]*[%％\d年月日])")
# A blank that the writer marked as one to be filled by hand.
_MARKED = re.compile("【[^】]*】")


class Found(NamedTuple):
    """Something wrong with a sentence; ``is_grave`` where the report must not be issued with it."""

    sentence: str
    why: str
    is_grave: bool = True


def examine(text: str, facts: Facts, figures: Mapping[str, Named], held: Mapping[str, Figure]) -> list[Found]:
    """All that stands against issuing a text, in its order; ``held`` are the figures that were not taken over."""
    judge, shown = Judge(facts), {name: named.figure for name, named in figures.items()} | dict(held)
    found: list[Found] = []
    for line in text.split("\n"):
        for sentence in texts.sentences(texts.fragments(line, shown)):
            found += _of_sentence(sentence, judge, facts, figures, held)
    if not text.strip():
        found.append(Found("", str(_("报告没有正文。"))))
    return found


def _of_sentence(
    sentence: Sentence, judge: Judge, facts: Facts, figures: Mapping[str, Named], held: Mapping[str, Figure]
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
    if any(number in printed for number in facts.withheld):
        yield Found(printed, str(_("这一句写到了不公开的事项。")))
    if blanks(_MARKED.sub("", printed)):
        yield Found(printed, str(_("还有没填的空（XX）。暂不填的请用【】括起来。")))


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
