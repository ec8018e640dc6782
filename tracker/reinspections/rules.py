"""How a sample is drawn, who is fit to look again, what is found and what follows."""

import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from tracker.access.rules import Role, Subject
from tracker.core.errors import Conflict, DomainError, Forbidden
from tracker.core.i18n import lazy_gettext as _l
from tracker.items.four_eyes import Decider, is_party
from tracker.items.rules import ItemKind
from tracker.requests.rules import RequestState
from tracker.sources.rules import months_later

# A look is reminded of so many days before it is due and every so many days after, a check as often after its day.
AHEAD_DAYS, LATE_DAYS, UNCHECKED_DAYS = 3, 7, 30
FINDINGS_MAX, SEED_MAX, SHARE_MAX, NUMBER_MAX, MONTHS_MAX = 2000, 40, 100, 1000, 240
REBOUND_MIN = 10

# Whoever reads whole items; of them inspectors are offered.
READING = (Role.OFFICE, Role.LEADER, Role.VIEWER)


class LookState(StrEnum):
    """Where the second look at one item is."""

    WAITING = "waiting"
    PASSED = "passed"
    REBOUND = "rebound"


class LookEvent(StrEnum):
    """What an inspector finds."""

    PASS = "pass"
    REBOUND = "rebound"


TRANSITIONS: Mapping[tuple[LookState, LookEvent], LookState] = {
    (LookState.WAITING, LookEvent.PASS): LookState.PASSED,
    (LookState.WAITING, LookEvent.REBOUND): LookState.REBOUND,
}

LOOK_LABELS: Mapping[LookState, object] = {
    LookState.WAITING: _l("待回头看"),
    LookState.PASSED: _l("未反弹"),
    LookState.REBOUND: _l("反弹"),
}

EVENT_LABELS: Mapping[LookEvent, object] = {
    LookEvent.PASS: _l("没有反弹，整改成效保持"),
    LookEvent.REBOUND: _l("问题反弹"),
}


@dataclass(frozen=True)
class Population:
    """Which closed items a sample is drawn from; ``older`` and ``younger`` are months since the closing."""

    source_id: int | None = None
    unit_id: int | None = None
    kind: ItemKind | None = None
    older: int | None = None
    younger: int | None = None

    def closed_between(self, today: date) -> tuple[date | None, date | None]:
        """The first and the last day of closing that is let in."""
        first = months_later(today, -self.younger) if self.younger is not None else None
        return first, months_later(today, -self.older) if self.older is not None else None


@dataclass(frozen=True)
class Size:
    """How many are drawn: a share of all in per cent, or a number; one of the two."""

    share: int | None = None
    number: int | None = None


def words_of(key: str, value: Any) -> object | None:
    """The words for what was found, in the trail."""
    return LOOK_LABELS[LookState(value)] if key == "look" and value in set(LookState) else None


def check_size(size: Size) -> None:
    """Raise DomainError unless a share or a number is named, and not both."""
    if (size.share is None) == (size.number is None):
        raise DomainError(_l("请填写抽查比例或抽查数量，只填一项。"), field="share")


def check_months(older: int | None, younger: int | None) -> None:
    """Raise DomainError when no closing can be that old and that young at once."""
    if older is not None and younger is not None and older > younger:
        raise DomainError(_l("“至少”的月数不能大于“至多”的月数。"), field="older")


