"""What others published comes out again: items in the ledger, counted, on the page, at the decimals of the settings."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
import time_machine
from factories import a_source, a_unit, an_account, sign_in
from figures.crowds import a_crowd
from flask import Flask
from flask.testing import FlaskClient

from tracker.access.rules import SYSTEM, Role
from tracker.core.db import db, writing
from tracker.items.rules import OwnWord, State
from tracker.org.models import Person
from tracker.settings.operations import put

DATA = Path(__file__).parent.parent / "data"
SETS: list[dict[str, Any]] = json.loads((DATA / "published-sets.json").read_text())
RATES: list[dict[str, Any]] = json.loads((DATA / "published-rates.json").read_text())
DAY = date(2026, 6, 30)


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel("2026-06-30T10:00:00+08:00", tick=False):
        yield


def signed_in(app: Flask) -> FlaskClient:
    with app.app_context():
        with writing():
            person = an_account("陈静", Role.OFFICE, a_unit("市直机关工委"))
        client = app.test_client()
        sign_in(client, db.session.get_one(Person, person.id))
    return client


def a_published(title: str, part: Mapping[str, Any]) -> None:
    """A source with so many items of each state as were published."""
    source, basically = a_source(title), part.get("basically_completed", 0)
    working = part.get("working", part["total"] - part["closed"] - basically)
    a_crowd(source, {State.CLOSED: part["closed"], State.WORKING: working}, on=DAY)
    if basically:
        a_crowd(source, {State.WORKING: basically}, on=DAY, own_word=OwnWord.BASICALLY_COMPLETED)


def page(client: FlaskClient, **asked: Any) -> str:
    answer = client.get(f"/figures?{urlencode(asked)}")
    assert answer.status_code == 200
    return answer.text


def large(html: str) -> dict[str, str]:
    pattern = r'class="figure".*?<span class="d">(.*?)</span>\s*<span class="v">(?:<span class="light \w+">)?([^<]+)<'
    return dict(re.findall(pattern, html, re.DOTALL))


@pytest.mark.parametrize("published", SETS, ids=lambda row: f"{row['closed']} of {row['total']}")
def test_a_published_set_is_printed_on_the_page_as_published(empty_app: Flask, published: dict[str, Any]) -> None:
    parts = published.get("parts", [published])
    with empty_app.app_context(), writing():
        put({"rules.rate_decimals": published.get("decimals", 2)}, actor=SYSTEM)
        for number, part in enumerate(parts):
            a_published(f"第{number}批反馈", part)
    html = page(signed_in(empty_app), by="source")
    printed = {"反馈总数": str(published["total"]), "已销号": str(published["closed"])}
    assert large(html).items() >= (printed | {"销号率": published["printed"]}).items()
    assert f"{published['closed']} ÷ {published['total']}" in html
    assert "各行之和与总数不符" not in html
    basically = re.search(r"<dt>基本完成</dt><dd>\s*(?:<a[^>]*>)?(\d+)", html)
    assert basically
    assert int(basically[1]) == published.get("basically_completed", 0)
    for number, part in enumerate(parts):
        row = re.search(rf"<tr>(?:(?!</tr>).)*第{number}批反馈.*?</tr>", html, re.DOTALL)
        assert row
        assert part.get("printed", "") in row[0]


@pytest.mark.parametrize("published", RATES, ids=lambda row: f"{row['numerator']} of {row['denominator']}")
def test_a_published_rate_is_printed_on_the_page_as_published(empty_app: Flask, published: dict[str, Any]) -> None:
    with empty_app.app_context(), writing():
        put({"rules.rate_decimals": published["decimals"]}, actor=SYSTEM)
        a_published("反馈", {"total": published["denominator"], "closed": published["numerator"]})
    html = page(signed_in(empty_app))
    assert large(html)["销号率"] == published["printed"]
    assert f"保留{published['decimals']}位小数" in html


def test_how_problems_given_to_many_are_counted_is_printed_under_the_rates(empty_app: Flask) -> None:
    with empty_app.app_context(), writing():
        a_published("反馈", {"total": 4, "closed": 1})
    client = signed_in(empty_app)
    assert "按总项统计" in page(client)
    assert "没有可以统计的事项" in page(client, counting="parts")
