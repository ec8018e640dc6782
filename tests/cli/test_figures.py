"""``flask figures`` and ``flask reports section``: what scripts read, and how they are refused."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import docx
import pytest
import time_machine
from click.testing import Result
from factories import a_source, a_unit, an_issued_item
from flask import Flask

from tracker.access.rules import SYSTEM
from tracker.core.db import writing
from tracker.items import operations as items
from tracker.items.rules import Event
from tracker.sources.rules import Counting, SourceKind

KEYS = [
    "key",
    "total",
    "draft",
    "issued",
    "working",
    "applied",
    "sustained",
    "closed",
    "withdrawn",
    "basically_completed",
    "completed_by_unit",
    "confirmed",
    "overdue",
    "closure_rate",
    "completion_rate",
    "on_time_rate",
    "on_time_rate_first_deadline",
]


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel("2026-07-31T10:00:00+08:00", tick=False):
        yield


@pytest.fixture
def ledger(empty_app: Flask) -> Flask:
    """Two items of a supervision round: one closed on 20 July, one overdue since 15 July."""
    with empty_app.app_context():
        with time_machine.travel("2026-07-01T10:00:00+08:00", tick=False), writing():
            source, unit = a_source("内部督查反馈", kind=SourceKind.SUPERVISION), a_unit("组织部")
            closed = an_issued_item(source=source, lead_unit=unit)
            an_issued_item(source=source, lead_unit=unit, due_on=date(2026, 7, 15))
            for move in (Event.ACCEPT, Event.APPLY):
                items.move_on(closed, move, actor=SYSTEM)
        with time_machine.travel("2026-07-20T10:00:00+08:00", tick=False), writing():
            items.move_on(closed, Event.CLOSE, actor=SYSTEM, closed_on=date(2026, 7, 20))
    return empty_app


def run(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(args=arguments)


def told(app: Flask, *arguments: str) -> Any:
    result = run(app, *arguments, "--json")
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


def test_figures_of_a_day_have_the_stable_keys(ledger: Flask) -> None:
    (row,) = told(ledger, "figures", "--as-of", "2026-07-31")
    assert list(row) == KEYS
    assert (row["key"], row["total"], row["closed"], row["overdue"]) == ("all", 2, 1, 1)
    assert (row["closure_rate"], row["on_time_rate"]) == ("50%", "0%")


@pytest.mark.parametrize(
    ("by", "key"), [("unit", "市直机关工委/组织部"), ("source", "督查2026-1"), ("aspect", ""), ("leader", "")]
)
def test_figures_are_broken_down(ledger: Flask, by: str, key: str) -> None:
    assert [row["key"] for row in told(ledger, "figures", "--as-of", "2026-07-31", "--by", by)] == [key]


def test_figures_as_known_earlier_are_what_was_known(ledger: Flask) -> None:
    known = ("--known-at", "2026-07-19T09:00:00+08:00")
    (row,) = told(ledger, "figures", "--as-of", "2026-07-31", *known)
    assert (row["closed"], row["closure_rate"]) == (0, "0%")


@pytest.mark.parametrize(("more", "total"), [((), 2), (("--counting", "wholes"), 1)])
def test_figures_of_one_source_are_counted_as_it_settled(ledger: Flask, more: tuple[str, ...], total: int) -> None:
    with ledger.app_context(), writing():
        source = a_source("普遍问题", counting=Counting.PARTS)
        common = items.draw_up(source, "共性问题", actor=SYSTEM)
        items.split(common, [a_unit("宣传部"), a_unit("办公室")], actor=SYSTEM)
    (row,) = told(ledger, "figures", "--as-of", "2026-07-31", "--source", "普遍问题", *more)
    assert row["total"] == total
    assert [row["total"] for row in told(ledger, "figures", "--as-of", "2026-07-31")] == [3]


def test_an_empty_ledger_has_no_rows(empty_app: Flask) -> None:
    assert told(empty_app, "figures", "--as-of", "2026-07-31", "--by", "unit") == []


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("figures", "--as-of", "2026-08-01"), 1),
        (("figures", "--as-of", "2026-07-31", "--known-at", "2026-08-01"), 1),
        (("figures", "--as-of", "yesterday"), 2),
        (("figures", "--as-of", "2026-07-31", "--known-at", "9999-12-31T23:00:00+00:00"), 2),
        (("figures",), 2),
        (("figures", "--as-of", "2026-07-31", "--by", "weather"), 2),
        (("figures", "--as-of", "2026-07-31", "--source", "无"), 1),
        (("figures", "--as-of", "2026-07-31", "--counting", "both"), 2),
        (("reports", "section", "--year", "2026", "--as-of", "2026-08-01", "--out", "x.docx"), 1),
        (("reports", "section", "--year", "2027", "--as-of", "2026-07-31", "--out", "x.docx"), 1),
        (("reports", "section", "--year", "2026", "--as-of", "2026-07-31", "--source", "无", "--out", "x.docx"), 1),
        (("reports", "section", "--year", "2026", "--as-of", "2026-07-31", "--out", "no/such/folder/x.docx"), 1),
        (("reports", "section", "--year", "2026", "--as-of", "2026-07-31"), 2),
        (("reports", "section", "--year", "2026", "--as-of", "2026-07-31", "--out", "x", "--decimals", "3"), 2),
    ],
)
def test_a_refusal_is_1_and_wrong_usage_2_with_the_reason_on_standard_error(
    ledger: Flask, arguments: tuple[str, ...], code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = run(ledger, *arguments, "--json")
    assert (result.exit_code, result.stdout) == (code, "")
    assert result.stderr.strip()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("option", "form"), [("--as-of", "2026-12-31"), ("--known-at", "2026-12-31T09:00:00+08:00")])
def test_what_is_no_day_or_instant_is_told_in_chinese_with_how_it_is_written(
    ledger: Flask, option: str, form: str
) -> None:
    result = run(ledger, "figures", "--as-of", "2026-07-31", option, "昨天下午")
    assert f"应写成 {form} 这样" in result.stderr


@pytest.mark.parametrize("source", [(), ("--source", "督查2026-1"), ("--source", "内部督查反馈")])
def test_the_section_is_told_and_written(ledger: Flask, tmp_path: Path, source: tuple[str, ...]) -> None:
    out = tmp_path / "节.docx"
    asked = ("--year", "2026", "--as-of", "2026-07-31", "--decimals", "0", "--out", str(out))
    section = told(ledger, "reports", "section", *asked, *source)
    assert "内部督查反馈的2个问题整改，已完成1个，尚有1个未销号。" in section["text"]
    assert section["refused"] == []
    assert {"name": "closed", "value": "1", "items": ["督查2026-1-001"]} in section["figures"]
    lines = [paragraph.text for paragraph in docx.Document(str(out)).paragraphs]
    assert section["text"] in "\n".join(lines)


def test_the_section_as_known_earlier_tells_what_was_known(ledger: Flask, tmp_path: Path) -> None:
    asked = ("--year", "2026", "--as-of", "2026-07-31", "--known-at", "2026-07-19", "--out", str(tmp_path / "x.docx"))
    assert "已完成整改并销号0个" in told(ledger, "reports", "section", *asked)["text"]
