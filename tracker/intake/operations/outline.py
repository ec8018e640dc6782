"""Editing a source's outline after intake: wording of headings, new headings, items moved to other headings."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tracker.access.rules import Action, Actor, ensure_may, reach
from tracker.core.db import db
from tracker.core.errors import DomainError, Stale
from tracker.core.i18n import lazy_gettext as _l
from tracker.intake import queries
from tracker.items import operations as items
from tracker.items.models import Item
from tracker.sources import operations as sources
from tracker.sources import queries as source_queries
from tracker.sources.models import Section, Source


@dataclass(frozen=True)
class OutlineChange:
    """What a person typed against what they saw.

    ``titles`` maps section ids to (seen, typed) titles, ``places`` item numbers to (seen, chosen) section ids;
    ``added`` is the title, number and parent of a new heading, its title empty when there is none.
    """

    titles: Mapping[int, tuple[str, str]] = field(default_factory=dict)
    places: Mapping[str, tuple[int | None, int | None]] = field(default_factory=dict)
    added_title: str = ""
    added_number: str = ""
    added_parent_id: int | None = None


def edit_outline(source: Source, change: OutlineChange, *, actor: Actor) -> None:
    """Carry out what differs from what the person saw, all or nothing.

    Raises Stale with both texts when somebody else changed one of the same headings or places meanwhile.
    """
    ensure_may(actor, Action.INTAKE)
    session = db.session()
    sections = {section.id: section for section in source_queries.list_sections(session, source.id)}
    there = {item.number: item for item in queries.list_of_source(session, source.id, reach(actor))}
    _refuse_stale(change, sections, there)
    for section_id, (seen, typed) in change.titles.items():
        if typed != seen:
            sources.retitle_section(sections[section_id], typed, actor=actor)
    for number, (was, chosen) in change.places.items():
        if chosen != was:
            items.place(there[number], sections[chosen] if chosen else None, actor=actor)
    if change.added_title:
        parent = sections[change.added_parent_id] if change.added_parent_id else None
        sources.add_section(source, change.added_title, number=change.added_number, parent=parent, actor=actor)


def _refuse_stale(change: OutlineChange, sections: Mapping[int, Section], there: Mapping[str, Item]) -> None:
    asked = {*change.titles, *(chosen for _was, chosen in change.places.values()), change.added_parent_id}
    if not asked <= {*sections, None} or not set(change.places) <= set(there):
        raise DomainError(_l("页面里的方面、类别或事项不属于这个来源，请刷新后重新填写。"))
    typed: dict[str, Any] = {}
    stored: dict[str, Any] = {}
    for section_id, (seen, new) in change.titles.items():
        if new not in (seen, sections[section_id].title) and sections[section_id].title != seen:
            typed[seen], stored[seen] = new, sections[section_id].title
    for number, (was, chosen) in change.places.items():
        if chosen not in (was, there[number].section_id) and there[number].section_id != was:
            typed[number], stored[number] = _title(sections, chosen), _title(sections, there[number].section_id)
    if typed:
        message = _l("您打开页面之后，别人已经修改了这条记录。您填写的内容都在下面，请对照后再提交。")
        raise Stale(message, typed=typed, stored=stored)


def _title(sections: Mapping[int, Section], section_id: int | None) -> str:
    return sections[section_id].title if section_id else ""
