"""A unit's own word: completed by itself, basically completed once the office accepts it."""

from datetime import date

from tracker.access.rules import Action, Actor, ensure
from tracker.audit.operations import record
from tracker.closure import queries
from tracker.closure.models import Declaration
from tracker.core import clock, hooks
from tracker.core.db import db
from tracker.core.errors import Conflict, DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.items import operations as items
from tracker.items.models import Item
from tracker.items.rules import Event, OwnWord, move, refuse_text


def ensure_declarable(item: Item, *, actor: Actor) -> None:
    """Raise Forbidden or Conflict unless the unit may say now how far it is."""
    ensure(actor, Action.APPLY, item)
    items.refuse_parent(item)
    move(item.state, Event.DECLARE)
    if queries.find_open_declaration(db.session(), item.id):
        raise Conflict(_l("已申报基本完成，正等整改办认可。"))


def declare_completed(item: Item, *, on: date, actor: Actor) -> None:
    """The unit says that all is done; it is the unit's word alone and closes nothing."""
    ensure_declarable(item, actor=actor)
    _check_day(item, on)
    items.declare(item, OwnWord.COMPLETED, actor=actor, on=max(on, item.changed_on))


def declare_basically(item: Item, statement: str, *, on: date, actor: Actor) -> Declaration:
    """The unit says that an item is basically completed; the office accepts or returns it."""
    ensure_declarable(item, actor=actor)
    _check_day(item, on)
    if item.is_secret:
        refuse_text(statement=statement.strip())
        statement = item.finding
    if not statement.strip():
        raise DomainError(_l("请写明取得的阶段性成效和后续安排。"), field="statement")
    declaration = Declaration(
        item_id=item.id,
        declared_on=on,
        statement=statement.strip(),
        declared_by_id=actor.person_id,
        declared_for_id=actor.for_id,
        declared_at=clock.now(),
    )
    session = db.session()
    session.add(declaration)
    session.flush()
    record(actor, "declaration.make", item.number, on=on, statement=declaration.statement)
    hooks.call("declaration_waits", declaration)
    return declaration


def _check_day(item: Item, on: date) -> None:
    if on > clock.today():
        raise DomainError(_l("完成日期晚于今天，请核对。"), field="on")
    if on < item.source.received_on:
        raise DomainError(_l("完成日期早于反馈日期 %(day)s，请核对。", day=item.source.received_on), field="on")


def ensure_answerable(declaration: Declaration, *, actor: Actor) -> None:
    """Raise Forbidden or Conflict unless this person may accept or return the declaration now."""
    ensure(actor, Action.DECIDE_AS_OFFICE, declaration.item)
    asked = {declaration.declared_by_id, declaration.declared_for_id}
    items.check_hands(declaration.item, items.Hands(asked, clock.civil_date(declaration.declared_at)), actor=actor)
    if declaration.is_accepted is not None:
        raise Conflict(
            _l("这份申报已由%(who)s办理。", who=declaration.decided_by.name if declaration.decided_by else "—")
        )
    move(declaration.item.state, Event.DECLARE)


def accept(declaration: Declaration, answer: str, *, actor: Actor) -> None:
    """Let the unit's word count, from the day it named, or from the item's last change where that is later."""
    ensure_answerable(declaration, actor=actor)
    item = declaration.item
    _answer(declaration, answer, is_accepted=True, actor=actor)
    word, on = OwnWord.BASICALLY_COMPLETED, max(declaration.declared_on, item.changed_on)
    items.move_on(
        item,
        Event.DECLARE,
        actor=actor,
        on=on,
        reason=answer.strip(),
        own_word=word,
        own_word_on=declaration.declared_on,
    )


def return_declaration(declaration: Declaration, answer: str, *, actor: Actor) -> None:
    """Say why it does not count yet."""
    ensure_answerable(declaration, actor=actor)
    if not answer.strip():
        raise DomainError(_l("退回时请写明理由。"), field="answer")
    _answer(declaration, answer, is_accepted=False, actor=actor)


def lapse(item: Item, actor: Actor, _asked: object) -> None:
    """Hook ``reassigned``: the word of the unit before waits for nobody any more."""
    declaration = queries.find_open_declaration(db.session(), item.id)
    if declaration is not None:
        _answer(declaration, str(_l("事项已改派，原牵头单位的申报不再办理。")), is_accepted=False, actor=actor)


def _answer(declaration: Declaration, answer: str, *, is_accepted: bool, actor: Actor) -> None:
    declaration.is_accepted, declaration.answer = is_accepted, answer.strip()
    declaration.decided_by_id, declaration.decided_for_id = actor.person_id, actor.for_id
    declaration.decided_at = clock.now()
    session = db.session()
    session.flush()
    session.expire(declaration, ["decided_by"])
    act = "declaration.accept" if is_accepted else "declaration.return"
    record(actor, act, declaration.item.number, on=declaration.declared_on, answer=declaration.answer)
    hooks.call("declaration_answered", declaration)
