"""Writing a passage from facts by a wording. Documents that are handed in are never translated."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from itertools import chain, groupby

from tracker.core.i18n import force_locale
from tracker.office import text_templates
from tracker.office.numerals import chinese
from tracker.reports import texts
from tracker.reports.checks import Judge
from tracker.reports.naming import catalogue, withheld
from tracker.reports.rules import Facts, Figure, Passage, Refusal, Sentence
from tracker.reports.vocabulary import SHAPE, printed, values

# 一、 of the first level, （一） of the second; a heading is short and no sentence.
_HEADING = re.compile(
    r"(?:[一二三四五六七八九十]+、|（[一二三四五六七八九十]+）|\([一二三四五六七八九十]+\))[^。]{1,60}"
)
_PART = "#"


@cache
def shipped(name: str) -> str:
    """A wording that comes with the program, by the name of its file."""
    return (files("tracker.reports") / "wordings" / f"{name}.txt").read_text(encoding="utf-8")


def section_heading() -> str:
    """The heading under which the yearly report tells of rectification."""
    return shipped("annual").partition("\n")[0]


def level_of(line: str) -> int:
    """The level of a heading by its number, 1 for 一、 and 2 for （一）; 0 for what is no heading."""
    if not _HEADING.fullmatch(line.strip()):
        return 0
    return 2 if line.strip()[0] in "（(" else 1


def is_heading(line: str) -> bool:
    """Whether a line of a draft is a heading."""
    return level_of(texts.printed(line)) > 0


def write_section(facts: Facts, decimals: int = 1) -> Passage:
    """The section （六） by the wording that is shipped; what cannot be stated truthfully is told in ``refused``."""
    return write(shipped("annual"), facts, decimals)


def write(wording: str, facts: Facts, decimals: int) -> Passage:
    """A passage by a wording: lines after ``# opening`` are one paragraph, the paragraphs numbered 一是, 二是 ….

    A sentence that cannot be stated truthfully is left out. Raises ``text_templates.TemplateFault``.
    """
    with force_locale("zh"):
        figures = catalogue(facts, decimals)
        text = text_templates.render(wording, values(facts, figures), SHAPE, printed)
    return _composed(text, {name: named.figure for name, named in figures.items()}, facts)


def left_out(sentences: Iterable[Sentence], judge: Judge, facts: Facts) -> tuple[Sentence, ...]:
    """The paragraph that says how many items a text for the public leaves out; none where the text needs none."""
    if not wants_left_out(sentences, judge, facts):
        return ()
    return (Sentence.of("另有", withheld(facts), "个事项按规定不予公开，只计入总数，不逐项列出。"),)


def wants_left_out(sentences: Iterable[Sentence], judge: Judge, facts: Facts) -> bool:
    """Whether a text with numbers or items in it should say how many of these it leaves out, and does not."""
    told = list(sentences)
    if not facts.withheld or not withheld(facts).item_numbers:
        return False
    names = {figure.name for sentence in told for figure in sentence.figures}
    return "withheld" not in names and (bool(names) or any(judge.telling.tells(each.text) for each in told))


def _composed(text: str, figures: Mapping[str, Figure], facts: Facts) -> Passage:
    refused: list[Refusal] = []
    judge = Judge(facts)
    paragraphs = list(_numbered(_parts(text, figures, judge, refused)))
    if added := left_out(chain(*paragraphs), judge, facts):
        paragraphs.append(added)
    heading = ""
    if paragraphs and level_of(_printed(paragraphs[0])):
        heading = _printed(paragraphs.pop(0))
    return Passage(heading, tuple(paragraphs), tuple(refused))


def _printed(paragraph: tuple[Sentence, ...]) -> str:
    return "".join(sentence.text for sentence in paragraph)


Part = tuple[str, list[Sentence]]


def _parts(text: str, figures: Mapping[str, Figure], judge: Judge, refused: list[Refusal]) -> Iterator[Part]:
    """The paragraphs with their openings, a heading among them as one without; those that say nothing are left out."""
    opening, held = "", list[Sentence]()
    for line in filter(None, map(str.strip, text.split("\n"))):
        is_opening = line.startswith(_PART)
        if is_opening or level_of(line):
            if held:
                yield opening, held
            opening, held = line.lstrip(_PART).strip() if is_opening else "", []
            if not is_opening:
                yield "", [Sentence.of(line)]
            continue
        told = list(_stated(line, figures, judge, refused))
        if opening:
            held += told
        elif told:
            yield "", told
    if held:
        yield opening, held


def _stated(line: str, figures: Mapping[str, Figure], judge: Judge, refused: list[Refusal]) -> Iterator[Sentence]:
    for sentence in texts.sentences(texts.fragments(line, figures)):
        if why := judge.why_not(sentence):
            refused.append(Refusal(sentence.text, why))
        else:
            yield sentence


def _numbered(parts: Iterable[Part]) -> Iterator[tuple[Sentence, ...]]:
    """Openings that follow each other as 一是 …; one that stands alone goes without."""
    for is_opened, run in groupby(parts, key=lambda part: bool(part[0])):
        listed = list(run)
        for nth, (opening, told) in enumerate(listed, start=1):
            head = (Sentence.of(f"{chinese(nth)}是{opening}。"),) if is_opened and len(listed) > 1 else ()
            yield (*head, *told)


def draft(passage: Passage) -> str:
    """A passage as a draft keeps it: a line for each paragraph, its figures with their names."""
    lines = ["".join(texts.written(sentence.fragments) for sentence in each) for each in passage.paragraphs]
    return "\n".join(filter(None, (passage.heading, *lines)))
