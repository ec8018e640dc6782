"""The section on rectification sentence by sentence, and which of them the new text takes the place of."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tracker.core.i18n import lazy_gettext as _l
from tracker.office.passages import Edit, Passage, Span, Unreplaceable
from tracker.office.sentences import MARGIN, sentences
from tracker.own_files.rules.headings import Heading, headings

QUOTED = re.compile("“[^”]*”|‘[^’]*’|《[^》]*》|「[^」]*」|〔[^〕]*〕")
_ABOUT = re.compile("整改|销号|巡视|巡察|反馈|督查|点评|问题清单|台账")
_NTH = re.compile("[一二三四五六七八九十]+是")


class Stretch(NamedTuple):
    """Sentences of a section from ``first`` to ``last``, counted from 0; the heading is none of them."""

    first: int
    last: int


@dataclass(frozen=True)
class Told:
    """One sentence of a section: where it stands, and whether it tells of rectification."""

    paragraph: int
    span: Span
    text: str
    is_about: bool


@dataclass(frozen=True)
class OldSection:
    """The section as it was: the paragraph of its heading, the heading as printed, the sentences under it."""

    paragraph: int
    heading: str
    sentences: tuple[Told, ...]

    @property
    def proposed(self) -> Stretch | None:
        """Which sentences the new text may take the place of: the first that tell of rectification.

        A single sentence in between goes with them. None when no sentence tells of it.
        """
        about = [place for place, told in enumerate(self.sentences) if told.is_about]
        if not about:
            return None
        last = about[0]
        for place in about[1:]:
            if place - last > 2:
                break
            last = place
        return Stretch(about[0], last)

    def overlooked(self, stretch: Stretch) -> list[Told]:
        """The sentences that stay although they tell of rectification."""
        return [
            told
            for place, told in enumerate(self.sentences)
            if told.is_about and not stretch.first <= place <= stretch.last
        ]

    def size(self, stretch: Stretch) -> tuple[int, int]:
        """How many signs the heading and these sentences have, and how many the others."""
        lengths = [len(told.text) for told in self.sentences]
        marked = sum(lengths[stretch.first : stretch.last + 1])
        return len(self.heading) + marked, sum(lengths) - marked


def section_at(passages: Sequence[Passage], paragraph: int) -> OldSection:
    """The section that begins with a paragraph and ends before the next heading that is no lower."""
    every = {each.paragraph: each for each in headings(passages)}
    heading = every.get(paragraph) or _made_of(passages, paragraph)
    found: list[Told] = []
    for place in range(paragraph, len(passages)):
        if place > paragraph and place in every and every[place].ends(heading):
            break
        text = passages[place].text
        spans = [span for span in sentences(text) if place > paragraph or span.start >= heading.end]
        found += [_told(place, span, text[span.start : span.end]) for span in spans]
    printed = passages[paragraph].text[: heading.end].strip(MARGIN)
    return OldSection(paragraph, printed, tuple(found))


def _made_of(passages: Sequence[Passage], paragraph: int) -> Heading:
    """A paragraph that is taken for a heading although it does not look like one: its first sentence."""
    spans = sentences(passages[paragraph].text)
    end = spans[0].end if spans else 0
    return Heading(paragraph, passages[paragraph].text[:end], end, None, None)


def _told(paragraph: int, span: Span, text: str) -> Told:
    return Told(paragraph, span, text, is_about(text))


def is_about(text: str) -> bool:
    """Whether a sentence tells of rectification; what it only quotes or names does not count."""
    return bool(_ABOUT.search(QUOTED.sub("", text)))


def new_text(passages: Sequence[Passage], section: OldSection, stretch: Stretch, lines: Sequence[str]) -> list[Edit]:
    """What puts the new lines in the place of these sentences, in the form that the report has.

    Where the marked sentences are part of one paragraph the lines follow each other in it, as 一是、二是 did there;
    where they are paragraphs each line is one. Raises Unreplaceable where Word itself writes 一是、二是 before them.
    """
    marked = section.sentences[stretch.first : stretch.last + 1]
    spans: dict[int, Span] = {}
    for told in marked:
        start = spans[told.paragraph].start if told.paragraph in spans else told.span.start
        spans[told.paragraph] = Span(start, told.span.end)
    if any(_NTH.match(passages[place].number) for place in spans):
        message = _l("要替换的段落由 Word 自动编号为“一是、二是”，新文会重复编号。请改为手工编号后重新上传。")
        raise Unreplaceable(message)
    whole = {place: _is_whole(passages[place].text, span) for place, span in spans.items()}
    first, *others = spans
    if not others and not whole[first]:
        return [Edit(first, *spans[first], ("".join(lines),))]
    places = [place for place in spans if place == first or whole[place]]
    edits = [Edit(place, *_margined(passages[place].text, spans[place], whole[place]), ()) for place in spans]
    shares = _dealt(lines, len(places))
    by_place = dict(zip(places, shares, strict=True))
    return [
        edit._replace(start=spans[edit.paragraph].start, end=spans[edit.paragraph].end, lines=by_place[edit.paragraph])
        if by_place.get(edit.paragraph)
        else edit
        for edit in edits
    ]


def _is_whole(text: str, span: Span) -> bool:
    return not text[: span.start].strip(MARGIN) and not text[span.end :].strip(MARGIN)


def _margined(text: str, span: Span, is_whole: bool) -> Span:
    """All of a paragraph that is replaced whole, so that it may go; else just the sentences."""
    return Span(0, len(text)) if is_whole else span


def _dealt(lines: Sequence[str], places: int) -> list[tuple[str, ...]]:
    """A line for each paragraph that there is, what is left over for the last; paragraphs left over get none."""
    dealt: list[tuple[str, ...]] = [(line,) for line in lines[: places - 1]]
    dealt.append(tuple(lines[places - 1 :]))
    return dealt + [()] * (places - len(dealt))
