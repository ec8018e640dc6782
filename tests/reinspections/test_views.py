"""The pages of second looks as a browser without script meets them."""

import random
import re
from collections.abc import Iterator
from io import BytesIO

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from tests.closure.closing_office import browser_of
from tests.desk.reading import counted_queries
from tests.reinspections.looking import REBOUND, SEEN, WORSE, LookingOffice
from tests.reinspections.test_operations import sustain
from tracker.core.db import writing
from tracker.items.rules import State

DRAWN = {"source": "0", "unit": "0", "kind": "", "share": "50", "seed": "摇号318", "note": "第一次回头看"}


@pytest.fixture(autouse=True)
def travel() -> Iterator[time_machine.Traveller]:
    with time_machine.travel("2026-07-15T09:00:00+08:00") as traveller:
        yield traveller


@pytest.fixture
def office(empty_app: Flask) -> LookingOffice:
    with empty_app.app_context():
        with writing():
            office = LookingOffice()
        office.close()
    return office


def drawn(clerk: FlaskClient) -> str:
    """The page of what was just drawn."""
    answer = clerk.post("/reinspections/draws/new", data=DRAWN)
    assert answer.status_code == 303
    return answer.location


def given(app: Flask, office: LookingOffice) -> int:
    with app.app_context():
        look_id = office.looks(office.draw())[0].id
        office.assign(look_id, office.viewer)
    return look_id


def test_the_office_draws_counting_as_it_goes_and_gives_the_look_out(empty_app: Flask, office: LookingOffice) -> None:
    clerk = browser_of(empty_app, office, office.clerk2)
    assert "还没有抽查过" in clerk.get("/reinspections/draws").text
    assert "已销号事项 1 个" in clerk.get("/reinspections/draws/new").text
    counted = clerk.post("/reinspections/draws/count", data={**DRAWN, "older": "2"})
    assert "已销号事项 0 个，将抽取 0 个" in counted.text
    wrong = clerk.post("/reinspections/draws/new", data={**DRAWN, "number": "3"})
    assert (wrong.status_code, "只填一项" in wrong.text, "第一次回头看" in wrong.text) == (422, True, True)
    address = drawn(clerk)
    assert clerk.post("/reinspections/draws/new", data=DRAWN).location == "/reinspections/draws", "drawn once"
    page = clerk.get(address).text
    for words in ("摇号318", "总体", "适合的2人", office.number):
        assert words in page
    chosen = re.search(r'name="chosen" value="(\d+)"', page)
    assert chosen
    assign = f"/reinspections/assign?chosen={chosen[1]}"
    form = clerk.get(assign).text
    assert "赵敏" in form
    assert "陈静" not in form.split("<main")[1], "who decided the closing is not offered"
    viewer_id = re.search(r'<option value="(\d+)">赵敏', form)
    assert viewer_id
    version = re.search(r'name="version"[^>]* value="(\d+)"', form)
    assert version
    sent = {"inspector": viewer_id[1], "due_on": "2026-08-15", "version": version[1]}
    assert clerk.post(assign, data={**sent, "due_on": "2026-07-14"}).status_code == 422
    assert clerk.post(assign, data={**sent, "version": "99"}).status_code == 409
    done = clerk.post(assign, data=sent)
    assert done.status_code == 303
    assert "赵敏" in clerk.get(address).text


def test_the_population_draws_the_same_again(empty_app: Flask, office: LookingOffice) -> None:
    clerk = browser_of(empty_app, office, office.clerk2)
    address = drawn(clerk)
    line, *numbers = clerk.get(f"{address}/population.txt").text.strip().split("\n")
    assert (line, numbers) == ("# random.Random('摇号318').sample(sorted(numbers), 1)", [office.number])
    assert random.Random("摇号318").sample(numbers, 1) == [office.number]
    head = browser_of(empty_app, office, office.head)
    assert head.get(f"{address}/population.txt").status_code == 403
    stranger = browser_of(empty_app, office, office.stranger)
    for more in ("", "/population.txt", "/record.docx"):
        assert stranger.get(f"{address}{more}").status_code == 404


def test_the_inspector_records_with_files_from_the_desk(empty_app: Flask, office: LookingOffice) -> None:
    look_id = given(empty_app, office)
    viewer, address = browser_of(empty_app, office, office.viewer), f"/reinspections/{look_id}"
    assert address in viewer.get("/").text
    assert address in viewer.get(f"/items/{office.number}").text
    wrong = viewer.post(address, data={"event": "rebound", "inspected_on": "2026-07-15", "findings": "反弹"})
    assert (wrong.status_code, "至少写 10 个字" in wrong.text) == (422, True)
    program = {"event": "pass", "inspected_on": "2026-07-15", "findings": SEEN, "files": (BytesIO(b"MZ\x90"), "a.exe")}
    assert viewer.post(address, data=program).status_code == 422
    sent = {"event": "pass", "inspected_on": "2026-07-15", "findings": SEEN, "files": (BytesIO(b"seen"), "记录.txt")}
    assert viewer.post(address, data=sent).status_code == 303
    page = viewer.get(address).text
    assert SEEN in page
    file = viewer.get(f"{address}/files/1")
    assert (file.data, file.headers["X-Content-Type-Options"]) == (b"seen", "nosniff")
    told = viewer.get(f"/items/{office.number}?tab=closure").text
    assert "登记回头看（赵敏 2026-07-15检查）：未反弹" in told
    assert address not in viewer.get("/").text


