"""Making the new report of the old one: what it says is read first, then the file is made without a transaction."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from tracker.access.rules import Action, Actor, ensure_may
from tracker.audit.operations import record
from tracker.core import files
from tracker.figures.questions import Question
from tracker.office.passages import Text
from tracker.own_files.models import OwnFile
from tracker.own_files.operations.opening import open_text
from tracker.own_files.rules.answers import Answered
from tracker.own_files.rules.marks import Marks
from tracker.own_files.rules.reports import OldReport, marked_by_itself
from tracker.reports import operations as reports
from tracker.reports.queries import get_report
from tracker.reports.rules import Facts


@dataclass(frozen=True)
class Made:
    """A new report, and what became of the blanks of the old one.

    ``suffix`` is what the name of such a file ends in, whatever the old one's name was.
    """

    content: bytes
    suffix: str
    answered: Sequence[Answered]
    report: OldReport

    @property
    def open_blanks(self) -> int:
        """How many blanks nobody has answered."""
        return sum(each.open_blanks for each in self.answered)


def section_lines(session: Session, own_file: OwnFile, actor: Actor) -> tuple[str, ...]:
    """The paragraphs that take the place of the marked sentences: those of the report that was chosen, else written.

    Raises NotFound for a report that was given up since.
    """
    if own_file.report_id is None:
        return _written(session, own_file, actor).passage.lines
    return reports.body_of(get_report(session, own_file.report_id, actor))


def facts_of(session: Session, own_file: OwnFile, actor: Actor) -> Facts:
    """The figures that blanks are held against and filled with. Raises as ``section_lines`` does."""
    if own_file.report_id is None:
        return _written(session, own_file, actor).facts
    return reports.facts_of(get_report(session, own_file.report_id, actor))


def _written(session: Session, own_file: OwnFile, actor: Actor) -> reports.Section:
    question = Question(own_file.as_of)
    return reports.write(session, own_file.year, question, decimals=own_file.decimals, actor=actor)


def old_report(own_file: OwnFile) -> tuple[Text, OldReport]:
    """The report as it was uploaded, with its marks. Raises NotFound when its file is gone."""
    with files.path_of(own_file.file_sha256).open("rb") as stream:
        text = open_text(stream)
    return text, OldReport(text.passages, Marks.read(own_file.marks), own_file.year)


def make(own_file: OwnFile, lines: Sequence[str], facts: Facts, *, actor: Actor) -> Made:
    """The report with all that is marked; nothing is read of the database. Raises Unreplaceable."""
    ensure_may(actor, Action.WRITE_REPORT)
    text, report = old_report(own_file)
    return _made(text, report, lines, facts, decimals=own_file.decimals)


def write_into(text: Text, section: reports.Section, *, decimals: int) -> Made:
    """The section in a report that nobody marked: the sentences proposed go, blanks are filled where that is true.

    Raises DomainError when it is not plain which sentences those are, Unreplaceable where the file would break.
    """
    marks = marked_by_itself(text.passages, section.facts, decimals=decimals)
    report = OldReport(text.passages, marks, section.facts.year)
    return _made(text, report, section.passage.lines, section.facts, decimals=decimals)


def _made(text: Text, report: OldReport, lines: Sequence[str], facts: Facts, *, decimals: int) -> Made:
    answered = report.answered(facts, decimals=decimals)
    return Made(text.replaced(report.edits(lines, answered)), text.suffix, answered, report)


def file_name(own_file: OwnFile, made: Made) -> str:
    """What the new report is called: 述职报告（2026年度）.docx."""
    stem = own_file.file_name.rpartition(".")[0] or own_file.file_name
    return f"{stem}（{own_file.year}年度）{made.suffix}"


def note_download(own_file: OwnFile, made: Made, *, actor: Actor) -> None:
    """Tell the trail who took the new report away, of which day its figures are, and what it is known by."""
    digest = hashlib.sha256(made.content).hexdigest()
    told = {"as_of": own_file.as_of, "file_sha256": digest, "open_blanks": made.open_blanks}
    record(actor, "own_file.download", own_file.file_name, **told)


def note_original(own_file: OwnFile, *, actor: Actor) -> None:
    """Tell the trail who took the old report away."""
    record(actor, "own_file.original", own_file.file_name, file_sha256=own_file.file_sha256)
