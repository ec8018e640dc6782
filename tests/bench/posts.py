"""The ten acts that people send most, as those who send them, each on another item, beside the bare statements."""

import io
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from flask import Flask
from sqlalchemy import Select, and_, exists, select
from sqlalchemy.orm import Session, aliased

from tests.bench import bare_posts
from tests.bench.pages import signed_in
from tests.bench.timing import RUNS, WARM_UPS, Timed, timed
from tests.bench.world.people import FIRST_HEAD, OFFICE
from tracker.closure.models import Application, Review
from tracker.closure.rules import ApplicationState, Decision
from tracker.core import clock
from tracker.core.db import db
from tracker.extensions.models import Extension
from tracker.extensions.rules import ExtensionState, Level, Verdict
from tracker.items.models import Item
from tracker.items.rules import State
from tracker.org.models import Person, Unit
from tracker.progress.models import Measure
from tracker.rounds.models import OwedReport
from tracker.rounds.rules import ReportState
from tracker.sources.rules import StepKind

BOTH = 2 * (WARM_UPS + RUNS)
TEXT = "已召开专题会研究，完成阶段任务，下一步抓好验收。"


class Sent(NamedTuple):
    """One act: who sends what where; ``id`` is that of the row on which the bare statements act."""

    person_id: int
    address: str
    data: dict[str, Any]
    id: int


def measured(app: Flask) -> Iterator[Timed]:
    """Every act for every role that sends it: half of the items are for the program, half for the bare statements."""
    for name, role in ACTS:
        with app.app_context():
            each = sent(db.session(), name, role)
        bare = bare_posts.acts(app, name, [one.id for one in each[1::2]])
        yield timed(app, name, role, [post(app, one) for one in each[::2]], bare)


def post(app: Flask, sent: Sent) -> Callable[[], None]:
    """The act of sending it, by a browser of who sends it."""
    client = signed_in(app, sent.person_id)

    def send() -> None:
        answer = client.post(sent.address, data=sent.data)
        assert answer.status_code == 303, (sent.address, answer.status_code, answer.text[:2000])

    return send


def sent(session: Session, name: str, role: str) -> list[Sent]:
    """An act of a role on as many different items as there are, at most BOTH."""
    query, sender, told = _ACTS[name, role]
    rows = session.execute(query(name, role).limit(BOTH)).all()
    return [Sent(sender(row), *told(session, row, number)) for number, row in enumerate(rows)]


def _head(row: Any) -> int:
    # Leaders and heads of departments go side by side.
    return FIRST_HEAD + int(row.Item.leader_id) - 1


def _handler(row: Any) -> int:
    return int(row.Item.handler_id)


def _office(_row: Any) -> int:
    return OFFICE


def _issued(place: int) -> Callable[[str, str], Select[Any]]:
    def query(_name: str, _role: str) -> Select[Any]:
        # A third of them for each act: whoever accepts an item takes it from who would give it to another unit.
        issued = (Item.state == State.ISSUED, Item.handler_id.is_not(None), Item.id % 3 == place)
        return select(Item).where(*issued).order_by(Item.id)

    return query


def _working(_name: str, role: str) -> Select[Any]:
    return select(Item).where(Item.state == State.WORKING, _half_of(role)).order_by(Item.id)


def _half_of(role: str) -> Any:
    """Half of the items for the head of the unit, half for everybody else."""
    is_upper = Item.position % 20 >= 10
    return is_upper if role == "head" else ~is_upper


def _extendable(_name: str, _role: str) -> Select[Any]:
    asked = exists().where(Extension.item_id == Item.id, Extension.state == ExtensionState.PENDING)
    query = select(Item).where(Item.state == State.WORKING, Item.due_on > clock.today(), ~asked)
    return query.order_by(Item.id.desc())


def _owed(_name: str, role: str) -> Select[Any]:
    query = select(Item, OwedReport).join(OwedReport, OwedReport.item_id == Item.id)
    query = query.where(OwedReport.is_lead, OwedReport.state == ReportState.OWED, Item.state == State.WORKING)
    return query.where(_half_of(role)).order_by(Item.id)


def _waiting(_name: str, role: str) -> Select[Any]:
    steps = [StepKind.UNIT_HEAD, StepKind.OFFICE]
    here = steps.index(StepKind.OFFICE if role == "office" else StepKind.UNIT_HEAD)
    earlier = aliased(Review)
    of_application = earlier.application_id == Application.id
    before = [
        exists().where(of_application, earlier.kind == kind, earlier.decision.is_not(None)) for kind in steps[:here]
    ]
    mine = and_(Review.application_id == Application.id, Review.kind == steps[here], Review.decision.is_(None))
    query = select(Item, Application, Review).join(Application, Application.item_id == Item.id).join(Review, mine)
    return query.where(Application.state == ApplicationState.PENDING, *before).order_by(Item.id)