def test_a_rebound_is_followed_up_from_its_page(empty_app: Flask, office: LookingOffice) -> None:
    look_id = given(empty_app, office)
    with empty_app.app_context():
        office.record(look_id, REBOUND, WORSE)
        source_id = office.item().source_id
    viewer = browser_of(empty_app, office, office.viewer)
    assert f"/reinspections/{look_id}/again" not in viewer.get(f"/reinspections/{look_id}").text
    assert viewer.get(f"/reinspections/{look_id}/again").status_code == 403
    clerk, address = browser_of(empty_app, office, office.clerk2), f"/reinspections/{look_id}"
    assert f"{address}/reopen" in clerk.get(address).text
    assert WORSE in clerk.get(f"{address}/reopen").text
    sent = {"source": str(source_id), "finding": "第一议题制度又不落实"}
    done = clerk.post(f"{address}/again", data=sent)
    assert done.status_code == 303
    new = re.search(r"/items/([^/]+)/assign", done.location)
    assert new
    assert clerk.post(f"{address}/reopen", data={"reason": WORSE}).status_code == 409
    assert "反弹后新立" in clerk.get(f"/items/{office.number}").text
    assert "反弹自" in clerk.get(f"/items/{new[1]}").text
    with empty_app.app_context():
        assert office.item().state is State.CLOSED


def test_the_rate_links_to_exactly_what_it_counts(empty_app: Flask, office: LookingOffice) -> None:
    clerk = browser_of(empty_app, office, office.clerk2)
    assert "还没有回头看的结果" in clerk.get("/reinspections/rates").text
    look_id = given(empty_app, office)
    with empty_app.app_context():
        office.record(look_id, REBOUND, WORSE)
    page = clerk.get("/reinspections/rates").text
    assert "100%" in page
    assert "口径" in page
    for link in re.findall(r'href="(/reinspections\?[^"]+)"', page):
        assert "共 <b>1</b> 条" in clerk.get(link.replace("&amp;", "&")).text


def test_lists_ask_the_database_as_often_however_long_they_are(empty_app: Flask, office: LookingOffice) -> None:
    clerk = browser_of(empty_app, office, office.clerk2)
    page = drawn(clerk)
    for address, most in (("/reinspections", 8), ("/reinspections/draws", 8), (page, 14)):
        with counted_queries(empty_app) as asked:
            assert clerk.get(address).status_code == 200
        assert len(asked) <= most, (address, len(asked))


def test_the_record_is_a_word_file(empty_app: Flask, office: LookingOffice) -> None:
    look_id = given(empty_app, office)
    with empty_app.app_context():
        office.record(look_id, REBOUND, WORSE)
    clerk = browser_of(empty_app, office, office.clerk2)
    page = re.search(r"/reinspections/draws/\d+", clerk.get("/reinspections/draws").text.split("draws/new")[1])
    assert page
    assert clerk.get(f"{page[0]}/record.docx").data[:2] == b"PK"


def test_likely_relapses_are_offered_while_a_finding_is_typed(empty_app: Flask, office: LookingOffice) -> None:
    clerk = browser_of(empty_app, office, office.clerk2)
    assert office.number in clerk.post("/items/likely", data={"finding": "第一议题制度坚持还是不够经常"}).text
    assert office.number not in clerk.post("/items/likely", data={"finding": "食堂采购没有公开招标"}).text
    sent = {"received_on": "2026-07-15", "kind": "inspection", "title": "第三轮巡察"}
    begun = clerk.post("/intake", data={**sent, "content": "一、政治建设\n1.第一议题制度坚持还是不够经常"})
    page = clerk.get(begun.location).text if begun.status_code == 303 else begun.text
    assert "可能是反弹的问题" in page
    assert office.number in page


def test_checks_are_noted_on_a_page_of_their_own(empty_app: Flask, travel: time_machine.Traveller) -> None:
    with empty_app.app_context():
        with writing():
            office = LookingOffice()
        sustain(office)
    travel.move_to("2026-10-16T09:00:00+08:00")
    clerk, address = browser_of(empty_app, office, office.clerk2), f"/reinspections/checks/{office.number}"
    assert "长期整改，该检查了" in clerk.get("/").text
    assert "/reinspections/checks/" in clerk.get(f"/items/{office.number}").text
    assert "该检查了" in clerk.get("/reinspections/checks").text
    assert 'value="2027-01-16"' in clerk.get(address).text
    sent = {"kept": "slipped", "checked_on": "2026-10-16", "findings": SEEN, "next_on": "2026-11-16"}
    assert clerk.post(address, data={**sent, "next_on": "2026-10-01"}).status_code == 422
    for _twice in range(2):
        file = {"files": (BytesIO(b"seen"), "记录.txt")}
        assert clerk.post(address, data={**sent, **file}).status_code == 303
    page = clerk.get(address).text
    assert page.count(SEEN) == 1
    link = re.search(r"/reinspections/checks/files/\d+/1", page)
    assert link
    assert clerk.get(link[0]).data == b"seen"
    liaison = browser_of(empty_app, office, office.liaison)
    assert "有所松懈" in liaison.get(address).text
    assert liaison.post(address, data=sent).status_code == 403
    stranger = browser_of(empty_app, office, office.stranger)
    assert stranger.get(address).status_code == stranger.get(link[0]).status_code == 404
    assert "登记2026-10-16的检查：有所松懈" in clerk.get(f"/items/{office.number}").text
