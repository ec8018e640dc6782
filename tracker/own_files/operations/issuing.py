"""Issuing the report whose text is put in, in the form of the office's own file."""

from tracker.access.rules import Actor
from tracker.audit.operations import record
from tracker.core.errors import DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.own_files.operations.making import Made, Material, told
from tracker.reports import operations as reports
from tracker.reports.models import Report


def check_issuable(made: Made) -> None:
    """Raise DomainError for a file that must not go out: one that is no Word file, or with blanks that wait."""
    if made.suffix != ".docx":
        raise DomainError(_l("往年报告是纯文本，不能作为印发的文件，请在报告页上印发。"))
    if made.open_blanks:
        raise DomainError(_l("还有 %(n)d 处空白没有作答，请先填写，或选“暂不填写”。", n=made.open_blanks))


def issue(
    report: Report,
    material: Material,
    made: Made,
    imprint: reports.Imprint,
    *,
    is_looked_at: bool,
    actor: Actor,
    version: int,
) -> None:
    """Issue a report with the file that was made of its ``version`` and stored; read with a lock.

    Raises as issuing a report does.
    """
    check_issuable(made)
    reports.issue(report, imprint, sha256=made.sha256, is_looked_at=is_looked_at, actor=actor, version=version)
    record(actor, "own_file.issue", material.file_name, **told(material, made))