def _asked(_name: str, _role: str) -> Select[Any]:
    query = select(Item, Extension).join(Extension, Extension.item_id == Item.id)
    return query.where(Extension.waits_for == Level.OFFICE).order_by(Item.id)


def _accept(session: Session, row: Any, _number: int) -> tuple[Any, ...]:
    handler = session.get_one(Person, row.Item.handler_id).name
    return f"/items/{row.Item.number}/accept", {"version": row.Item.version, "handler": handler}, row.Item.id


def _reassign(session: Session, row: Any, _number: int) -> tuple[Any, ...]:
    others = select(Unit).where(Unit.parent_id == 1, Unit.id != row.Item.lead_unit_id).order_by(Unit.id).limit(1)
    data = {"version": row.Item.version, "unit": session.scalars(others).one().path, "reason": "职责调整。"}
    return f"/items/{row.Item.number}/reassign", data, row.Item.id


def _edit(_session: Session, row: Any, number: int) -> tuple[Any, ...]:
    data = {"version": row.Item.version, "cause": f"制度不健全，第{number}次核实。", "remark": ""}
    return f"/items/{row.Item.number}/assign", data, row.Item.id


def _report(_session: Session, row: Any, _number: int) -> tuple[Any, ...]:
    line = {"report": row.OwedReport.id, "version": row.OwedReport.version, "text": TEXT}
    return "/rounds/report", {f"lines-0-{name}": value for name, value in line.items()}, row.OwedReport.id


def _attach(_session: Session, row: Any, number: int) -> tuple[Any, ...]:
    content = f"{row.Item.number} {number} {TEXT}".encode() * 1000
    return f"/items/{row.Item.number}/evidence/new", {"file": (io.BytesIO(content), "会议纪要.txt")}, row.Item.id


def _apply(session: Session, row: Any, _number: int) -> tuple[Any, ...]:
    measures = session.scalars(select(Measure.id).where(Measure.item_id == row.Item.id).order_by(Measure.id)).all()
    data = {"version": 0, "statement": TEXT, "explanation": TEXT, "similar_checked": TEXT, "similar_found": TEXT}
    for place, measure_id in enumerate(measures):
        data |= {f"lines-{place}-measure": measure_id, f"lines-{place}-told": TEXT}
    return f"/items/{row.Item.number}/application", {**data, "mechanism": TEXT, "is_pledged": "y"}, row.Item.id


def _decide(_session: Session, row: Any, number: int) -> tuple[Any, ...]:
    # The program's items are every second one: of these one is sent back, one passed.
    decision = Decision.PASS if number % 4 < 2 else Decision.RETURN
    data = {"version": row.Application.version, "decision": decision.value, "opinion": f"请补充落实情况：{TEXT}"}
    return f"/reviews/{row.Review.id}", data, row.Review.id


def _ask(_session: Session, row: Any, _number: int) -> tuple[Any, ...]:
    until = row.Item.due_on.replace(year=row.Item.due_on.year + 1, day=1).isoformat()
    data = {"until": until, "reason": TEXT, "progress": TEXT, "safeguards": TEXT}
    return f"/items/{row.Item.number}/ask-extension", data, row.Item.id


def _grant(_session: Session, row: Any, _number: int) -> tuple[Any, ...]:
    until = row.Extension.asked_until.isoformat()
    data = {"version": row.Extension.version, "verdict": Verdict.GRANT.value, "until": until, "opinion": "同意。"}
    return f"/extensions/{row.Extension.id}", data, row.Extension.id


def _press(_session: Session, row: Any, number: int) -> tuple[Any, ...]:
    data = {"numbers": row.Item.number, "batch": f"{row.Item.id:08x}{number:08x}", "told": ["handler", "liaison"]}
    return "/nudges/new", {**data, "sentence": "请抓紧。"}, row.Item.id


_ACTS: dict[tuple[str, str], tuple[Any, Any, Any]] = {
    ("accept, naming a handler", "head"): (_issued(0), _head, _accept),
    ("reassign to another unit", "office"): (_issued(1), _office, _reassign),
    ("save an edit", "office"): (_issued(2), _office, _edit),
    ("report in a round", "handler"): (_owed, _handler, _report),
    ("report in a round", "head"): (_owed, _head, _report),
    ("attach a file", "handler"): (_working, _handler, _attach),
    ("attach a file", "head"): (_working, _head, _attach),
    ("press by hand", "office"): (_working, _office, _press),
    ("press by hand", "head"): (_working, _head, _press),
    ("ask for an extension", "head"): (_extendable, _head, _ask),
    ("decide an extension", "office"): (_asked, _office, _grant),
    ("decide an application", "head"): (_waiting, _head, _decide),
    ("decide an application", "office"): (_waiting, _office, _decide),
    ("apply for closure", "handler"): (_working, _handler, _apply),
}
ACTS = tuple(_ACTS)
