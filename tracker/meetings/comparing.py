"""What differs between two frozen meetings, item by item."""

from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from tracker.core.i18n import lazy_gettext as _l
from tracker.items.rules import COUNTED, State
from tracker.meetings.frozen import Frozen, FrozenItem


class Step(StrEnum):
    """What became of an item between two meetings; the first that holds."""

    NEW = "new"
    CLOSED = "closed"
    REOPENED = "reopened"
    LEFT = "left"
    MOVED = "moved"
    PUT_OFF = "put_off"
    REASSIGNED = "reassigned"


STEP_LABELS: Mapping[Step, object] = {
    Step.NEW: _l("新增"),
    Step.CLOSED: _l("新销号"),
    Step.REOPENED: _l("重新打开"),
    Step.LEFT: _l("核减或退出"),
    Step.MOVED: _l("状态变化"),
    Step.PUT_OFF: _l("时限调整"),
    Step.REASSIGNED: _l("单位调整"),
}


class Compared(NamedTuple):
    """An item that differs, as both meetings saw it; at least one of the two is there."""

    step: Step
    before: FrozenItem | None
    after: FrozenItem | None

    @property
    def item(self) -> FrozenItem:
        """The item as it was seen last."""
        found = self.after or self.before
        assert found is not None
        return found


def compare(earlier: Frozen, later: Frozen) -> list[Compared]:
    """Every item that is not the same in both, in the order of ``Step``, then as the later meeting lists them."""
    before = {each.id: each for each in earlier.items}
    after = {each.id: each for each in later.items}
    ids = [*after, *(each for each in before if each not in after)]
    return sorted(_compared(before, after, ids), key=lambda each: list(Step).index(each.step))


def _compared(before: Mapping[int, FrozenItem], after: Mapping[int, FrozenItem], ids: list[int]) -> Iterator[Compared]:
    for each in ids:
        was, now = before.get(each), after.get(each)
        if step := step_of(was, now):
            yield Compared(step, was, now)


def step_of(was: FrozenItem | None, now: FrozenItem | None) -> Step | None:
    """What became of an item; None when nothing that a meeting asks about."""
    counted_before = was is not None and was.state in COUNTED
    if now is None or now.state not in COUNTED:
        return Step.LEFT if counted_before else None
    if was is None or not counted_before:
        return Step.NEW
    return _stayed(was, now)


def _stayed(was: FrozenItem, now: FrozenItem) -> Step | None:
    if was.state is not now.state:
        if was.state is State.CLOSED:
            return Step.REOPENED
        return Step.CLOSED if now.state is State.CLOSED else Step.MOVED
    if _days(was) != _days(now):
        return Step.PUT_OFF
    return Step.REASSIGNED if was.unit_id != now.unit_id else None


def _days(item: FrozenItem) -> tuple[date | None, object]:
    return item.due_on, item.deadline_kind
