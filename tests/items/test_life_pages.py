"""Issuing, accepting, reassigning, voiding, splitting and drawing up in the browser."""

import re
from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from factories import a_source, a_unit, an_account, an_issued_item, an_item, sign_in
from flask import Flask
from flask.testing import FlaskClient

from tracker.access.rules import SYSTEM, Role, reach
from tracker.core import clock
from tracker.core.db import db, writing
from tracker.items import operations, queries
from tracker.items.models import Item
from tracker.items.rules import ItemKind, State
from tracker.org.models import Person
from tracker.progress import queries as progress
from tracker.sources.models import Source
from tracker.sources.queries import list_sources

ORGAN, LEAD, OTHER = "市直机关工委", "组织部", "宣传部"


class Town:
    """An office, two units with liaisons, and a source."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        with app.app_context():
            with writing():
                self.source_id = a_source().id
                self.units = {name: a_unit(name).id for name in (ORGAN, LEAD, OTHER)}
                self.people = {
                    "office": an_account("陈静", Role.OFFICE, a_unit(ORGAN)).id,
                    "liaison": an_account("李磊", Role.LIAISON, self.unit(LEAD)).id,
                    "other": an_account("赵倩", Role.LIAISON, self.unit(OTHER)).id,
                    "handler": an_account("郑凯", None, self.unit(LEAD)).id,
                }
            self.office, self.liaison, self.other = (self.browser(name) for name in ("office", "liaison", "other"))

    def unit(self, name: str):  # type: ignore[no-untyped-def]
        from tracker.org.queries import get_unit

        return get_unit(db.session(), self.units[name])

    def browser(self, name: str) -> FlaskClient:
        client = self.app.test_client()
        sign_in(client, db.session.get_one(Person, self.people[name]))
        return client

    def drafts(self, count: int = 1, *, lead: str | None = LEAD) -> list[str]:
        with self.app.app_context(), writing():
            source = db.session.get_one(Source, self.source_id, with_for_update=True)
            unit = self.unit(lead) if lead else None
            return [an_item(source, lead_unit=unit).number for _each in range(count)]

    def issued(self, count: int = 1) -> list[str]:
        with self.app.app_context(), writing():
            source = db.session.get_one(Source, self.source_id, with_for_update=True)
            return [an_issued_item(source=source, lead_unit=self.unit(LEAD)).number for _each in range(count)]

    def item(self, number: str) -> Item:
        with self.app.app_context():
            return queries.get_item(db.session(), number, reach(SYSTEM))

    def seen(self, *numbers: str) -> str:
        return " ".join(f"{number}@{self.item(number).version}" for number in numbers)

    def version(self, number: str) -> int:
        return self.item(number).version


@pytest.fixture(autouse=True)
def _in_april() -> Iterator[None]:
    with time_machine.travel("2026-04-07 09:00+08:00"):
        yield


@pytest.fixture
def town(empty_app: Flask) -> Town:
    return Town(empty_app)


def words(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", text))


def today() -> str:
    return clock.today().isoformat()


def test_issuing_says_first_how_many_go_to_whom_and_what_is_missing(town: Town) -> None:
    ready = town.drafts(2)
    (without,) = town.drafts(1, lead=None)
    page = words(town.office.get(f"/items/issue?source={town.source_id}").text)
    assert "将下发 2 个事项给 1 个单位" in page
    assert f"组织部 2 个：{'、'.join(ready)}" in page
    assert f"还没有牵头单位，这次不下发：{without}" in page
    answer = town.office.post("/items/issue", data={"seen": town.seen(*ready), "on": today()})
    assert answer.status_code == 303
    assert [town.item(number).state for number in (*ready, without)] == [State.ISSUED, State.ISSUED, State.DRAFT]
    assert town.item(ready[0]).issued_on == clock.today()


def test_issuing_twice_by_a_double_click_is_done_once(town: Town) -> None:
    numbers = town.drafts(2)
    sent = {"seen": town.seen(*numbers), "on": today()}
    assert [town.office.post("/items/issue", data=sent).status_code for _press in range(2)] == [303, 303]
    with town.app.app_context():
        changes = queries.list_changes(db.session(), town.item(numbers[0]).id)
    assert [change.event for change in changes].count("issue") == 1


def test_a_hundred_drafts_are_issued_in_one_go(town: Town) -> None:
    numbers = town.drafts(100)
    assert "将下发 100 个事项" in town.office.get("/items/issue?list=problems&all_matching=1").text
    answer = town.office.post("/items/issue", data={"seen": town.seen(*numbers), "on": today()})
    assert (answer.status_code, town.item(numbers[-1]).state) == (303, State.ISSUED)


@pytest.mark.parametrize(
    ("on", "status", "said"),
    [("", 422, "请填写此项"), ("明天", 422, "认不出"), ("2026-03-01", 422, "早于该事项上一次变动")],
)
def test_a_wrong_day_of_issue_is_refused(town: Town, on: str, status: int, said: str) -> None:
    (number,) = town.drafts()
    answer = town.office.post("/items/issue", data={"seen": town.seen(number), "on": on})
    assert (answer.status_code, said in answer.text, town.item(number).state) == (status, True, State.DRAFT)


def test_a_day_to_come_is_refused_a_past_one_is_kept(town: Town) -> None:
    (number,) = town.drafts()
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    assert town.office.post("/items/issue", data={"seen": town.seen(number), "on": tomorrow}).status_code == 422
    assert town.office.post("/items/issue", data={"seen": town.seen(number), "on": "20260401"}).status_code == 303
    assert town.item(number).issued_on == date(2026, 4, 1)


def test_an_item_changed_since_the_page_was_opened_is_not_issued(town: Town) -> None:
    (number,) = town.drafts()
    seen = town.seen(number)
    with town.app.app_context(), writing():
        item = queries.get_item(db.session(), number, reach(SYSTEM), lock=True)
        operations.assign(item, operations.Assignment(cause="别人刚填"), actor=SYSTEM)
    answer = town.office.post("/items/issue", data={"seen": seen, "on": today()})
    assert (answer.status_code, number in answer.text) == (409, True)
    assert town.item(number).state is State.DRAFT


def test_accepting_names_a_handler_of_the_unit(town: Town) -> None:
    (number,) = town.issued()
    assert "郑凯" in town.liaison.get(f"/items/{number}/accept").text
    sent = {"handler": "郑凯", "version": town.version(number)}
    assert [town.liaison.post(f"/items/{number}/accept", data=sent).status_code for _press in range(2)] == [303, 303]
    item = town.item(number)
    assert (item.state, item.handler_id) == (State.WORKING, town.people["handler"])


def test_a_new_handler_is_added_only_when_confirmed_and_belongs_to_the_unit(town: Town) -> None:
    (number,) = town.issued()
    sent = {"handler": "新来的", "version": town.version(number)}
    answer = town.liaison.post(f"/items/{number}/accept", data=sent)
    assert (answer.status_code, "“新来的”是新的姓名" in answer.text) == (422, True)
    assert town.liaison.post(f"/items/{number}/accept", data={**sent, "adds_people": "y"}).status_code == 303
    item = town.item(number)
    assert item.handler is not None
    assert item.handler.unit_id == town.units[LEAD]


def test_a_stale_acceptance_shows_both(town: Town) -> None:
    (number,) = town.issued()
    sent = {"handler": "郑凯", "version": town.version(number) - 1}
    answer = town.liaison.post(f"/items/{number}/accept", data=sent)
    assert (answer.status_code, "郑凯" in answer.text, town.item(number).state) == (409, True, State.ISSUED)


def test_others_may_not_accept_nor_know(town: Town) -> None:
    (number,) = town.issued()
    sent = {"handler": "郑凯", "version": town.version(number)}
    assert town.other.post(f"/items/{number}/accept", data=sent).status_code == 404
    assert town.office.post(f"/items/{number}/accept", data=sent).status_code == 403


def test_many_are_accepted_each_with_its_handler_all_or_none(town: Town) -> None:
    numbers = town.issued(3)
    query = "&".join(f"chosen={number}" for number in numbers)
    page = town.liaison.get(f"/items/accept-many?{query}").text
    assert page.count('name="lines-') == 9
    sent: dict[str, object] = {}
    for place, (number, handler) in enumerate(zip(numbers, ("郑凯", "李磊", ""), strict=True)):
        sent |= {f"lines-{place}-number": number, f"lines-{place}-version": town.version(number)}
        sent[f"lines-{place}-handler"] = handler
    answer = town.liaison.post("/items/accept-many", data=sent)
    assert (answer.status_code, town.item(numbers[0]).state) == (422, State.ISSUED)
    sent["lines-2-handler"] = "写错的人"
    answer = town.liaison.post("/items/accept-many", data=sent)
    assert (answer.status_code, f"{numbers[2]}：“写错的人”是新的姓名" in answer.text) == (422, True)
    assert town.item(numbers[0]).state is State.ISSUED
    sent["lines-2-handler"] = "郑凯"
    assert [town.liaison.post("/items/accept-many", data=sent).status_code for _press in range(2)] == [303, 303]
    handlers = [town.item(number).handler_id for number in numbers]
    assert handlers == [town.people["handler"], town.people["liaison"], town.people["handler"]]


def test_foreign_or_no_items_are_not_accepted_together(town: Town) -> None:
    (number,) = town.issued()
    sent = {"lines-0-number": number, "lines-0-version": "1", "lines-0-handler": "赵倩"}
    assert town.other.post("/items/accept-many", data=sent).status_code == 404
    assert town.liaison.post("/items/accept-many", data={}).status_code == 422
    assert "没有可以签收的事项" in town.liaison.get("/items/accept-many").text


def test_a_unit_asks_the_office_refuses_and_then_reassigns(town: Town) -> None:
    (number,) = town.issued()
    asking = {"reason": "属宣传部职责", "unit": OTHER}
    assert town.liaison.post(f"/items/{number}/ask-reassignment", data={"reason": " "}).status_code == 422
    assert town.liaison.post(f"/items/{number}/ask-reassignment", data={**asking, "unit": "宣"}).status_code == 422
    assert town.liaison.post(f"/items/{number}/ask-reassignment", data=asking).status_code == 303
    assert town.liaison.post(f"/items/{number}/ask-reassignment", data=asking).status_code == 303, "pressed twice"
    again = {**asking, "reason": "另一个理由"}
    assert town.liaison.post(f"/items/{number}/ask-reassignment", data=again).status_code == 409
    assert "属宣传部职责" in town.office.get(f"/items/{number}/refuse-reassignment").text
    assert (
        town.office.post(f"/items/{number}/refuse-reassignment", data={"answer": "按分工仍由组织部"}).status_code == 303
    )
    assert town.office.post(f"/items/{number}/refuse-reassignment", data={"answer": "再说一次"}).status_code == 409
    assert town.liaison.post(f"/items/{number}/ask-reassignment", data=asking).status_code == 303
    page = town.office.get(f"/items/{number}/reassign").text
    assert f'value="{OTHER}"' in page
    sent = {"unit": OTHER, "reason": "同意", "version": town.version(number)}
    assert town.liaison.post(f"/items/{number}/reassign", data=sent).status_code == 403
    assert town.office.post(f"/items/{number}/reassign", data={**sent, "version": 0}).status_code == 409
    assert town.office.post(f"/items/{number}/reassign", data=sent).status_code == 303
    assert town.item(number).lead_unit_id == town.units[OTHER]
    assert town.liaison.get(f"/items/{number}/accept").status_code == 404
    assert town.other.get(f"/items/{number}/accept").status_code == 200


def test_a_draft_is_voided_with_a_reason_and_a_second_press_is_told(town: Town) -> None:
    (number,) = town.drafts()
    sent = {"reason": "重复录入", "version": town.version(number)}
    assert town.office.post(f"/items/{number}/void", data={**sent, "reason": ""}).status_code == 422
    assert town.office.post(f"/items/{number}/void", data={**sent, "version": "0"}).status_code == 409
    assert [town.office.post(f"/items/{number}/void", data=sent).status_code for _press in range(2)] == [303, 303]
    assert town.item(number).state is State.VOID
    assert (
        town.office.post(f"/items/{number}/withdraw", data={**sent, "version": town.version(number)}).status_code == 409
    )


def test_an_issued_item_is_withdrawn_and_restored_with_reasons(town: Town) -> None:
    (number,) = town.issued()
    assert town.liaison.get(f"/items/{number}/withdraw").status_code == 403
    assert "须经上级同意" in town.office.get(f"/items/{number}/withdraw").text
    sent = {"reason": "市委巡察办同意核减", "version": town.version(number)}
    assert town.office.post(f"/items/{number}/void", data=sent).status_code == 409
    assert town.office.post(f"/items/{number}/withdraw", data=sent).status_code == 303
    assert town.item(number).state is State.WITHDRAWN
    sent = {"reason": "撤销核减", "version": town.version(number)}
    assert town.office.post(f"/items/{number}/restore", data=sent).status_code == 303
    assert town.item(number).state is State.WORKING


def test_one_problem_is_split_for_many_units_and_a_second_press_makes_no_more(town: Town) -> None:
    (number,) = town.drafts()
    version = town.version(number)
    assert town.office.post(f"/items/{number}/split", data={"units": "宣", "version": version}).status_code == 422
    sent = {"units": f"{LEAD}\n{OTHER}", "version": version}
    assert [town.office.post(f"/items/{number}/split", data=sent).status_code for _press in range(2)] == [303, 303]
    with town.app.app_context():
        children = queries.list_children(db.session(), town.item(number).id)
    assert [child.number for child in children] == [f"{number}-01", f"{number}-02"]
    page = words(town.office.get(f"/items/issue?source={town.source_id}").text)
    assert "将下发 2 个事项给 2 个单位" in page
    assert town.office.post("/items/issue", data={"seen": town.seen(number), "on": today()}).status_code == 409


def test_a_task_is_drawn_up_below_a_new_source_with_its_measures_once(town: Town) -> None:
    assert "新建一个来源" in town.office.get("/items/new?list=tasks").text
    sent = {
        "source": "0",
        "new_kind": "meeting",
        "new_title": "第8次书记办公会",
        "new_received_on": "2026-04-01",
        "section": "0",
        "kind": "task",
        "finding": "起草年度党建要点",
        "measures": "1. 调研\n2. 征求意见",
    }
    first = town.office.post("/items/new", data=sent)
    assert (first.status_code, "/assign" in first.location) == (303, True)
    assert town.office.post("/items/new", data=sent).status_code == 303
    item = town.item("会议2026-1-001")
    assert (item.kind, item.state, item.changed_on) == (ItemKind.TASK, State.DRAFT, date(2026, 4, 1))
    with town.app.app_context():
        assert [each.text for each in progress.list_measures(db.session(), item.id)] == ["调研", "征求意见"]
        assert len(list_sources(db.session(), SYSTEM)) == 2
    assert town.office.get("/items/会议2026-1-002/assign").status_code == 404


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"finding": " "}, "请填写具体问题"),
        ({"finding": "字" * 4001}, "最多 4000 个字"),
        ({"source": "0"}, "填写新来源的标题"),
        ({"source": "0", "new_title": "要点"}, "请填写新来源的日期"),
        ({"source": "0", "new_title": "要点", "new_received_on": "20991231"}, "晚于今天"),
        ({"source": "12345"}, 'class="error"'),
        ({"measures": "字" * 1001}, "第 1 行超过 1000 个字"),
    ],
)
def test_a_wrong_item_is_not_drawn_up_and_nothing_typed_is_lost(town: Town, changed: dict[str, str], said: str) -> None:
    sent = {
        "source": town.source_id,
        "section": "0",
        "new_kind": "meeting",
        "kind": "problem",
        "finding": "打了很久的字",
        "goal": "目标",
        **changed,
    }
    answer = town.office.post("/items/new", data=sent)
    assert answer.status_code == 422
    assert said in answer.text
    assert "目标" in answer.text
    with town.app.app_context():
        assert len(list_sources(db.session(), SYSTEM)) == 1


def test_only_the_office_draws_up_issues_and_splits(town: Town) -> None:
    (number,) = town.issued()
    for address in ("/items/new", "/items/issue", "/items/paste", f"/items/{number}/split", f"/items/{number}/void"):
        assert town.liaison.get(address).status_code == 403, address
