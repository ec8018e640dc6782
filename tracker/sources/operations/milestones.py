"""The dates that a source itself has to keep, and what was handed in at them."""

from dataclasses import asdict, dataclass
from datetime import date

from tracker.access.rules import Action, Actor, ensure_may
from tracker.audit.operations import record
from tracker.core import clock
from tracker.core.db import db
from tracker.core.errors import Conflict
from tracker.core.files import StoredFile
from tracker.core.i18n import lazy_gettext as _l
from tracker.core.versions import check_version
from tracker.sources import queries
from tracker.sources.models import HandedIn, Source, SourceMilestone
from tracker.sources.rules import MILESTONE_LABELS, MilestoneKind, check_handed_in, check_milestone


@dataclass(frozen=True)
class Handed:
    """What somebody says was handed in; the file as it was kept, with its name."""

    on: date
    document_number: str = ""
    file: tuple[StoredFile, str] | None = None


@dataclass(frozen=True)
class Date:
    """A milestone as it is laid down; ``title`` may be empty for a usual kind, nobody named means the office."""

    kind: MilestoneKind
    title: str
    due_on: date
    unit_id: int | None = None
    owner_id: int | None = None


def set_milestone(source: Source, laid_down: Date, *, actor: Actor) -> SourceMilestone:
    """Lay down a date that the source has to keep.

    Raises DomainError for one before the feedback or without a name, Conflict for one that is there already.
    """
    ensure_may(actor, Action.INTAKE)
    _check(source, laid_down)
    milestone = SourceMilestone(source_id=source.id, set_on=clock.today(), **asdict(laid_down))
    session = db.session()
    session.add(milestone)
    session.flush()
    record(actor, "source.set_milestone", source.number, **asdict(laid_down))
    return milestone


def change_milestone(milestone: SourceMilestone, laid_down: Date, *, actor: Actor, version: int | None = None) -> None:
    """Change a date, its name or who answers; refused as ``set_milestone`` refuses, Stale for an older ``version``."""
    ensure_may(actor, Action.INTAKE)
    after = asdict(laid_down)
    before = {name: getattr(milestone, name) for name in after}
    check_version(milestone, version, typed=_told(after), stored=_told(before))
    _check(milestone.source, laid_down, milestone)
    if milestone.handed_in_on is not None and milestone.kind is not laid_down.kind:
        raise Conflict(_l("已经报送的节点不能改成另一种，请另设一个。"), field="kind")
    changed = {name: [before[name], value] for name, value in after.items() if before[name] != value}
    for name, (_old, new) in changed.items():
        setattr(milestone, name, new)
    if "due_on" in changed:
        milestone.set_on = clock.today()
    if changed:
        record(actor, "source.change_milestone", milestone.source.number, changed=changed)


def _told(values: dict[str, object]) -> dict[str, object]:
    """The date in words, for the page that shows a conflict."""
    return {str(_l("日期")): values["due_on"], str(_l("节点名称")): values["title"]}


def _check(source: Source, laid_down: Date, milestone: SourceMilestone | None = None) -> None:
    title = laid_down.title if laid_down.kind is MilestoneKind.OTHER else str(MILESTONE_LABELS[laid_down.kind])
    check_milestone(title, laid_down.due_on, earliest=source.received_on)
    there = queries.find_milestone(db.session(), source.id, laid_down.kind, laid_down.title)
    if there is not None and there is not milestone:
        raise Conflict(_l("这个节点已经有了，请修改那一个。"), field="title")


def hand_in(milestone: SourceMilestone, told: Handed, *, actor: Actor, version: int | None = None) -> None:
    """Note what was handed in at a milestone: the day, number and file; a file that is there stays without a new one.

    Raises DomainError for a day before the feedback or to come, Stale for an older ``version``.
    """
    ensure_may(actor, Action.INTAKE)
    note_handed_in(milestone, told, received_on=milestone.source.received_on, version=version)
    record(actor, "source.hand_in", milestone.source.number, **_handed_in(milestone))


def note_handed_in(milestone: HandedIn, told: Handed, *, received_on: date, version: int | None) -> None:
    """Write down what was handed in; whoever calls it has asked the permission table."""
    after = {"handed_in_on": told.on, "document_number": told.document_number}
    before = {name: getattr(milestone, name) for name in after}
    if told.file is not None or after != before:
        check_version(milestone, version, typed=after, stored=before)
    check_handed_in(told.on, received_on, clock.today())
    for name, value in after.items():
        setattr(milestone, name, value)
    if told.file is not None:
        stored, milestone.file_name = told.file
        milestone.file_sha256 = stored.sha256


def _handed_in(milestone: SourceMilestone) -> dict[str, object]:
    names = ("kind", "title", "handed_in_on", "document_number", "file_name", "file_sha256")
    return {name: getattr(milestone, name) for name in names}


def remove_milestone(milestone: SourceMilestone, *, actor: Actor) -> None:
    """Take away a date that was laid down by mistake; raises Conflict once something was handed in."""
    ensure_may(actor, Action.INTAKE)
    if milestone.handed_in_on is not None:
        raise Conflict(_l("已经报送的节点不能删除。"))
    record(actor, "source.remove_milestone", milestone.source.number, title=milestone.title, due_on=milestone.due_on)
    session = db.session()
    session.delete(milestone)
    session.flush()
