"""Making the new report of the old one: what it says is read first, then the file is made without a transaction."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from tracker.access.rules import Action, Actor, ensure_may
from tracker.audit.operations import record
from tracker.core import files
from tracker.core.errors import DomainError
from tracker.core.i18n import gettext as _
from tracker.figures.questions import Question
from tracker.office.passages import Text
from tracker.own_files.models import OwnFile
from tracker.own_files.operations.choosing import against, find_chosen
from tracker.own_files.operations.opening import open_text
from tracker.own_files.rules.answers import Answered
from tracker.own_files.rules.marks import Marks
from tracker.own_files.rules.reports import OldReport, marked_by_itself
from tracker.reports import operations as reports
from tracker.reports.examination import Found
from tracker.reports.kinds import ReportState
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

    @property
    def sha256(self) -> str:
        """What the file is known by."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True)
class Material:
    """All that a new report is made of, read whole, so that making it holds no transaction.

    ``report`` and ``report_state`` tell of the report whose text is put in, None where it is written from the ledger;
    ``against`` is what keeps that text out of the file.
    """

    file_name: str
    file_sha256: str
    year: int
    marks: Marks
    lines: tuple[str, ...]
    facts: Facts
    decimals: int
    report: str | None = None
    report_state: ReportState | None = None
    against: tuple[Found, ...] = ()

    @property
    def is_of_draft(self) -> bool:
        """Whether the text is that of a report that may still be issued."""
        return self.report_state is ReportState.DRAFT

    def make(self) -> Made:
        """The report with all that is marked. Raises DomainError while something is against it, Unreplaceable."""
        for each in self.against:
            message = _("“%(sentence)s”不能写入往年报告：%(why)s", sentence=each.sentence, why=each.why)
            raise DomainError(message if each.sentence else each.why)
        text, report = _opened(self.file_sha256, self.marks, self.year)
        return _made(text, report, self.lines, self.facts, decimals=self.decimals)


def find_material(session: Session, own_file: OwnFile, actor: Actor) -> Material | None:
    """What the new report is made of; None while the report that was chosen for it can't be read any more."""
    ensure_may(actor, Action.WRITE_REPORT)
    old = (own_file.file_name, own_file.file_sha256, own_file.year, Marks.read(own_file.marks))
    if own_file.report_id is None:
        question, decimals = Question(own_file.as_of), own_file.decimals
        section = reports.write(session, own_file.year, question, decimals=decimals, actor=actor)
        return Material(*old, section.passage.lines, section.facts, decimals)
    report = find_chosen(session, own_file.report_id, actor)
    if report is None:
        return None
    lines, facts, faults = reports.body_of(report), reports.facts_of(report), against(report, own_file.year)
    return Material(*old, lines, facts, report.decimals, report.title, report.state, tuple(faults))


def old_report(own_file: OwnFile) -> tuple[Text, OldReport]:
    """The report as it was uploaded, with its marks. Raises NotFound when its file is gone."""
    return _opened(own_file.file_sha256, Marks.read(own_file.marks), own_file.year)


def _opened(file_sha256: str, marks: Marks, year: int) -> tuple[Text, OldReport]:
    with files.path_of(file_sha256).open("rb") as stream:
        text = open_text(stream)
    return text, OldReport(text.passages, marks, year)


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


def file_name(material: Material, made: Made) -> str:
    """What the new report is called: 述职报告（2026年度）.docx."""
    stem = material.file_name.rpartition(".")[0] or material.file_name
    return f"{stem}（{material.year}年度）{made.suffix}"


def note_download(material: Material, made: Made, *, actor: Actor) -> None:
    """Tell the trail who took the new report away, whose text is in it, and of when its figures are."""
    state = {"report_state": material.report_state} if material.report_state else {}
    record(actor, "own_file.download", material.file_name, **told(material, made), **state)


def told(material: Material, made: Made) -> dict[str, object]:
    """What the trail is told of a new report."""
    about = {"as_of": material.facts.as_of, "known_at": material.facts.known_at, "open_blanks": made.open_blanks}
    return {**about, "file_sha256": made.sha256} | ({"report": material.report} if material.report else {})


def note_original(own_file: OwnFile, *, actor: Actor) -> None:
    """Tell the trail who took the old report away."""
    record(actor, "own_file.original", own_file.file_name, file_sha256=own_file.file_sha256)
