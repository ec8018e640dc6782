"""An item's deadline and light in words."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple, Protocol

from tracker.core.i18n import format_date, gettext
from tracker.items.headings import Field
from tracker.items.models import Item
from tracker.items.rules import (
    DEADLINE_LABELS,
    KIND_LABELS,
    OWN_WORD_LABELS,
    RUNNING,
    STATE_LABELS,
    DeadlineKind,
    Light,
    State,
    days_late,
    light,
)


def _(message: str, **values: object) -> str:
    return str(gettext(message, **values))


class ShownLight(NamedTuple):
    """A light: its code for colour and shape, and the words beside it."""

    code: str
    words: str


class Timed(Protocol):
    """What must be known of an item to tell how it stands."""

    @property
    def state(self) -> State:
        """Where it is in its life."""

    @property
    def due_on(self) -> date | None:
        """The day of its present deadline."""

    @property
    def first_due_on(self) -> date | None:
        """The day first given."""

    @property
    def extensions(self) -> int:
        """How often it was extended."""

    @property
    def due_text(self) -> str:
        """The deadline as printed."""

    @property
    def deadline_kind(self) -> DeadlineKind | None:
        """By a date, at once, in stages or without end."""

    @property
    def then_sustained(self) -> bool:
        """Whether it is kept up for ever after."""

    @property
    def issued_on(self) -> date | None:
        """When its unit was told."""

    @property
    def closed_on(self) -> date | None:
        """When it was closed."""


def short_date(day: date, today: date) -> str:
    """A day as people say it: 3月31日, with the year when it is another one."""
    return str(format_date(day, _("M月d日") if day.year == today.year else _("y年M月d日")))


def light_of(item: Timed, today: date) -> ShownLight | None:
    """The light of an item today; None when nothing runs."""
    code = light(item.state, item.due_on, today)
    if code is None:
        return None
    if code is Light.CLOSED:
        return ShownLight(code, _closed(item, today))
    waits = (today - item.issued_on).days if item.issued_on and item.state is State.ISSUED else 0
    if waits > 0 and code is Light.OK:
        return ShownLight(Light.NEAR, _("未签收%(n)d天", n=waits))
    if item.state is State.SUSTAINED or item.due_on is None:
        return ShownLight(code, _("持续整改") if item.state is State.SUSTAINED else _("长期坚持"))
    days = (item.due_on - today).days
    if days < 0:
        return ShownLight(code, _("逾期%(n)d天", n=-days))
    return ShownLight(code, _("还剩%(n)d天", n=days) if days else _("今天到期"))


def days_ahead(items: Iterable[Timed], today: date) -> set[date]:
    """The deadlines that still run and are not past, for counting the working days left."""
    return {item.due_on for item in items if item.state in RUNNING and item.due_on is not None and item.due_on >= today}


def _closed(item: Timed, today: date) -> str:
    if item.closed_on is None:
        return _("已销号")
    day = short_date(item.closed_on, today)
    late = days_late(item.closed_on, item.due_on)
    return _("%(day)s 逾期%(n)d天", day=day, n=late) if late else _("%(day)s 按期", day=day)


def closing_of(item: Timed) -> str:
    """When an item was closed, held against the present deadline and, where it was moved, the first; else empty."""
    if item.state is not State.CLOSED or item.closed_on is None:
        return ""
    day = str(format_date(item.closed_on, "medium"))
    if item.due_on is None:
        return day
    kept = _kept(days_late(item.closed_on, item.due_on))
    if item.first_due_on in (None, item.due_on):
        return _("%(day)s（%(kept)s）", day=day, kept=kept)
    first = _kept(days_late(item.closed_on, item.first_due_on))
    return _("%(day)s（%(kept)s；按原定时限%(first)s）", day=day, kept=kept, first=first)


def _kept(late: int) -> str:
    return _("逾期%(n)d天", n=late) if late else _("按期")


def deadline_of(item: Timed, today: date) -> str:
    """The deadline as a list shows it: as printed when it says more than a day, else the day; a dash without one."""
    if item.due_on is None:
        return item.due_text or (str(DEADLINE_LABELS[item.deadline_kind]) if item.deadline_kind else "—")
    return item.due_text if item.then_sustained and item.due_text else short_date(item.due_on, today)


def deadline_note(item: Timed, today: date) -> str:
    """What stands below the deadline: the first one when it was moved, else a kind that the day does not tell.

    With how often it was extended, where that is so.
    """
    if item.first_due_on is not None and item.first_due_on != item.due_on:
        first, late = short_date(item.first_due_on, today), days_late(item.closed_on, item.first_due_on)
        told = [_("原定 %(day)s", day=first)]
        told += [_("第%(n)d次延期", n=item.extensions)] if item.extensions else []
        told += [_("逾期%(n)d天", n=late)] if late else []
        return _("，").join(told)
    if item.deadline_kind in (DeadlineKind.AT_ONCE, DeadlineKind.STAGED):
        return str(DEADLINE_LABELS[item.deadline_kind])
    return ""


def told_names(item: Item) -> dict[Field, str]:
    """What stands on an item now, as one would type it into the field."""
    people = {Field.LEADER: item.leader, Field.SUPERVISOR: item.supervisor, Field.OWNER: item.owner}
    return {
        Field.LEAD_UNIT: item.lead_unit.name if item.lead_unit else "",
        Field.SUPPORTING_UNITS: "、".join(support.unit.name for support in item.supports),
        **{field: person.name if person else "" for field, person in people.items()},
        Field.DEADLINE: item.due_text or (item.due_on.isoformat() if item.due_on else _kind(item)),
        Field.CAUSE: item.cause,
        Field.GOAL: item.goal,
        Field.REMARK: item.remark,
    }


def _kind(item: Item) -> str:
    return str(DEADLINE_LABELS[item.deadline_kind]) if item.deadline_kind else ""


_CODES: Mapping[str, Mapping[Any, object]] = {
    "state": STATE_LABELS,
    "kind": KIND_LABELS,
    "deadline_kind": DEADLINE_LABELS,
    "own_word": OWN_WORD_LABELS,
}


def words_of(key: str, value: Any) -> object | None:
    """The word for a code of an item in the trail."""
    return _CODES.get(key, {}).get(value)
