"""The issues of a superior's form: each filled form that was kept, and how it was handed in."""

import json
from datetime import date
from typing import Any

from tracker.access.rules import Action, Actor, ensure_may
from tracker.audit.operations import record
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Conflict, DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.versions import check_version
from tracker.submissions import queries
from tracker.submissions.models import Submission, SubmissionForm
from tracker.submissions.operations.filling import Made
from tracker.submissions.rules import Told


def issue(form: SubmissionForm, made: Made, *, due_on: date | None, actor: Actor) -> Submission:
    """Keep a filled form as its next issue. Raises Conflict when that one was made meanwhile, or for the same day."""
    ensure_may(actor, Action.SUBMIT)
    session, facts = db.session(), made.gathered.facts
    last = queries.find_issue(session, form.id, queries.last_issue(session, form.id))
    if last is not None and (last.issue >= facts.issue or last.as_of == facts.as_of):
        message = _l("第 %(issue)d 期已经生成，请到那一期查看或重新填写。", issue=last.issue)
        raise Conflict(message, field="as_of")
    kept = Submission(form=form, issue=facts.issue, due_on=due_on, by_id=actor.person_id)
    _put(kept, made)
    session.add(kept)
    session.flush()
    record(actor, "submission.issue", form.source.number, title=form.title, issue=kept.issue, as_of=kept.as_of)
    return kept


def refill(kept: Submission, made: Made, *, actor: Actor) -> None:
    """Fill an issue anew that was not handed in yet. Raises Conflict for one that was."""
    ensure_may(actor, Action.SUBMIT)
    if kept.handed_in_on is not None:
        raise Conflict(_l("第 %(issue)d 期已经报送，不能再改。请生成新的一期。", issue=kept.issue))
    _put(kept, made)
    told = {"title": kept.form.title, "issue": kept.issue, "as_of": kept.as_of}
    record(actor, "submission.refill", kept.form.source.number, **told)


def _put(kept: Submission, made: Made) -> None:
    facts = made.gathered.facts
    kept.as_of, kept.made_at = facts.as_of, clock.now()
    kept.rows = json.dumps(made.gathered.told, ensure_ascii=False)
    kept.total, kept.closed, kept.left_out = facts.total, facts.closed, facts.left_out
    kept.file_sha256 = made.stored.sha256
    kept.file_name = f"{kept.form.title}（第{kept.issue}期）{made.suffix}"


def hand_in(made: Submission, *, actor: Actor, version: int, scan: tuple[str, str] | None, **told: Any) -> None:
    """Note who signed an issue, when it was handed in and whatever else there is to say; ``scan`` is name and hash.

    Raises DomainError for a day in the future, Stale for an older ``version``.
    """
    ensure_may(actor, Action.SUBMIT)
    stored = {name: getattr(made, name) for name in told}
    check_version(made, version, typed=told, stored=stored)
    if told["handed_in_on"] and told["handed_in_on"] > clock.today():
        raise DomainError(_l("报送日期不能晚于今天。"), field="handed_in_on")
    changed = {name: [stored[name], value] for name, value in told.items() if stored[name] != value}
    for name, value in told.items():
        setattr(made, name, value)
    if scan is not None and scan[1] != made.scan_sha256:
        made.scan_name, made.scan_sha256 = scan
        changed["scan"] = list(scan)
    if changed:
        record(actor, "submission.hand_in", made.form.source.number, issue=made.issue, changed=changed)


def told_of(made: Submission) -> Told:
    """What stands in the rows of an issue."""
    told: Told = json.loads(made.rows)
    return told
