"""What differs in figures, as the sentence of the pages of figures: since a freeze, and between two meetings."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Protocol

from flask import url_for
from sqlalchemy.orm import Session

from tracker.access.rules import Action, Actor, Reach, reach
from tracker.core import clock
from tracker.core.db import db
from tracker.figures.differences import Difference, Movement
from tracker.figures.queries import count_moved, tally_wholes
from tracker.figures.questions import Met, Question
from tracker.figures.sentences import Told
from tracker.meetings.frozen import Frozen
from tracker.meetings.models import Meeting
from tracker.meetings.operations import question_of
from tracker.meetings.queries import find_last_frozen


class Seen(Protocol):
    """A meeting with its frozen data."""

    @property
    def meeting(self) -> Meeting:
        """The meeting."""
        ...

    @property
    def frozen(self) -> Frozen:
        """Its frozen data."""
        ...


@dataclass(frozen=True)
class Since:
    """What happened since a freeze: up to now, and what is known by now of its own day; None where nothing differs."""

    now: Told
    then: Told | None


def tell_since(session: Session, seen: Seen, actor: Actor) -> Since:
    """The difference of the frozen figures from those of today, and from those of the same day as known today."""
    frozen = _question(seen)
    then, now = replace(frozen, known_at=None), replace(frozen, known_at=None, as_of=clock.today())
    present, learnt = _told(session, frozen, [now, then], actor, seen.frozen.decimals)
    moved = learnt.difference.moved or learnt.difference.before != learnt.difference.after
    return Since(present, learnt if moved else None)


def last_meeting(within: Reach) -> Met | None:
    """Hook ``last_meeting``: the latest frozen meeting within a reach, for the change of figures since."""
    found = find_last_frozen(db.session(), within) if within.units else None
    if found is None:
        return None
    return Met(found.title, found.as_of, found.known_at)


def tell_between(session: Session, earlier: Seen, later: Seen, actor: Actor) -> Told:
    """The difference of the frozen figures of two meetings of one scope."""
    return _told(session, _question(earlier), [_question(later)], actor, later.frozen.decimals)[0]


def _question(seen: Seen) -> Question:
    asked = question_of(seen.meeting, seen.frozen.known_at, as_of=seen.frozen.as_of)
    return replace(asked, counting=seen.frozen.counting)


def _told(session: Session, earlier: Question, laters: Sequence[Question], actor: Actor, decimals: int) -> list[Told]:
    within = reach(actor, Action.READ_FIGURES)
    before, *afters = tally_wholes(session, [earlier, *laters], within)
    moved = count_moved(session, earlier, laters, within)
    found = (Difference(before, *told) for told in zip(afters, moved, strict=True))
    return [
        Told(each, partial(_link, earlier, later), clock.today(), decimals)
        for each, later in zip(found, laters, strict=True)
    ]


def _link(earlier: Question, later: Question, movement: Movement, source_id: int | None) -> str:
    """Where the items of a movement are."""
    chosen: dict[str, Any] = {**_address(earlier, later), "movement": movement.value, "fed_by": source_id}
    return url_for("figures.difference", **chosen)


def _address(earlier: Question, later: Question) -> dict[str, str]:
    args = {
        "as_of": later.as_of.isoformat(),
        "known_at": later.known_at.isoformat() if later.known_at else "",
        "since": earlier.as_of.isoformat(),
        "since_known_at": earlier.known_at.isoformat() if earlier.known_at else "",
        "unit": str(later.unit_id or ""),
        "source": str(next(iter(later.source_ids), "")),
        "kind": later.kind.value if later.kind else "",
        "counting": later.counting.value,
    }
    return {name: value for name, value in args.items() if value}
