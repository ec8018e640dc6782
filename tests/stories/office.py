"""The committee office of the stories: its people, and what they do, each act committed on its own."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TypeVar

import time_machine
from factories import a_telling, a_unit, actor_of, an_account

from tracker.access.rules import SYSTEM, Actor, Role, reach
from tracker.closure import operations as closure
from tracker.closure import queries as applications
from tracker.closure.rules import Decision
from tracker.core import clock, files
from tracker.core.db import db, writing
from tracker.intake.operations import Plan, carry_out
from tracker.intake.rules import read_outline
from tracker.items import operations as items
from tracker.items import queries as ledger
from tracker.items.models import Item
from tracker.items.rules import Deadline, DeadlineKind
from tracker.office.docx_reading import read_docx
from tracker.office.text_reading import read_text
from tracker.org import queries as people
from tracker.org.models import Person
from tracker.progress import operations as progress
from tracker.progress import queries as work
from tracker.sources.models import Source
from tracker.sources.rules import SourceKind

DATA = Path(__file__).parents[1] / "data"
Result = TypeVar("Result")


@contextmanager
def on(year: int, month: int, day: int, hour: int = 9) -> Iterator[None]:
    """Let it be that hour of that day in the office."""
    instant = clock.instant_at(date(year, month, day), hour).astimezone(UTC)
    with time_machine.travel(instant, tick=False):
        yield


def commit(act: Callable[[], Result]) -> Result:
    """Carry one act out in a transaction of its own."""
    with writing():
        return act()


def move_in() -> None:
    """Units and people: the office, two leaders, and a head, a liaison and a handler in each of two units."""
    with on(2026, 1, 5), writing():
        root = a_unit("市直机关工委")
        an_account("陈静", Role.OFFICE, root, mail="chenjing@example.invalid")
        an_account("李强", Role.LEADER, root)
        for unit, names in {"组织部": ("王敏", "李磊", "郑凯"), "办公室": ("刘洋", "孙浩", "何军")}.items():
            place = a_unit(unit)
            for name, role in zip(names, (Role.UNIT_HEAD, Role.LIAISON, Role.HANDLER), strict=True):
                an_account(name, role, place, mail=f"{role}-{place.id}@example.invalid")


def person(name: str) -> Person:
    """The only person of that name."""
    (found,) = people.find_people(db.session(), [name])[name]
    return found


def actor(name: str) -> Actor:
    """Who acts."""
    return actor_of(person(name))


def item(number: str) -> Item:
    """An item, to look at."""
    return ledger.get_item(db.session(), number, reach(SYSTEM))


def held(number: str) -> Item:
    """An item, locked for a change."""
    return ledger.get_item(db.session(), number, reach(SYSTEM), lock=True)


def receive(name: str, kind: SourceKind, title: str, received_on: date) -> Source:
    """The office reads a feedback text in and confirms it as it was read."""
    data = (DATA / name).read_bytes()
    paragraphs = read_docx(io.BytesIO(data)) if name.endswith(".docx") else read_text(data)
    reading = read_outline(paragraphs)
    plan = Plan(
        kind=kind,
        title=title,
        received_on=received_on,
        lines=reading.lines,
        declared=reading.declared,
        paragraphs=[paragraph.text for paragraph in paragraphs],
    )
    return commit(lambda: carry_out(plan, actor=actor("陈静")))


def assign(number: str, unit: str, due_on: date | None, kind: DeadlineKind = DeadlineKind.BY_DATE) -> None:
    """The office names who answers and by when."""

    def act() -> None:
        lead = people.find_units(db.session(), [unit])[unit]
        head = {"组织部": "王敏", "办公室": "刘洋"}[unit]
        values: dict[str, Any] = {"lead_unit_id": lead.id, "owner_id": person(head).id, "leader_id": person("李强").id}
        assignment = items.Assignment(**values, deadline=Deadline(kind, due_on))
        items.assign(held(number), assignment, actor=actor("陈静"))
        progress.add_measures(held(number), ["制定措施", "落实措施"], actor=actor("陈静"))

    commit(act)


def issue(numbers: list[str]) -> None:
    """The office issues drafts."""
    commit(lambda: items.issue([held(number) for number in numbers], actor=actor("陈静")))


def accept(number: str, liaison: str, handler: str) -> None:
    """The lead unit's liaison accepts and names the handler."""
    commit(lambda: items.accept(held(number), handler_id=person(handler).id, actor=actor(liaison)))


def work_and_apply(number: str, who: str, *, evidence: str = "整改报告.docx") -> None:
    """Tick every measure, attach a file, apply for closure."""
    stored = files.store(io.BytesIO(f"{number} {evidence}".encode()), limit_bytes=1 << 20)

    def act() -> None:
        for measure in work.list_measures(db.session(), held(number).id):
            if measure.done_on is None:
                progress.tick(measure, actor=actor(who))
        progress.add_evidence(held(number), stored, evidence, actor=actor(who))
        applying = held(number)
        closure.apply(applying, a_telling(applying, "措施均已完成，问题已整改到位。"), actor=actor(who))

    commit(act)


def decide(number: str, who: str, decision: Decision = Decision.PASS, opinion: str = "同意。") -> None:
    """Somebody decides the step that waits."""

    def act() -> None:
        application = applications.find_pending(db.session(), held(number).id, lock=True)
        assert application is not None, f"{number}: no application waits"
        waiting = next(review for review in application.reviews if review.decision is None)
        closure.decide(waiting, decision, opinion, actor=actor(who))

    commit(act)


def close(number: str, who: str, head: str) -> None:
    """The whole chain in one day."""
    work_and_apply(number, who)
    for decider in (head, "陈静", "李强"):
        decide(number, decider)


def at(year: int, month: int, day: int, hour: int = 9) -> datetime:
    """An instant in the office."""
    return clock.instant_at(date(year, month, day), hour)
