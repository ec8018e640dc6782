"""Decisions that were made on paper: one step of an application, or many by the minutes of one meeting."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from tracker.access.rules import Action, Actor, ensure
from tracker.closure import queries
from tracker.closure.models import Paper, Review
from tracker.closure.operations.settling import before, check_hands, check_turn, settle
from tracker.closure.rules import Decision, check_who, is_of_a_body, is_of_a_meeting
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import DomainError
from tracker.core.files import StoredFile
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.versions import check_version
from tracker.items.four_eyes import check_entering
from tracker.items.papers import check_dated


@dataclass(frozen=True)
class OnPaper:
    """What stands on a paper: the day, the scan with its name, the body that decided, title and number."""

    dated_on: date
    scan: tuple[StoredFile, str]
    body: str = ""
    title: str = ""
    document_number: str = ""


class Line(NamedTuple):
    """What a meeting decided on one application, seen in this version."""

    review: Review
    decision: Decision
    opinion: str
    version: int | None = None


def keep_paper(told: OnPaper, *, actor: Actor) -> Paper:
    """Keep a paper with its scan."""
    stored, name = told.scan
    paper = Paper(
        body=told.body.strip(),
        title=told.title.strip(),
        document_number=told.document_number.strip(),
        dated_on=told.dated_on,
        file_name=name,
        file_sha256=stored.sha256,
        entered_by_id=actor.person_id,
        entered_for_id=actor.for_id,
        entered_at=clock.now(),
    )
    session = db.session()
    session.add(paper)
    session.flush()
    return paper


def ensure_enterable(review: Review, *, actor: Actor) -> None:
    """Raise Forbidden unless this person may enter what others decided on this step, Conflict when it is not its turn.

    Whoever applied does not enter the decision on it.
    """
    application = review.application
    ensure(actor, Action.ENTER_DECISION, application.item)
    check_entering(actor.identities, asking=application.applicants)
    check_turn(review)


def decide_on_paper(
    review: Review,
    decision: Decision,
    opinion: str,
    *,
    told: OnPaper,
    decider_id: int | None,
    actor: Actor,
    version: int | None = None,
) -> None:
    """Enter what was decided on paper: by a person who may decide the step, or by a body where a body decides it.

    ``review`` must have been read with a lock. Four eyes count whoever signed, not who enters it.
    """
    ensure_enterable(review, actor=actor)
    _enter(Line(review, decision, opinion, version), keep_paper(told, actor=actor), decider_id, actor=actor)


def decide_in_meeting(lines: Sequence[Line], *, told: OnPaper, actor: Actor) -> None:
    """Enter what one meeting decided on many applications, under its minutes; all of them or none."""
    if not lines:
        raise DomainError(_l("请至少为一份申请选择会议的决定。"))
    if not told.document_number.strip():
        raise DomainError(_l("请填写会议纪要编号。"), field="document_number")
    for line in lines:
        ensure_enterable(line.review, actor=actor)
        if not is_of_a_meeting(line.review.kind, line.review.route):
            raise DomainError(_l("%(number)s 不是等待集体研究的申请。", number=line.review.application.item.number))
    paper = keep_paper(told, actor=actor)
    for line in lines:
        try:
            _enter(line, paper, None, actor=actor)
        except DomainError as refusal:
            if refusal.field == "opinion":
                refusal.field = f"opinion-{line.review.id}"
            raise


def _enter(line: Line, paper: Paper, decider_id: int | None, *, actor: Actor) -> None:
    review, item = line.review, line.review.application.item
    told = {str(_l("审核意见")): line.opinion}
    check_version(review.application, line.version, typed=told, stored=dict.fromkeys(told))
    is_body = is_of_a_body(review.kind, review.route)
    able = () if is_body else queries.list_bearers(db.session(), review)
    check_who(decider_id, paper.body, is_body=is_body, able=able)
    deciding = frozenset() if decider_id is None else frozenset({decider_id})
    check_hands(review, deciding)
    earlier = [each.decided_on for each in before(review) if each.decided_on is not None]
    floors = {_l("反馈日期"): item.source.received_on, _l("前一环节"): max(earlier, default=None)}
    check_dated(paper.dated_on, today=clock.today(), floors=floors, field="dated_on")
    review.decider_id, review.paper_id = decider_id, paper.id
    values = {"document_number": paper.document_number, "body": paper.body, "scan": paper.file_name}
    signed = {"signer_id": decider_id, "sha256": paper.file_sha256}
    settle(review, line.decision, line.opinion, actor=actor, on=paper.dated_on, **values, **signed)
