"""The next step of a supervision notice, or who has taken one before."""

from collections.abc import Mapping

from tracker.access.rules import Actor
from tracker.audit.queries import find_last
from tracker.core.db import db
from tracker.core.errors import AlreadyThere, Conflict
from tracker.core.i18n import lazy_gettext as _l
from tracker.nudges.models import SupervisionNotice
from tracker.nudges.rules.notices import NOTICE_LABELS, TRANSITIONS, NoticeEvent, NoticeState, move

ACTS: Mapping[NoticeState, str] = {
    NoticeState.SIGNED: "notice.sign",
    NoticeState.SENT: "notice.send",
    NoticeState.ANSWERED: "notice.answer",
    NoticeState.VOID: "notice.void",
}


def name_of(notice: SupervisionNotice) -> str:
    """The number of a notice, or what a draft is called in the trail."""
    return notice.number or f"#{notice.id}"


def step(notice: SupervisionNotice, event: NoticeEvent, *, actor: Actor) -> NoticeState:
    """The state after an event. ``notice`` must have been read with a lock.

    Raises AlreadyThere for a second press of whoever took this step, Conflict with who did what for anybody else.
    """
    if (notice.state, event) in TRANSITIONS or notice.state not in ACTS:
        return move(notice.state, event)
    last = find_last(db.session(), ACTS[notice.state], name_of(notice))
    if last is None:
        return move(notice.state, event)
    label = NOTICE_LABELS[notice.state]
    if last.actor_id == actor.person_id and notice.state in {to for (_, by), to in TRANSITIONS.items() if by is event}:
        raise AlreadyThere(_l("您已经办理，这份督办单现在是“%(state)s”，没有重复办理。", state=label))
    raise Conflict(_l("%(name)s已经办理，这份督办单现在是“%(state)s”。", name=last.actor_name, state=label))
