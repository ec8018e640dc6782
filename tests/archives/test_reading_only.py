"""Nothing of an archived source can be written, whichever room and route tries; a lifted archive lets it again."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from archives.worlds import a_world, actor, archived, person, stored, the_source
from factories import an_item, sign_in
from flask import Flask, url_for
from sqlalchemy import select
from sqlalchemy.orm import Mapper
from werkzeug.routing import IntegerConverter, Rule

from tracker import wiring
from tracker.access.rules import SYSTEM
from tracker.archives import operations
from tracker.archives.guarding import ABOVE, OUTSIDE, owner_of
from tracker.archives.models import Archive
from tracker.closure import operations as closure
from tracker.core.db import Base, db, writing
from tracker.core.errors import Conflict, DomainError
from tracker.items import operations as items
from tracker.items.models import Item
from tracker.items.rules import Event
from tracker.progress.models import Evidence, Measure
from tracker.sources import operations as sources
from tracker.sources.models import Section, Source
from tracker.sources.rules import StepKind

wiring.load_tables()
CLASSES: list[type[Any]] = sorted((mapper.class_ for mapper in Base.registry.mappers), key=lambda each: each.__name__)
# What belongs to a row that is kept outside, or is written beside an item that is guarded itself.
BESIDE = {
    "item_change",
    "meeting_point",
    "meeting_freeze",
    "meeting_decision_support",
    "message_item",
    "nudge_reader",
    "submission",
}
NUMBER = "巡察2026-1-001"


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel("2027-01-08T10:00:00+08:00", tick=False):
        yield


def reaches(mapper: Mapper[Any], seen: frozenset[str] = frozenset()) -> bool:
    """Whether a table leads to items or sources by its foreign keys, over whatever other tables."""
    table = mapper.local_table
    if table.name in {"item", "source"}:
        return True
    above = {key.column.table.name for column in table.columns for key in column.foreign_keys} - seen - {"unit"}
    by_name = {each.local_table.name: each for each in Base.registry.mappers}  # type: ignore[attr-defined]
    return any(reaches(by_name[name], seen | {table.name}) for name in above if name not in {"person", "task"})


def is_guarded(cls: type[Any]) -> bool:
    columns = ("item_id", "source_id", *ABOVE)
    return cls.__tablename__ not in OUTSIDE and (cls in (Item, Source) or any(hasattr(cls, each) for each in columns))


def test_every_table_that_hangs_on_an_item_or_a_source_is_guarded_or_named_as_outside() -> None:
    forgotten = [
        cls.__tablename__
        for cls in CLASSES
        if reaches(cls.__mapper__) and not is_guarded(cls) and cls.__tablename__ not in OUTSIDE | BESIDE
    ]
    assert forgotten == []


GUARDED = [cls for cls in CLASSES if is_guarded(cls) and cls not in (Item, Source) and not issubclass(cls, Archive)]


def test_no_row_of_a_guarded_table_can_be_added(app: Flask) -> None:
    a_world(app)
    archived()
    for cls in GUARDED:
        with pytest.raises(Conflict, match="档号ZGB-2026-01"), writing():
            db.session.add(a_row(cls))
            db.session.flush()
        db.session.expunge_all()


def a_row(cls: type[Any]) -> Any:
    """A row of the table that belongs to an archived item, by itself or by the row above it."""
    for name in ABOVE:
        if hasattr(cls, name):
            return cls(**{name: a_row(getattr(cls, name).property.mapper.class_)})
    if hasattr(cls, "item_id"):
        return cls(item_id=the_item().id)
    return cls(source_id=the_source().id)


def the_item(number: str = NUMBER) -> Item:
    return db.session.query(Item).filter_by(number=number).one()


def measure() -> Measure:
    return db.session.query(Measure).filter_by(item_id=the_item().id).one()


def evidence() -> Evidence:
    return db.session.query(Evidence).filter_by(item_id=the_item().id).first()  # type: ignore[return-value]


def leave_a_section() -> None:
    db.session.add(Section(source_id=the_source().id, level="aspect", position=9, title="新的方面"))


ACTS: dict[str, Callable[[], object]] = {
    "confirm": lambda: items.move_on(the_item(), Event.CONFIRM, actor=SYSTEM),
    "take up again": lambda: items.move_on(the_item("巡察2026-1-002"), Event.REOPEN, actor=SYSTEM),
    "reopen": lambda: closure.reopen(the_item("巡察2026-1-003"), actor=actor("陈静"), reason="反弹"),
    "draw an item up": lambda: an_item(source=the_source(), finding="新问题"),
    "edit the source": lambda: setattr(the_source(), "title", "改名"),
    "set its steps": lambda: sources.set_chain(the_source(), [StepKind.OFFICE], actor=actor("陈静")),
    "file a paper": lambda: sources.file_document(
        the_source(), stored(b"x"), title="扫描件", file_name="x.pdf", actor=actor("陈静")
    ),
    "add a heading": leave_a_section,
    "remove evidence": lambda: setattr(evidence(), "removed_at", the_source().drawn_up_at),
    "tick a measure": lambda: setattr(measure(), "text", "改了"),
    "delete a measure": lambda: db.session.delete(measure()),
    "change the finding": lambda: setattr(the_item(), "finding", "改了"),
    "name readers": lambda: items.name_item_readers(the_item(), [person("李磊")], actor=actor("陈静")),
    "name readers of the source": lambda: items.name_source_readers(
        the_source(), [person("李磊")], actor=actor("陈静")
    ),
}


REFUSED = r"已于2027-01-08归档（档号ZGB-2026-01），只能查阅.*请整改办先撤销归档"


def test_every_act_is_refused_with_what_to_do_and_allowed_again_once_the_archive_is_lifted(app: Flask) -> None:
    a_world(app)
    archived()
    for act in ACTS.values():
        with pytest.raises(Conflict, match=REFUSED), writing():
            act()
        db.session.expunge_all()
    with pytest.raises(DomainError, match="请写明撤销归档的原因"), writing():
        lift(" ")
    with writing():
        lift("补充材料")
    for act in ACTS.values():
        with writing():
            act()


def lift(reason: str) -> None:
    archive = db.session.query(Archive).one()
    operations.lift(archive, reason=reason, version=archive.version, actor=actor("陈静"))


def test_what_belongs_to_nothing_and_to_other_sources_is_not_touched(app: Flask) -> None:
    a_world(app)
    archived()
    with writing():
        other = an_item(source=sources.draw_up("audit", "审计", date(2027, 1, 4), actor=SYSTEM), finding="账实不符")
        assert owner_of(other) == ("source", other.source_id)
        person("李磊").phone = "12345"
    assert db.session.query(Item).count() == 5


def test_no_route_changes_anything_of_an_archived_source(app: Flask, empty_app: Flask) -> None:
    a_world(app)
    archived()
    client = empty_app.test_client()
    sign_in(client, person("陈静"))
    before, tried = rows(), 0
    for rule in app.url_map.iter_rules():
        if "POST" not in (rule.methods or ()) or rule.endpoint.split(".")[0] in {"org", "shell", "static"}:
            continue
        if rule.endpoint in {"archives.lift", "archives.archive_source"}:
            continue
        ids = {"source_id": str(the_source().id), "item_id": str(the_item().id)}
        values = {
            name: ids.get(name, "1") if is_number(rule, name) else ARGUMENTS.get(name, "1") for name in rule.arguments
        }
        with app.test_request_context():
            address = url_for(rule.endpoint, **values)
        answer = client.post(address, data={**FORM, "source": ids["source_id"]})
        assert answer.status_code < 500, (rule.endpoint, answer.status_code)
        tried += 1
    assert tried > 100
    assert rows() == before


ARGUMENTS = {"number": NUMBER, "kind": "correction"}
FORM = {
    "reason": "理由充分",
    "text": "新的内容",
    "opinion": "同意",
    "statement": "说明",
    "title": "标题",
    "finding": "新问题",
    "chosen": NUMBER,
    "number": NUMBER,
    "numbers": NUMBER,
    "on": "2027-01-08",
    "due_on": "2027-03-01",
    "names": "李磊",
    "kind": "reopen",
    "unit": "组织部",
    "is_kept": "1",
    "amount": "1",
    "steps": "office",
    "received_on": "2026-03-16",
}


def is_number(rule: Rule, name: str) -> bool:
    return isinstance(rule._converters[name], IntegerConverter)


def rows() -> dict[str, list[Any]]:
    """All rows of the guarded tables that belong to the archived source."""
    db.session.rollback()
    source_id, found = the_source().id, {}
    for cls in (Item, Source, *GUARDED):
        table = cls.__table__
        query = select(table).order_by(*table.primary_key)
        if "item_id" in table.c:
            query = query.where(table.c.item_id.in_(select(Item.id).where(Item.source_id == source_id)))
        elif "source_id" in table.c:
            query = query.where(table.c.source_id == source_id)
        found[cls.__tablename__] = [tuple(row) for row in db.session.execute(query)]
    return found
