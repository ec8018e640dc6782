"""Where items differ from the plan they were issued with: on pages, in lists and in what is exported."""

import io

import pytest
from flask import Flask
from openpyxl import load_workbook

from tests.amendments.amending import MEASURES, AmendingOffice
from tests.closure.closing_office import browser_of
from tracker.access.rules import reach
from tracker.amendments.queries import printed_from, printed_of, read_steps
from tracker.amendments.rules import Printed, Step, differing
from tracker.core import clock
from tracker.core.db import db, writing
from tracker.desk.queries.lists import list_rows
from tracker.items import operations as items
from tracker.items.headings import Field
from tracker.items.lists import Order
from tracker.items.queries import ItemFilter, ordering, select_items

SAME_DAY = ("2026年6月30日", "2026年6月30日")


@pytest.mark.parametrize(
    ("steps", "printed"),
    [
        ([], {}),
        ([Step(1, "goal", "甲", "乙")], {Field.GOAL: "甲"}),
        ([Step(1, "goal", "甲", "乙"), Step(2, "goal", "乙", "丙")], {Field.GOAL: "甲"}),
        ([Step(1, "goal", "甲", "乙"), Step(2, "goal", "乙", "甲")], {}),
        ([Step(0, "owner", "", "王敏")], {Field.OWNER: ""}),
    ],
)
def test_what_was_changed_back_differs_no_more(steps: list[Step], printed: Printed) -> None:
    assert differing(steps, deadline=SAME_DAY) == printed


def test_an_extension_counts_beside_requests_and_the_first_words_of_a_deadline_stay() -> None:
    later = ("2026年6月30日", "2026年8月31日")
    assert differing([], deadline=later) == {Field.DEADLINE: "2026年6月30日"}
    moved = [Step(1, "deadline", "2026年6月底前", "2026-08-31")]
    assert differing(moved, deadline=later) == {Field.DEADLINE: "2026年6月底前"}


@pytest.fixture
def office(app: Flask) -> AmendingOffice:
    with writing():
        return AmendingOffice()


def printed(office: AmendingOffice) -> Printed:
    return printed_of(db.session(), [office.item()]).get(office.item().id, {})


def test_everything_that_was_changed_since_is_told_with_what_the_plan_said(office: AmendingOffice) -> None:
    office.plan()
    assert printed(office) == {}
    office.rule(office.ask(measures="召开部署会\n修订办法", owner="刘洋", supporting_units="办公室"), office.clerk)
    assert printed(office) == {
        Field.MEASURES: "\n".join(MEASURES),
        Field.SUPPORTING_UNITS: "",
        Field.OWNER: "",
    }
    first = office.item().due_on
    assert first is not None
    office.rule(office.ask(office.clerk, deadline="2027年12月31日"), office.leader)
    with writing():
        item = office.item(lock=True)
        items.reassign(item, unit_id=office.other.id, reason="职责调整", actor=office.acts(office.clerk))
    found = printed(office)
    assert found[Field.LEAD_UNIT] == "组织部"
    assert Field.DEADLINE in found
    assert Field.OWNER not in found, "the owner went with the unit, and the plan named none"


def test_a_list_tells_the_same_in_its_one_query(office: AmendingOffice) -> None:
    office.plan()
    office.rule(office.ask(measures="召开部署会\n修订办法", goal="建章立制"), office.clerk)
    chosen = select_items(reach(office.acts(office.clerk)), ItemFilter(today=clock.today()))
    (row,) = list_rows(db.session(), chosen, ordering(Order.NUMBER), limit=9)
    assert printed_from(row.item, read_steps(row.steps)) == printed(office) != {}


def test_pages_lists_and_exports_bear_the_mark(empty_app: Flask) -> None:
    with empty_app.app_context():
        with writing():
            office = AmendingOffice()
        office.plan()
        plain = browser_of(empty_app, office, office.clerk).get("/items/export.xlsx?list=rectification")
        office.rule(office.ask(measures="召开部署会\n修订办法", owner="刘洋"), office.clerk)
    clerk = browser_of(empty_app, office, office.clerk)
    page = clerk.get(f"/items/{office.number}").text
    for words in ("下发时没有这条措施", '<s class="t">印发办法</s>', "下发时：无"):
        assert words in page, words
    assert 'title="下发时：无"' in clerk.get("/items?list=responsibility").text
    assert 'title="下发时：召开部署会' in clerk.get("/items?list=rectification").text
    assert "变更情况" not in headings(plain.data)
    answer = clerk.get("/items/export.xlsx?list=rectification")
    assert headings(answer.data)[-2:] == ["变更情况", "备注"]
    (row,) = [row for row in rows_of(answer.data) if office.number in row]
    assert "整改措施（逐条）原为：召开部署会\n印发办法\n责任人原为：无" in row
    assert "变更情况" in clerk.get("/items/print?list=responsibility").text


def rows_of(content: bytes) -> list[list[object]]:
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    return [[cell for cell in row if cell is not None] for row in sheet.iter_rows(values_only=True)]


def headings(content: bytes) -> list[object]:
    return next(row for row in rows_of(content) if "序号" in row)