def sample_size(population: int, size: Size) -> int:
    """How many of so many: a share is rounded up, a number is at most all."""
    if size.share is not None:
        return -(-population * size.share // 100)
    return min(population, size.number or 0)


def draw_sample(numbers: Collection[str], size: int, seed: str) -> list[str]:
    """The numbers drawn, sorted. Anybody repeats it: ``random.Random(seed).sample(sorted(numbers), size)``."""
    return sorted(random.Random(seed).sample(sorted(numbers), size))


def move(state: LookState, event: LookEvent) -> LookState:
    """The state after an event; raises Conflict when the table has no such line."""
    try:
        return TRANSITIONS[state, event]
    except KeyError:
        raise Conflict(_l("这次回头看已有结果：%(state)s。", state=LOOK_LABELS[state])) from None


def check_waiting(state: LookState) -> None:
    """Raise Conflict once a result stands."""
    move(state, LookEvent.PASS)


def is_fit(inspector: Decider, subject: Subject, closers: Collection[int | None]) -> bool:
    """Whether somebody had no part in the item: neither a party to it, nor applicant or decider of its closing."""
    return not (is_party(inspector, subject) or inspector.identities & set(closers))


def check_fit(inspector: Decider, subject: Subject, closers: Collection[int | None]) -> None:
    """Raise Forbidden for whoever had a part in the item or in its closing."""
    if not is_fit(inspector, subject, closers):
        raise Forbidden(_why_unfit(inspector, subject))


def _why_unfit(inspector: Decider, subject: Subject) -> object:
    who = (
        _l("责任人和经办人")
        if inspector.identities & {subject.owner_id, subject.handler_id}
        else _l("牵头单位及下属单位的人员和负责人")
        if is_party(inspector, subject)
        else _l("参与过销号的人（申请、审核、代录或导入）")
    )
    return _l("%(who)s须回避：不能检查，也不能代检查人登记。请由没有参与过整改和销号的人办理。", who=who)


def check_until(due_on: date, today: date) -> None:
    """Raise DomainError for a day that is over."""
    if due_on < today:
        raise DomainError(_l("完成期限不能早于今天。"), field="due_on")


def look_step(due_on: date, today: date) -> str | None:
    """The latest reminder of a look that is reached: before its day, on it, again and again after; None before."""
    late = (today - due_on).days
    if late < -AHEAD_DAYS:
        return None
    return f"late{(late - 1) // LATE_DAYS}" if late > 0 else "today" if late == 0 else "soon"


def check_step(next_on: date, today: date) -> str | None:
    """The latest reminder of a check that is reached, the first on its day; None before."""
    late = (today - next_on).days
    return str(late // UNCHECKED_DAYS) if late >= 0 else None


def check_result(event: LookEvent, findings: str, inspected_on: date, *, closed_on: date, today: date) -> None:
    """A result tells what was seen, on a day after the closing; a rebound tells it in ten characters."""
    if len(findings.strip()) < (REBOUND_MIN if event is LookEvent.REBOUND else 1):
        message = _l("请写明检查情况；反弹的至少写 %(n)d 个字，说清什么问题又出现了。", n=REBOUND_MIN)
        raise DomainError(message, field="findings")
    if not closed_on <= inspected_on <= today:
        message = _l("检查日期应在销号之日（%(closed)s）到今天之间。", closed=closed_on)
        raise DomainError(message, field="inspected_on")


def check_followable(state: LookState, *, has_new: bool, asked: RequestState | None) -> None:
    """A rebound is followed up once: by a linked new item, or by a request to take the old one up again.

    A request that was refused or taken back leaves it open.
    """
    if state is not LookState.REBOUND:
        raise Conflict(_l("只有反弹的事项需要后续处理。"))
    if not is_unfollowed(state, has_new=has_new, asked=asked):
        raise Conflict(_l("这次反弹已有后续处理，没有重复办理。"))


def is_unfollowed(state: LookState, *, has_new: bool, asked: RequestState | None) -> bool:
    """Whether a rebound still waits for what follows from it."""
    is_over = asked in (None, RequestState.REFUSED, RequestState.RETRACTED)
    return state is LookState.REBOUND and not has_new and is_over


def check_lasting(findings: str, checked_on: date, next_on: date, *, since: date | None, today: date) -> None:
    """A check of what is kept up tells what was seen and when to look again; the day is neither to come nor too old."""
    if not findings.strip():
        raise DomainError(_l("请写明检查情况。"), field="findings")
    if checked_on > today or (since is not None and checked_on < since):
        raise DomainError(_l("检查日期不能晚于今天，也不能早于事项下发之日。"), field="checked_on")
    if next_on <= today:
        raise DomainError(_l("下次检查日期须晚于今天。"), field="next_on")


def told_population(numbers: Sequence[str], *, seed: str, size: int) -> str:
    """The population as a text with which the draw is repeated."""
    method = f"random.Random({seed!r}).sample(sorted(numbers), {size})"
    return "\n".join([f"# {method}", *numbers, ""])
