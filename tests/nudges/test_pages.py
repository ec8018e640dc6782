"""The pages of nudges and notices: chosen rows, wrong input, a second person, somebody without rights."""

import io
import re
from dataclasses import dataclass, field
from datetime import date

import pytest
from factories import sign_in
from flask import Flask
from flask.testing import FlaskClient

from tests.desk.reading import counted_queries
from tests.nudges.pressing import MONDAY, PressingOffice, deliver_now, on
from tracker.core.db import db, writing
from tracker.org.models import Person


@dataclass
class Pages:
    """The office and browsers in which somebody is signed in."""

    app: Flask
    office: PressingOffice = field(init=False)

    def browser(self, name: str) -> FlaskClient:
        client = self.app.test_client()
        with self.app.app_context():
            sign_in(client, db.session.get_one(Person, self.office.ids[name]))
        return client

    def nudge(self, name: str = "陈静") -> int:
        with self.app.app_context():
            return self.office.nudge(name)[0]

    def deliver(self) -> None:
        with self.app.app_context():
            deliver_now()


@pytest.fixture
def pages(empty_app: Flask) -> Pages:
    made = Pages(empty_app)
    with empty_app.app_context(), on(date(2026, 5, 4)), writing():
        made.office = PressingOffice()
    return made


def batch_of(page: str) -> str:
    found = re.search(r'name="batch"[^>]*value="([0-9a-f]+)"', page)
    assert found
    return found[1]


def test_chosen_rows_are_nudged_and_those_that_cannot_be_are_named(pages: Pages) -> None:
    with on(MONDAY):
        pages.nudge()
        client, numbers = pages.browser("李强"), pages.office.numbers
        page = client.get("/nudges/new", query_string={"chosen": numbers, "list": "rectification"}).text
        assert "陈静已于 2026-06-08 09:00 催办" in page
        typed = {"numbers": " ".join(numbers[1:]), "batch": batch_of(page), "told": ["handler"], "sentence": "请抓紧"}
        assert client.post("/nudges/new?list=rectification", data=typed).status_code == 303
        again = client.post("/nudges/new", data=typed, follow_redirects=True)
        assert "没有重复发送" in again.text
        fresh = {**typed, "batch": "b" * 16}
        assert client.post("/nudges/new", data=fresh).status_code == 409


def test_a_number_sent_twice_is_one_item(pages: Pages) -> None:
    client, number = pages.browser("陈静"), pages.office.numbers[0]
    typed = {"numbers": f"{number} {number}", "batch": "a" * 16, "told": ["handler"]}
    answer = client.post("/nudges/new", data=typed, follow_redirects=True)
    assert "已催办 1 个事项" in answer.text
    assert answer.request.path.endswith("-001")


@pytest.mark.parametrize(
    ("change", "status"),
    [({"told": []}, 422), ({"batch": "x"}, 422), ({"numbers": ""}, 422), ({"sentence": "长" * 201}, 422)],
)
def test_wrong_input_is_refused_and_nothing_is_lost(pages: Pages, change: dict[str, object], status: int) -> None:
    client = pages.browser("陈静")
    typed = {"numbers": pages.office.numbers[0], "batch": "a" * 16, "told": ["handler"], "sentence": "请抓紧", **change}
    answer = client.post("/nudges/new", data=typed)
    assert answer.status_code == 422
    assert str(typed["sentence"]) in answer.text


def test_the_receipt_stands_on_item_list_and_desk(pages: Pages) -> None:
    with on(MONDAY):
        nudge_id = pages.nudge()
        pages.deliver()
        handler, office = pages.browser("郑凯"), pages.browser("陈静")
        assert "我催办的，还没有回复" in office.get("/").text
        assert "催办，请回复" in handler.get("/").text
        found = re.search(r'href="(/messages/[0-9a-f]+)"', handler.get("/messages").text)
        assert found
        assert f"/nudges/{nudge_id}" in handler.get(found[1]).text
        for address in (f"/items/{pages.office.numbers[0]}", "/nudges?side=sent", f"/nudges/{nudge_id}"):
            assert "2026-06-08 09:00 已读" in office.get(address).text, address
        assert handler.post(f"/nudges/{nudge_id}", data={"reply": "周五前完成"}).status_code == 303
        for address in (f"/items/{pages.office.numbers[0]}", "/nudges?side=sent"):
            assert "周五前完成" in office.get(address).text, address
        assert "我催办的，还没有回复" not in office.get("/").text
        late = pages.browser("李磊").post(f"/nudges/{nudge_id}", data={"reply": "我也回一句"})
        assert late.status_code == 409
        assert "我也回一句" in late.text


@pytest.mark.parametrize("name", ["赵倩", "赵丽"])
def test_another_unit_finds_no_nudge_and_no_notice(pages: Pages, name: str) -> None:
    nudge_id = pages.nudge()
    client = pages.browser(name)
    assert client.get(f"/nudges/{nudge_id}").status_code == 404
    assert pages.office.numbers[0] not in client.get("/nudges?side=all").text
    assert client.get("/supervision-notices/1").status_code == 404


