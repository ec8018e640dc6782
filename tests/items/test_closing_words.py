"""On time or late, in words: against the present deadline and against the one first given."""

from datetime import date

import pytest
from flask import Flask

from tracker.items.models import Item
from tracker.items.rules import DeadlineKind, State, days_late
from tracker.items.wording import closing_of, deadline_note, light_of

JUNE, AUGUST, TODAY = date(2026, 6, 30), date(2026, 8, 31), date(2026, 12, 1)


def closed(on: date | None, due_on: date | None = JUNE, first: date | None = JUNE) -> Item:
    kind = DeadlineKind.BY_DATE if due_on else DeadlineKind.LONG_TERM
    state = State.CLOSED if on else State.WORKING
    return Item(state=state, closed_on=on, due_on=due_on, first_due_on=first, deadline_kind=kind, due_text="")


@pytest.mark.parametrize(
    ("item", "words", "light", "note"),
    [
        (closed(JUNE), "2026年6月30日（按期）", "6月30日 按期", ""),
        (closed(date(2026, 7, 1)), "2026年7月1日（逾期1天）", "7月1日 逾期1天", ""),
        (
            closed(date(2026, 7, 12), AUGUST),
            "2026年7月12日（按期；按原定时限逾期12天）",
            "7月12日 按期",
            "原定 6月30日，逾期12天",
        ),
        (
            closed(date(2026, 9, 1), AUGUST),
            "2026年9月1日（逾期1天；按原定时限逾期63天）",
            "9月1日 逾期1天",
            "原定 6月30日，逾期63天",
        ),
        (closed(JUNE, AUGUST), "2026年6月30日（按期；按原定时限按期）", "6月30日 按期", "原定 6月30日"),
        (closed(date(2026, 9, 1), None, None), "2026年9月1日", "9月1日 按期", ""),
    ],
)
def test_a_closed_item_keeps_how_it_stood_against_both_deadlines(
    app: Flask, item: Item, words: str, light: str, note: str
) -> None:
    shown = light_of(item, TODAY)
    assert shown is not None
    assert (closing_of(item), shown.words, deadline_note(item, TODAY)) == (words, light, note)


def test_an_open_item_tells_no_closing(app: Flask) -> None:
    assert closing_of(closed(None)) == ""
    assert deadline_note(closed(None, AUGUST), TODAY) == "原定 6月30日"


def test_lateness_counts_whole_days_and_needs_both_days() -> None:
    assert [days_late(*pair) for pair in ((JUNE, JUNE), (AUGUST, JUNE), (JUNE, None), (None, JUNE))] == [0, 62, 0, 0]
