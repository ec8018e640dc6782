"""Freezing what a meeting looks at (锁定数据)."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy.orm import Session

from tracker.access.rules import Actor, Reach
from tracker.audit.operations import record, take_instant
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Conflict, DomainError
from tracker.core.i18n import force_locale
from tracker.core.i18n import gettext as _
from tracker.core.i18n import lazy_gettext as _l
from tracker.figures.definitions import DEFINITIONS
from tracker.figures.queries import tally, tally_wholes
from tracker.figures.questions import COUNTING_SENTENCES, Question
from tracker.figures.rules import RATES, ROW_COUNTS, Breakdown, FigureName, Rate, Tally
from tracker.items.rules import KIND_LABELS
from tracker.meetings import queries
from tracker.meetings.frozen import Frozen, digest
from tracker.meetings.models import Meeting, MeetingFreeze
from tracker.meetings.operations.calling import ensure_manages, question_of
from tracker.meetings.rules import check_freezable, check_open, check_size
from tracker.meetings.standings import Standings, adds_up, standings_beside
from tracker.settings.queries import load
from tracker.sources.rules import Counting

FIGURES = (*ROW_COUNTS, FigureName.DUE_SOON, FigureName.EXTENDED, *RATES)


@dataclass(frozen=True)
class Moment:
    """The instant whose knowledge is frozen, and the hash at which the trail ended then; no hash for the present."""

    known_at: datetime
    trail_head: str

    @property
    def known_by(self) -> datetime | None:
        """What ``Question`` is asked with: None where nothing is frozen and all that is recorded is known."""
        return self.known_at if self.trail_head else None


def moment() -> Moment:
    """An instant before which nothing will be recorded any more, in a transaction that writes.

    Whoever records takes the instant under the same lock, so what is read afterwards as known then is whole.
    """
    return Moment(*take_instant(db.session()))


def collect(session: Session, meeting: Meeting, *, seen: Reach, at: Moment, as_of: date | None = None) -> Frozen:
    """Read all that a meeting looks at within a reach, as known at an instant; nothing is written, all is Chinese.

    ``as_of`` stands for the meeting's own day where that has not come. Raises DomainError when it is too much for a
    meeting, or when the items do not add up to the figures.
    """
    with force_locale("zh"):
        return _collect(session, meeting, seen, at, as_of or meeting.as_of)


def _collect(session: Session, meeting: Meeting, seen: Reach, at: Moment, as_of: date) -> Frozen:
    question = question_of(meeting, at.known_by, as_of=as_of)
    check_size(queries.count_content(session, question, seen))
    whole, content = tally_wholes(session, [question], seen)[0], queries.read_content(session, question, seen)
    frozen = _frozen(session, _Asked(meeting, question, seen, at), whole, content)
    if not adds_up(frozen):
        raise DomainError(_l("逐项数据与统计数字不符，没有锁定，请告知系统管理员。"))
    return frozen


def collect_unfinished(session: Session, meeting: Meeting, *, seen: Reach, as_of: date) -> tuple[Frozen, Standings]:
    """What a meeting would look at now, without items that are closed or withdrawn: these are only counted.

    Raises DomainError when it is too much for a meeting.
    """
    with force_locale("zh"):
        question = question_of(meeting, as_of=as_of)
        counted = {each.id: (each.label, each.tally) for each in tally(session, question, seen, Breakdown.UNIT)}
        whole = sum((found for _unit, found in counted.values()), Tally())
        check_size(whole.open)
        content = queries.read_content(session, question, seen, unfinished=True)
        check_size(len(content.items))
        frozen = _frozen(session, _Asked(meeting, question, seen, Moment(clock.now(), "")), whole, content)
        return frozen, standings_beside(frozen, counted)


class _Asked(NamedTuple):
    """What is asked of the ledger for a meeting, by somebody with a reach, at a moment."""

    meeting: Meeting
    question: Question
    seen: Reach
    at: Moment


def _frozen(session: Session, asked: _Asked, whole: Tally, content: queries.Content) -> Frozen:
    meeting, question, seen, at = asked
    decimals = load(session)["rules.rate_decimals"]
    last = queries.list_last_decided(session, meeting, seen, at.known_at)
    return Frozen(
        title=meeting.title,
        held_on=meeting.held_on,
        scope=print_scope(meeting),
        as_of=question.as_of,
        known_at=at.known_at,
        near_days=question.near_days,
        decimals=decimals,
        definition=_definition(question.counting),
        figures={name.value: _printed(getattr(whole, name), decimals) for name in FIGURES},
        items=content.items,
        waits=content.waits,
        last_title=last[0].decision.meeting.title if last else "",
        last_decisions=tuple(each.frozen() if at.trail_head else each.seen() for each in last),
        trail_head=at.trail_head,
        counting=question.counting,
    )


def print_scope(meeting: Meeting) -> str:
    """Which items a meeting is about, in words."""
    unit = meeting.unit.path if meeting.unit else str(_("全部单位"))
    source = meeting.source.title if meeting.source else str(_("全部来源"))
    kind = str(KIND_LABELS[meeting.item_kind] if meeting.item_kind else _("问题和任务"))
    return str(_("；")).join((unit, source, kind))


def _definition(counting: Counting) -> str:
    names = (FigureName.TOTAL, FigureName.CLOSURE_RATE, FigureName.COMPLETION_RATE)
    sentences = [str(DEFINITIONS[name].sentence) for name in names]
    return "".join((*sentences, str(COUNTING_SENTENCES[counting])))


def _printed(value: int | Rate, decimals: int) -> int | str | None:
    return value.printed(decimals) if isinstance(value, Rate) else value


def freeze(
    meeting: Meeting, frozen: Frozen, *, reason: str = "", actor: Actor, version: int | None = None
) -> MeetingFreeze:
    """Keep what was collected; ``meeting`` must have been read with a lock. What was frozen before stays.

    ``version`` is that of the meeting when it was collected. Raises DomainError for a day to come and for freezing
    again without a reason, Conflict once minutes are issued, and where the meeting was changed or frozen meanwhile.
    """
    ensure_manages(actor, meeting.unit_id)
    check_open(meeting.minutes_issued_on)
    session = db.session()
    serial = queries.last_serial(session, meeting.id) + 1
    check_freezable(frozen.as_of, clock.today(), is_again=serial > 1, reason=reason)
    before = queries.find_freeze(session, meeting.id)
    is_overtaken = before is not None and before.known_at >= frozen.known_at
    if is_overtaken or version not in (None, meeting.version):
        raise Conflict(_l("锁定的同时有人修改了会议或也锁定了数据，请核对后再锁定一次。"))
    content = frozen.to_text()
    kept = MeetingFreeze(
        meeting_id=meeting.id,
        serial=serial,
        as_of=frozen.as_of,
        known_at=frozen.known_at,
        content=content,
        content_hash=digest(content),
        items=len(frozen.items),
        by_id=actor.person_id,
        by_name=actor.signature[:80],
        reason=reason.strip(),
    )
    session.add(kept)
    session.flush()
    told = {"serial": serial, "sha256": kept.content_hash, "reason": kept.reason}
    record(actor, "meeting.freeze", meeting.title, as_of=kept.as_of, known_at=kept.known_at, **told)
    return kept


def note_download(meeting: Meeting, file: str, *, actor: Actor) -> None:
    """Record who took a paper of a meeting away."""
    record(actor, "meeting.download", meeting.title, file=file)
