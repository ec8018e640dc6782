"""Carrying a plan out: source, outline and numbered items in one transaction."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tracker.access.rules import SYSTEM, Action, Actor, ensure_may, reach
from tracker.core.db import db
from tracker.core.errors import DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.intake import queries
from tracker.intake.rules.lines import Counts, Line, LineKind
from tracker.intake.rules.outcome import faults, placed, title_of
from tracker.items import operations as items
from tracker.items.models import Item
from tracker.items.rules import ItemKind
from tracker.sources import operations as sources
from tracker.sources import queries as source_queries
from tracker.sources.models import Section, Source
from tracker.sources.rules import TASK_KINDS, Level, SourceKind


@dataclass(frozen=True)
class Plan:
    """A source to be drawn up, with the lines of its outline in order."""

    kind: SourceKind
    title: str
    received_on: date
    lines: Sequence[Line]
    declared: Counts
    paragraphs: Sequence[str] = ()
    issuing_body: str = ""
    file_name: str = ""
    file_sha256: str = ""


@dataclass(frozen=True)
class Loaded:
    """What ``load`` did: the source, the items it added, and whether the source is new."""

    source: Source
    added: Sequence[Item]
    is_new: bool


def carry_out(plan: Plan, *, actor: Actor) -> Source:
    """Draw up a new source with its outline and its items as drafts.

    Raises DomainError when a line is not fit or there is no problem at all, Conflict when the source is there.
    """
    _refuse_unfit(plan)
    declared = plan.declared
    source = sources.draw_up(
        plan.kind,
        plan.title,
        plan.received_on,
        actor=actor,
        paragraphs=plan.paragraphs,
        issuing_body=plan.issuing_body,
        declared_aspects=declared.aspects,
        declared_categories=declared.categories,
        declared_problems=declared.problems,
        file_name=plan.file_name,
        file_sha256=plan.file_sha256,
    )
    _fill(source, plan.lines, actor=actor)
    return source


def load(plan: Plan, *, actor: Actor) -> Loaded:
    """Carry a plan out as often as one likes: what is there already, by headings and text, is left alone."""
    ensure_may(actor, Action.INTAKE)
    session = db.session()
    there = source_queries.find_source(session, kind=plan.kind, title=plan.title, received_on=plan.received_on)
    if there is None:
        source = carry_out(plan, actor=actor)
        return Loaded(source, queries.list_of_source(session, source.id, reach(SYSTEM)), is_new=True)
    _refuse_unfit(plan)
    source = source_queries.get_source(session, there.id, lock=True)
    return Loaded(source, _fill(source, plan.lines, actor=actor), is_new=False)


def _refuse_unfit(plan: Plan) -> None:
    if found := faults(plan.lines):
        raise DomainError(_l("有 %(count)d 行不能录入，请按各行的提示修改。", count=len(found)))
    if not any(line.kind is LineKind.problem for line in plan.lines):
        raise DomainError(_l("还没有一个问题或任务。请把要录入的行改为“问题”（或“任务”）后再确认。"))


def _fill(source: Source, lines: Sequence[Line], *, actor: Actor) -> list[Item]:
    """Add the headings and problems that the source does not hold yet, in the order of the lines."""
    sections = _add_sections(source, lines, actor=actor)
    known = _known_items(source)
    drafts = []
    for problem in placed(lines):
        key = (problem.path, problem.line.text.strip())
        if known[key]:
            known[key] -= 1
            continue
        heading = problem.category or problem.aspect
        values = {
            "original_number": problem.original_number,
            "paragraph": problem.line.paragraph,
            "position": problem.at,
        }
        drafts.append(items.Draft(problem.line.text, sections[id(heading)] if heading else None, values))
    return items.draw_up_many(source, drafts, actor=actor, kind=kind_of(source))


def kind_of(source: Source) -> ItemKind:
    """What the items of a source are: planned, or found by others."""
    return ItemKind.TASK if source.kind in TASK_KINDS else ItemKind.PROBLEM


def _known_items(source: Source) -> Counter[tuple[tuple[str, ...], str]]:
    """How often each text stands below each path of headings, voided ones included: they were there once."""
    there = queries.list_of_source(db.session(), source.id, reach(SYSTEM), with_void=True)
    return Counter((_path(item.section), item.finding) for item in there if item.parent_id is None)


def _path(section: Section | None) -> tuple[str, ...]:
    if section is None:
        return ()
    return (*_path(section.parent), section.title)


def _add_sections(source: Source, lines: Sequence[Line], *, actor: Actor) -> dict[int, Section]:
    """The section of each heading by the ``id`` of its line; equal headings in one text are different sections."""
    there: defaultdict[tuple[int | None, Level, str], list[Section]] = defaultdict(list)
    for section in source_queries.list_sections(db.session(), source.id):
        there[section.parent_id, section.level, section.title].append(section)
    found: dict[int, Section] = {}
    aspect: Section | None = None
    for line in lines:
        if line.kind not in {LineKind.aspect, LineKind.category}:
            continue
        parent = aspect if line.kind is LineKind.category else None
        level, title = Level(line.kind.value), title_of(line)
        same = there[parent.id if parent else None, level, title]
        section = (
            same.pop(0)
            if same
            else sources.add_section(source, title, parent=parent, level=level, number=line.number, actor=actor)
        )
        found[id(line)] = section
        aspect = section if level is Level.ASPECT else aspect
    return found
