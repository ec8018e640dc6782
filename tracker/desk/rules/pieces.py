"""Everything that hangs on one item, and how it is put together again."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tracker.access.rules import PERMISSIONS, Action, Actor, Subject
from tracker.amendments.rules import Step
from tracker.closure.rules import ApplicationState, Decision
from tracker.desk.rules.piece import Piece, What
from tracker.extensions.rules import ExtensionState
from tracker.items.rules import Event, State
from tracker.progress.rules import EntryStanding, is_leading, may_see_entry
from tracker.reinspections.rules import LookState
from tracker.requests.rules import RequestState


@dataclass(frozen=True)
class Round:
    """One application with its steps in order."""

    application: Piece
    steps: Sequence[Piece]

    @property
    def is_pending(self) -> bool:
        """Whether a decision is waited for."""
        return self.application.state == ApplicationState.PENDING

    @property
    def is_returned(self) -> bool:
        """Whether it was sent back."""
        return self.application.state == ApplicationState.RETURNED

    @property
    def waiting(self) -> Piece | None:
        """The step that waits now."""
        return self._undecided if self.is_pending else None

    @property
    def unconfirmed(self) -> Piece | None:
        """The superior's step of what is closed here and not confirmed yet."""
        return self._undecided if self.application.state == ApplicationState.CLOSED else None

    @property
    def _undecided(self) -> Piece | None:
        return next((step for step in self.steps if step.state is None), None)

    @property
    def return_step(self) -> Piece | None:
        """The step at which it was sent back, with the demand as its text."""
        return next((step for step in self.steps if step.state == Decision.RETURN and not step.is_undone), None)

    @property
    def deciders(self) -> frozenset[int | None]:
        """Who decided one of its steps, and whom they acted for."""
        decided = [step for step in self.steps if step.state is not None and not step.is_undone]
        return frozenset({each for step in decided for each in (step.by_id, step.for_id)} - {None})

    @property
    def applicants(self) -> frozenset[int | None]:
        """Who applied, and whom they acted for."""
        return frozenset({self.application.by_id, self.application.for_id} - {None})


@dataclass(frozen=True)
class Pressed:
    """One nudge with those it was sent to."""

    nudge: Piece
    receipts: Sequence[Piece]


