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
from tracker.sources.models import ClosingStep, Section, Source, SourceParagraph
from tracker.sources.rules import USUAL_CHAIN, Level, SourceKind, StepKind, source_number


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
    session = db.session()
    if received_on > clock.today():
        raise DomainError(_l("反馈日期晚于今天，请核对。"), field="received_on")
    if queries.find_source(session, kind=kind, title=title, received_on=received_on):
        raise Conflict(_l("同一类型、同一标题、同一反馈日期的来源已经存在，请勿重复录入。"), field="title")
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
        **{"at_once_days": load(session)["rules.at_once_days"], **details},
    )
    source.steps = [ClosingStep(position=position, kind=step) for position, step in enumerate(chain, start=1)]
    session.add(source)
    session.flush()
    if paragraphs:
        rows = [{"source_id": source.id, "index": index, "text": text} for index, text in enumerate(paragraphs)]
        session.execute(insert(SourceParagraph), rows)
    record(actor, "source.draw_up", source.number, title=title, received_on=received_on)
    return source


def add_section(
    source: Source, title: str, *, parent: Section | None = None, number: str = "", actor: Actor
) -> Section:
    """Add a heading at the end of the outline: an aspect, or a category when there is a parent."""
    ensure_may(actor, Action.INTAKE)
    if not title.strip():
        raise DomainError(_l("请填写标题。"), field="title")
    if parent is not None and parent.level is not Level.ASPECT:
        raise DomainError(_l("类别之下不能再分类别。"), field="parent")
    session = db.session()
    section = Section(
        source_id=source.id,
        parent=parent,
        level=Level.CATEGORY if parent else Level.ASPECT,
        position=len(queries.list_sections(session, source.id)) + 1,
        number=number,
        title=title.strip(),
    )
    session.add(section)
    session.flush()
    record(actor, "source.add_section", source.number, title=section.title, level=section.level)
    return section


def retitle_section(section: Section, title: str, *, actor: Actor) -> None:
    """Correct the wording of a heading; the items below keep their places."""
    ensure_may(actor, Action.INTAKE)
    if not title.strip():
        raise DomainError(_l("请填写标题。"), field="title")
    record(actor, "source.retitle_section", section.source.number, before=section.title, after=title.strip())
    section.title = title.strip()


def edit(source: Source, *, actor: Actor, version: int | None = None, **values: Any) -> None:
    """Change what is told of a source; its number, kind and day of receipt never change."""
    ensure_may(actor, Action.INTAKE)
    stored = {name: getattr(source, name) for name in values}
    check_version(source, version, typed=values, stored=stored)
    changed = {name: [stored[name], value] for name, value in values.items() if stored[name] != value}
    for name, (_old, new) in changed.items():
        setattr(source, name, new)
    if changed:
        record(actor, "source.edit", source.number, changed=changed)


def set_chain(source: Source, chain: Sequence[StepKind], *, actor: Actor) -> None:
    """Set the closing chain, one to three different steps; applications already filed keep theirs."""
    ensure_may(actor, Action.INTAKE)
    if not 1 <= len(chain) <= 3 or len(set(chain)) != len(chain):
        raise DomainError(_l("销号环节应为一至三个，且不重复。"), field="chain")
    before = [step.kind for step in source.steps]
    if list(chain) == before:
        return
    source.steps.clear()
    db.session().flush()
    source.steps = [ClosingStep(position=position, kind=step) for position, step in enumerate(chain, start=1)]
    record(actor, "source.set_chain", source.number, before=before, after=list(chain))
