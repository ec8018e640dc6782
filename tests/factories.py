"""What tests need to begin with. Every function adds to the session of the pushed application context."""

from datetime import date
from typing import Any

from flask.testing import FlaskClient

from tracker.access.rules import SYSTEM, Actor, Role
from tracker.closure.rules import Telling
from tracker.core.db import db
from tracker.items import operations as items
from tracker.items.models import Item
from tracker.items.rules import Deadline, DeadlineKind
from tracker.org import operations as org
from tracker.org import queries as people
from tracker.org.models import Account, Grant, Person, Unit
from tracker.progress import queries as progress
from tracker.sources import operations as sources
from tracker.sources.models import Section, Source
from tracker.sources.rules import SourceKind

RECEIVED_ON = date(2026, 3, 16)


def a_unit(name: str = "组织部", parent: Unit | None = None) -> Unit:
    """A unit below the root 市直机关工委, which is made when it is missing."""
    root = people.find_units(db.session(), ["市直机关工委"]).get("市直机关工委")
    if root is None:
        root = org.add_unit("市直机关工委", parent=None, actor=SYSTEM)
    return root if name == root.name else org.add_unit(name, parent=parent or root, actor=SYSTEM)


def a_person(name: str = "王敏", unit: Unit | None = None, *, mail: str = "") -> Person:
    """A person who cannot sign in."""
    person = Person(name=name, pinyin=org.pinyin_key(name), unit=unit, mail=mail)
    db.session.add(person)
    db.session.flush()
    return person


def an_account(name: str, role: Role | None, unit: Unit, *, mail: str = "") -> Person:
    """A person who can sign in and holds a role in a unit; the sign-in name is the pinyin."""
    person = a_person(name, unit, mail=mail)
    db.session.add(Account(person=person, login=org.pinyin_key(name).replace(" ", "-"), session_key=f"key-{person.id}"))
    if role is not None:
        db.session.add(Grant(person=person, role=role, unit=unit))
    db.session.flush()
    return person


def actor_of(person: Person) -> Actor:
    """The person as who acts."""
    return people.load_actor(db.session(), person)


def a_source(title: str = "市委第二巡察组反馈", received_on: date = RECEIVED_ON, **details: Any) -> Source:
    """An inspection round."""
    kind = details.pop("kind", SourceKind.INSPECTION)
    return sources.draw_up(kind, title, received_on, actor=SYSTEM, **details)


def a_telling(item: Item, statement: str = "三条措施均已完成，佐证齐全。", **parts: Any) -> Telling:
    """An application that tells all that can be required of it."""
    told = {each.id: f"{each.text}，已落实。" for each in progress.list_measures(db.session(), item.id)}
    in_full: dict[str, Any] = {
        "measures": told,
        "similar_checked": "对照同类问题排查了机关各支部。",
        "similar_found": "未发现同类问题。",
        "mechanism": "纳入党组年度学习计划，每季度检查一次。",
        "explanation": "其余措施待明年预算批复后落实。",
        "is_pledged": True,
    }
    return Telling(statement=statement, **{**in_full, **parts})


def by_date(due_on: date) -> Deadline:
    """A deadline by a date."""
    return Deadline(DeadlineKind.BY_DATE, due_on)


def an_item(
    source: Source | None = None,
    *,
    lead_unit: Unit | None = None,
    due_on: date | None = date(2026, 6, 30),
    finding: str = "第一议题制度坚持不够经常",
    section: Section | None = None,
    **assigned: Any,
) -> Item:
    """A draft; with a lead unit it is assigned to it and due."""
    item = items.draw_up(source or a_source(), finding, section=section, actor=SYSTEM)
    if lead_unit is not None:
        deadline = by_date(due_on) if due_on else Deadline(DeadlineKind.LONG_TERM, None)
        values = {"lead_unit_id": lead_unit.id, "deadline": deadline, **assigned}
        items.assign(item, items.Assignment(**values), actor=SYSTEM)
    return item


def an_issued_item(**details: Any) -> Item:
    """An item issued today."""
    item = an_item(**details)
    items.issue([item], actor=SYSTEM)
    return item


def a_working_item(handler: Person, **details: Any) -> Item:
    """An item accepted today, with a handler."""
    item = an_issued_item(**details)
    items.accept(item, handler_id=handler.id, actor=SYSTEM)
    return item


def sign_in(client: FlaskClient, person: Person) -> None:
    """Let a browser be signed in as this person, without the sign-in page."""
    assert person.account is not None
    with client.session_transaction() as session:
        session["_user_id"] = f"{person.id}:{person.account.session_key}"
        session["_fresh"] = True
