"""Holding a row of a ledger against the item it means: what was edited, by whom first, and whether it may be."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from tracker.access.rules import Action, Actor, can
from tracker.core.errors import DomainError
from tracker.core.i18n import lazy_gettext as _l
from tracker.intake.operations.ledger.matching import path_of
from tracker.intake.operations.ledger.plan import Change
from tracker.intake.rules.ledger import Base, LedgerItem
from tracker.intake.rules.ledger.cells import closed_of, names_in, on_one_line, own_word_of
from tracker.items.deadlines import read_deadline
from tracker.items.headings import SETTABLE, Field
from tracker.items.models import Item
from tracker.items.rules import OWN_WORD_LABELS, STATE_LABELS, TRANSITIONS, Event, State, settle
from tracker.items.wording import told_names
from tracker.progress.models import Entry, Measure
from tracker.progress.rules import check_plannable, check_reportable
from tracker.sources.models import Section


@dataclass(frozen=True)
class Standing:
    """An item as it stands, with the parts that a list tells of it.

    ``last_entry`` counts and stands in lists; ``told_last`` may wait for its review, and is not told again either.
    """

    item: Item
    measures: Sequence[Measure] = ()
    last_entry: Entry | None = None
    told_last: Entry | None = None

    def words(self) -> dict[Field, str]:
        """What each column of a list says of it now."""
        item = self.item
        path = path_of(item.section)
        return {
            **told_names(item),
            Field.SOURCE: item.source.title,
            Field.ASPECT: path[0] if path else "",
            Field.CATEGORY: path[1] if len(path) > 1 else "",
            Field.FINDING: item.finding,
            Field.MEASURES: "\n".join(measure.text for measure in self.measures),
            Field.PROGRESS: self.last_entry.text if self.last_entry else "",
            Field.OWN_WORD: str(OWN_WORD_LABELS[item.own_word]),
            Field.CLOSURE: str(STATE_LABELS[item.state]),
            Field.CLOSED_ON: item.closed_on.isoformat() if item.closed_on else "",
        }


def edited(row: LedgerItem, standing: Standing, base: Base) -> tuple[dict[Field, Change], list[Field]]:
    """The cells that say something else than the item, and those of them that somebody changed here meanwhile.

    An empty cell says nothing, unless the list was handed out with something in it.
    """
    now, handed_out = standing.words(), base.get(standing.item.number)
    changes: dict[Field, Change] = {}
    conflicts = []
    for each, words in row.cells.items():
        before = handed_out.get(each) if handed_out else None
        if each not in now or (words == before) or (not words and not before):
            continue
        if _says_the_same(each, row, standing):
            continue
        changes[each] = Change(now[each], words)
        if before is not None and not _is_still(each, before, now[each], standing.item):
            conflicts.append(each)
    return changes, conflicts


def _is_still(wanted: Field, before: str, now: str, item: Item) -> bool:
    """Whether what was handed out still stands."""
    if wanted is Field.DEADLINE:
        return _is_deadline(before, item) if before else item.deadline_kind is None
    if wanted is Field.OWN_WORD:
        return own_word_of(before) is item.own_word
    if wanted is Field.SUPPORTING_UNITS:
        return names_in(before) == names_in(now)
    return wanted in _FIXED or _bare(before) == _bare(now)


def _bare(text: str) -> str:
    """Measures are printed with numbers in front; they are the same without."""
    return "".join(on_one_line(line.lstrip("0123456789.、 ")) for line in text.split("\n"))


def _says_the_same(wanted: Field, row: LedgerItem, standing: Standing) -> bool:
    item, words = standing.item, row.words(wanted)
    compare = _COMPARED.get(wanted)
    if compare is not None:
        return compare(row, standing)
    if wanted is Field.DEADLINE:
        return bool(words) and _is_deadline(words, item)
    return on_one_line(words) == on_one_line(standing.words()[wanted])


def _is_deadline(words: str, item: Item) -> bool:
    if on_one_line(words) == on_one_line(told_names(item)[Field.DEADLINE]):
        return True
    source = item.source
    try:
        read = read_deadline(on_one_line(words), source.received_on)
        read = settle(read, received_on=source.received_on, at_once_days=source.at_once_days)
    except DomainError:
        return False
    return (read.kind, read.due_on, read.then_sustained) == (item.deadline_kind, item.due_on, item.then_sustained)


def _headings(section: Section | None) -> set[str]:
    """The headings above an item, with and without their numbers."""
    if section is None:
        return set()
    told = {on_one_line(section.title), on_one_line(f"{section.number}{section.title}")}
    return told | _headings(section.parent)


_COMPARED: Mapping[Field, Callable[[LedgerItem, Standing], bool]] = {
    Field.SUPPORTING_UNITS: lambda row, now: (
        list(row.supporting_units) == [support.unit.name for support in now.item.supports]
    ),
    Field.MEASURES: lambda row, now: (
        list(row.measures) == [on_one_line(measure.text) for measure in now.measures]
        or _bare(row.words(Field.MEASURES)) == _bare("\n".join(measure.text for measure in now.measures))
    ),
    Field.OWN_WORD: lambda row, now: own_word_of(row.words(Field.OWN_WORD)) in (None, now.item.own_word),
    Field.CLOSURE: lambda row, now: closed_of(row.words(Field.CLOSURE)) is (now.item.state is State.CLOSED),
    Field.CLOSED_ON: lambda row, now: row.closed_on == now.item.closed_on,
    Field.ASPECT: lambda row, now: on_one_line(row.words(Field.ASPECT)) in _headings(now.item.section),
    Field.CATEGORY: lambda row, now: on_one_line(row.words(Field.CATEGORY)) in _headings(now.item.section),
    Field.PROGRESS: lambda row, now: (
        on_one_line(row.progress)
        in {on_one_line(each.text if each else "") for each in (now.last_entry, now.told_last)}
    ),
}
_FIXED: Mapping[Field, object] = {
    Field.FINDING: _l("问题是反馈的原文，导入不能修改。"),
    Field.SOURCE: _l("来源不能用导入修改。"),
    Field.ASPECT: _l("方面和类别请在来源的“大纲”页修改。"),
    Field.CATEGORY: _l("方面和类别请在来源的“大纲”页修改。"),
    Field.CLOSURE: _l("销号须申请并经审核，不能用导入表格代替。"),
    Field.CLOSED_ON: _l("销号时间由审批决定，不能用导入修改。"),
}


def refusal(wanted: Field, standing: Standing, *, actor: Actor) -> object:
    """Why this person may not change this cell of this item now; empty when nothing stands against it."""
    item = standing.item
    if wanted in _FIXED:
        return _FIXED[wanted]
    try:
        if wanted in SETTABLE:
            return _assigning(item, actor)
        if wanted is Field.MEASURES:
            check_plannable(actor, item, item.state)
        elif wanted is Field.PROGRESS:
            return _reporting(item, actor, Action.REPORT_OWN_LINE)
        elif wanted is Field.OWN_WORD:
            return _reporting(item, actor, Action.REPORT)
    except DomainError as error:
        return error.message
    return ""


def _assigning(item: Item, actor: Actor) -> object:
    if not can(actor, Action.EDIT_ITEM, item):
        return _l("只有整改办可以修改这一列。")
    if (item.state, Event.ASSIGN) not in TRANSITIONS:
        return _l("事项现在是“%(state)s”，不能再指定。", state=STATE_LABELS[item.state])
    return ""


def _reporting(item: Item, actor: Actor, action: Action) -> object:
    if not can(actor, action, item):
        return _l("您不能填报这个事项。")
    check_reportable(item.state)
    return ""
