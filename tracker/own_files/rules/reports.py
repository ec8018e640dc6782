"""A report as it is and as it will be: section, blanks and years put together."""

from collections.abc import Sequence
from dataclasses import dataclass

from tracker.core.errors import DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.office.passages import Edit, Passage, Span
from tracker.own_files.rules.answers import Answered, answered, as_edits, usual_way
from tracker.own_files.rules.blanks import Waiting, waiting
from tracker.own_files.rules.headings import about_rectification
from tracker.own_files.rules.marks import Answer, Marks
from tracker.own_files.rules.proposals import propose
from tracker.own_files.rules.sections import OldSection, new_text, section_at
from tracker.own_files.rules.years import WrongYear, wrong_years
from tracker.reports.rules import Facts


@dataclass(frozen=True)
class OldReport:
    """A report with what is marked in it; about which year it is to be."""

    passages: Sequence[Passage]
    marks: Marks
    year: int

    @property
    def section(self) -> OldSection | None:
        """The section on rectification; None until its heading is known."""
        place = self.marks.paragraph
        return None if place is None or place >= len(self.passages) else section_at(self.passages, place)

    @property
    def replaced(self) -> list[tuple[int, Span]]:
        """What the new text takes the place of."""
        section, stretch = self.section, self.marks.stretch
        if section is None or stretch is None:
            return []
        return [(told.paragraph, told.span) for told in section.sentences[stretch.first : stretch.last + 1]]

    @property
    def waiting(self) -> list[Waiting]:
        """The sentences with blanks that stay."""
        return waiting(self.passages, self.replaced)

    @property
    def wrong_years(self) -> list[WrongYear]:
        """The years that do not fit, in what stays."""
        gone = self.replaced
        return [
            wrong
            for wrong in wrong_years(self.passages, self.year)
            if not any(wrong.paragraph == place and span.start <= wrong.span.start < span.end for place, span in gone)
        ]

    def answered(self, facts: Facts, *, decimals: int) -> list[Answered]:
        """The sentences with blanks, each with its answer held against the figures."""
        return answered(self.waiting, self.marks.answers, facts, decimals=decimals)

    def edits(self, lines: Sequence[str], every: Sequence[Answered]) -> list[Edit]:
        """All that changes in the file; no section marked, no new lines."""
        section, stretch = self.section, self.marks.stretch
        edits = as_edits(every, self.wrong_years, self.marks.years)
        if section is not None and stretch is not None:
            edits += new_text(self.passages, section, stretch, lines)
        return edits


def first_marks(passages: Sequence[Passage]) -> Marks:
    """What is marked before anybody has looked: the section if one heading is it, and the sentences proposed."""
    found = about_rectification(passages)
    if len(found) != 1:
        return Marks()
    return Marks(found[0].paragraph, section_at(passages, found[0].paragraph).proposed)


def marked_by_itself(passages: Sequence[Passage], facts: Facts, *, decimals: int) -> Marks:
    """Marks that need nobody: the proposed sentences, and every blank that a true sentence fills.

    Raises DomainError when it is not plain which section it is, or which sentences of it.
    """
    headings = about_rectification(passages)
    if not headings:
        raise DomainError(_l("没有找到整改部分的标题。请在“套用往年报告”页面上选定段落。"), field="into")
    if len(headings) > 1:
        words = "、".join(f"“{each.words}”" for each in headings)
        message = _l("有几个标题都像整改部分：%(words)s。请在“套用往年报告”页面上选定。", words=words)
        raise DomainError(message, field="into")
    marks = first_marks(passages)
    if marks.stretch is None:
        message = _l("“%(words)s”下没有讲整改的句子。请在“套用往年报告”页面上标出。", words=headings[0].words)
        raise DomainError(message, field="into")
    sentences = OldReport(passages, marks, facts.year).waiting
    ways = {each.key: usual_way(propose(each, facts, decimals=decimals)) for each in sentences}
    return Marks(marks.paragraph, marks.stretch, {key: Answer(way) for key, way in ways.items() if way is not None})
