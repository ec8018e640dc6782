"""What the pages of a report show: its section old and new, paragraphs to choose from, blanks and years."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from tracker.own_files.rules.answers import Answered
from tracker.own_files.rules.blanks import BLANK_LABELS, Blank
from tracker.own_files.rules.headings import headings
from tracker.own_files.rules.marks import WAY_LABELS, Way
from tracker.own_files.rules.proposals import filled, read_with
from tracker.own_files.rules.reports import OldReport
from tracker.own_files.rules.sections import OldSection, Stretch, new_text
from tracker.own_files.rules.years import WrongYear

SHOWN = 80


class SentenceLine(NamedTuple):
    """A sentence of the section as it is chosen from."""

    number: int
    text: str
    is_marked: bool
    is_overlooked: bool
    begins: bool
    ends: bool


@dataclass(frozen=True)
class ShownSection:
    """The section as it was and as it will be; ``size`` counts the marked signs, heading included, and the others."""

    heading: str
    sentences: list[SentenceLine]
    lines: Sequence[str]
    size: tuple[int, int] | None

    @property
    def before(self) -> list[SentenceLine]:
        """The sentences that stay before the new text."""
        first = next((each.number for each in self.sentences if each.is_marked), 0)
        return [each for each in self.sentences if each.number < first]

    @property
    def after(self) -> list[SentenceLine]:
        """The sentences that stay behind the new text."""
        last = max((each.number for each in self.sentences if each.is_marked), default=-1)
        return [each for each in self.sentences if each.number > last]


def shown_section(report: OldReport, lines: Sequence[str], *, typed: Mapping[str, Any] | None) -> ShownSection | None:
    """The section of a report; None while it is not known where it begins. ``typed`` are places chosen and refused.

    The new lines stand as they will in the file: in one paragraph where the old ones did.
    """
    section, stretch = report.section, report.marks.stretch
    if section is None:
        return None
    if stretch is not None:
        lines = [line for edit in new_text(report.passages, section, stretch, lines) for line in edit.lines]
    begins, ends = (typed["first"], typed["last"]) if typed else stretch or (None, None)
    left = section.overlooked(stretch) if stretch else []
    sentences = [
        SentenceLine(
            number=number,
            text=told.text,
            is_marked=_holds(stretch, number),
            is_overlooked=told in left,
            begins=number == begins,
            ends=number == ends,
        )
        for number, told in enumerate(section.sentences)
    ]
    return ShownSection(section.heading, sentences, lines, _size(section, stretch))


def _holds(stretch: Stretch | None, number: int) -> bool:
    return stretch is not None and stretch.first <= number <= stretch.last


def _size(section: OldSection, stretch: Stretch | None) -> tuple[int, int] | None:
    return section.size(stretch) if stretch else None


class ParagraphChoice(NamedTuple):
    """A paragraph that the section may begin with."""

    place: int
    text: str
    is_heading: bool


def paragraph_choices(report: OldReport) -> list[ParagraphChoice]:
    """All paragraphs with words in them, outside of tables."""
    marked = {each.paragraph for each in headings(report.passages)}
    return [
        ParagraphChoice(place, f"{passage.number}{_short(passage.text.strip())}", place in marked)
        for place, passage in enumerate(report.passages)
        if passage.text.strip() and not passage.in_table
    ]


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


class Part(NamedTuple):
    """A piece of a sentence; ``is_blank`` for one that waits."""

    text: str
    is_blank: bool


class Value(NamedTuple):
    """A blank with what was typed for it."""

    blank: Blank
    label: object
    text: str


class Choice(NamedTuple):
    """A way to answer a sentence, with what it would read."""

    way: Way
    label: object
    reads: str
    is_chosen: bool


@dataclass(frozen=True)
class ShownBlanks:
    """A sentence with its blanks, the ways to answer it, and why it may not be stated as it stands."""

    answered: Answered
    parts: list[Part]
    values: list[Value]
    choices: list[Choice]
    refused: str
    why: str | None


@dataclass(frozen=True)
class ShownYear:
    """A year that does not fit, with what stands in its field."""

    wrong: WrongYear
    text: str
    before: str
    after: str


@dataclass(frozen=True)
class ShownFile:
    """All blanks and years of a report: first the sentences that the ledger knows of, then the others."""

    known: list[ShownBlanks]
    others: list[ShownBlanks]
    years: list[ShownYear]
    total: int
    open: int


def shown_blanks(report: OldReport, every: Sequence[Answered], *, typed: Mapping[str, str] | None) -> ShownFile:
    """The blanks and years of a report; ``typed`` is what was sent and refused."""
    shown = [_shown(each, typed) for each in every]
    years = [_shown_year(each, report.marks.years, typed) for each in report.wrong_years]
    return ShownFile(
        known=[each for each in shown if each.answered.proposal],
        others=[each for each in shown if not each.answered.proposal],
        years=years,
        total=sum(len(each.sentence.blanks) for each in every),
        open=sum(each.open_blanks for each in every),
    )


def _shown(each: Answered, typed: Mapping[str, str] | None) -> ShownBlanks:
    kept = each.answer.values if each.answer else {}
    values = [
        Value(
            blank,
            BLANK_LABELS[blank.kind],
            typed.get(f"value-{blank.key}", "") if typed is not None else kept.get(blank.key, ""),
        )
        for blank in each.sentence.blanks
    ]
    chosen = typed.get(f"way-{each.key}", "") if typed is not None else each.suggested
    proposal = each.proposal
    return ShownBlanks(
        answered=each,
        parts=list(_parts(each)),
        values=values,
        choices=[Choice(way, WAY_LABELS[way], reads, way == chosen) for way, reads in _ways(each)],
        refused=proposal.as_it_would_read if proposal and proposal.why else "",
        why=each.why or (proposal.why if proposal else None),
    )


def _ways(each: Answered) -> list[tuple[Way, str]]:
    proposal = each.proposal
    found: list[tuple[Way, str]] = []
    if proposal and proposal.why is None:
        found.append((Way.FIGURE, proposal.as_it_would_read))
    if proposal and proposal.instead:
        found.append((Way.INSTEAD, proposal.instead))
    return [*found, (Way.OWN, ""), (Way.LEFT, "")]


def _parts(each: Answered) -> list[Part]:
    text, start, at = each.sentence.text, each.sentence.span.start, 0
    parts: list[Part] = []
    for blank in each.sentence.blanks:
        opens, closes = blank.span.start - start, blank.span.end - start
        parts += [Part(text[at:opens], False), Part(text[opens:closes], True)]
        at = closes
    return [part for part in [*parts, Part(text[at:], False)] if part.text]


def _shown_year(wrong: WrongYear, kept: Mapping[str, int], typed: Mapping[str, str] | None) -> ShownYear:
    usual = kept.get(wrong.key, wrong.suggested or 0)
    text = typed.get(f"year-{wrong.key}", "") if typed is not None else str(usual or "")
    at = wrong.sentence.find(wrong.words)
    return ShownYear(wrong, text, wrong.sentence[:at], _short(wrong.sentence[at + len(wrong.words) :]))


def as_typed(each: Answered) -> str:
    """The sentence as somebody would have it read."""
    return read_with(each.sentence, filled(each.sentence, each.answer.values if each.answer else {}))


def answers_in_words(report: OldReport, every: Sequence[Answered]) -> dict[str, str]:
    """What was answered, by key, as the trail tells it: the sentence as it will read, years from what to what."""
    told = {
        each.key: f"暂不填写：{each.sentence.text}" if each.is_left else each.reads for each in every if each.answer
    }
    years = report.marks.years
    fitting = [wrong for wrong in report.wrong_years if years.get(wrong.key)]
    return told | {
        f"year-{wrong.key}": f"{wrong.words}→{years[wrong.key]}：{_short(wrong.sentence)}" for wrong in fitting
    }
