"""The wordings of the office: added, changed, dropped. Reports that were written by one keep their text."""

from tracker.access.rules import Action, Actor, ensure_may
from tracker.audit.operations import record
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.versions import check_version
from tracker.office import text_templates
from tracker.reports import queries
from tracker.reports.kinds import ReportKind
from tracker.reports.models import ReportWording
from tracker.reports.naming import SHAPE


def add_wording(kind: ReportKind, name: str, text: str, *, actor: Actor) -> ReportWording:
    """Add a wording; raises DomainError telling every fault, also for a name that is taken."""
    ensure_may(actor, Action.WRITE_REPORT)
    _check(text)
    session = db.session()
    _refuse_taken(kind, name)
    wording = ReportWording(kind=kind, name=name, text=text, changed_by_id=actor.person_id, changed_at=clock.now())
    session.add(wording)
    session.flush()
    record(actor, "report_wording.add", name, report_kind=kind)
    return wording


def change_wording(wording: ReportWording, *, name: str, text: str, actor: Actor, version: int | None = None) -> None:
    """Change a wording, read with a lock; raises Stale for an older ``version`` and as ``add_wording`` does."""
    ensure_may(actor, Action.WRITE_REPORT)
    typed = {str(_l("名称")): name, str(_l("行文模板")): text}
    check_version(
        wording, version, typed=typed, stored={str(_l("名称")): wording.name, str(_l("行文模板")): wording.text}
    )
    _check(text)
    if (name, text) == (wording.name, wording.text):
        return
    if name != wording.name:
        _refuse_taken(wording.kind, name)
    before = wording.text
    wording.name, wording.text = name, text
    wording.changed_by_id, wording.changed_at = actor.person_id, clock.now()
    db.session().flush()
    record(actor, "report_wording.change", name, before=before, after=text)


def drop_wording(wording: ReportWording, *, actor: Actor) -> None:
    """Drop a wording, read with a lock."""
    ensure_may(actor, Action.WRITE_REPORT)
    session = db.session()
    session.delete(wording)
    session.flush()
    record(actor, "report_wording.drop", wording.name, before=wording.text)


def _check(text: str) -> None:
    faults = text_templates.check(text, SHAPE)
    if faults:
        told = "；".join(str(_l("第%(line)d行：%(what)s", line=each.line, what=each.message)) for each in faults[:20])
        raise DomainError(told, field="text")


def _refuse_taken(kind: ReportKind, name: str) -> None:
    if any(each.name == name for each in queries.list_wordings(db.session(), kind)):
        raise DomainError(_l("已经有叫“%(name)s”的行文模板。", name=name), field="name")
