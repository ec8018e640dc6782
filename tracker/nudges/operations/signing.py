"""Signing a supervision notice, sending it, and the unit's answer."""

from datetime import date

from tracker.access.rules import Action, Actor, Role, ensure
from tracker.audit.operations import record
from tracker.core import clock, hooks
from tracker.core.db import db
from tracker.core.errors import DomainError
from tracker.core.files import StoredFile, bare_name
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.versions import check_version
from tracker.nudges import queries
from tracker.nudges.models import SupervisionNotice
from tracker.nudges.operations.stepping import step
from tracker.nudges.rules.notices import (
    NoticeEvent,
    NoticeState,
    check_feedback_day,
    check_signed_on,
    check_state,
    notice_number,
)
from tracker.org import queries as people
from tracker.org.models import Person
from tracker.settings.queries import load


def sign_here(notice: SupervisionNotice, *, actor: Actor, version: int | None = None) -> None:
    """A leader signs with their own click. ``notice`` must have been read with a lock.

    Raises AlreadyThere for a second press, Stale for an older ``version``.
    """
    ensure(actor, Action.DECIDE_AS_LEADER, notice.subject)
    state = step(notice, NoticeEvent.SIGN, actor=actor)
    check_version(notice, version)
    assert actor.person_id is not None
    _sign(notice, state, signer_id=actor.person_id, on=clock.today(), actor=actor)


def sign_on_paper(
    notice: SupervisionNotice,
    *,
    signer: str,
    on: date,
    scan: StoredFile,
    scan_name: str | None,
    actor: Actor,
    version: int | None = None,
) -> None:
    """The office enters whose name stands on the paper and files its scan.

    ``notice`` must have been read with a lock. Raises DomainError for a signer nobody knows, or of whom there
    are two, AlreadyThere for a second press.
    """
    ensure(actor, Action.SUPERVISE, notice.subject)
    state = step(notice, NoticeEvent.SIGN, actor=actor)
    check_version(notice, version)
    check_signed_on(on, clock.civil_date(notice.drafted_at), clock.today())
    notice.scan_name, notice.scan_sha256 = bare_name(scan_name), scan.sha256
    _sign(notice, state, signer_id=_person_called(signer).id, on=on, actor=actor)


def _person_called(name: str) -> Person:
    found = people.find_people(db.session(), [name.strip()]).get(name.strip(), ())
    if len(found) != 1:
        message = _l("有 %(n)d 个人叫“%(name)s”，请写人员名册里的姓名。", n=len(found), name=name.strip())
        raise DomainError(message, field="signer")
    return found[0]


def _sign(notice: SupervisionNotice, state: NoticeState, *, signer_id: int, on: date, actor: Actor) -> None:
    """The next number of the year is taken under a lock; the deadlines are kept as they are today."""
    session = db.session()
    if not notice.lines:
        raise DomainError(_l("督办单上没有事项。"))
    _check_holds(notice)
    prefix, series = load(session)["reminders.notice_prefix"], queries.get_series(session, on.year)
    series.last += 1
    # In one statement: a query in between would write half of it, which the table refuses.
    notice.state, notice.year, notice.serial = state, on.year, series.last
    notice.number = notice_number(prefix, on.year, series.last)
    notice.signer_id, notice.signed_on, notice.signature_by_id = signer_id, on, actor.person_id
    for line in notice.lines:
        line.due_on, line.due_text = line.item.due_on, line.item.due_text
    session.flush()
    session.expire(notice, ["signer", "signature_by"])
    signed = {"signer_id": signer_id, "on": on, "scan": notice.scan_name}
    record(actor, "notice.sign", notice.number, **signed)


def _check_holds(notice: SupervisionNotice) -> None:
    """What a notice demands must still be wanted, and by a day to come."""
    for line in notice.lines:
        check_state(line.item.number, line.item.state)
    check_feedback_day(notice.feedback_due_on, clock.today())


def send(notice: SupervisionNotice, *, actor: Actor) -> None:
    """Send a signed notice to its unit: head and liaison are told. It must have been read with a lock.

    Raises DomainError when its feedback day has passed, Conflict when an item on it runs no more, AlreadyThere for a
    second press.
    """
    ensure(actor, Action.SUPERVISE, notice.subject)
    state = step(notice, NoticeEvent.SEND, actor=actor)
    _check_holds(notice)
    notice.state = state
    notice.sent_at, notice.sent_by_id = clock.now(), actor.person_id
    db.session().flush()
    record(actor, "notice.send", notice.number or "", unit_id=notice.unit_id)
    hooks.call("notice_sent", notice)


def answer(notice: SupervisionNotice, text: str, *, actor: Actor) -> None:
    """The unit answers, or the office enters what came on paper, marked so. It must have been read with a lock."""
    ensure(actor, Action.REPORT, notice.subject)
    state = step(notice, NoticeEvent.ANSWER, actor=actor)
    if not text.strip():
        raise DomainError(_l("请填写办理情况。"), field="feedback")
    notice.state = state
    notice.feedback, notice.feedback_at, notice.feedback_by_id = text.strip(), clock.now(), actor.person_id
    notice.is_feedback_for_others = notice.unit_id not in actor.units((Role.UNIT_HEAD, Role.LIAISON))
    session = db.session()
    session.flush()
    session.expire(notice, ["feedback_by"])
    record(actor, "notice.answer", notice.number or "", feedback=notice.feedback)
    hooks.call("notice_answered", notice)


def note_download(notice: SupervisionNotice, name: str, *, actor: Actor) -> None:
    """Note in the trail who takes the paper or its scan out of the house."""
    record(actor, "notice.download", notice.number or f"#{notice.id}", name=name)