class Whole:
    """The pieces of one item, sorted."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self._pieces = pieces
        self.measures = self._of(What.MEASURE)
        self.entries = sorted(self._of(What.ENTRY), key=_when, reverse=True)
        self.evidence = [each for each in self._of(What.EVIDENCE) if each.other_at is None]
        self.removed = [each for each in self._of(What.EVIDENCE) if each.other_at is not None]
        self.outcomes = self._of(What.OUTCOME)
        self.children = self._of(What.CHILD)
        self.paragraphs = self._of(What.PARAGRAPH)
        self.holders = self._of(What.HOLDER)
        self.deciders = self._of(What.DECIDER)
        self.extensions = list(reversed(self._of(What.EXTENSION)))
        self.amendments = list(reversed(self._of(What.AMENDMENT)))
        self.looks = list(reversed(self._of(What.LOOK)))
        self.related = self._of(What.RELATED)
        self.corrections = list(reversed(self._of(What.CORRECTION)))
        self.nudges = [
            Pressed(each, [receipt for receipt in self._of(What.RECEIPT) if receipt.of == each.id])
            for each in reversed(self._of(What.NUDGE))
        ]
        self.rounds = [
            Round(each, [step for step in self._of(What.REVIEW) if step.of == each.id])
            for each in reversed(self._of(What.APPLICATION))
        ]

    def _of(self, what: What) -> list[Piece]:
        return sorted(
            (each for each in self._pieces if each.what == what), key=lambda each: (each.number or 0, each.id)
        )

    @property
    def done(self) -> int:
        """How many measures were carried out."""
        return sum(each.other_day is not None for each in self.measures)

    @property
    def last_round(self) -> Round | None:
        """The last application."""
        return self.rounds[0] if self.rounds else None

    @property
    def open_request(self) -> Piece | None:
        """The request to reassign that is not decided."""
        return next((each for each in self._of(What.REQUEST) if each.other_at is None), None)

    @property
    def open_declaration(self) -> Piece | None:
        """What the unit declared and the office has not answered."""
        return next((each for each in self._of(What.DECLARATION) if each.other_at is None), None)

    @property
    def open_extension(self) -> Piece | None:
        """The request for an extension that is not decided."""
        return next((each for each in self.extensions if each.state == ExtensionState.PENDING), None)

    @property
    def open_correction(self) -> Piece | None:
        """The request to put something right that is not decided."""
        return next((each for each in self.corrections if each.state == RequestState.PENDING), None)

    @property
    def open_look(self) -> Piece | None:
        """The second look that has no result yet."""
        return next((each for each in self.looks if each.state == LookState.WAITING), None)

    @property
    def open_amendment(self) -> Piece | None:
        """The change request that is not decided."""
        return next((each for each in self.amendments if each.state == RequestState.PENDING), None)

    @property
    def steps(self) -> list[Step]:
        """What was changed of the printed plan."""
        return [
            Step(each.number or 0, each.code or "", each.note or "", each.text or "") for each in self._of(What.STEP)
        ]

    @property
    def carrier(self) -> Piece | None:
        """The item whose measures and evidence this one shares (并案)."""
        return next((each for each in self._of(What.JOINT) if each.other_at is None and not each.flag), None)

    @property
    def carried(self) -> list[Piece]:
        """The items that share what this one has."""
        return [each for each in self._of(What.JOINT) if each.other_at is None and each.flag]

    @property
    def is_joint(self) -> bool:
        """Whether it is handled jointly with others."""
        return self.carrier is not None or bool(self.carried)

    @property
    def follows(self) -> bool:
        """Whether its measures are those of a carrier that is still at work."""
        return self.carrier is not None and is_leading(State(self.carrier.state or ""))

    @property
    def last_event(self) -> Event | None:
        """What changed the item last."""
        changes = self._of(What.CHANGE)
        return Event(changes[-1].code or "") if changes else None

    def extension_hands(self, asked: Piece) -> frozenset[int | None]:
        """Who asked for an extension or decided one of its levels, and whom they acted for."""
        steps = [each for each in self._of(What.EXTENSION_STEP) if each.of == asked.id]
        return frozenset({each for piece in (asked, *steps) for each in (piece.by_id, piece.for_id)} - {None})

    def line_of(self, unit_id: int | None) -> list[Piece]:
        """What a unit reported, the newest first."""
        return [each for each in self.entries if each.unit_id == unit_id]

    def happenings(self) -> list[Piece]:
        """What happened, the newest first; what an application or a review tells is not told again by its change."""
        told = [each for each in self._pieces if each.what in _TOLD and each.at is not None]
        changes = _with_former_deadlines(self._of(What.CHANGE))
        told += [self._as_signed(each) for each in changes if not self._is_told_elsewhere(each)]
        told += [_replied(each) for each in self._of(What.NUDGE) if each.other_at is not None]
        told += [_decided(each) for each in self._of(What.REQUEST) if each.other_at is not None]
        told += [_decided(each) for each in self._of(What.DECLARATION) if each.other_at is not None]
        asked = [*self.corrections, *self.amendments]
        told += [_settled(each) for each in asked if each.other_at is not None]
        told += [_parted(each) for each in self._of(What.JOINT) if each.other_at is not None]
        told += [_removed(each) for each in self._of(What.EVIDENCE) if each.other_at is not None]
        return sorted(told, key=_when, reverse=True)

    def _as_signed(self, change: Piece) -> Piece:
        """A closing that was signed on paper is told of whoever signed, not of who entered it."""
        if change.code != Event.CLOSE:
            return change
        steps = [step for round_ in self.rounds for step in round_.steps if step.flag and _is_near(step, change)]
        return replace(change, by=steps[-1].by, for_name=None, flag=True) if steps else change

    def _is_told_elsewhere(self, change: Piece) -> bool:
        if change.code == Event.DECLARE:
            answered = [each.other_at for each in self._of(What.DECLARATION) if each.flag]
            is_accepted = any(each is not None and _is_at(each, change) for each in answered)
            return is_accepted or any(_is_at_once(change, round_.application) for round_ in self.rounds)
        if change.code in (Event.CONFIRM, Event.EXTEND):
            return True
        if change.code == Event.SUSTAIN:
            return any(round_.application.state == ApplicationState.SUSTAINED for round_ in self.rounds)
        return change.code in _TOLD_BY_APPLICATIONS and bool(self.rounds)


# A change is stamped at the end of the transaction that the application begins.
ONE_TRANSACTION = timedelta(seconds=5)

_TOLD = frozenset(
    {
        What.ENTRY,
        What.EVIDENCE,
        What.OUTCOME,
        What.APPLICATION,
        What.REVIEW,
        What.REQUEST,
        What.DECLARATION,
        What.CALL,
        What.NUDGE,
        What.EXTENSION,
        What.EXTENSION_STEP,
        What.CORRECTION,
        What.AMENDMENT,
        What.JOINT,
        What.LOOK,
        What.CHECK,
    }
)
_TOLD_BY_APPLICATIONS = frozenset({Event.APPLY, Event.SEND_BACK})


def _is_at_once(change: Piece, application: Piece) -> bool:
    """Whether a change was made by the application itself."""
    return change.by_id == application.by_id and _is_near(application, change)


def _is_near(piece: Piece, change: Piece) -> bool:
    return piece.at is not None and _is_at(piece.at, change)


def _is_at(instant: datetime, change: Piece) -> bool:
    assert change.at is not None
    return abs(change.at - instant) < ONE_TRANSACTION


def _when(piece: Piece) -> tuple[datetime, int, int]:
    assert piece.at is not None
    return piece.at, piece.number or 0, piece.id


def _with_former_deadlines(changes: Sequence[Piece]) -> list[Piece]:
    told, former = [], None
    for change in changes:
        is_moved = former is not None and change.other_day not in (None, former)
        told.append(replace(change, former=former) if is_moved else change)
        former = change.other_day or former
    return told


def _decided(request: Piece) -> Piece:
    return replace(
        request, at=request.other_at, code="granted" if request.flag else "refused", by=request.other, for_name=None
    )


def _settled(correction: Piece) -> Piece:
    return replace(correction, at=correction.other_at, code="settled", by=correction.other, for_name=None)


def _parted(joint: Piece) -> Piece:
    return replace(joint, at=joint.other_at, code="parted", by=joint.other, for_name=None, text=joint.note)


def _replied(nudge: Piece) -> Piece:
    return replace(nudge, at=nudge.other_at, code="replied", by=nudge.other, for_name=None)


def _removed(evidence: Piece) -> Piece:
    return replace(evidence, at=evidence.other_at, code="removed", by=evidence.other, for_name=None, flag=False)


def seen_by(pieces: Sequence[Piece], actor: Actor, subject: Subject) -> list[Piece]:
    """The pieces that a reader of the item may see: of texts that do not count yet only some people know.

    An item of another unit that it is a relapse of, or the other way round, stays hidden from those who can't read it.
    """
    return [each for each in pieces if _is_seen(each, actor, subject)]


def _is_seen(piece: Piece, actor: Actor, subject: Subject) -> bool:
    if piece.what == What.ENTRY:
        return may_see_entry(actor, subject, piece.unit_id, EntryStanding(piece.state or ""))
    if piece.what == What.RELATED:
        reached = actor.units(PERMISSIONS[Action.READ_ITEM][0])
        return reached.everywhere or piece.unit_id in reached
    return True
