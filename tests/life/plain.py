"""What the rules say in plain words, without a database: who may do what to an item now, and what becomes of it.

Nothing here is taken from the program. States, people and events are the words of docs/definitions.md.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, NamedTuple

UNIT_PEOPLE = {"组织部": {"刘洋", "田红", "王敏"}, "办公室": {"吴刚", "周强"}}
HEADS = {"组织部": {"刘洋", "田红"}, "办公室": {"吴刚"}}
HANDLERS = {"组织部": "孙浩", "办公室": "郑洁"}
# 何芳 works in the office and belongs to 组织部: a party to its items.
OFFICE = {"陈静", "高峰", "何芳"}
BELONGS = {name: unit for unit, names in UNIT_PEOPLE.items() for name in (*names, HANDLERS[unit])} | {"何芳": "组织部"}
LEADERS = {"李强", "赵敏"}
VIEWERS = {"钱进"}
EVERYBODY = sorted({*BELONGS, *OFFICE, *LEADERS, *VIEWERS})
CHAIN = ("head", "office", "leader")
LEVELS = ("office", "leader")
AT_WORK = {"issued", "working"}


class Wish(NamedTuple):
    """What somebody wants beside the deed itself."""

    unit: str
    days: int
    verdict: str
    is_granted: bool


@dataclass(frozen=True)
class Asked:
    """A request that waits: by whom, who decided its steps so far, and what it was about."""

    by: str
    decided_by: tuple[str, ...] = ()
    about: Any = None


@dataclass(frozen=True)
class Thing:
    """An item as anybody would write it on a card."""

    number: str
    state: str = "draft"
    unit: str | None = None
    handler: str | None = None
    due: date | None = None
    first_due: date | None = None
    closed_on: date | None = None
    word: str = "none"
    rounds: int = 0
    extensions: int = 0
    application: Asked | None = None
    extension: Asked | None = None
    correction: Asked | None = None
    declaration: Asked | None = None
    reassignment: Asked | None = None
    # What happened last and how things stood before, with a count that tells one time from another.
    last: str = "draw_up"
    before: "Thing | None" = None
    happened: int = 0


def is_party(who: str, thing: Thing) -> bool:
    return thing.unit is not None and (BELONGS.get(who) == thing.unit or who == thing.handler)


def reads(who: str, thing: Thing) -> bool:
    return who in OFFICE | LEADERS | VIEWERS or who in UNIT_PEOPLE.get(thing.unit or "", ()) or who == thing.handler


def of_unit(who: str, thing: Thing) -> bool:
    return who in UNIT_PEOPLE.get(thing.unit or "", ())


def at_work_on(who: str, thing: Thing) -> bool:
    return of_unit(who, thing) or who == thing.handler


def who_decides(step: str, thing: Thing) -> set[str]:
    """Those meant for a step; the unit's own head is a party and decides the unit's step all the same."""
    if step == "head":
        return HEADS[thing.unit or ""]
    return {name for name in (OFFICE if step == "office" else LEADERS) if not is_party(name, thing)}


def decides_next(asked: Asked | None, chain: tuple[str, ...], thing: Thing) -> set[str]:
    if asked is None:
        return set()
    return who_decides(chain[len(asked.decided_by)], thing) - {asked.by, *asked.decided_by}


def happens(thing: Thing, what: str, **values: Any) -> Thing:
    """The item after an event, with how it stood before kept for a correction."""
    return replace(thing, **values, last=what, before=thing, happened=thing.happened + 1)


@dataclass
class Deed:
    """Something that people do to items."""

    may: Callable[[str, Thing, Wish, date], bool]
    then: Callable[[str, Thing, Wish, date], Thing]


DEEDS: dict[str, Deed] = {}


def deed(may: Callable[[str, Thing, Wish, date], bool]) -> Callable[[Callable[..., Thing]], Callable[..., Thing]]:
    """Put a deed into the table under the name of the function that says what follows."""

    def put(then: Callable[..., Thing]) -> Callable[..., Thing]:
        DEEDS[then.__name__] = Deed(may, then)
        return then

    return put


@deed(lambda who, thing, _wish, _today: who in OFFICE and thing.state == "draft")
def assign(_who: str, thing: Thing, wish: Wish, today: date) -> Thing:
    due = today + timedelta(days=wish.days)
    return happens(thing, "assign", unit=wish.unit, due=due, first_due=due)


@deed(lambda who, thing, _wish, _today: who in OFFICE and thing.state == "draft" and thing.unit is not None)
def issue(_who: str, thing: Thing, _wish: Wish, _today: date) -> Thing:
    return happens(thing, "issue", state="issued")


@deed(lambda who, thing, _wish, _today: who in OFFICE and thing.state == "draft")
def void(_who: str, thing: Thing, _wish: Wish, _today: date) -> Thing:
    return happens(thing, "void", state="void")


@deed(lambda who, thing, _wish, _today: of_unit(who, thing) and thing.state == "issued" and not thing.reassignment)
def accept(_who: str, thing: Thing, _wish: Wish, _today: date) -> Thing:
    return happens(thing, "accept", state="working", handler=HANDLERS[thing.unit or ""])


@deed(lambda who, thing, _wish, _today: of_unit(who, thing) and thing.state in AT_WORK and not thing.reassignment)
def ask_reassignment(who: str, thing: Thing, _wish: Wish, _today: date) -> Thing:
    return replace(thing, reassignment=Asked(who))


@deed(lambda who, thing, wish, _today: who in OFFICE and thing.state in AT_WORK and wish.unit != thing.unit)
def reassign(_who: str, thing: Thing, wish: Wish, _today: date) -> Thing:
    # What the unit before said and asked for is no word of the new one.
    left = {"word": "none", "declaration": None, "extension": None, "reassignment": None}
    return happens(thing, "reassign", state="issued", unit=wish.unit, handler=None, **left)


@deed(lambda who, thing, _wish, _today: who in OFFICE and thing.reassignment is not None)
def refuse_reassignment(_who: str, thing: Thing, _wish: Wish, _today: date) -> Thing:
    return replace(thing, reassignment=None)


def _may_declare(who: str, thing: Thing, _wish: Wish, _today: date) -> bool:
    return at_work_on(who, thing) and thing.state in {"working", "sustained"} and not thing.declaration


@deed(_may_declare)
def declare_completed(_who: str, thing: Thing, _wish: Wish, _today: date) -> Thing:
    return happens(thing, "declare", word="completed")


@deed(_may_declare)
def declare_basically(who: str, thing: Thing, _wish: Wish, _today: date) -> Thing:
    return replace(thing, declaration=Asked(who))


def _may_answer(who: str, thing: Thing, _wish: Wish, _today: date) -> bool:
    if thing.declaration is None or thing.state not in {"working", "sustained"}:
        return False
    return who in OFFICE and who != thing.declaration.by and not is_party(who, thing)


@deed(_may_answer)
def answer_declaration(_who: str, thing: Thing, wish: Wish, _today: date) -> Thing:
    answered = replace(thing, declaration=None)
    return happens(answered, "declare", word="basically_completed") if wish.is_granted else answered


def _may_apply(who: str, thing: Thing, _wish: Wish, _today: date) -> bool:
    somebody_else = bool(HEADS.get(thing.unit or "", set()) - {who})
    return at_work_on(who, thing) and thing.state in {"working", "sustained"} and somebody_else


@deed(_may_apply)
def apply(who: str, thing: Thing, _wish: Wish, _today: date) -> Thing:
    declared = thing if thing.word == "completed" else happens(thing, "declare", word="completed")
    return happens(declared, "apply", state="applied", rounds=thing.rounds + 1, application=Asked(who))


def _may_retract(who: str, thing: Thing, _wish: Wish, _today: date) -> bool:
    asked = thing.application
    return thing.state == "applied" and asked is not None and who == asked.by and asked.about is None


@deed(_may_retract)
def retract(_who: str, thing: Thing, _wish: Wish, _today: date) -> Thing:
    return happens(thing, "retract", state="working", application=None)


@deed(
    lambda who, thing, _wish, _today: thing.state == "applied" and who in decides_next(thing.application, CHAIN, thing)
)
def decide(who: str, thing: Thing, wish: Wish, today: date) -> Thing:
    asked = thing.application
    assert asked is not None
    # "about" of an application: whether anybody ever decided on it, also when that was taken back.
    decided = replace(asked, decided_by=(*asked.decided_by, who), about="decided")
    thing = replace(thing, application=decided)
    if wish.verdict == "return":
        return happens(thing, "send_back", state="working", word="none")
    if wish.verdict == "sustain":
        return happens(thing, "sustain", state="sustained")
    if len(decided.decided_by) == len(CHAIN):
        return happens(thing, "close", state="closed", closed_on=today)
    return thing


def _may_ask_extension(who: str, thing: Thing, _wish: Wish, today: date) -> bool:
    in_time = thing.due is not None and today <= thing.due
    return of_unit(who, thing) and thing.state in AT_WORK and in_time and not thing.extension


@deed(_may_ask_extension)
def ask_extension(who: str, thing: Thing, _wish: Wish, _today: date) -> Thing:
    assert thing.due is not None
    return replace(thing, extension=Asked(who, about=thing.due + timedelta(days=30)))


def _may_rule(who: str, thing: Thing, wish: Wish, _today: date) -> bool:
    asked = thing.extension
    if asked is None or who not in decides_next(asked, LEVELS, thing):
        return False
    moves = wish.is_granted and len(asked.decided_by) + 1 == len(LEVELS)
    return not moves or (thing.state in AT_WORK and thing.due == asked.about - timedelta(days=30))


@deed(_may_rule)
def rule_extension(who: str, thing: Thing, wish: Wish, _today: date) -> Thing:
    asked = thing.extension
    assert asked is not None
    if not wish.is_granted:
        return replace(thing, extension=None)
    decided = replace(asked, decided_by=(*asked.decided_by, who))
    if len(decided.decided_by) < len(LEVELS):
        return replace(thing, extension=decided)
    return happens(replace(thing, extension=None), "extend", due=asked.about, extensions=thing.extensions + 1)


def _may_retract_extension(who: str, thing: Thing, _wish: Wish, _today: date) -> bool:
    asked = thing.extension
    return asked is not None and who == asked.by and not asked.decided_by and reads(who, thing)


@deed(_may_retract_extension)
def retract_extension(_who: str, thing: Thing, _wish: Wish, _today: date) -> Thing:
    return replace(thing, extension=None)


@deed(lambda who, thing, _wish, _today: who in OFFICE and thing.state in AT_WORK | {"sustained"})
def withdraw(_who: str, thing: Thing, _wish: Wish, _today: date) -> Thing:
    return happens(thing, "withdraw", state="withdrawn")


@deed(lambda who, thing, _wish, _today: who in OFFICE and thing.state == "withdrawn")
def restore(_who: str, thing: Thing, _wish: Wish, _today: date) -> Thing:
    return happens(thing, "restore", state="working")


TAKEN_BACK = {"close", "send_back", "sustain", "withdraw", "extend"}


@deed(lambda who, thing, _wish, _today: who in OFFICE and thing.last in TAKEN_BACK and not thing.correction)
def ask_undoing(who: str, thing: Thing, _wish: Wish, _today: date) -> Thing:
    return replace(thing, correction=Asked(who, about=("undo", thing.happened)))


@deed(lambda who, thing, _wish, _today: who in OFFICE and thing.state == "closed" and not thing.correction)
def ask_reopening(who: str, thing: Thing, _wish: Wish, _today: date) -> Thing:
    return replace(thing, correction=Asked(who, about=("reopen", thing.happened)))


def _may_correct(who: str, thing: Thing, wish: Wish, _today: date) -> bool:
    asked = thing.correction
    if asked is None or who not in OFFICE | LEADERS or who == asked.by or is_party(who, thing):
        return False
    return not wish.is_granted or asked.about[1] == thing.happened


@deed(_may_correct)
def decide_correction(_who: str, thing: Thing, wish: Wish, _today: date) -> Thing:
    assert thing.correction is not None
    what = thing.correction.about[0]
    thing = replace(thing, correction=None)
    if not wish.is_granted:
        return thing
    if what == "reopen":
        return happens(thing, "reopen", state="working", closed_on=None, word="none")
    before = thing.before
    assert before is not None
    again: dict[str, Any] = {"close": {"state": "applied", "closed_on": None}}.get(thing.last, {})
    again = (
        again
        or {
            "send_back": {"state": "applied", "word": before.word},
            "sustain": {"state": "applied"},
            "withdraw": {"state": before.state},
            "extend": {"due": before.due, "extensions": thing.extensions - 1},
        }[thing.last]
    )
    if again.get("state") == "applied":
        asked = thing.application
        assert asked is not None
        again["application"] = replace(asked, decided_by=asked.decided_by[:-1])
    return happens(thing, "correct", **again)


@dataclass
class Plain:
    """All cards, and what day it is."""

    today: date
    things: dict[str, Thing] = field(default_factory=dict)

    @property
    def living(self) -> list[Thing]:
        """All but what was taken back before it was issued."""
        return [thing for thing in self.things.values() if thing.state != "void"]

    def may(self, name: str, who: str, thing: Thing, wish: Wish) -> bool:
        return DEEDS[name].may(who, thing, wish, self.today)

    def does(self, name: str, who: str, thing: Thing, wish: Wish) -> None:
        self.things[thing.number] = DEEDS[name].then(who, thing, wish, self.today)

    def count(self, who: str) -> dict[str, int]:
        """What the table of figures must say today to somebody, counted with the fingers."""
        names = ("draft", "issued", "working", "applied", "sustained", "closed", "withdrawn", "overdue")
        found = dict.fromkeys((*names, "closed_on_time", "closed_on_time_first_deadline"), 0)
        for thing in self.things.values():
            if thing.state != "void" and reads(who, thing):
                for name in self._counts_of(thing):
                    found[name] += 1
        return found

    def _counts_of(self, thing: Thing) -> set[str]:
        said = {thing.state}
        if thing.state in {"issued", "working", "applied"} and thing.due is not None and thing.due < self.today:
            said.add("overdue")
        for name, due in (("closed_on_time", thing.due), ("closed_on_time_first_deadline", thing.first_due)):
            if thing.state == "closed" and thing.closed_on is not None and due is not None and thing.closed_on <= due:
                said.add(name)
        return said
