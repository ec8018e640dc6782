"""Issuing a report: examined, written to a file, sealed; after that nothing of it changes."""

import json
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import NamedTuple

from sqlalchemy.orm import Session

from tracker.access.rules import Actor
from tracker.audit.operations import record, take_instant
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.versions import check_version
from tracker.reports import examination, facts_text, queries, texts
from tracker.reports.kinds import ReportState, check_draft
from tracker.reports.models import Report
from tracker.reports.naming import catalogue
from tracker.reports.operations.drafting import ensure_writes
from tracker.reports.operations.editing import shown_figures
from tracker.reports.operations.templates import content_of
from tracker.reports.rules import Facts
from tracker.reports.shipped_templates import Shipped
from tracker.reports.templating import Head, render_report
from tracker.reports.wording import level_of
from tracker.reports.writing import write_report
from tracker.settings.queries import load


class Printable(NamedTuple):
    """All that the Word file of a report is made of; ``template`` None for the plain form."""

    title: str
    text: str
    facts: Facts
    decimals: int
    template: bytes | None
    head: Head

    def print(self) -> bytes:
        """The Word file; slow with thousands of items, so to be called outside any transaction. Raises DomainError."""
        if self.template is not None:
            lines = [(level_of(line), line) for line in filter(None, map(str.strip, self.text.split("\n")))]
            facts, decimals = self.facts, self.decimals
            return render_report(self.template, facts, decimals, title=self.title, lines=lines, head=self.head)
        stream, head = BytesIO(), self.head
        number, issued_on = head.document_number, head.issued_on
        write_report(self.title, self.text, self.facts, stream, number=number, issued_on=issued_on)
        return stream.getvalue()


@dataclass(frozen=True)
class Imprint:
    """What is printed on a report when it is issued: number and signer may be empty."""

    issued_on: date
    number: str = ""
    signer: str = ""


def printable(session: Session, report: Report, imprint: Imprint | None = None) -> Printable:
    """What a report prints, read whole; raises NotFound for a template that is gone."""
    organ = load(session)["organ.name"]
    head = Head(organ, imprint.number, imprint.signer, imprint.issued_on) if imprint else Head(organ)
    return Printable(
        title=report.title,
        text=texts.printed(report.text, shown_figures(report)),
        facts=facts_text.read(report.facts),
        decimals=report.decimals,
        template=_template(session, report.template),
        head=head,
    )


def _template(session: Session, name: str) -> bytes | None:
    if not name:
        return None
    return content_of(queries.get_template(session, int(name)) if name.isdigit() else Shipped(name))


def found_in(report: Report) -> list[examination.Found]:
    """All that stands against issuing a report."""
    facts = facts_text.read(report.facts)
    held = facts_text.read_figures(report.held)
    # The title is read first of all, so it is held against the facts as every sentence is.
    withheld, figures = queries.list_withheld(db.session(), report.id), catalogue(facts, report.decimals)
    return examination.examine(f"{report.title}\n{report.text}", facts, figures, held, withheld)


def ensure_issuable(
    report: Report, imprint: Imprint, *, is_looked_at: bool, actor: Actor, version: int | None = None
) -> None:
    """Raise what stands against issuing a report: to be asked before its file is made, and when it is issued.

    Raises DomainError naming the first sentence that must not go out, or when what is only doubtful was not looked
    at; Stale when the report is another than was seen; Conflict when it is no draft.
    """
    ensure_writes(actor, report.unit_id)
    check_draft(report.state)
    check_version(report, version)
    if imprint.issued_on > clock.today():
        raise DomainError(_l("印发日期还没有到。"), field="issued_on")
    found = found_in(report)
    for each in found:
        if each.is_grave:
            message = _l("“%(sentence)s”不能印发：%(why)s", sentence=each.sentence, why=each.why)
            raise DomainError(message)
    if found and not is_looked_at:
        raise DomainError(_l("还有提示没有核对，请逐条核对后勾选。"), field="is_looked_at")


def issue(
    report: Report,
    imprint: Imprint,
    *,
    sha256: str,
    is_looked_at: bool = False,
    actor: Actor,
    version: int | None = None,
) -> None:
    """Issue a report with the file of the store that was made of it; ``report`` must have been read with a lock.

    Raises as ``ensure_issuable`` does.
    """
    ensure_issuable(report, imprint, is_looked_at=is_looked_at, actor=actor, version=version)
    session = db.session()
    _instant, head = take_instant(session)
    report.state = ReportState.ISSUED
    report.number, report.signer, report.issued_on = imprint.number, imprint.signer, imprint.issued_on
    report.issued_at, report.issued_by_id, report.issued_by_name = clock.now(), actor.person_id, actor.signature[:80]
    report.file_sha256, report.trail_head = sha256, head
    report.text_hash, report.facts_hash = _seals(report)
    session.flush()
    hashes = {"sha256": sha256, "text_sha256": report.text_hash, "facts_sha256": report.facts_hash}
    printed = {"document_number": imprint.number, "issued_on": imprint.issued_on} | hashes
    record(actor, "report.issue", report.title, as_of=report.as_of, known_at=report.known_at, **printed)


def is_sealed(report: Report) -> bool:
    """Whether an issued report still is what was issued: text, what is printed with it, and facts have their hashes."""
    return (report.text_hash, report.facts_hash) == _seals(report)


def _seals(report: Report) -> tuple[str, str]:
    text = texts.printed(report.text, shown_figures(report))
    printed = (report.title, report.edition, report.number, report.signer, str(report.issued_on), text)
    return facts_text.digest("\n".join(printed)), facts_text.digest(report.facts)


def refused_of(report: Report) -> list[tuple[str, str]]:
    """The sentences that the wording had to leave out, each with the reason."""
    return [(sentence, why) for sentence, why in json.loads(report.refused)]


def note_report_download(report: Report, *, actor: Actor) -> None:
    """Tell the trail who took a report away."""
    told = {"as_of": report.as_of, "known_at": report.known_at, "state": report.state}
    record(actor, "report.take_away", report.title, **told)