def drafted(pages: Pages) -> str:
    client = pages.browser("陈静")
    page = client.get("/supervision-notices/new", query_string={"chosen": pages.office.numbers})
    assert "主送：组织部，督办 3 个事项" in page.text
    typed = {"numbers": " ".join(pages.office.numbers), "demand": "请书面说明原因", "feedback_due_on": "2026-06-15"}
    answer = client.post("/supervision-notices/new", data=typed)
    assert answer.status_code == 303
    return answer.headers["Location"]


def test_a_notice_from_chosen_rows_to_the_answer(pages: Pages) -> None:
    with on(MONDAY):
        here = drafted(pages)
        office, head = pages.browser("陈静"), pages.browser("王敏")
        assert "待签发" in office.get("/").text
        assert head.get(here).status_code == 404
        typed = {"version": "1", "signer": "李强", "signed_on": "2026-06-08"}
        assert office.post(f"{here}/sign", data=typed).status_code == 422
        scanned = {**typed, "scan": (io.BytesIO(b"signed"), "签批.pdf")}
        assert office.post(f"{here}/sign", data=scanned).status_code == 303
        assert "督〔2026〕1号" in office.get(here).text
        assert office.get(f"{here}/scan").data == b"signed"
        assert office.post(f"{here}/send").status_code == 303
        assert "没有重复办理" in office.post(f"{here}/send", follow_redirects=True).text
        assert head.get(f"{here}/notice.docx").status_code == 200
        assert "督〔2026〕1号" in head.get("/").text
        assert head.post(f"{here}/answer", data={"feedback": "已逐项整改"}).status_code == 303
        assert "已逐项整改" in office.get(here).text


def test_a_second_person_gets_the_conflict_page_with_both_texts(pages: Pages) -> None:
    with on(MONDAY):
        here, client = drafted(pages), pages.browser("陈静")
        typed = {"version": "1", "demand": "第一个人的要求", "feedback_due_on": "2026-06-16"}
        assert client.post(f"{here}/edit", data=typed).status_code == 303
        stale = client.post(f"{here}/edit", data={**typed, "demand": "第二个人的要求"})
        assert stale.status_code == 409
        assert "第一个人的要求" in stale.text
        assert "第二个人的要求" in stale.text


def test_a_leader_signs_only_what_the_page_showed(pages: Pages) -> None:
    with on(MONDAY):
        here = drafted(pages)
        leader, office = pages.browser("李强"), pages.browser("陈静")
        assert "签发" in leader.get(here).text
        typed = {"version": "1", "demand": "改过的要求", "feedback_due_on": "2026-06-16"}
        assert office.post(f"{here}/edit", data=typed).status_code == 303
        assert leader.post(f"{here}/sign-here", data={"version": "1"}).status_code == 409
        assert office.post(f"{here}/sign-here", data={"version": "2"}).status_code == 403
        assert leader.post(f"{here}/sign-here", data={"version": "2"}).status_code == 303


def test_a_second_press_of_the_same_person_is_told_as_done_and_another_s_is_told_who_did_it(pages: Pages) -> None:
    with on(MONDAY):
        address = drafted(pages)
        office, unit, leader, other = (pages.browser(name) for name in ("陈静", "李磊", "李强", "王敏"))
        presses = (
            (leader, "sign-here", {"version": "1"}, "已签发，待发出"),
            (office, "send", {}, "已发出，待反馈"),
            (unit, "answer", {"feedback": "已逐项整改"}, "已反馈"),
        )
        for client, act, typed, state in presses:
            assert client.post(f"{address}/{act}", data=typed).status_code == 303
            again = client.post(f"{address}/{act}", data=typed, follow_redirects=True)
            assert (again.status_code, f"您已经办理，这份督办单现在是“{state}”，没有重复办理" in again.text) == (
                200,
                True,
            )
        late = other.post(f"{address}/answer", data={"feedback": "我也说一句"})
        assert late.status_code == 409
        assert "李磊已经办理，这份督办单现在是“已反馈”" in late.text
        assert "我也说一句" in late.text
        late = leader.post(f"{address}/sign-here", data={"version": "1"})
        assert late.status_code == 409
        gone = drafted(pages)
        assert office.post(f"{gone}/void").status_code == 303
        assert "没有重复办理" in office.post(f"{gone}/void", follow_redirects=True).text
        assert "陈静已经办理" in leader.post(f"{gone}/sign-here", data={"version": "1"}).text


def test_empty_lists_say_what_belongs_there(pages: Pages) -> None:
    client = pages.browser("陈静")
    assert "没有催办记录" in client.get("/nudges").text
    assert "还没有督办单" in client.get("/supervision-notices").text
    assert "没有符合条件的督办单" in client.get("/supervision-notices?view=late&unit=无").text


@pytest.mark.parametrize("address", ["/", "/nudges?side=all", "/supervision-notices"])
@pytest.mark.parametrize("name", ["陈静", "王敏"])
def test_the_pages_ask_the_database_at_most_eight_times(pages: Pages, address: str, name: str) -> None:
    with on(MONDAY):
        drafted(pages)
        for number in (*pages.office.numbers, pages.office.foreign):
            with pages.app.app_context():
                pages.office.nudge(numbers=[number])
        client = pages.browser(name)
        assert client.get(address).status_code == 200
        with counted_queries(pages.app) as asked:
            client.get(address)
    assert len(asked) <= 8, asked
