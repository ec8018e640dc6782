"""What the page of one item shows, put together from the item, its pieces and who looks at it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from flask import url_for

from tracker.access.rules import Action, Actor, can, reads_whole
from tracker.amendments.queries import printed_from
from tracker.amendments.rules import Printed
from tracker.core.filetypes import FileType, of_type
from tracker.core.i18n import gettext as _
from tracker.core.i18n import pgettext
from tracker.desk import wording
from tracker.desk.item_parts import (
    AT_ONCE,
    CHOOSING,
    ENDPOINTS,
    OF_STEP,
    TAB_LABELS,
    Button,
    Child,
    Line,
    Tab,
    TabName,
    Told,
)
from tracker.desk.rules.acts import Act
from tracker.desk.rules.next_ones import Next, next_people, who_is_next
from tracker.desk.rules.piece import Piece, is_bad
from tracker.desk.rules.pieces import Whole
from tracker.desk.rules.possible import Possible, available
from tracker.items.headings import Field
from tracker.items.models import Item
from tracker.items.rules import STAGED, STATE_LABELS, DeadlineKind, State
from tracker.items.wording import ShownLight, closing_of, days_ahead, deadline_note, deadline_of, light_of
from tracker.progress.rules import may_remove
from tracker.sources.wording import ShownMilestone, shown
from tracker.workdays.queries import Left
from tracker.workdays.wording import left_words

TIMELINE_SHOWN = 12


def tab_named(name: str | None) -> TabName:
    """The tab asked for in the address, the first one for anything else."""
    return TabName(name) if name in set(TabName) else TabName.WORK


def paragraphs_for(item: Item, actor: Actor, tab: TabName) -> Sequence[int] | None:
    """Which paragraphs of the feedback text to read: none off its tab, all for those who may read whole sources.

    Others see the item's own paragraph only: the text tells of other units' problems as well.
    """
    if tab is not TabName.SOURCE:
        return ()
    if reads_whole(actor):
        return None
    return () if item.paragraph is None else (item.paragraph,)


@dataclass(frozen=True)
class ItemPage:
    """One item as one person sees it on one day."""

    item: Item
    whole: Whole
    actor: Actor
    today: date
    tab: TabName
    left: Left | None = None
    is_archived: bool = False

    @property
    def is_returned(self) -> bool:
        """Whether the last application was sent back and the work goes on."""
        last = self.whole.last_round
        return self.item.state is State.WORKING and last is not None and last.is_returned

    @property
    def state(self) -> tuple[str, str]:
        """The code and the words of the state's chip, with the round of an application."""
        returned = ("returned", pgettext("state", "退回补充整改"))
        code, label = returned if self.is_returned else (self.item.state, self._state_label)
        counts = self.is_returned or (self.item.state is State.APPLIED and self.item.rounds > 1)
        return code, _("%(state)s · 第%(n)s轮", state=label, n=self.item.rounds) if counts else str(label)

    @property
    def _state_label(self) -> object:
        return STATE_LABELS[self.item.state]

    @property
    def light(self) -> ShownLight | None:
        """The light; None when nothing runs."""
        return light_of(self.item, self.today)

    @property
    def deadline(self) -> str:
        """The deadline with what it was first."""
        note = deadline_note(self.item, self.today)
        words = deadline_of(self.item, self.today)
        return _("%(deadline)s（%(note)s）", deadline=words, note=note) if note else words

    @property
    def closing(self) -> str:
        """When it was closed, and whether in time; empty while it is open."""
        return closing_of(self.item)

    @property
    def related(self) -> list[tuple[str, str, str]]:
        """The item that this one is a relapse of, and the relapses of this one, as facts with their addresses."""
        return [
            (_("反弹自") if each.flag else _("反弹后新立"), each.text or "", url_for("desk.item", number=each.text))
            for each in self.whole.related
        ]

    @property
    def left_words(self) -> str:
        """The working days left; empty when no date runs or it has passed."""
        is_running = bool(days_ahead([self.item], self.today))
        return left_words(self.left) if is_running and self.left else ""

    @property
    def left_url(self) -> str:
        """The calendar, where the days passed over are told."""
        day = self.item.due_on or self.today
        days = self.left.working_days if self.left else 0
        return url_for("workdays.overview", year=day.year, since=self.today.isoformat(), days=days or None)

    @property
    def tabs(self) -> list[Tab]:
        """The tabs with their counts."""
        counts = {TabName.EVIDENCE: len(self.whole.evidence), TabName.CLOSURE: len(self.whole.rounds)}
        return [Tab(TAB_LABELS[tab], self.url(tab), tab is self.tab, counts.get(tab) or None) for tab in TabName]

    def url(self, tab: TabName | None = None) -> str:
        """The page's own address."""
        name = tab.value if tab and tab is not TabName.WORK else None
        return url_for("desk.item", number=self.item.number, tab=name)

    @cached_property
    def possible(self) -> list[Possible]:
        """What this person may do; nothing once the source is archived."""
        if self.is_archived:
            return []
        return available(self.item, self.actor, self.whole, today=self.today)

    @property
    def primary(self) -> Button | None:
        """The one big button."""
        return next((self._button(each) for each in self.possible if each.is_primary), None)

    @property
    def others(self) -> list[Button]:
        """What else can be done."""
        return [self._button(each) for each in self.possible if not each.is_primary and each.why_not is None]

    @property
    def blocked(self) -> list[Button]:
        """What cannot be done now, with the reason."""
        return [self._button(each) for each in self.possible if each.why_not is not None]

    def _button(self, possible: Possible) -> Button:
        why_not = wording.WHY_NOT[possible.why_not] if possible.why_not else None
        label = _("补充材料并再次申请销号") if possible.act is Act.APPLY and self.is_returned else None
        label = label or wording.ACT_LABELS[possible.act]
        return Button(label, self._act_url(possible.act), possible.act in AT_ONCE, why_not)

    def _act_url(self, act: Act) -> str:
        if act in OF_STEP:
            assert self.whole.last_round is not None
            assert self.whole.last_round.waiting is not None
            return url_for(OF_STEP[act], review_id=self.whole.last_round.waiting.id)
        if act is Act.ANSWER_DECLARATION and self.whole.open_declaration:
            return url_for("closure.answer_declaration", declaration_id=self.whole.open_declaration.id)
        if act is Act.DECIDE_AMENDMENT:
            assert self.whole.open_amendment is not None
            return url_for("requests.request_page", kind="amendment", request_id=self.whole.open_amendment.id)
        if act is Act.DECIDE_CORRECTION:
            assert self.whole.open_correction is not None
            return url_for("requests.request_page", kind="correction", request_id=self.whole.open_correction.id)
        if act is Act.LOOK_AGAIN:
            assert self.whole.open_look is not None
            return url_for("reinspections.look", look_id=self.whole.open_look.id)
        if act is Act.DECIDE_EXTENSION:
            assert self.whole.open_extension is not None
            return url_for("extensions.extension", extension_id=self.whole.open_extension.id)
        if act in CHOOSING:
            return url_for(CHOOSING[act], chosen=self.item.number)
        return url_for(ENDPOINTS[act], number=self.item.number)

    def _offers(self, act: Act) -> bool:
        return any(each.act is act for each in self.possible)

    @property
    def can_tick(self) -> bool:
        """Whether measures can be ticked off here; those of a joint handling are on the item that carries it."""
        return self._offers(Act.ADD_OUTCOME) and not self.whole.follows

    @property
    def can_count(self) -> bool:
        """Whether counted results can be taken off here."""
        return self._offers(Act.ADD_OUTCOME)

    @property
    def can_plan(self) -> bool:
        """Whether measures can be changed here."""
        return self._offers(Act.ADD_MEASURES)

    def can_remove(self, evidence: Piece) -> bool:
        """Whether this person may take that file off."""
        return self._offers(Act.ADD_EVIDENCE) and may_remove(self.actor, self.item, evidence.by_id or 0)

    def is_shared(self, evidence: Piece) -> bool:
        """Whether a file came from another item that is handled jointly."""
        return evidence.state == "joint"

    def type_of(self, evidence: Piece) -> FileType:
        """What the content of a file is."""
        return of_type(evidence.note or "")

    @property
    def removed(self) -> Sequence[Piece]:
        """The files that were taken off, for the office alone."""
        return self.whole.removed if can(self.actor, Action.EDIT_ITEM, self.item) else ()

    @cached_property
    def printed(self) -> Printed:
        """What the plan said as it was issued, of what reads otherwise now."""
        return printed_from(self.item, self.whole.steps)

    @property
    def unmentioned(self) -> Printed:
        """The same without a deadline that stands beside the present one already."""
        is_told = bool(deadline_note(self.item, self.today))
        return {name: was for name, was in self.printed.items() if name is not Field.DEADLINE or not is_told}

    @property
    def _planned_measures(self) -> list[str]:
        return self.printed.get(Field.MEASURES, "").splitlines()

    @property
    def new_measures(self) -> set[str]:
        """The measures that the plan did not have as it was issued."""
        if Field.MEASURES not in self.printed:
            return set()
        return {each.text or "" for each in self.whole.measures} - set(self._planned_measures)

    @property
    def dropped_measures(self) -> list[str]:
        """The measures that the plan had and the item has no more."""
        present = {each.text for each in self.whole.measures}
        return [text for text in self._planned_measures if text not in present]

    @property
    def can_name_readers(self) -> bool:
        """Whether this person lays down who may know of the item."""
        return can(self.actor, Action.EDIT_ITEM, self.item)

    @property
    def readers(self) -> list[str]:
        """Who alone may know of it, by name; nobody where no list narrows that."""
        own = self.item.readers or self.item.source.readers if self.item.is_restricted else []
        return [each.person.name for each in own]

    @property
    def milestones(self) -> list[ShownMilestone]:
        """The dates inside the item; its owner answers where they name nobody."""
        answers = self.item.owner.name if self.item.owner else "—"
        return [
            shown(each, each.title, each.owner.name if each.owner else answers, self.today)
            for each in self.item.milestones
        ]

    @property
    def can_stage(self) -> bool:
        """Whether dates can be laid down here: for what has stages or no end, or has dates already."""
        has_nodes = self.item.deadline_kind in (DeadlineKind.STAGED, DeadlineKind.LONG_TERM)
        may_have = has_nodes or self.item.state is State.SUSTAINED or bool(self.item.milestones)
        return may_have and self.item.state in STAGED and can(self.actor, Action.EDIT_ITEM, self.item)

    @property
    def can_hand_in(self) -> bool:
        """Whether this person notes what was handed in."""
        return self._offers(Act.WRITE_ENTRY) and can(self.actor, Action.REPORT, self.item)

    def milestone_url(self, milestone_id: int) -> str:
        """Where a date is changed."""
        return url_for("items.edit_milestone", number=self.item.number, milestone_id=milestone_id)

    def hand_in_url(self, milestone_id: int) -> str:
        """Where it is noted what was handed in."""
        return url_for("items.hand_in_milestone", number=self.item.number, milestone_id=milestone_id)

    def milestone_file_url(self, milestone_id: int) -> str:
        """Where the file is that was handed in."""
        return url_for("items.milestone_file", number=self.item.number, milestone_id=milestone_id)

    @property
    def has_undone_measures(self) -> bool:
        """Whether an application now would have to explain itself."""
        return self._offers(Act.APPLY) and self.whole.done < max(1, len(self.whole.measures))

    @property
    def next(self) -> Next | None:
        """Who is next."""
        return who_is_next(self.item, self.whole)

    @property
    def next_label(self) -> object:
        """What is waited for, in words."""
        return wording.NEXT_LABELS[self.next.code] if self.next else None

    @property
    def next_people(self) -> list[str]:
        """Their names: whom the item itself names, else the holders of the role."""
        if self.next is None:
            return []
        if self.next.relation:
            person = getattr(self.item, self.next.relation)
            return [person.name] if person else []
        return next_people(self.next, self.whole)

    @property
    def has_progress(self) -> bool:
        """Whether there is, or could be by now, anything to tell of the work."""
        return bool(self.whole.entries) or self.item.accepted_on is not None

    @property
    def lines(self) -> list[Line]:
        """What each unit reported, the lead unit first; cooperating units only when they reported anything."""
        units: list[tuple[int | None, str | None]] = [(self.item.lead_unit_id, None)]
        units += [(each.unit_id, each.unit.name) for each in self.item.supports]
        lines = []
        for unit_id, name in units:
            reported = [*self.whole.line_of(unit_id), None, None]
            if name is None or reported[0] is not None:
                lines.append(Line(name, reported[0], reported[1]))
        return lines

    @cached_property
    def timeline(self) -> list[Told]:
        """What happened, the newest first."""
        return [Told(wording.told_at(each), wording.tell(each), is_bad(each)) for each in self.whole.happenings()]

    @property
    def recent(self) -> list[Told]:
        """The part of the timeline that is open at first."""
        return self.timeline[:TIMELINE_SHOWN]

    @property
    def earlier(self) -> list[Told]:
        """The part of the timeline that is folded away."""
        return self.timeline[TIMELINE_SHOWN:]

    @property
    def children(self) -> list[Child]:
        """The child items of a parent."""
        return [_child(each) for each in self.whole.children]

    def light_of(self, child: Child) -> ShownLight | None:
        """The light of a child item."""
        return light_of(child, self.today)

    def deadline_of(self, child: Child) -> str:
        """The deadline of a child item."""
        return deadline_of(child, self.today)


def _child(piece: Piece) -> Child:
    state = State(piece.state or "")
    return Child(piece.text or "", piece.unit or "—", state, STATE_LABELS[state], piece.day, piece.other_day)
