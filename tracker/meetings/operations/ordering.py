"""Ordering papers that take long: they are made in the background of the same frozen data, and fetched later."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from io import BytesIO
from typing import Any

from sqlalchemy.orm import Session

from tracker.access.rules import Action, Actor, ensure_may
from tracker.core import files
from tracker.core.db import db
from tracker.core.errors import NotFound
from tracker.core.i18n import lazy_gettext as _l
from tracker.meetings import queries
from tracker.meetings.operations.seeing import Seen, ensure_intact, find_last, frozen_one
from tracker.meetings.papers.material import Material, Tell
from tracker.meetings.papers.outline import write_outline
from tracker.meetings.rules import Paper
from tracker.meetings.standings import UnitStanding
from tracker.org.queries import get_person, load_actor, load_substitute
from tracker.work import operations as work
from tracker.work import queries as tasks
from tracker.work.models import Task
from tracker.work.rules import UNFINISHED

TASK = "meeting_paper"
Make = Callable[[Tell], bytes]


@dataclass(frozen=True)
class Order:
    """A paper that tells of items one by one: of one unit alone, or compared with the last meeting.

    ``serial`` is the freeze that it is made of, ``file`` what the download is called, ``taken`` who took it and when.
    """

    meeting_id: int
    serial: int
    paper: Paper
    file: str
    taken: str
    unit_id: int | None = None
    is_compared: bool = False

    def units(self, material: Material) -> list[UnitStanding]:
        """The units that it tells of."""
        return [each for each in material.standings if self.unit_id in (None, each.unit_id)]

    def count(self, material: Material) -> int:
        """How many items it tells of, one by one."""
        return sum(len(each.unfinished) for each in self.units(material))


def material_of(seen: Seen, taken: str) -> Material:
    """What papers of a freeze are made of, as far as it was seen."""
    assert seen.freeze is not None
    return Material(seen.frozen, seen.freeze.content_hash, taken)


def maker_of(session: Session, seen: Seen, order: Order, actor: Actor) -> Make:
    """What makes the paper; all that it needs is read by now."""
    material = material_of(seen, order.taken)
    if order.paper is Paper.OUTLINE:
        return lambda tell: write_outline(material, order.units(material), tell)
    from tracker.meetings.papers.slides import write_slides

    last = find_last(session, seen, actor) if order.is_compared else None
    return lambda tell: write_slides(material, last.frozen if last else None, tell)


def ask(order: Order, *, actor: Actor) -> Task:
    """Let the scheduler make a paper, as this person would be handed it; asked for twice it is made once."""
    payload = asdict(order) | {"by_id": actor.person_id, "for_id": actor.for_id}
    for task in tasks.list_tasks(db.session(), TASK, by_id=actor.person_id):
        if task.state in UNFINISHED and {**json.loads(task.payload), "taken": order.taken} == payload:
            return task
    return work.enqueue(TASK, payload, by_id=actor.person_id)


def list_orders(session: Session, meeting_id: int, actor: Actor) -> list[tuple[Task, Paper]]:
    """What a person lately had made in the background for a meeting, the newest first."""
    found = [(task, json.loads(task.payload)) for task in tasks.list_tasks(session, TASK, by_id=actor.person_id)]
    return [(task, Paper(told["paper"])) for task, told in found if told["meeting_id"] == meeting_id]


def content_of(made: Mapping[str, Any]) -> bytes:
    """A paper that was made; raises NotFound once the store was tidied."""
    try:
        return files.path_of(made["sha256"]).read_bytes()
    except NotFound as error:
        raise NotFound(_l("做好的材料只保留一段时间，现已清理，请重新下载一次。")) from error


def make(payload: Mapping[str, Any], tell: Tell) -> Mapping[str, Any]:
    """Do the task: make the paper with what its person may see by now, and keep it in the store for a while.

    Raises Forbidden, NotFound and Conflict as the page of the meeting does.
    """
    session, told = db.session(), dict(payload)
    by_id, for_id = told.pop("by_id"), told.pop("for_id")
    order = Order(**told)
    order = replace(order, paper=Paper(order.paper))
    person = get_person(session, by_id)
    actor = load_substitute(session, person, get_person(session, for_id)) if for_id else load_actor(session, person)
    ensure_may(actor, Action.READ_MEETING)
    meeting = queries.get_meeting(session, order.meeting_id, actor)
    freeze = queries.get_freeze(session, meeting.id, order.serial)
    write = maker_of(session, ensure_intact(frozen_one(session, meeting, freeze, actor)), order, actor)
    # The reading ends here, so that building the file holds no transaction.
    session.rollback()
    content = write(tell)
    stored = files.store(BytesIO(content), limit_bytes=len(content))
    return {"sha256": stored.sha256, "file": order.file, "paper": order.paper.value}
