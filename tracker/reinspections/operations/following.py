"""What follows from a rebound: a linked new item, or a request to take the old one up again."""

from tracker.access.rules import Action, Actor, ensure
from tracker.audit.operations import record
from tracker.core.db import db
from tracker.corrections import operations as corrections
from tracker.corrections.models import Correction
from tracker.corrections.rules import CorrectionKind
from tracker.items import operations as items
from tracker.items.models import Item
from tracker.reinspections.models import Reinspection
from tracker.reinspections.rules import check_followable
from tracker.sources.models import Source


def ensure_followable(look: Reinspection, *, actor: Actor) -> None:
    """Raise unless the person may follow this rebound up now."""
    ensure(actor, Action.REINSPECT, look.item)
    asked = look.correction.state if look.correction else None
    check_followable(look.state, has_new=look.recurred_id is not None, asked=asked)


def draw_up_again(look: Reinspection, source: Source, finding: str, *, actor: Actor) -> Item:
    """Draw up a new item that is linked to the old one; ``look`` and ``source`` must have been read with a lock."""
    ensure_followable(look, actor=actor)
    item = items.draw_up_by_hand(source, finding, actor=actor, kind=look.item.kind, recurs_of_id=look.item_id)
    look.recurred_id = item.id
    db.session().flush()
    record(actor, "reinspection.draw_up_again", look.item.number, recurred=item.number)
    return item


def ask_reopening(look: Reinspection, reason: str, *, actor: Actor) -> Correction:
    """Ask that the old item be taken up again, which another person approves; ``look`` must have been locked."""
    ensure_followable(look, actor=actor)
    correction = corrections.ask(look.item, CorrectionKind.REOPEN, reason, actor=actor)
    look.correction_id = correction.id
    db.session().flush()
    db.session().expire(look, ["correction"])
    record(actor, "reinspection.ask_reopening", look.item.number, reason=reason)
    return correction
