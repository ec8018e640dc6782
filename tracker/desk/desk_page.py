"""What my desk shows, put together from the items, what else waits, and who looks at it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from tracker.access.rules import Actor, Role
from tracker.desk.queries.waits import Wait, Waiting
from tracker.desk.tables import Line
from tracker.items.rules import State
from tracker.items.wording import ShownLight
from tracker.nudges.rules.notices import NoticeState
from tracker.nudges.wording import light_of_feedback


@dataclass(frozen=True)
class Desk:
    """The parts of the opening page of one person on one day."""

    work: Sequence[Line]
    waits: Sequence[Waiting]
    actor: Actor
    today: date

    def _of(self, what: Wait) -> list[Waiting]:
        return [each for each in self.waits if each.what == what]

    @cached_property
    def asked(self) -> list[Waiting]:
        """Requests to reassign that the person decides."""
        return [each for each in self._of(Wait.REQUEST) if each.flag]

    @cached_property
    def own_requests(self) -> list[Waiting]:
        """Requests to reassign that the person made and others decide."""
        return [each for each in self._of(Wait.REQUEST) if not each.flag]

    @cached_property
    def declared(self) -> list[Waiting]:
        """Declarations that the person accepts or returns."""
        return [each for each in self._of(Wait.DECLARATION) if each.flag]

    @cached_property
    def own_declarations(self) -> list[Waiting]:
        """Declarations that the person made and the office has not answered."""
        return [each for each in self._of(Wait.DECLARATION) if not each.flag]

    @cached_property
    def extensions(self) -> list[Waiting]:
        """Extensions that the person decides."""
        return [each for each in self._of(Wait.EXTENSION) if each.flag]

    @cached_property
    def own_extensions(self) -> list[Waiting]:
        """Extensions that the person asked for and others decide."""
        return [each for each in self._of(Wait.EXTENSION) if not each.flag]

    @cached_property
    def corrections(self) -> list[Waiting]:
        """Corrections that the person may approve."""
        return [each for each in self._of(Wait.CORRECTION) if each.flag]

    @cached_property
    def own_corrections(self) -> list[Waiting]:
        """Corrections that the person asked for and others approve."""
        return [each for each in self._of(Wait.CORRECTION) if not each.flag]

    @cached_property
    def amendments(self) -> list[Waiting]:
        """Change requests that the person may approve."""
        return [each for each in self._of(Wait.AMENDMENT) if each.flag]

    @cached_property
    def own_amendments(self) -> list[Waiting]:
        """Change requests that the person made and others approve."""
        return [each for each in self._of(Wait.AMENDMENT) if not each.flag]

    @cached_property
    def looks(self) -> list[Waiting]:
        """Second looks that wait for the person."""
        return self._of(Wait.LOOK)

    @cached_property
    def due_checks(self) -> list[Waiting]:
        """Checks of what is kept up for ever that are due."""
        return self._of(Wait.CHECK)

    @cached_property
    def open_deadlines(self) -> list[Waiting]:
        """Decisions of meetings whose deadline the person's unit is asked for."""
        return self._of(Wait.DEADLINE)

    @cached_property
    def _lines(self) -> list[Line]:
        disputed = {each.number for each in self._of(Wait.REQUEST)}
        return [line for line in self.work if line.item.number not in disputed]

    @cached_property
    def to_accept(self) -> list[Line]:
        """Items whose receipt is to be confirmed."""
        return [line for line in self._lines if line.item.state is State.ISSUED]

    @cached_property
    def to_do(self) -> list[Line]:
        """Items to put right."""
        return [line for line in self._lines if line.item.state is not State.ISSUED]

    @cached_property
    def nudged(self) -> list[Waiting]:
        """Nudges to answer."""
        return self._of(Wait.NUDGED)

    @cached_property
    def pressed(self) -> list[Waiting]:
        """Own nudges without an answer."""
        return self._of(Wait.PRESSED)

    @cached_property
    def filed(self) -> list[Waiting]:
        """Own applications that others are still to decide."""
        return self._of(Wait.FILED)

    @cached_property
    def notices(self) -> list[Waiting]:
        """Supervision notices that wait for this person: to be signed or sent, or to be answered."""
        return [each for each in self._of(Wait.NOTICE) if self._waits_on_me(each)]

    @cached_property
    def notices_out(self) -> list[Waiting]:
        """Supervision notices that the person waits to see answered or signed."""
        return [each for each in self._of(Wait.NOTICE) if not self._waits_on_me(each)]

    def _waits_on_me(self, notice: Waiting) -> bool:
        if notice.code == NoticeState.SENT:
            return not any(self.actor.has(role) for role in (Role.OFFICE, Role.LEADER))
        is_leaders = notice.code == NoticeState.DRAFT and self.actor.has(Role.LEADER)
        return is_leaders or self.actor.has(Role.OFFICE)

    def light_of(self, notice: Waiting) -> ShownLight | None:
        """The light of a notice."""
        return light_of_feedback(NoticeState(notice.code or ""), notice.due_on or self.today, self.today)

    @property
    def waits_for_others(self) -> bool:
        """Whether the person waits for anything."""
        asked = (self.filed, self.own_extensions, self.own_corrections, self.own_amendments, self.own_requests)
        return any((*asked, self.own_declarations, self.pressed, self.notices_out))

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands on it."""
        return not (self._lines or self.waits)
