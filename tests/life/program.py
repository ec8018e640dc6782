"""The same deeds done to the program: each in a transaction of its own, by somebody signed in."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar

from factories import a_source, a_telling, a_unit, actor_of, an_account
from sqlalchemy import select

from tests.closure.closing_office import DEMAND
from tests.life import plain
from tests.life.plain import Thing, Wish
from tracker.access.rules import SYSTEM, Actor, Role, reach
from tracker.audit.operations import verify_trail
from tracker.closure import operations as closure
from tracker.closure import queries as closings
from tracker.closure.models import Declaration
from tracker.closure.rules import Decision
from tracker.core import clock, files
from tracker.core.db import db, writing
from tracker.core.errors import DomainError, NotFound
from tracker.corrections import operations as corrections
from tracker.corrections.models import Correction
from tracker.corrections.rules import CorrectionKind
from tracker.extensions import operations as extensions
from tracker.extensions import queries as later
from tracker.extensions.operations import Ruling
from tracker.extensions.operations import Wish as Asking
from tracker.extensions.rules import Verdict
from tracker.figures import queries as figures
from tracker.figures.questions import Question
from tracker.figures.rules import Tally
from tracker.items import operations as items
from tracker.items import queries as ledger
from tracker.items.models import Item
from tracker.items.rules import Deadline, DeadlineKind
from tracker.org.models import Person, Unit
from tracker.progress import operations as progress
from tracker.requests import queries as requests
from tracker.requests.rules import RequestEvent
from tracker.sources.models import Source

ROLES = {
    **dict.fromkeys(plain.OFFICE, Role.OFFICE),
    **dict.fromkeys(plain.LEADERS, Role.LEADER),
    **dict.fromkeys(plain.VIEWERS, Role.VIEWER),
    **dict.fromkeys(plain.HANDLERS.values(), Role.HANDLER),
    **dict.fromkeys([name for names in plain.UNIT_PEOPLE.values() for name in names], Role.LIAISON),
    **dict.fromkeys([name for names in plain.HEADS.values() for name in names], Role.UNIT_HEAD),
}
WHY = "反馈意见有新要求，情况已核实"
T = TypeVar("T")


class Program:
    """An office with everybody of the plain model in it, and no item yet."""

    def __init__(self) -> None:
        with writing():
            root = a_unit("市直机关工委")
            units = {name: a_unit(name) for name in plain.HEADS}
            for name in plain.EVERYBODY:
                role = ROLES[name]
                reaching = root if role in {Role.OFFICE, Role.LEADER, Role.VIEWER} else units[plain.BELONGS[name]]
                self._settle(name, role, reaching, units.get(plain.BELONGS.get(name, ""), root))
            self.source_id = a_source(received_on=clock.today()).id

    def _settle(self, name: str, role: Role, reaching: Unit, belongs: Unit) -> None:
        person = an_account(name, role, reaching)
        person.unit = belongs

    def draws_up(self) -> str:
        """A new draft's number."""
        with writing():
            source = db.session().get_one(Source, self.source_id, with_for_update=True)
            return items.draw_up(source, "第一议题制度坚持不够经常", actor=SYSTEM).number

    def does(self, name: str, who: str, thing: Thing, wish: Wish) -> bool:
        """Whether the program let somebody do it."""
        try:
            with writing():
                actor = actor_of(person(who))
                DOES[name](ledger.get_item(db.session(), thing.number, reach(actor), lock=True), wish, actor)
        except DomainError:
            return False
        return True

    def prove(self, number: str) -> None:
        """Evidence for an item, put in by the office, so that it can be applied for."""
        with writing():
            item = ledger.get_item(db.session(), number, reach(SYSTEM), lock=True)
            name = f"{clock.now():%H%M%S%f}.jpg"
            stored = files.store(io.BytesIO(name.encode()), limit_bytes=1 << 20)
            progress.add_evidence(item, stored, name, actor=actor_of(person("陈静")))

    def tells(self, number: str) -> dict[str, Any]:
        """An item as the plain model writes it."""
        item = ledger.get_item(db.session(), number, reach(SYSTEM))
        return told(item)

    def rebuilt(self, number: str) -> dict[str, Any]:
        """The columns of an item as its last change tells them, beside those of the item itself."""
        item = ledger.get_item(db.session(), number, reach(SYSTEM))
        last = ledger.list_changes(db.session(), item.id)[-1]
        names = ("state", "lead_unit_id", "handler_id", "due_on", "first_due_on", "closed_on", "own_word")
        return {name: (getattr(item, name), getattr(last, name)) for name in names}

    def counts(self, who: str) -> dict[str, int]:
        """The figures of today as somebody reads them."""
        rows = figures.tally(db.session(), Question(clock.today()), reach(actor_of(person(who))))
        tally = rows[0].tally if rows else Tally()
        return {name: getattr(tally, name) for name in plain.Plain(clock.today()).count(who)}

    def faults(self) -> list[Any]:
        """What is wrong with the trail."""
        return list(verify_trail(db.session())[2])


def person(name: str) -> Person:
    """Somebody by name."""
    return db.session().scalars(select(Person).where(Person.name == name)).one()


def unit_id(name: str) -> int:
    """The id of a unit."""
    return db.session().scalars(select(Unit.id).where(Unit.name == name)).one()


