"""Deciding an extension level by level, with a click or on paper; the last level moves the deadline."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from tracker.access.rules import Action, Actor, ensure
from tracker.audit.operations import record
from tracker.core import clock, hooks
from tracker.core.db import db
from tracker.core.errors import Conflict
from tracker.core.i18n import format_date
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.versions import check_version
from tracker.extensions import queries
from tracker.extensions.models import Extension, ExtensionStep
from tracker.extensions.rules import (
    LEVEL_ACTIONS,
    VERDICT_LABELS,
    ExtensionEvent,
    ExtensionState,
    Verdict,
    check_ruling,
    event_of,
    move,
    next_level,
)
from tracker.items import operations as items
from tracker.items.deadlines import moved_text
from tracker.items.models import Item
from tracker.items.operations import Hands, Paper
from tracker.items.rules import Event


@dataclass(frozen=True)
class Ruling:
    """What a level says: granted until a day, or refused with a reason."""

    verdict: Verdict
    until: date | None = None
    opinion: str = ""


def ensure_decidable(extension: Extension, *, actor: Actor) -> ExtensionStep:
    """The step whose turn it is; raises Conflict when none waits, Forbidden for whoever may not decide it."""
    move(extension.state, ExtensionEvent.PASS)
    step = extension.step
    assert step is not None
    ensure(actor, LEVEL_ACTIONS[step.kind], extension.item)
    items.check_hands(extension.item, _hands(extension), actor=actor)
    return step


def _hands(extension: Extension) -> Hands:
    earlier = frozenset[int]().union(*(step.deciders for step in extension.steps))
    return Hands(extension.askers, clock.civil_date(extension.asked_at), earlier)


def decide(extension: Extension, ruling: Ruling, *, actor: Actor, version: int | None = None) -> None:
    """Decide the level whose turn it is: on to the next, granted with the last, or refused.

    ``extension`` must have been read with a lock. Raises Stale, telling who decided what, when somebody was faster.
    """
    _check_version(extension, ruling, version)
    step = ensure_decidable(extension, actor=actor)
    items.sign(step, ruling.opinion, actor=actor)
    _settle(extension, step, ruling, on=clock.today(), actor=actor)


def ensure_enterable(extension: Extension, *, actor: Actor) -> ExtensionStep:
    """The step whose turn it is; raises Forbidden for whoever may not enter what was decided on paper."""
    move(extension.state, ExtensionEvent.PASS)
    ensure(actor, Action.ENTER_DECISION, extension.item)
    items.check_entering(_hands(extension), actor=actor)
    assert extension.step is not None
    return extension.step


def decide_on_paper(
    extension: Extension, ruling: Ruling, paper: Paper, *, actor: Actor, version: int | None = None
) -> None:
    """The office enters what was decided on paper; four eyes count whoever signed it. It must have been locked."""
    _check_version(extension, ruling, version)
    step = ensure_enterable(extension, actor=actor)
    items.enter(step, paper, ruling.opinion, item=extension.item, hands=_hands(extension), actor=actor)
    _settle(extension, step, ruling, on=paper.on, actor=actor)


def _check_version(extension: Extension, ruling: Ruling, version: int | None) -> None:
    """The refusal tells both: what was to be said, and what was said meanwhile and by whom."""
    wanted = _words(ruling.verdict, ruling.until)
    typed = {str(_l("决定")): wanted, str(_l("意见")): ruling.opinion}
    said = [f"{step.signature}：{_words(step.verdict, step.until)}" for step in extension.steps if step.verdict]
    opinions = [step.opinion for step in extension.steps if step.verdict]
    stored = {str(_l("决定")): "\n".join(said), str(_l("意见")): "\n".join(opinions)}
    check_version(extension, version, typed=typed, stored=stored)


def _words(verdict: Verdict, until: date | None) -> str:
    words = str(VERDICT_LABELS[verdict])
    return f"{words} {format_date(until, 'yyyy-MM-dd')}" if until and verdict is Verdict.GRANT else words


def _settle(extension: Extension, step: ExtensionStep, ruling: Ruling, *, on: date, actor: Actor) -> None:
    check_ruling(ruling.verdict, ruling.until, ruling.opinion, due_on=extension.item.due_on)
    following = next_level(step.kind)
    event = event_of(ruling.verdict, is_last=following is None)
    step.verdict, step.until = ruling.verdict, ruling.until if ruling.verdict is Verdict.GRANT else None
    extension.waits_for = following if event is ExtensionEvent.PASS else None
    extension.granted_until = step.until if event is ExtensionEvent.GRANT else None
    extension.state = move(extension.state, event)
    _tell(extension, step, actor=actor)
    if extension.state is ExtensionState.GRANTED:
        _move_deadline(extension, step, on=on, actor=actor)
    session = db.session()
    session.flush()
    session.expire(step, ["decider", "decider_for", "entered_by"])
    waits = extension.state is ExtensionState.PENDING
    hooks.call("extension_waits" if waits else "extension_decided", extension)


def _tell(extension: Extension, step: ExtensionStep, *, actor: Actor) -> None:
    told: dict[str, Any] = {"extension_step": step.kind, "verdict": step.verdict, "until": step.until}
    record(actor, "extension.decide", extension.item.number, nth=extension.nth, **told, **items.told_of(step))


def _move_deadline(extension: Extension, step: ExtensionStep, *, on: date, actor: Actor) -> None:
    """The deadline moves with effect from the day of the decision; what it was first stays."""
    item: Item = extension.item
    if item.due_on != extension.due_on:
        message = _l("事项的时限在申请之后已经变动，请申请人撤回后重新申请，或不同意这份申请。")
        raise Conflict(message)
    assert step.until is not None
    values: dict[str, Any] = {
        "due_on": step.until,
        "due_text": moved_text(item.due_text, step.until, then_sustained=item.then_sustained),
        "deadline_moved_on": clock.today(),
        "extensions": item.extensions + 1,
    }
    items.move_on(item, Event.EXTEND, actor=actor, on=max(on, item.changed_on), reason=extension.reason, **values)


def undo(item: Item) -> dict[str, Any]:
    """Note that the extension granted last holds no more; what of the item is set beside its deadline."""
    extension = queries.find_granted(db.session(), item.id)
    if extension is None:
        raise Conflict(_l("没有可以冲正的延期。"))
    extension.state = move(extension.state, ExtensionEvent.UNDO)
    return {"extensions": item.extensions - 1, "due_text": "", "deadline_moved_on": clock.today()}


def note_download(extension: Extension, name: str, *, actor: Actor) -> None:
    """Note in the trail who takes the form or a scan out of the house."""
    record(actor, "extension.download", extension.item.number, name=name)
