"""Naming who alone may know of a source or an item (知悉范围)."""

from collections.abc import Collection

from sqlalchemy import true, update
from sqlalchemy.orm.attributes import flag_modified

from tracker.access.rules import Action, Actor, ensure, ensure_may
from tracker.audit.operations import record
from tracker.core.db import db
from tracker.core.errors import DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.versions import check_version
from tracker.items import queries
from tracker.items.models import Item, ItemReader
from tracker.items.operations.naming import Names, Typed, split_names
from tracker.org.models import Person
from tracker.sources.models import Source, SourceReader


def name_source_readers(
    source: Source, people: Collection[Person], *, actor: Actor, version: int | None = None
) -> None:
    """Let only these people, the office and who answers know of a source and its items; nobody named lifts it.

    ``source`` must have been read with a lock. Raises Stale for an older ``version``.
    """
    ensure_may(actor, Action.INTAKE)
    before = [each.person.name for each in source.readers]
    check_version(source, version, typed=_told(people), stored=_stored(before))
    if {person.id for person in people} == source.reader_ids:
        return
    source.readers = [SourceReader(person_id=person.id, person=person) for person in people]
    # The readers are rows of their own; the source's version must tell of them, or a second editor were not stopped.
    flag_modified(source, "title")
    session = db.session()
    session.flush()
    is_restricted = true() if people else queries.has_readers()
    # The items' versions stay: what somebody is typing about one of them is not touched by this.
    session.execute(update(Item).where(Item.source_id == source.id).values(is_restricted=is_restricted))
    session.expire_all()
    record(actor, "source.name_readers", source.number, before=before, after=[person.name for person in people])


def name_item_readers(item: Item, people: Collection[Person], *, actor: Actor, version: int | None = None) -> None:
    """Let only these people, the office and who answers know of an item with its children.

    Nobody named lets it follow the list of its source. ``item`` must have been read with a lock. Raises Stale for an
    older ``version``.
    """
    ensure(actor, Action.EDIT_ITEM, item)
    before = [each.person.name for each in item.readers]
    check_version(item, version, typed=_told(people), stored=_stored(before))
    if {person.id for person in people} == {each.person_id for each in item.readers}:
        return
    session = db.session()
    for each in (item, *queries.list_children(session, item.id)):
        each.readers = [ItemReader(person_id=person.id, person=person) for person in people]
        each.is_restricted = bool(people or each.source.reader_ids)
        flag_modified(each, "remark")
    session.flush()
    record(actor, "item.name_readers", item.number, before=before, after=[person.name for person in people])


def withhold(item: Item, *, is_withheld: bool, actor: Actor) -> None:
    """Mark that no text for the public tells of an item with its children (不公开), or take the mark away.

    ``item`` must have been read with a lock.
    """
    ensure(actor, Action.EDIT_ITEM, item)
    if item.is_withheld is is_withheld:
        return
    session = db.session()
    for each in (item, *queries.list_children(session, item.id)):
        each.is_withheld = is_withheld
    session.flush()
    record(actor, "item.withhold" if is_withheld else "item.disclose", item.number)


def find_named(typed: str, *, field: str = "names") -> list[Person]:
    """The people whom typed names stand for; raises DomainError for a name that nobody, or several people, bear."""
    session, names = db.session(), split_names(typed)
    there = Names(session, [Typed(owner=name) for name in names])
    found = [there.person(name, field=field) for name in names]
    missing = [name for name, person in zip(names, found, strict=True) if person is None]
    if missing:
        message = _l("没有叫“%(names)s”的人，请先由系统管理员登记。", names="、".join(missing))
        raise DomainError(message, field=field)
    return [person for person in found if person is not None]


def _told(people: Collection[Person]) -> dict[str, str]:
    return _stored([person.name for person in people])


def _stored(names: Collection[str]) -> dict[str, str]:
    return {str(_l("知悉范围")): "、".join(names)}
