"""What the superior says of an item that is closed here: confirmed, or not."""

from tracker.access.rules import Action, Actor, ensure
from tracker.audit.operations import record
from tracker.closure import queries
from tracker.closure.models import Application, Review
from tracker.closure.operations.papers import OnPaper, keep_paper
from tracker.closure.rules import ApplicationState, Decision, check_opinion, check_who
from tracker.core import clock, hooks
from tracker.core.db import db
from tracker.core.errors import Conflict, DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.versions import check_version
from tracker.items import operations as items
from tracker.items.models import Item
from tracker.items.papers import check_dated
from tracker.items.rules import Event, OwnWord, move
from tracker.sources.rules import StepKind


def ensure_confirmable(item: Item, *, actor: Actor) -> None:
    """Raise Forbidden or Conflict unless the superior's word on this item can be entered now."""
    ensure(actor, Action.ENTER_DECISION, item)
    items.refuse_parent(item)
    move(item.state, Event.CONFIRM)
    if item.confirmed_on is not None:
        raise Conflict(_l("上级已于 %(day)s 认定，不再重复登记。", day=item.confirmed_on))
    _application_of(item)


def confirm(
    item: Item, decision: Decision, words: str, *, told: OnPaper, actor: Actor, version: int | None = None
) -> None:
    """Enter the superior's confirmation by its document, or its refusal with a demand, which reopens the item.

    ``item`` must have been read with a lock. A chain without the superior's step gets one by this.
    """
    ensure_confirmable(item, actor=actor)
    check_version(item, version, typed={str(_l("认定意见")): words}, stored={str(_l("认定意见")): None})
    if decision is Decision.SUSTAIN:
        raise DomainError(_l("请选择“予以认定”或“不予认定”。"), field="decision")
    check_opinion(decision, words)
    check_who(None, told.body, is_body=True, able=())
    floors = {_l("反馈日期"): item.source.received_on, _l("销号之日"): item.closed_on}
    check_dated(told.dated_on, today=clock.today(), floors=floors, field="dated_on")
    step, paper = _step_of(_application_of(item)), keep_paper(told, actor=actor)
    step.decision, step.opinion, step.paper_id = decision, words.strip(), paper.id
    step.decided_at, step.decided_on = clock.now(), told.dated_on
    values = {"document_number": paper.document_number, "body": paper.body, "scan": paper.file_name}
    record(actor, "item.confirmation", item.number, decision=decision, opinion=step.opinion, **values)
    _follow(item, step, actor=actor)
    session = db.session()
    session.flush()
    session.expire(step, ["paper"])
    hooks.call("application_decided", step)


def _application_of(item: Item) -> Application:
    application = queries.find_last(db.session(), item.id)
    if application is None or application.state is not ApplicationState.CLOSED:
        raise Conflict(_l("这个事项不是经这里的申请销号的，没有可以登记认定的申请。"))
    return application


def _step_of(application: Application) -> Review:
    """The superior's step; a new one where the chain has none."""
    step = next((each for each in application.reviews if each.kind is StepKind.SUPERIOR), None)
    if step is None:
        step = Review(position=len(application.reviews) + 1, kind=StepKind.SUPERIOR)
        application.reviews.append(step)
    return step


def _follow(item: Item, step: Review, *, actor: Actor) -> None:
    assert step.decided_on is not None
    on = max(step.decided_on, item.changed_on)
    if step.decision is Decision.PASS:
        items.move_on(item, Event.CONFIRM, actor=actor, on=on, reason=step.opinion, confirmed_on=step.decided_on)
        return
    # Sent back after all, so that the unit finds the demand where it finds every other.
    step.application.state = ApplicationState.RETURNED
    items.move_on(
        item,
        Event.REOPEN,
        actor=actor,
        on=on,
        reason=step.opinion,
        issued_on=item.issued_on or on,
        closed_on=None,
        confirmed_on=None,
        own_word=OwnWord.NONE,
        own_word_on=None,
    )
