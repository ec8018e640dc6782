"""A ledger given back with what is wrong written beside its rows."""

from collections import defaultdict
from collections.abc import Mapping
from io import BytesIO

from sqlalchemy.orm import Session

from tracker.access.rules import Actor
from tracker.core import files
from tracker.core.i18n import gettext as _
from tracker.intake.models import LedgerDraft
from tracker.intake.operations.ledger.drafts import plan_of
from tracker.intake.operations.ledger.plan import LedgerPlan
from tracker.intake.operations.ledger.receiving import kept_table
from tracker.office.recognition import FileKind, recognise


def marked_workbook(session: Session, draft: LedgerDraft, *, actor: Actor) -> BytesIO:
    """The kept table as a workbook with a column of messages, as things stand now."""
    from tracker.office.xlsx_marking import marked, marked_sheets

    notes, heading = _notes(plan_of(session, draft, actor=actor)), _("导入问题")
    with files.path_of(draft.file_sha256).open("rb") as stream:
        if recognise(stream) is FileKind.xlsx:
            return marked(stream, notes, heading=heading)
    return marked_sheets(kept_table(draft.file_sha256, draft.file_name).sheets, notes, heading=heading)


def _notes(plan: LedgerPlan) -> Mapping[str, Mapping[int, str]]:
    notes: defaultdict[str, dict[int, str]] = defaultdict(dict)
    for fault in plan.faults:
        told = f"{fault.column}：{fault.message}" if fault.column else str(fault.message)
        before = notes[fault.sheet].get(fault.row)
        notes[fault.sheet][fault.row] = f"{before}\n{told}" if before else told
    return notes
