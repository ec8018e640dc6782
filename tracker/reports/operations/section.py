"""Making the section and its Word file, and noting who took it away."""

from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO

from sqlalchemy.orm import Session

from tracker.access.rules import Action, Actor, ensure_may, reach
from tracker.audit.operations import record
from tracker.core import clock
from tracker.core.errors import DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.figures.questions import Question, check_knowable
from tracker.reports.queries import days_of, gather_facts
from tracker.reports.rules import Facts, Passage
from tracker.reports.wording import write_section
from tracker.reports.writing import write_docx


@dataclass(frozen=True)
class Section:
    """The section of one year, written from its facts."""

    facts: Facts
    passage: Passage

    @property
    def file_name(self) -> str:
        """What the Word file is called."""
        return f"{self.facts.year}年抓党建述职报告（狠抓整改落实）.docx"


def write(session: Session, year: int, question: Question, *, decimals: int, actor: Actor) -> Section:
    """Write the section of a year as of the question's day; nothing is stored.

    Raises DomainError for a day that has not come or lies before the year.
    """
    ensure_may(actor, Action.READ_REPORT)
    check_knowable(question.as_of, question.known_at, today=clock.today(), now=clock.now())
    if question.as_of < date(year, 1, 1):
        message = _l("统计截止日 %(day)s 早于报告年度 %(year)d。", day=question.as_of, year=year)
        raise DomainError(message, field="as_of")
    taken_at: datetime = question.known_at or clock.now()
    days, seen = days_of(year, question.as_of), reach(actor, Action.READ_REPORT)
    facts = gather_facts(session, days, question, seen, taken_at=taken_at)
    return Section(facts, write_section(facts, decimals))


def to_docx(section: Section) -> bytes:
    """The Word file; slow with thousands of items, so to be called outside any transaction."""
    stream = BytesIO()
    write_docx(section.passage, section.facts, stream)
    return stream.getvalue()


def note_download(section: Section, *, actor: Actor) -> None:
    """Tell the trail who took the file away, and of which day its figures are."""
    facts = section.facts
    details = {"as_of": facts.as_of, "known_at": facts.known_at, "refused": len(section.passage.refused)}
    record(actor, "report.download", section.file_name, **details)
