"""The lists on paper."""

from datetime import date

from desk.reading import a_reader, counted_queries, text_of
from factories import SYSTEM, a_source, a_unit, an_issued_item, an_item
from figures.crowds import a_crowd
from flask import Flask

from tracker.access.rules import Role
from tracker.core.db import writing
from tracker.desk.views import prints
from tracker.items.rules import State
from tracker.settings.operations import put


def test_a_list_with_a_draft_is_marked_and_an_issued_one_is_not(empty_app: Flask) -> None:
    with empty_app.app_context(), writing():
        put({"organ.name": "中共青石市委市直机关工作委员会"}, actor=SYSTEM)
        an_issued_item(lead_unit=a_unit())
        an_item(a_source("另一轮"))
    office = a_reader(empty_app, "陈静", Role.OFFICE)
    page = text_of(office, "/items/print?list=responsibility")
    assert "送审稿 中共青石市委市直机关工作委员会责任清单" in page
    assert "填报单位：中共青石市委市直机关工作委员会" in page
    assert "合计 2个问题，已销号0个" in page
    issued = text_of(office, "/items/print?list=responsibility&state=issued")
    assert "送审稿" not in issued
    assert "合计 1个问题，已销号0个" in issued


def test_a_print_has_only_what_lies_within_reach(empty_app: Flask) -> None:
    with empty_app.app_context(), writing():
        an_issued_item(lead_unit=a_unit("宣传部"), finding="宣传部的问题")
    liaison = a_reader(empty_app, "王敏", Role.LIAISON, "组织部")
    assert "没有可打印的事项" in text_of(liaison, "/items/print?list=problems")


def test_a_print_asks_no_more_for_many_rows_and_refuses_too_many(empty_app: Flask, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    with empty_app.app_context(), writing():
        a_crowd(a_source(), {State.WORKING: 120}, lead_unit=a_unit(), on=date(2026, 3, 16))
    office = a_reader(empty_app, "陈静", Role.OFFICE)
    office.get("/items")
    with counted_queries(empty_app) as found:
        assert "合计 120个问题，已销号0个" in text_of(office, "/items/print?list=rectification")
    assert len(found) <= 12
    monkeypatch.setattr(prints, "PRINT_MAX", 119)
    assert "超过 119 条" in text_of(office, "/items/print?list=rectification", status=422)


def test_the_head_of_the_page_stays_off_the_paper(empty_app: Flask) -> None:
    """What the style sheet hides on lying paper stands inside of it; else it would fill a standing page of its own."""
    with empty_app.app_context(), writing():
        an_item()
    page = a_reader(empty_app, "陈静", Role.OFFICE).get("/items/print?list=problems").text
    assert page.index('class="paper-lying"') < page.index("<h1>")
