"""``flask items list``: the rows that scripts read, as of any day."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from factories import a_person, a_source, a_unit, by_date
from flask import Flask

from tracker.access.rules import SYSTEM
from tracker.core.db import writing
from tracker.items import operations as items
from tracker.items.deadlines import read_deadline
from tracker.items.rules import Event, ItemKind
from tracker.sources import operations as sources

KEYS = [
    "number",
    "kind",
    "text",
    "source",
    "path",
    "state",
    "leader",
    "lead_unit",
    "supporting_units",
    "owner",
    "handler",
    "deadline",
    "closed_on",
    "parent",
]
FIRST, SECOND = "巡察2026-1-001", "巡察2026-1-002"


@pytest.fixture(autouse=True)
def _in_may() -> Iterator[None]:
    with time_machine.travel("2026-05-20 09:00+08:00"):
        yield


@pytest.fixture
def ledger(empty_app: Flask) -> Flask:
    """One problem issued on 1 April and closed on 20 May, one draft task; the deadline was moved on 4 May."""
    with empty_app.app_context():
        with time_machine.travel("2026-04-01 09:00+08:00"), writing():
            source = a_source("市委第二巡察组反馈")
            aspect = sources.add_section(source, "党的建设方面", actor=SYSTEM)
            below = sources.add_section(source, "学习不够", parent=aspect, actor=SYSTEM)
            unit, other = a_unit("组织部"), a_unit("宣传部")
            leader, owner = a_person("李强"), a_person("王敏", unit)
            item = items.draw_up(source, "第一议题坚持不够", actor=SYSTEM, section=below)
            assignment = items.Assignment(
                lead_unit_id=unit.id,
                leader_id=leader.id,
                owner_id=owner.id,
                supporting_unit_ids=[other.id],
                deadline=read_deadline("4月底前", source.received_on),
            )
            items.assign(item, assignment, actor=SYSTEM)
            items.issue([item], actor=SYSTEM)
            items.accept(item, handler_id=owner.id, actor=SYSTEM)
            items.draw_up(source, "起草要点", actor=SYSTEM, kind=ItemKind.TASK)
        with time_machine.travel("2026-05-04 09:00+08:00"), writing():
            wish = items.Assignment(deadline=by_date(date(2026, 5, 31)))
            items.amend(item, wish, reason="经批准", actor=SYSTEM)
        with writing():
            items.move_on(item, Event.APPLY, actor=SYSTEM)
            items.move_on(item, Event.CLOSE, actor=SYSTEM, closed_on=date(2026, 5, 20))
    return empty_app


def rows(app: Flask, *words: str) -> list[dict[str, Any]]:
    result = app.test_cli_runner().invoke(args=["items", "list", *words, "--json"])
    assert result.exit_code == 0, result.output
    found: list[dict[str, Any]] = json.loads(result.stdout)
    return found


def test_a_row_has_the_promised_keys_and_tells_the_present(ledger: Flask) -> None:
    row = rows(ledger)[0]
    assert list(row) == KEYS
    assert (row["number"], row["kind"], row["state"], row["closed_on"]) == (FIRST, "problem", "closed", "2026-05-20")
    assert row["path"] == ["党的建设方面", "学习不够"]
    assert (row["leader"], row["lead_unit"], row["supporting_units"]) == ("李强", "组织部", ["宣传部"])
    assert (row["owner"], row["handler"], row["parent"]) == ("王敏", "王敏", None)
    assert row["deadline"] == {"kind": "by_date", "then_sustained": False, "due_on": "2026-05-31", "text": ""}


def test_a_past_day_tells_the_state_and_the_deadline_of_then(ledger: Flask) -> None:
    row = rows(ledger, "--as-of", "2026-05-03")[0]
    assert (row["state"], row["closed_on"], row["deadline"]["due_on"]) == ("working", None, "2026-04-30")
    assert rows(ledger, "--as-of", "2026-03-31")[0]["lead_unit"] == "组织部"
    assert rows(ledger, "--as-of", "2026-03-15") == []


def test_the_words_of_a_deadline_are_told_only_with_the_deadline_they_belong_to(ledger: Flask) -> None:
    assert rows(ledger, "--as-of", "2026-04-02")[0]["deadline"]["text"] == ""
    with ledger.app_context(), writing():
        source = a_source("另一轮")
        item = items.draw_up(source, "还在", actor=SYSTEM)
        items.assign(item, items.Assignment(deadline=read_deadline("6月底前", source.received_on)), actor=SYSTEM)
    assert rows(ledger)[-1]["deadline"]["text"] == "6月底前"


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ((), [FIRST, SECOND]),
        (("--list", "problems"), [FIRST]),
        (("--list", "responsibility"), [FIRST]),
        (("--list", "rectification"), [FIRST]),
        (("--list", "tasks"), [SECOND]),
        (("--unit", "组织部"), [FIRST]),
        (("--unit", "宣传部"), []),
        (("--source", "巡察2026-1"), [FIRST, SECOND]),
        (("--source", "第二巡察组"), [FIRST, SECOND]),
        (("--source", "没有"), []),
        (("--state", "draft"), [SECOND]),
        (("--overdue",), []),
        (("--overdue", "--as-of", "2026-04-30"), []),
        (("--overdue", "--as-of", "2026-05-01"), [FIRST]),
    ],
)
def test_options_narrow_the_rows(ledger: Flask, words: tuple[str, ...], numbers: list[str]) -> None:
    assert [row["number"] for row in rows(ledger, *words)] == numbers


def test_without_json_a_line_per_item_is_printed(ledger: Flask) -> None:
    output = ledger.test_cli_runner().invoke(args=["items", "list"]).output
    assert len(output.splitlines()) == 2
    assert FIRST in output


@pytest.mark.parametrize("words", [["--list", "secrets"], ["--state", "lost"], ["--as-of", "gestern"], ["--what"]])
def test_a_wrong_use_ends_with_two(empty_app: Flask, words: list[str]) -> None:
    assert empty_app.test_cli_runner().invoke(args=["items", "list", *words]).exit_code == 2


def test_an_empty_ledger_is_an_empty_list(empty_app: Flask) -> None:
    assert rows(empty_app) == []