def told(item: Item) -> dict[str, Any]:
    """An item in the words of the plain model."""
    return {
        "state": str(item.state),
        "unit": item.lead_unit.name if item.lead_unit else None,
        "handler": item.handler.name if item.handler else None,
        "due": item.due_on,
        "first_due": item.first_due_on,
        "closed_on": item.closed_on,
        "word": str(item.own_word),
        "rounds": item.rounds,
        "extensions": item.extensions,
    }


DOES: dict[str, Callable[[Item, Wish, Actor], object]] = {}


def deed(does: Callable[[Item, Wish, Actor], object]) -> Callable[[Item, Wish, Actor], object]:
    """Put a deed into the table under its name."""
    DOES[does.__name__] = does
    return does


@deed
def assign(item: Item, wish: Wish, actor: Actor) -> None:
    due = Deadline(DeadlineKind.BY_DATE, clock.today() + timedelta(days=wish.days))
    items.assign(item, items.Assignment(lead_unit_id=unit_id(wish.unit), deadline=due), actor=actor)


@deed
def issue(item: Item, _wish: Wish, actor: Actor) -> None:
    items.issue([item], actor=actor)


@deed
def void(item: Item, _wish: Wish, actor: Actor) -> None:
    items.void(item, actor=actor, reason=WHY)


@deed
def accept(item: Item, _wish: Wish, actor: Actor) -> None:
    handler = plain.HANDLERS[item.lead_unit.name] if item.lead_unit else "孙浩"
    items.accept(item, handler_id=person(handler).id, actor=actor)


@deed
def ask_reassignment(item: Item, _wish: Wish, actor: Actor) -> None:
    items.ask_reassignment(item, reason=WHY, unit_id=None, actor=actor)


@deed
def reassign(item: Item, wish: Wish, actor: Actor) -> None:
    items.reassign(item, unit_id=unit_id(wish.unit), reason=WHY, actor=actor)


@deed
def refuse_reassignment(item: Item, _wish: Wish, actor: Actor) -> None:
    items.refuse_reassignment(item, answer=WHY, actor=actor)


@deed
def declare_completed(item: Item, _wish: Wish, actor: Actor) -> None:
    closure.declare_completed(item, on=clock.today(), actor=actor)


@deed
def declare_basically(item: Item, _wish: Wish, actor: Actor) -> None:
    closure.declare_basically(item, "三项措施完成两项", on=clock.today(), actor=actor)


@deed
def answer_declaration(item: Item, wish: Wish, actor: Actor) -> None:
    declaration = there(
        db.session().scalar(
            select(Declaration).where(Declaration.item_id == item.id, Declaration.is_accepted.is_(None))
        )
    )
    held = closings.get_declaration(db.session(), declaration.id, reach(actor), lock=True)
    (closure.accept if wish.is_granted else closure.return_declaration)(held, WHY, actor=actor)


@deed
def apply(item: Item, _wish: Wish, actor: Actor) -> None:
    closure.apply(item, a_telling(item), actor=actor)


@deed
def retract(item: Item, _wish: Wish, actor: Actor) -> None:
    closure.retract(there(closings.find_pending(db.session(), item.id, lock=True)), actor=actor)


@deed
def decide(item: Item, wish: Wish, actor: Actor) -> None:
    application = there(closings.find_pending(db.session(), item.id))
    waiting = next(each for each in application.reviews if each.decision is None)
    review = closings.get_review(db.session(), waiting.id, reach(actor), lock=True)
    closure.decide(review, Decision(wish.verdict), DEMAND, actor=actor)


@deed
def ask_extension(item: Item, _wish: Wish, actor: Actor) -> None:
    until = (item.due_on or clock.today()) + timedelta(days=30)
    extensions.ask(item, Asking(until, WHY, "完成两项", "每周调度"), actor=actor)


def held_extension(item: Item, actor: Actor) -> Any:
    """The extension that waits, as somebody gets hold of it."""
    return later.get_extension(
        db.session(), there(later.find_pending(db.session(), item.id)).id, reach(actor), lock=True
    )


@deed
def rule_extension(item: Item, wish: Wish, actor: Actor) -> None:
    held = held_extension(item, actor)
    verdict = Verdict.GRANT if wish.is_granted else Verdict.REFUSE
    extensions.decide(held, Ruling(verdict, held.asked_until if wish.is_granted else None, WHY), actor=actor)


@deed
def retract_extension(item: Item, _wish: Wish, actor: Actor) -> None:
    extensions.retract(held_extension(item, actor), actor=actor)


@deed
def withdraw(item: Item, _wish: Wish, actor: Actor) -> None:
    items.withdraw(item, actor=actor, reason=WHY)


@deed
def restore(item: Item, _wish: Wish, actor: Actor) -> None:
    items.restore(item, actor=actor, reason=WHY)


@deed
def ask_undoing(item: Item, _wish: Wish, actor: Actor) -> None:
    corrections.ask(item, CorrectionKind.UNDO, WHY, actor=actor)


@deed
def ask_reopening(item: Item, _wish: Wish, actor: Actor) -> None:
    corrections.ask(item, CorrectionKind.REOPEN, WHY, actor=actor)


@deed
def decide_correction(item: Item, wish: Wish, actor: Actor) -> None:
    waiting = there(requests.find_pending(db.session(), Correction, item.id))
    held = requests.get_request(db.session(), Correction, waiting.id, reach(actor), lock=True)
    verdict = RequestEvent.APPROVE if wish.is_granted else RequestEvent.REFUSE
    corrections.decide(held, verdict, WHY, actor=actor)


def there(found: T | None) -> T:
    """What was looked for; nothing there is a refusal."""
    if found is None:
        raise NotFound("nothing waits")
    return found
