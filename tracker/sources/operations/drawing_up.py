"""Drawing up sources and their outlines."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import insert

from tracker.access.rules import Action, Actor, ensure_may
from tracker.audit.operations import record
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Conflict, DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.versions import check_version
from tracker.settings.queries import load
from tracker.sources import queries
from tracker.sources.models import Section, Source, SourceParagraph
from tracker.sources.operations.chain import steps_of
from tracker.sources.rules import USUAL_CHAIN, Level, SourceKind, StepKind, check_chain, source_number

TITLE_LIMIT = 500


def draw_up(
    kind: SourceKind,
    title: str,
    received_on: date,
    *,
    actor: Actor,
    chain: Sequence[StepKind] = USUAL_CHAIN,
    paragraphs: Sequence[str] = (),
    **details: Any,
) -> Source:
    """Draw up a source with the next round number of its kind and year.

    ``details`` may name the other columns, e.g. ``issuing_body`` or ``declared_problems``. Raises Conflict when a
    source of the same kind, title and day is there, DomainError for a day in the future.
    """
    ensure_may(actor, Action.INTAKE)
    check_chain(chain)
    if received_on > clock.today():
        raise DomainError(_l("反馈日期晚于今天，请核对。"), field="received_on")
    _refuse_second(kind, title, received_on)
    session = db.session()
    round_ = queries.last_round(session, kind, received_on.year) + 1
    source = Source(
        number=source_number(kind, received_on.year, round_),
        kind=kind,
        title=title,
        year=received_on.year,
        round=round_,
        received_on=received_on,
        drawn_up_at=clock.now(),
        last_serial=0,
        steps=steps_of(chain),
        **{"at_once_days": load(session)["rules.at_once_days"], **details},
    )
    session.add(source)
    session.flush()
    _keep_text(source, paragraphs)
    record(actor, "source.draw_up", source.number, title=title, received_on=received_on)
    return source


def _keep_text(source: Source, paragraphs: Sequence[str]) -> None:
    rows = [{"source_id": source.id, "index": index, "text": text} for index, text in enumerate(paragraphs)]
    if rows:
        db.session().execute(insert(SourceParagraph), rows)


def add_section(
    source: Source,
    title: str,
    *,
    parent: Section | None = None,
    level: Level | None = None,
    number: str = "",
    actor: Actor,
) -> Section:
    """Add a heading as the last one below its parent, else at the end of the outline.

    It is a category when it has a parent, else an aspect; ``level`` says otherwise for an outline that has categories
    alone. Raises DomainError for a category below a category.
    """
    ensure_may(actor, Action.INTAKE)
    title = _heading(title)
    if parent is not None and (parent.level is not Level.ASPECT or parent.source_id != source.id):
        raise DomainError(_l("类别只能放在本来源的方面之下。"), field="parent")
    session = db.session()
    section = Section(
        source_id=source.id,
        parent=parent,
        level=level or (Level.CATEGORY if parent else Level.ASPECT),
        position=_make_room(queries.list_sections(session, source.id), parent),
        number=number.strip(),
        title=title,
    )
    session.add(section)
    session.flush()
    record(actor, "source.add_section", source.number, title=section.title, level=section.level)
    return section


def _make_room(there: Sequence[Section], parent: Section | None) -> int:
    """The position behind the last heading below a parent; what comes after it moves on by one."""
    if parent is None:
        return max((section.position for section in there), default=0) + 1
    position = max(section.position for section in there if parent.id in (section.id, section.parent_id)) + 1
    for section in there:
        if section.position >= position:
            section.position += 1
    return position


def _heading(title: str) -> str:
    title = " ".join(title.split())
    if not title:
        raise DomainError(_l("请填写标题。"), field="title")
    if len(title) > TITLE_LIMIT:
        raise DomainError(_l("标题最多 %(max)d 个字，请缩短。", max=TITLE_LIMIT), field="title")
    return title


def retitle_section(section: Section, title: str, *, actor: Actor) -> None:
    """Correct the wording of a heading; the items below keep their places."""
    ensure_may(actor, Action.INTAKE)
    title = _heading(title)
    if title == section.title:
        return
    record(actor, "source.retitle_section", section.source.number, before=section.title, after=title)
    section.title = title


def edit(source: Source, *, actor: Actor, version: int | None = None, **values: Any) -> None:
    """Change what is told of a source; its number, kind and day of receipt never change.

    Raises Stale for an older ``version``, Conflict when another source of the same kind and day bears the title.
    """
    ensure_may(actor, Action.INTAKE)
    stored = {name: getattr(source, name) for name in values}
    check_version(source, version, typed=values, stored=stored)
    if values.get("title", source.title) != source.title:
        _refuse_second(source.kind, values["title"], source.received_on)
    changed = {name: [stored[name], value] for name, value in values.items() if stored[name] != value}
    for name, (_old, new) in changed.items():
        setattr(source, name, new)
    if changed:
        record(actor, "source.edit", source.number, changed=changed)


def _refuse_second(kind: SourceKind, title: str, received_on: date) -> None:
    if queries.find_source(db.session(), kind=kind, title=title, received_on=received_on):
        raise Conflict(_l("同一类型、同一标题、同一反馈日期的来源已经存在，请勿重复录入。"), field="title")
